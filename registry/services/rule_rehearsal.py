"""Who would be listed, taken off, hidden or shown for longer if a rule set held as of a day. Reads one snapshot, writes nothing.

Every open record of the set's regime is judged as if it had been decided under the set. Of listings it can only speak of
what the register knows: open cases, orders and batches; annual reports stand elsewhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from models import BatchKind, BatchState, ItemOutcome, ListingBatch, ListingBatchItem, Operator, Proceeding, db
from registry.queries.calendar import working_calendar
from registry.rules import abnormal_cases, abnormal_procedure, publicity
from registry.rules.calendar import CalendarYearMissing
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.proceedings import Procedure
from registry.rules.recomputed_ends import class_under
from registry.rules.rule_sets import Regime, RuleSet
from registry.services.imports.tables import cursor
from registry.services.matters import Desk
from registry.services.proceedings import abnormal
from registry.services.proceedings.abnormal_facts import day as day_stated

_PART = 2000
_PENALTIES = (
    "decided_on", "published_on", "period_basis_on", "public_from", "public_until", "kinds", "fine", "party_category",
    "severity", "restriction_until", "rule_set",
)  # fmt: skip
_LISTINGS = ("period_basis_on", "public_from", "public_until", "restriction_until", "rule_set")
_BEFORE_LISTING = ("A0", "A1", "A2", "A3")


class Effect(StrEnum):
    """What a set would do to a record or a case."""

    LISTED = "listed"
    DELISTED = "delisted"
    EXPIRED = "expired"
    HIDDEN = "hidden"
    SHORTER = "shorter"
    LONGER = "longer"


@dataclass(frozen=True, slots=True)
class Affected:
    """One record, case or operator of a batch: its name in the register, whom it is about, the end now and then."""

    subject: str
    operator: str
    until: date | None
    would_be_until: date | None


@dataclass(slots=True)
class Rehearsal:
    """Counts of every effect, and the first of each."""

    rule_set: str
    on: date
    counts: dict[Effect, int] = field(default_factory=lambda: dict.fromkeys(Effect, 0))
    first: dict[Effect, list[Affected]] = field(default_factory=lambda: {effect: [] for effect in Effect})

    def as_object(self) -> dict[str, Any]:
        """For programs."""
        first = {effect.value: [asdict(each) for each in found] for effect, found in self.first.items()}
        counts = {effect.value: count for effect, count in self.counts.items()}
        return {"rule_set": self.rule_set, "on": self.on, "counts": counts, "first": first}


def rehearse(
    rule_set: RuleSet, on: date, *, desk: Desk, authority_ids: Collection[int] | None = None, first: int = 20
) -> Rehearsal:
    """Judge everything that is open on `on`, of these authorities or of all. The transaction is read-only and ends here."""
    db.session.rollback()
    db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    found = Rehearsal(rule_set.name, on)
    try:
        for effect, affected in _effects(rule_set, on, desk, authority_ids):
            found.counts[effect] += 1
            if len(found.first[effect]) < first:
                found.first[effect].append(affected)
    finally:
        db.session.rollback()
    return found


def _effects(
    rule_set: RuleSet, on: date, desk: Desk, authority_ids: Collection[int] | None
) -> Iterator[tuple[Effect, Affected]]:
    for settings, name, operator, record in _open("penalty", _PENALTIES, rule_set.regime, on, authority_ids):
        judged = _penalty(rule_set, record, settings, on)
        if judged is not None:
            yield judged[0], Affected(name, operator, record["public_until"], judged[1])
    if rule_set.regime is not Regime.SAMR:
        return
    for _, name, operator, record in _open("violation_listing", _LISTINGS, rule_set.regime, on, authority_ids):
        until = publicity.violation_publicity(
            listed_on=record["period_basis_on"], restriction_until=record["restriction_until"], rule_set=rule_set
        ).public_until
        effect = _compared(record["public_until"], until, on, Effect.DELISTED)
        if effect is not None:
            yield effect, Affected(name, operator, record["public_until"], until)
    yield from _cases(rule_set, on, desk, authority_ids)
    yield from _batches(rule_set, on, authority_ids)


def _open(
    table: str, columns: tuple[str, ...], regime: Regime, on: date, authority_ids: Collection[int] | None
) -> Iterator[tuple[dict[str, Any], str, str, dict[str, Any]]]:
    """Records that the public sees on the day: settings of the authority, record_id, operator's name, columns."""
    after = 0
    own = ", ".join(f"r.{column}" for column in columns)
    while True:
        work = cursor()
        work.execute(
            f"SELECT r.id, a.settings, r.record_id, o.name, {own} FROM {table} r"  # noqa: S608 - names of this module
            " JOIN authority a ON a.id = r.authority_id JOIN operator o ON o.id = r.operator_id"
            " WHERE r.state = 'in_force' AND r.public_from <= %(on)s AND (r.public_until IS NULL OR r.public_until > %(on)s)"
            " AND a.regime = %(regime)s AND (%(area)s::int8[] IS NULL OR a.id = ANY(%(area)s)) AND r.id > %(after)s"
            f" ORDER BY r.id LIMIT {_PART}",
            {
                "on": on,
                "regime": regime,
                "area": None if authority_ids is None else list(authority_ids),
                "after": after,
            },
        )
        rows = work.fetchall()
        if not rows:
            return
        for _, settings, name, operator, *values in rows:
            yield settings, name, operator, dict(zip(columns, values, strict=True))
        after = rows[-1][0]


def _penalty(
    rule_set: RuleSet, record: dict[str, Any], settings: dict[str, Any], on: date
) -> tuple[Effect, date | None] | None:
    decided_on, published_on = record["decided_on"], record["published_on"] or record["public_from"]
    if record["period_basis_on"] not in (decided_on, published_on):  # begun again after a fraud
        decided_on = published_on = record["period_basis_on"]
    found = publicity.penalty_publicity(
        regime=rule_set.regime,
        decided_on=decided_on,
        published_on=published_on,
        kinds=[PenaltyKind(kind) for kind in record["kinds"]],
        severity=class_under(rule_set, record, settings),
        restriction_until=record["restriction_until"],
        rule_set=rule_set,
    )
    if not found.published:
        return (Effect.EXPIRED if found.reason_not_published == "period_over" else Effect.HIDDEN), None
    effect = _compared(record["public_until"], found.public_until, on, Effect.EXPIRED)
    return None if effect is None else (effect, found.public_until)


def _compared(now: date | None, then: date | None, on: date, over: Effect) -> Effect | None:
    if then == now:
        return None
    if then is not None and then <= on:
        return over
    if then is None or (now is not None and then > now):
        return Effect.LONGER
    return Effect.SHORTER


def _cases(
    rule_set: RuleSet, on: date, desk: Desk, authority_ids: Collection[int] | None
) -> Iterator[tuple[Effect, Affected]]:
    """Cases of the abnormal list not decided yet whose ground holds: R1 of an ended period, orders that are over, verified ones."""
    calendar = working_calendar()
    cases = (
        select(Proceeding)
        .where(
            Proceeding.procedure == Procedure.ABNORMAL_LISTING,
            Proceeding.stage.in_(_BEFORE_LISTING),
            Proceeding.closed_on.is_(None),
        )
        .options(joinedload(Proceeding.operator))
        .order_by(Proceeding.id)
    )
    if authority_ids is not None:
        cases = cases.where(Proceeding.authority_id.in_(authority_ids))
    for each in db.session.execute(cases).scalars():
        case = replace(abnormal.facts(each, desk), rule_set=rule_set, today=on)
        served = day_stated(each, "order_served_on") or day_stated(each, "ordered_on")
        if each.stage == abnormal_procedure.Stage.ORDERED and served is not None:
            try:
                case = replace(case, order_ends_on=due_on(rule_set.deadlines["order_to_publish"], served, calendar))
            except CalendarYearMissing:  # whether the order is over then nobody can tell
                continue
        if abnormal_cases.ground_holds(case):
            yield Effect.LISTED, Affected(each.record_id, each.operator.name if each.operator else "", None, None)


def _batches(rule_set: RuleSet, on: date, authority_ids: Collection[int] | None) -> Iterator[tuple[Effect, Affected]]:
    """Operators of batches that are not finished, where the time for the report is over under the set."""
    waiting = (
        select(ListingBatch.id, ListingBatch.report_year, ListingBatchItem.position, Operator.name)
        .join(ListingBatchItem, ListingBatchItem.batch_id == ListingBatch.id)
        .join(Operator, Operator.id == ListingBatchItem.operator_id)
        .where(
            ListingBatch.kind == BatchKind.LIST,
            ListingBatch.state.in_((BatchState.DRAWN_UP, BatchState.APPROVED, BatchState.RUNNING)),
            ListingBatchItem.outcome == ItemOutcome.WAITING,
        )
        .order_by(ListingBatch.id, ListingBatchItem.position)
    )
    if authority_ids is not None:
        waiting = waiting.where(ListingBatch.authority_id.in_(authority_ids))
    for batch_id, report_year, position, name in db.session.execute(waiting):
        if on > abnormal_cases.report_period_ends_on(report_year, rule_set):
            yield Effect.LISTED, Affected(f"{batch_id}-{position} {AbnormalReason.R1}", name, None, None)
