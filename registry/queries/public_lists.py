"""The two public lists: pages walked by key, and how many entries there are of each reason, district and authority.

Reads the projection only, so an entry vanishes with its interval and without a job.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, text, tuple_

from models import Operator, PublicFinding, db
from models.public_finding import LISTS
from registry.queries.public_findings import public_on
from registry.rules import names, uscc
from registry.rules.merchant_status import FindingType
from registry.rules.names import QueryKind
from registry.rules.operator import OperatorKind

PAGE = 50
_STREAMED = 500  # rows that an export holds at a time
_CODE = PublicFinding.data["code"].astext
_AUTHORITY = PublicFinding.data["authority"]


class PublicList(StrEnum):
    """A public list, as its address names it."""

    ABNORMAL = "abnormal"
    VIOLATIONS = "violations"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a reader narrowed a list to; `since` and `until` are days of publication, both included."""

    q: str = ""
    reason: str = ""
    region: str = ""
    authority: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry with the registration items of its operator. Natural persons have a name, and no page of their own."""

    record_id: str
    type: FindingType
    public_from: date
    public_until: date | None
    data: dict[str, Any]
    name: str
    uscc: str | None
    registration_no: str | None
    region: str | None
    region_text: str | None
    kind: OperatorKind

    @property
    def address(self) -> str | None:
        """What stands for the operator in addresses; None for natural persons."""
        return None if self.kind is OperatorKind.NATURAL_PERSON else self.uscc or self.registration_no


@dataclass(frozen=True, slots=True)
class ListPage:
    """At most PAGE entries, newest first; `after` is the key of the next page, None on the last one."""

    entries: list[ListEntry]
    after: tuple[date, str] | None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many entries of one reason, district, authority and day a list holds."""

    reason: str
    region: str | None
    authority: str
    authority_name: str
    day: date
    count: int


@dataclass(slots=True)
class Counts:
    """Counts under a filter. Each facet leaves its own choice out, so that it says what another choice would give."""

    total: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    regions: Counter[str | None] = field(default_factory=Counter)
    authorities: Counter[str] = field(default_factory=Counter)
    authority_names: dict[str, str] = field(default_factory=dict)
    months: Counter[str] = field(default_factory=Counter)


def page_of(chosen: PublicList, narrowed: ListFilter, day: date, after: tuple[date, str] | None = None) -> ListPage:
    """The entries behind the key `after`, newest first. Entries that come or go never move another across a page."""
    statement = _entries(chosen, narrowed, day)
    if after is not None:
        statement = statement.where(tuple_(PublicFinding.public_from, PublicFinding.record_id) < tuple_(*after))
    rows = [ListEntry(*row) for row in db.session.execute(statement.limit(PAGE + 1))]
    entries = rows[:PAGE]
    more = len(rows) > PAGE
    return ListPage(entries, (entries[-1].public_from, entries[-1].record_id) if more else None)


def every_entry(chosen: PublicList, narrowed: ListFilter, day: date) -> Iterator[ListEntry]:
    """All entries, newest first, a few hundred in memory at a time."""
    rows = db.session.execute(_entries(chosen, narrowed, day), execution_options={"yield_per": _STREAMED})
    return (ListEntry(*row) for row in rows)


def cells(chosen: PublicList, day: date, q: str = "") -> list[Cell]:
    """The whole list counted once; every filter but the search is then a sum over these (`counts`)."""
    authority, name = _AUTHORITY["uscc"].astext, _AUTHORITY["name"].astext
    statement = (
        select(_CODE, Operator.region, authority, name, PublicFinding.public_from, func.count())
        .join(Operator, Operator.id == PublicFinding.operator_id)
        .where(_on(chosen), public_on(day), *_matching(q))
        .group_by(_CODE, Operator.region, authority, name, PublicFinding.public_from)
    )
    return [Cell(*row) for row in db.session.execute(statement)]


def counts(among: Iterable[Cell], narrowed: ListFilter) -> Counts:
    """Sum the cells under a filter; the search is not looked at, it has chosen the cells."""
    found = Counts()
    for cell in among:
        found.authority_names[cell.authority] = cell.authority_name
        of_day = (narrowed.since is None or narrowed.since <= cell.day) and (
            narrowed.until is None or cell.day <= narrowed.until
        )
        if not of_day:
            continue
        reason = narrowed.reason in ("", cell.reason)
        region = narrowed.region in ("", cell.region)
        authority = narrowed.authority in ("", cell.authority)
        if region and authority:
            found.reasons[cell.reason] += cell.count
        if reason and authority:
            found.regions[cell.region] += cell.count
        if reason and region:
            found.authorities[cell.authority] += cell.count
        if reason and region and authority:
            found.total += cell.count
            found.months[f"{cell.day:%Y-%m}"] += cell.count
    return found


def _on(chosen: PublicList) -> ColumnElement[bool]:
    """Written out, not as parameters: only so does a prepared statement still use the partial index."""
    written: Any = text(f"public_finding.type IN ({LISTS[chosen.value]})")
    return written  # type: ignore[no-any-return]  # a fragment stands wherever a condition may


def _entries(chosen: PublicList, narrowed: ListFilter, day: date) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [_on(chosen), public_on(day), *_matching(narrowed.q)]
    if narrowed.reason:
        conditions.append(narrowed.reason == _CODE)
    if narrowed.region:
        conditions.append(Operator.region == narrowed.region)
    if narrowed.authority:
        conditions.append(_AUTHORITY["uscc"].astext == narrowed.authority)
    if narrowed.since is not None:
        conditions.append(PublicFinding.public_from >= narrowed.since)
    if narrowed.until is not None:
        conditions.append(PublicFinding.public_from <= narrowed.until)
    return (
        select(
            PublicFinding.record_id,
            PublicFinding.type,
            PublicFinding.public_from,
            PublicFinding.public_until,
            PublicFinding.data,
            Operator.name,
            Operator.uscc,
            Operator.registration_no,
            Operator.region,
            Operator.region_text,
            Operator.kind,
        )
        .join(Operator, Operator.id == PublicFinding.operator_id)
        .where(*conditions)
        .order_by(PublicFinding.public_from.desc(), PublicFinding.record_id.desc())
    )


def _matching(q: str) -> Sequence[ColumnElement[bool]]:
    """Conditions on the operator for a typed part of a name, code or number. Natural persons are never found."""
    if not q:
        return ()
    query = names.query_terms(q)
    if query.kind is QueryKind.TOO_SHORT:
        return (false(),)
    findable = Operator.kind != OperatorKind.NATURAL_PERSON
    if query.kind is QueryKind.CODE:
        code = uscc.normalise(q)
        return (findable, or_(Operator.uscc == code, Operator.registration_no == code))
    parts = [part for part in map(names.fold, q.split()) if len(part) > 1] or [query.folded]
    terms = sorted(set().union(*map(names.bigrams, parts)))
    held = and_(*(Operator.folded_name.contains(part, autoescape=True) for part in parts))
    return (findable, Operator.search_terms.contains(terms), held)
