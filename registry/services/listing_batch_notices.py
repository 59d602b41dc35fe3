"""Telling the operators of a batch, set-wise: a notice waits for each known contact, and the worker sends it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models import Channel, ListingBatch, Notice, NoticeState, Operator, OperatorContact, PersonalValue, db
from registry.clock import now
from registry.services.imports.tables import insert_rows
from registry.services.matters import Desk
from registry.services.notices import CONTACT, wording


@dataclass(frozen=True, slots=True)
class Told:
    """What one operator is told of: its document, as a row with its id; a household has none, its mark alone changed."""

    operator: Operator
    record_id: str
    document: dict[str, Any] | None


def tell_all(batch: ListingBatch, told: Sequence[Told], desk: Desk) -> None:
    """Enter a notice for everybody whose contact is known. The caller commits.

    No job for each of them: `notice.send_due` finds what waits. An erased contact is told nothing.
    """
    contacts = _contacts([each.operator.id for each in told])
    insert_rows(
        Notice, [_row(batch, each, contacts[each.operator.id], desk) for each in told if each.operator.id in contacts]
    )


def _contacts(operator_ids: Sequence[int]) -> dict[int, bytes]:
    rows = (
        select(OperatorContact.operator_id, PersonalValue.ciphertext)
        .join(Operator, Operator.id == OperatorContact.operator_id)
        .join(
            PersonalValue,
            (PersonalValue.record_id == Operator.record_id)
            & (PersonalValue.field == CONTACT)
            & (PersonalValue.digest == func.decode(OperatorContact.digest, "hex")),
        )
        .where(OperatorContact.operator_id.in_(operator_ids), PersonalValue.ciphertext.is_not(None))
    )
    return {operator_id: ciphertext for operator_id, ciphertext in db.session.execute(rows) if ciphertext is not None}


def _row(batch: ListingBatch, told: Told, contact: bytes, desk: Desk) -> dict[str, Any]:
    address = desk.vault.open(told.operator.record_id, CONTACT, contact)
    if told.document is None:
        occasion = f"batch:{batch.id}:{told.record_id}"
        subject, text = wording.of_mark(batch.authority.name, batch.kind, batch.decided_on)
    else:
        occasion = f"document:{told.document['id']}"
        subject, text = wording.of_document(
            batch.authority.name,
            title=told.document["title"],
            number=told.document["printed_no"],
            day=told.document["issued_on"],
        )
    moment = now()
    return {
        "occasion": occasion,
        "operator_id": told.operator.id,
        "document_id": told.document["id"] if told.document else None,
        "channel": Channel.EMAIL if "@" in address else Channel.SMS,
        "address": _bytea(desk.vault.seal(occasion, "address", address).ciphertext),
        "content": _bytea(desk.vault.seal(occasion, "content", f"{subject}\n{text}").ciphertext),
        "state": NoticeState.WAITING,
        "attempts": 0,
        "next_attempt_at": moment,
        "created_at": moment,
    }


def _bytea(content: bytes) -> str:
    return f"\\x{content.hex()}"
