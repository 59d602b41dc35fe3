"""Carrying an approved batch out: some hundred operators a transaction, and the position with them.

A worker that is killed loses the transaction it was in; the next one goes on after the last position. Nothing is done
twice: the position moves with what was done, and whoever stands on the list by then is left out with the reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg.errors import DeadlockDetected, UniqueViolation
from sqlalchemy import Select, select, text
from sqlalchemy.exc import IntegrityError

from models import (
    AbnormalListing,
    BatchKind,
    BatchState,
    HouseholdMark,
    IssuedDocument,
    ItemOutcome,
    ListingBatch,
    ListingBatchItem,
    Operator,
    Proceeding,
    db,
)
from registry import ledger
from registry.clock import now, today
from registry.ledger import Actor
from registry.ledger.content import content_from
from registry.ledger.entry import make_entry
from registry.rules import abnormal_cases as rule
from registry.rules import abnormal_wording as words
from registry.rules.abnormal_cases import OtherListing, RemovalReason
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.roles import registered_in_scope, scope_of
from registry.rules.rule_sets import Regime, RuleSet, rule_set_for
from registry.services import listings
from registry.services.imports.tables import cursor, insert_rows
from registry.services.listing_batch_documents import sub_document
from registry.services.listing_batches import LISTED_KINDS
from registry.services.proceedings.abnormal_facts import ENDED, NOT_ON_REGISTER
from registry.services.record_ids import new_record_id
from registry.transaction import transaction

BATCH = 500
"""Operators of one transaction: every other change of the register waits while one is being committed."""
ATTEMPTS = 10
"""Times a transaction is tried when another writer lists the same operators at the same moment."""

Progress = Callable[[int], object]
"""Told after each transaction: items dealt with in this call."""


@dataclass
class _Chunk:
    """Some items of one batch as they are dealt with."""

    batch: ListingBatch
    law: RuleSet
    actor: Actor
    node: str
    records: dict[type, list[dict[str, Any]]] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[tuple[int, ItemOutcome, str | None, int | None, str | None]] = field(default_factory=list)

    @property
    def decided_on(self) -> date:
        assert self.batch.decided_on is not None
        return self.batch.decided_on

    def leave_out(self, item: ListingBatchItem, reason: str) -> None:
        self.outcomes.append((item.position, ItemOutcome.LEFT_OUT, reason, None, None))

    def issue(self, item: ListingBatchItem, operator: Operator, record_id: str) -> tuple[int, str]:
        document = sub_document(self.batch, item.position, operator, record_id)
        self.documents.append(document)
        return item.position, document["printed_no"]

    def do(self, item: ListingBatchItem, record_id: str, sub_number: int | None) -> None:
        self.outcomes.append((item.position, ItemOutcome.DONE, None, sub_number, record_id))


def _unheard(done: int) -> None:
    """Nobody asked how far it is."""
    del done


def run(batch_id: int, node: str, progress: Progress = _unheard) -> None:
    """Carry a batch out, or go on where a killed worker left it. Commits by itself; nothing to do once it is finished."""
    done = 0
    while dealt := _some(batch_id, node):
        done += dealt
        progress(done)


def _some(batch_id: int, node: str) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _dealt(batch_id, node)
        except (IntegrityError, UniqueViolation, DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt returns or raises")


def _dealt(batch_id: int, node: str) -> int:
    with transaction():
        db.session.execute(text("SET LOCAL synchronous_commit = off"))
        batch = db.session.get_one(ListingBatch, batch_id, with_for_update=True, populate_existing=True)
        if batch.state not in (BatchState.APPROVED, BatchState.RUNNING):
            return 0
        rows = db.session.execute(
            select(ListingBatchItem, Operator)
            .join(Operator, Operator.id == ListingBatchItem.operator_id)
            .where(ListingBatchItem.batch_id == batch.id, ListingBatchItem.position > batch.position)
            .order_by(ListingBatchItem.position)
            .limit(BATCH)
        ).all()
        if not rows:
            batch.state, batch.finished_at = BatchState.FINISHED, now()
            return 0
        assert batch.decided_by is not None
        law = rule_set_for(Regime.SAMR, batch.decided_on or today())
        chunk = _Chunk(batch, law, Actor("officer", batch.decided_by.removeprefix("officer:")), node)
        items = [(item, operator) for item, operator in rows]
        (_list if batch.kind is BatchKind.LIST else _remove)(chunk, items)
        _write(chunk)
        batch.state = BatchState.RUNNING
        batch.position = items[-1][0].position
        outcomes = [outcome for _, outcome, *_ in chunk.outcomes]
        batch.done += outcomes.count(ItemOutcome.DONE)
        batch.left_out += outcomes.count(ItemOutcome.LEFT_OUT)
    db.session.expunge_all()
    return len(items)


def why_not_listed(
    operator: Operator, batch: ListingBatch, others: Sequence[OtherListing], law: RuleSet, on: date
) -> str | None:
    """Why an operator of the initial list is not listed; None where the rules let it be (domain.md 5, SM-A, A3 to A5)."""
    authority = batch.authority
    case = rule.Case(
        on,
        law,
        AbnormalReason.R1,
        report_year=batch.report_year,
        founded_on=operator.established_on,
        other_listings=others,
    )
    if operator.kind not in LISTED_KINDS:
        return "wrong_kind"
    if operator.registration_status in NOT_ON_REGISTER:
        return "not_on_register"
    if not registered_in_scope(scope_of(authority.id, authority.region), operator.region):
        return "registered_elsewhere"
    if operator.established_on is None:
        return "founding_unknown"
    if not rule.report_is_missing(case):
        return "newly_founded"
    return None if rule.no_second_listing(case) else "listed_for_that_year"


def _list(chunk: _Chunk, items: Sequence[tuple[ListingBatchItem, Operator]]) -> None:
    ids = [operator.id for _, operator in items]
    others = others_of(ids)
    busy = _busy(ids)
    for item, operator in items:
        why = why_not_listed(operator, chunk.batch, others.get(operator.id, []), chunk.law, chunk.decided_on)
        if why is None and operator.id in busy:
            why = "case_open"
        if why is not None:
            chunk.leave_out(item, why)
            continue
        _enter(chunk, item, operator)


def _enter(chunk: _Chunk, item: ListingBatchItem, operator: Operator) -> None:
    batch, household = chunk.batch, operator.kind is OperatorKind.HOUSEHOLD
    resource = "household_mark" if household else "abnormal_listing"
    record_id = new_record_id(chunk.node, resource)
    own = listings.listing_columns(operator.kind, AbnormalReason.R1, chunk.decided_on) | {
        "reason": AbnormalReason.R1,
        "report_year": batch.report_year,
        "facts": words.unreported_facts(operator.kind, batch.report_year, chunk.law),
    }
    sub_number = None
    if not household:
        sub_number, own_no = chunk.issue(item, operator, record_id)
        own |= {"decision_no": own_no, "decided_on": chunk.decided_on}
    model = HouseholdMark if household else AbnormalListing
    row = {"record_id": record_id, "revision": 1, "recorded_at": now(), "operator_id": operator.id}
    chunk.records.setdefault(model, []).append(row | {"authority_id": batch.authority_id} | own)
    chunk.do(item, record_id, sub_number)
    ledger.append_many(
        [
            make_entry(
                f"{resource}.entered",
                record_type=resource,
                record_id=record_id,
                revision=1,
                operator_id=operator.id,
                uscc=operator.uscc,
                content=content_from(resource, own, operator=operator.record_id, authority=batch.authority.uscc),
                actor=chunk.actor,
            )
        ]
    )


def _remove(chunk: _Chunk, items: Sequence[tuple[ListingBatchItem, Operator]]) -> None:
    """Take off those that have made up for the report of the year; struck-off operators leave by themselves."""
    ids = [operator.id for _, operator in items]
    standing: dict[int, AbnormalListing | HouseholdMark] = {}
    for model in (AbnormalListing, HouseholdMark):
        records: Any = db.session.execute(
            select(model)
            .where(
                model.operator_id.in_(ids),
                model.state == RecordState.IN_FORCE,
                model.reason == AbnormalReason.R1,
                model.report_year == chunk.batch.report_year,
            )
            .order_by(model.id)
            .with_for_update(of=model)
        ).scalars()
        standing |= {record.operator_id: record for record in records}
    busy = _busy(ids)
    for item, operator in items:
        record = standing.get(operator.id)
        if record is None:
            chunk.leave_out(item, "not_listed")
        elif operator.registration_status in ENDED:
            chunk.leave_out(item, "not_on_register")
        elif operator.id in busy:
            chunk.leave_out(item, "case_open")
        else:
            sub_number = decision_no = None
            if isinstance(record, AbnormalListing):
                sub_number, decision_no = chunk.issue(item, operator, record.record_id)
            listings.remove(
                record,
                reason=RemovalReason.REPORTED,
                on=chunk.decided_on,
                decision_no=decision_no,
                actor=chunk.actor,
            )
            chunk.do(item, record.record_id, sub_number)


def _write(chunk: _Chunk) -> None:
    for model, rows in chunk.records.items():
        insert_rows(model, rows)
    insert_rows(IssuedDocument, chunk.documents)
    positions, outcomes, reasons, numbers, names = zip(*chunk.outcomes, strict=True)
    cursor().execute(
        "UPDATE listing_batch_item i SET outcome = k.outcome, reason = k.reason, sub_number = k.sub_number,"
        " record_id = k.record_id FROM unnest(%s::int8[], %s::text[], %s::text[], %s::int8[], %s::text[])"
        " AS k(position, outcome, reason, sub_number, record_id) WHERE i.batch_id = %s AND i.position = k.position",
        [list(positions), [str(each) for each in outcomes], list(reasons), list(numbers), list(names), chunk.batch.id],
    )


def others_of(operator_ids: Sequence[int] | Select[Any]) -> dict[int, list[OtherListing]]:
    """Stays and marks that were not corrected away, by operator; a company does not answer for its time as a household."""
    found: dict[int, list[OtherListing]] = {}
    for model in (AbnormalListing, HouseholdMark):
        columns: Any = (model.operator_id, model.reason, model.report_year, model.state)
        rows = select(*columns).where(model.operator_id.in_(operator_ids), model.state != RecordState.WITHDRAWN)
        for operator_id, reason, year, state in db.session.execute(rows):
            found.setdefault(operator_id, []).append(OtherListing(reason, year, state is RecordState.IN_FORCE))
    return found


def _busy(operator_ids: Sequence[int]) -> set[int]:
    """Operators that an officer has an open case about for a missing report: it is decided there."""
    cases = select(Proceeding.operator_id).where(
        Proceeding.operator_id.in_(operator_ids),
        Proceeding.closed_on.is_(None),
        Proceeding.reason == AbnormalReason.R1,
        Proceeding.procedure.in_((Procedure.ABNORMAL_LISTING, Procedure.HOUSEHOLD_MARK)),
    )
    return {number for number in db.session.execute(cases).scalars() if number is not None}
