"""Reading proceedings: one, those of an area, those about a record or an operator, and what happened in one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from models import Evidence, IssuedDocument, LedgerEntry, Matter, MatterStep, Proceeding, db
from registry.rules.proceedings import Procedure
from registry.rules.roles import Scope, in_scope


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of a case: when, who, in which part, which step (None: a note), where it stands since, why."""

    at: datetime
    revision: int
    actor: str
    entry: str
    action: str | None
    part: str | None
    stage: str
    statement: str | None


def get_proceeding(proceeding_id: int) -> Proceeding | None:
    """The case with this number, its authority and operator loaded; None where there is none."""
    return db.session.execute(
        select(Proceeding)
        .where(Proceeding.id == proceeding_id)
        .options(joinedload(Proceeding.authority), joinedload(Proceeding.operator))
    ).scalar_one_or_none()


def is_visible(proceeding: Proceeding, scope: Scope) -> bool:
    """Whether an officer may see a case: one of the area, or one that needs the consent of the officer's authority."""
    authority = proceeding.authority
    if authority.parent_id == scope.authority_id:
        return True
    return in_scope(scope, authority_id=authority.id, region=authority.region)


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases of one page, the newest first, and the key of the page after it; None where it is the last."""

    items: list[Proceeding]
    after: int | None


def cases_page(
    authority_ids: Collection[int],
    *,
    procedure: Procedure | None = None,
    is_open: bool | None = None,
    before: int | None = None,
    size: int = 50,
) -> CasePage:
    """Cases of an area by key, so that page 1,000 is as fast as page 1."""
    found = select(Proceeding).where(Proceeding.authority_id.in_(authority_ids))
    if procedure is not None:
        found = found.where(Proceeding.procedure == procedure)
    if is_open is not None:
        found = found.where(Proceeding.closed_on.is_(None) if is_open else Proceeding.closed_on.is_not(None))
    if before is not None:
        found = found.where(Proceeding.id < before)
    found = found.options(joinedload(Proceeding.authority), joinedload(Proceeding.operator))
    items = list(db.session.execute(found.order_by(Proceeding.id.desc()).limit(size + 1)).scalars())
    return CasePage(items[:size], items[size - 1].id if len(items) > size else None)


def cases_about(record_id: str) -> list[Proceeding]:
    """Every case about a record, or resting on it, the oldest first."""
    return list(
        db.session.execute(
            select(Proceeding)
            .where(or_(Proceeding.about == record_id, Proceeding.basis == record_id))
            .options(joinedload(Proceeding.authority))
            .order_by(Proceeding.id)
        ).scalars()
    )


def cases_of(operator_id: int, authority_ids: Collection[int]) -> list[Proceeding]:
    """Cases about an operator in an area, the newest first."""
    return list(
        db.session.execute(
            select(Proceeding)
            .where(Proceeding.operator_id == operator_id, Proceeding.authority_id.in_(authority_ids))
            .options(joinedload(Proceeding.authority))
            .order_by(Proceeding.id.desc())
        ).scalars()
    )


def documents_of(proceeding_id: int) -> list[IssuedDocument]:
    """Documents issued in a case, in order."""
    return list(
        db.session.execute(
            select(IssuedDocument).where(IssuedDocument.proceeding_id == proceeding_id).order_by(IssuedDocument.id)
        ).scalars()
    )


def history(proceeding: Proceeding) -> list[Happening]:
    """What happened in a case, in order: its entries in the ledger."""
    entries = db.session.execute(
        select(
            LedgerEntry.recorded_at, LedgerEntry.revision, LedgerEntry.actor, LedgerEntry.action, LedgerEntry.payload
        )
        .where(LedgerEntry.record_id == proceeding.record_id)
        .order_by(LedgerEntry.revision)
    )
    return [_happening(*entry) for entry in entries]


def hands_on(record_id: str) -> set[str]:
    """Officers, as ledger actors, who handled a record: its entries, its matters, the cases it came about by.

    What objections and applications did to it is left out: whoever dealt with those did not decide on the record.
    """
    cases = select(Proceeding.record_id).where(
        Proceeding.about == record_id,
        Proceeding.procedure.not_in((Procedure.REPAIR, Procedure.OBJECTION, Procedure.CLUE)),
    )
    entries = select(LedgerEntry.actor).where(
        or_(LedgerEntry.record_id == record_id, LedgerEntry.record_id.in_(cases)),
        LedgerEntry.actor.startswith("officer:"),
        LedgerEntry.action.not_like("%.objection_%"),
    )
    steps = (
        select(MatterStep.actor)
        .join(Matter, Matter.id == MatterStep.matter_id)
        .where(Matter.record_id == record_id, MatterStep.actor.startswith("officer:"))
    )
    return set(db.session.execute(entries.union(steps)).scalars())


def by_query_code(digest: str) -> Proceeding | None:
    """The case whose query code has this SHA-256 (hex); None where there is none."""
    return db.session.execute(
        select(Proceeding)
        .where(Proceeding.query_code == digest)
        .options(joinedload(Proceeding.authority), joinedload(Proceeding.operator))
    ).scalar_one_or_none()


def evidence_of(proceeding_id: int) -> list[Evidence]:
    """What was handed in for a case, in order; names and contents still sealed."""
    return list(
        db.session.execute(
            select(Evidence).where(Evidence.proceeding_id == proceeding_id).order_by(Evidence.id)
        ).scalars()
    )


def _happening(at: datetime, revision: int, actor: str, entry: str, payload: bytes) -> Happening:
    content: dict[str, Any] = orjson.loads(payload)
    adopted = entry == "proceeding.adopted"
    return Happening(
        at=at,
        revision=revision,
        actor=actor,
        entry=entry,
        action=None if adopted else content["action"],
        part=content["part"],
        stage=content["stage"],
        statement=content["statement"],
    )
