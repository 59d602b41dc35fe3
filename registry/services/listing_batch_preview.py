"""What a batch would do if it were approved today: counts by outcome and the first rows, nothing written."""

from dataclasses import dataclass

from sqlalchemy import select

from models import BatchKind, ListingBatch, ListingBatchItem, Operator
from registry.clock import today
from registry.rules.operator import OperatorKind
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services.listing_batch_run import others_of, why_not_listed
from registry.services.listing_batches import annex

FIRST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """How many would get a document, how many households none, who would be left out why; the first rows with their reason."""

    with_document: int
    households: int
    left_out: dict[str, int]
    rows: list[tuple[Operator, str | None]]


def preview(batch: ListingBatch) -> Preview:
    """The outcome of every item by the rules of today; of a removal, who is on the list at all turns out when it runs."""
    law, on = rule_set_for(Regime.SAMR, today()), today()
    ids = select(ListingBatchItem.operator_id).where(ListingBatchItem.batch_id == batch.id)
    others = others_of(ids) if batch.kind is BatchKind.LIST else {}
    with_document = households = 0
    left_out: dict[str, int] = {}
    rows: list[tuple[Operator, str | None]] = []
    for _, operator in annex(batch):
        why = None
        if batch.kind is BatchKind.LIST:
            why = why_not_listed(operator, batch, others.get(operator.id, []), law, on)
        if len(rows) < FIRST_ROWS:
            rows.append((operator, why))
        if why is not None:
            left_out[why] = left_out.get(why, 0) + 1
        elif operator.kind is OperatorKind.HOUSEHOLD:
            households += 1
        else:
            with_document += 1
    return Preview(with_document, households, left_out, rows)
