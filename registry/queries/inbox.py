"""The inbox of an area: matters and cases in one order, the nearest deadline first, a page at a time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from models import Authority, Matter, Proceeding, db
from registry.rules.penalty_procedure import OPEN
from registry.rules.procedure import Actor

_KINDS: dict[str, Any] = {"case": Proceeding, "matter": Matter}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the order: its deadline (date.max where no clock runs), `case` or `matter`, its key."""

    due_on: date
    kind: str
    id: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address names, as `str` writes it; None where it names none."""
        parts = text.split("_")
        if len(parts) != 3 or parts[1] not in _KINDS or not parts[2].isdecimal() or len(parts[2]) > 18:
            return None
        try:
            return cls(date.fromisoformat(parts[0]), parts[1], int(parts[2]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.due_on}_{self.kind}_{self.id}"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Matters and cases of one page; how many wait in all, and how many are late; the place that the next page is after."""

    items: list[Matter | Proceeding]
    all: int
    late: int
    after: Place | None


def page_of(
    authority_ids: Collection[int], *, superior_of: int, today: date, after: Place | None = None, size: int = 50
) -> InboxPage:
    """Open matters of an area, cases that ask somebody in it to act, and those that wait for the consent of `superior_of`.

    What has no deadline yet comes last. By key, so that the last page is as fast as the first.
    """
    under = select(Authority.id).where(Authority.parent_id == superior_of)
    asked_above = (Proceeding.asked_of == Actor.SUPERIOR) & Proceeding.authority_id.in_(under)
    waiting = union_all(
        _keys("matter", Matter.authority_id.in_(authority_ids), Matter.state.in_(OPEN)),
        _keys("case", Proceeding.asked_of.is_not(None), or_(Proceeding.authority_id.in_(authority_ids), asked_above)),
    ).subquery()
    place = tuple_(waiting.c.due_on, waiting.c.kind, waiting.c.id)
    found = select(waiting).order_by(waiting.c.due_on, waiting.c.kind, waiting.c.id).limit(size + 1)
    if after is not None:
        found = found.where(place > tuple_(literal(after.due_on), literal(after.kind), literal(after.id)))
    places = [Place(*row) for row in db.session.execute(found)]
    late = func.count().filter(waiting.c.due_on < today)
    total, overdue = db.session.execute(select(func.count(), late).select_from(waiting)).one()
    return InboxPage(_load(places[:size]), total, overdue, places[size - 1] if len(places) > size else None)


def _keys(kind: str, *which: ColumnElement[bool]) -> Any:
    model = _KINDS[kind]
    due_on = func.coalesce(model.due_on, literal(date.max)).label("due_on")
    return select(due_on, literal(kind).label("kind"), model.id).where(*which)


def _load(places: Iterable[Place]) -> list[Matter | Proceeding]:
    places = list(places)
    found = {}
    for kind, model in _KINDS.items():
        wanted = select(model).where(model.id.in_([place.id for place in places if place.kind == kind]))
        wanted = wanted.options(joinedload(model.authority))
        if model is Proceeding:
            wanted = wanted.options(joinedload(Proceeding.operator))
        found.update({(kind, each.id): each for each in db.session.execute(wanted).scalars()})
    return [found[place.kind, place.id] for place in places]
