"""What one transaction of a batch does to its operators, set-wise: records, documents, notices, entries, outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from models import (
    AbnormalListing,
    Authority,
    HouseholdMark,
    IssuedDocument,
    ItemOutcome,
    ListingBatch,
    ListingBatchItem,
    Operator,
    db,
)
from registry import ledger
from registry.clock import now
from registry.ledger import Actor
from registry.ledger.content import content_from
from registry.ledger.entry import make_entry
from registry.rules import abnormal_wording as words
from registry.rules.abnormal_cases import RemovalReason
from registry.rules.listing import AbnormalReason, EndReason
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState
from registry.rules.rule_sets import RuleSet
from registry.services import listings
from registry.services.imports.tables import cursor, insert_rows, next_ids, table_of, update_rows
from registry.services.listing_batch_documents import sub_document
from registry.services.listing_batch_notices import Told, tell_all
from registry.services.listing_batch_verdicts import busy_among, others_of, why_not_listed, why_not_removed
from registry.services.matters import Desk
from registry.services.record_ids import new_record_id

Items = Sequence[tuple[ListingBatchItem, Operator]]
_RESOURCE: dict[Any, str] = {AbnormalListing: "abnormal_listing", HouseholdMark: "household_mark"}


@dataclass
class Chunk:
    """Some items of one batch as they are dealt with; nothing is written before `write`, but for the ledger's collection."""

    batch: ListingBatch
    law: RuleSet
    actor: Actor
    desk: Desk
    entered: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    changed: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    outcomes: list[tuple[int, ItemOutcome, str | None, int | None, str | None]] = field(default_factory=list)

    @property
    def decided_on(self) -> date:
        """The day that everything done here bears."""
        assert self.batch.decided_on is not None
        return self.batch.decided_on

    def leave_out(self, item: ListingBatchItem, reason: str) -> None:
        """Note that nothing is done to an item, and why."""
        self.outcomes.append((item.position, ItemOutcome.LEFT_OUT, reason, None, None))

    def do(self, item: ListingBatchItem, operator: Operator, record_id: str) -> str | None:
        """Note that an item is done; answer the number of its document, None for a household, which gets none."""
        household = operator.kind is OperatorKind.HOUSEHOLD
        document = None if household else sub_document(self.batch, item.position, operator, record_id)
        if document is not None:
            self.documents.append(document)
        self.told.append(Told(operator, record_id, document))
        number = None if household else item.position
        self.outcomes.append((item.position, ItemOutcome.DONE, None, number, record_id))
        return document["printed_no"] if document else None

    def append(self, verb: str, model: type, record_id: str, revision: int, operator: Operator, columns: Any) -> None:
        """Collect the ledger's entry for one record as its columns stand now."""
        resource = _RESOURCE[model]
        entry = make_entry(
            f"{resource}.{verb}",
            record_type=resource,
            record_id=record_id,
            revision=revision,
            operator_id=operator.id,
            uscc=operator.uscc,
            content=content_from(resource, columns, operator=operator.record_id, authority=columns["authority_uscc"]),
            actor=self.actor,
        )
        ledger.append_many([entry])

    def write(self) -> None:
        """Everything that was noted, each kind in one statement."""
        for model, rows in self.entered.items():
            insert_rows(model, rows)
        for model, rows in self.changed.items():
            update_rows(model, rows)
        for document, number in zip(self.documents, next_ids("issued_document", len(self.documents)), strict=True):
            document["id"] = number
        insert_rows(IssuedDocument, self.documents)
        tell_all(self.batch, self.told, self.desk)
        positions, outcomes, reasons, numbers, names = zip(*self.outcomes, strict=True)
        cursor().execute(
            "UPDATE listing_batch_item i SET outcome = k.outcome, reason = k.reason, sub_number = k.sub_number,"
            " record_id = k.record_id FROM unnest(%s::int8[], %s::text[], %s::text[], %s::int8[], %s::text[])"
            " AS k(position, outcome, reason, sub_number, record_id) WHERE i.batch_id = %s AND i.position = k.position",
            [
                list(positions),
                [str(each) for each in outcomes],
                list(reasons),
                list(numbers),
                list(names),
                self.batch.id,
            ],
        )


def enter_all(chunk: Chunk, items: Items) -> None:
    """List enterprises and cooperatives, mark households; whom the rules do not let be listed is left out."""
    ids = [operator.id for _, operator in items]
    others, busy = others_of(ids), busy_among(ids)
    for item, operator in items:
        why = why_not_listed(operator, chunk.batch, others.get(operator.id, []), chunk.law, chunk.decided_on)
        if why is None and operator.id in busy:
            why = "case_open"
        if why is not None:
            chunk.leave_out(item, why)
        else:
            _enter(chunk, item, operator)


def remove_all(chunk: Chunk, items: Items) -> None:
    """Take off those that have made up for the report of the year; struck-off operators leave by themselves."""
    ids = [operator.id for _, operator in items]
    standing = {row["operator_id"]: (model, row) for model in _RESOURCE for row in _standing(model, chunk.batch, ids)}
    busy = busy_among(ids)
    for item, operator in items:
        model, row = standing.get(operator.id, (AbnormalListing, None))
        why = why_not_removed(
            operator,
            chunk.batch,
            record_id=row["record_id"] if row else None,
            node=chunk.desk.node,
            busy=operator.id in busy,
        )
        if row is None or why is not None:
            chunk.leave_out(item, why or "not_listed")
        else:
            _remove(chunk, item, operator, model, row)


def _enter(chunk: Chunk, item: ListingBatchItem, operator: Operator) -> None:
    batch, household = chunk.batch, operator.kind is OperatorKind.HOUSEHOLD
    model: type = HouseholdMark if household else AbnormalListing
    record_id = new_record_id(chunk.desk.node, _RESOURCE[model])
    own = listings.listing_columns(operator.kind, AbnormalReason.R1, chunk.decided_on) | {
        "reason": AbnormalReason.R1,
        "report_year": batch.report_year,
        "facts": words.unreported_facts(operator.kind, batch.report_year, chunk.law),
    }
    decision_no = chunk.do(item, operator, record_id)
    if not household:
        own |= {"decision_no": decision_no, "decided_on": chunk.decided_on}
    row = {"record_id": record_id, "revision": 1, "recorded_at": now(), "operator_id": operator.id}
    chunk.entered.setdefault(model, []).append(row | {"authority_id": batch.authority_id} | own)
    chunk.append("entered", model, record_id, 1, operator, own | {"authority_uscc": batch.authority.uscc})


def _remove(chunk: Chunk, item: ListingBatchItem, operator: Operator, model: type, row: dict[str, Any]) -> None:
    """What `listings.remove` does to one record, as columns."""
    decision_no = chunk.do(item, operator, row["record_id"])
    ended = {
        "revision": row["revision"] + 1,
        "recorded_at": now(),
        "state": RecordState.ENDED,
        "end_reason": EndReason.REPAIRED,
        "end_statement": None,
        "ended_on": chunk.decided_on,
        "removed_on": chunk.decided_on,
        "removal_reason": words.REMOVAL_REASONS[RemovalReason.REPORTED],
        "removal_decision_no": decision_no,
    }
    chunk.changed.setdefault(model, []).append({"id": row["id"]} | ended)
    chunk.append("ended", model, row["record_id"], ended["revision"], operator, row | ended)


def _standing(model: Any, batch: ListingBatch, operator_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Stays or marks that the batch may end, locked until its transaction is over, with the code of their authority."""
    columns = table_of(model).columns
    found = (
        select(*columns, Authority.uscc.label("authority_uscc"))
        .join(Authority, Authority.id == model.authority_id)
        .where(
            model.operator_id.in_(operator_ids),
            model.state == RecordState.IN_FORCE,
            model.reason == AbnormalReason.R1,
            model.report_year == batch.report_year,
        )
        .order_by(model.id)
        .with_for_update(of=model)
    )
    return [dict(row) for row in db.session.execute(found).mappings()]
