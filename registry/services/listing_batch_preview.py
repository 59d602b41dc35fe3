"""What a batch would do if it were approved today, and its list: counts by one aggregate, rows page by page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models import BatchState, ItemOutcome, ListingBatch, ListingBatchItem, Operator, db
from registry.clock import today
from registry.queries.exchange_node import this_node
from registry.rules.operator import OperatorKind
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services.listing_batch_verdicts import verdict

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Preview:
    """How many would get a document, how many households none, who would be left out why."""

    with_document: int
    households: int
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One operator of the initial list. `left_out` says why; before the decision, why it would be as of today."""

    position: int
    operator_id: int
    code: str
    name: str
    outcome: ItemOutcome
    left_out: str | None
    sub_number: int | None


def preview(batch: ListingBatch) -> Preview:
    """The outcome of every item by the rules of today, counted by the database."""
    why = _verdict(batch).label("why")
    household = (Operator.kind == OperatorKind.HOUSEHOLD).label("household")
    items = (
        select(why, household)
        .select_from(ListingBatchItem)
        .join(Operator, Operator.id == ListingBatchItem.operator_id)
        .where(ListingBatchItem.batch_id == batch.id)
        .subquery()
    )
    counted = select(items.c.why, items.c.household, func.count()).group_by(items.c.why, items.c.household)
    found: dict[tuple[str | None, bool], int] = {
        (reason, is_household): number for reason, is_household, number in db.session.execute(counted)
    }
    left_out: dict[str, int] = {}
    for (reason, _), number in sorted(found.items(), key=lambda each: each[0][0] or ""):
        if reason is not None:
            left_out[reason] = left_out.get(reason, 0) + number
    return Preview(found.get((None, False), 0), found.get((None, True), 0), left_out)


def rows(batch: ListingBatch, *, after: int = 0, limit: int) -> list[Row]:
    """At most `limit` operators of the initial list behind a position, in its order."""
    drawn_up = batch.state is BatchState.DRAWN_UP
    why: Any = _verdict(batch) if drawn_up else ListingBatchItem.reason
    chosen = (
        select(
            ListingBatchItem.position,
            Operator.id,
            func.coalesce(Operator.uscc, Operator.registration_no, ""),
            Operator.name,
            ListingBatchItem.outcome,
            why,
            ListingBatchItem.sub_number,
        )
        .join(Operator, Operator.id == ListingBatchItem.operator_id)
        .where(ListingBatchItem.batch_id == batch.id, ListingBatchItem.position > after)
        .order_by(ListingBatchItem.position)
        .limit(limit)
    )
    return [Row(*row) for row in db.session.execute(chosen)]


def every_row(batch: ListingBatch) -> Iterator[Row]:
    """The whole list in its order; only a page of it is held at a time."""
    after = 0
    while page := rows(batch, after=after, limit=_PAGE):
        yield from page
        after = page[-1].position


def _verdict(batch: ListingBatch) -> Any:
    return verdict(batch, rule_set_for(Regime.SAMR, today()), today(), this_node().node)
