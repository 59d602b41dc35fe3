"""Reading matters: one, those about a record, records of an area."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from models import Authority, LedgerEntry, Matter, Operator, Penalty, db
from registry.queries.scoping import within
from registry.rules import document_numbers
from registry.rules.penalty_procedure import OPEN, MatterKind
from registry.rules.record import RecordState
from registry.rules.regions import in_other_province
from registry.rules.roles import Scope


def get_matter(matter_id: int, authority_ids: Collection[int]) -> Matter | None:
    """The matter with this number where one of these authorities decided; None elsewhere, as if it were not there."""
    return db.session.execute(
        select(Matter)
        .where(Matter.id == matter_id, Matter.authority_id.in_(authority_ids))
        .options(joinedload(Matter.authority))
    ).scalar_one_or_none()


def elsewhere(matters: Collection[Matter]) -> set[int]:
    """Which of these, by their key, enter a penalty of a party that is registered in another province."""
    entries = {each.record_id: each for each in matters if each.kind is MatterKind.ENTRY and each.record_id is not None}
    regions = (
        select(Penalty.record_id, Operator.region)
        .join(Operator, Operator.id == Penalty.operator_id)
        .where(Penalty.record_id.in_(entries))
    )
    return {
        entries[record_id].id
        for record_id, there in db.session.execute(regions)
        if in_other_province(entries[record_id].authority.region, there)
    }


def open_matter_about(record_id: str) -> Matter | None:
    """The one open matter about a record, if there is one."""
    return db.session.execute(
        select(Matter).where(Matter.record_id == record_id, Matter.state.in_(OPEN))
    ).scalar_one_or_none()


def matters_about(record_id: str) -> list[Matter]:
    """Every matter there was about a record, the oldest first."""
    return list(db.session.execute(select(Matter).where(Matter.record_id == record_id).order_by(Matter.id)).scalars())


def open_matters_with_number(authority_ids: Collection[int], document_no_key: str) -> list[Matter]:
    """Open entries that carry this normalised document number: somebody is typing the same decision already."""
    return list(
        db.session.execute(
            select(Matter)
            .where(
                Matter.authority_id.in_(authority_ids),
                Matter.document_no_key == document_no_key,
                Matter.state.in_(OPEN),
            )
            .order_by(Matter.id)
            .limit(10)
        ).scalars()
    )


SORTS = {"number": "document_no_key", "party": "party_name", "decided": "decided_on"}
"""Columns that a list may be sorted by, under the names of its address; all are always filled."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records of one page, newest first, and the key of the page after it; None where it is the last."""

    items: Sequence[Any]
    after: int | None


def authorities_within(scope: Scope) -> list[int]:
    """Keys of the authorities in an officer's area."""
    return list(db.session.execute(select(Authority.id).where(within(scope, Authority.id, Authority.region))).scalars())


def records_page(
    model: Any,
    authority_ids: Collection[int],
    *,
    text: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
    sort: str = "",
    before: str = "",
    size: int = 50,
) -> Page:
    """Penalties or licences of an area by key, so that page 1,000 is as fast as page 1.

    `sort` is a name of SORTS, with `-` for descending; anything else means the newest entry first. `before` is the
    `after` of the page before this one.
    """
    found = select(model).where(model.authority_id.in_(authority_ids))
    if text:
        key = document_numbers.normalise(text)
        found = found.where(
            or_(model.document_no_key == key, model.party_key == key, model.party_name.contains(text, autoescape=True))
        )
    if state in set(RecordState):
        found = found.where(model.state == RecordState(state))
    if since is not None:
        found = found.where(model.decided_on >= since)
    if until is not None:
        found = found.where(model.decided_on <= until)
    descending = sort.startswith("-") or sort not in SORTS
    column = getattr(model, SORTS.get(sort.removeprefix("-"), "id"))
    last = db.session.get(model, int(before)) if before.isdecimal() and len(before) < 19 else None
    if last is not None:
        place = tuple_(column, model.id)
        edge = tuple_(literal(getattr(last, column.key), column.type), literal(last.id, model.id.type))
        found = found.where(place < edge if descending else place > edge)
    order = (column.desc(), model.id.desc()) if descending else (column, model.id)
    found = found.options(joinedload(model.authority), joinedload(model.operator)).order_by(*order)
    items = db.session.execute(found.limit(size + 1)).scalars().all()
    return Page(items[:size], items[size - 1].id if len(items) > size else None)


def history_of(record_id: str) -> list[Any]:
    """Moment, action, actor and revision of every ledger entry of a record, in order."""
    return list(
        db.session.execute(
            select(LedgerEntry.seq, LedgerEntry.recorded_at, LedgerEntry.action, LedgerEntry.actor)
            .where(LedgerEntry.record_id == record_id)
            .order_by(LedgerEntry.revision)
        ).all()
    )
