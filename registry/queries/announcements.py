"""Announcements as the public sees them, and as the officers of an area do.

Reads the projection for the records that an announcement rests on, so it vanishes with them and without a job.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import joinedload

from models import (
    AbnormalListing,
    Announcement,
    FormerName,
    HouseholdMark,
    Operator,
    Penalty,
    PublicFinding,
    ViolationListing,
    db,
)
from registry.errors import NotFound
from registry.queries.public_findings import public_on
from registry.rules.announcements import AnnouncementKind, AnnouncementState
from registry.rules.operator import OperatorKind

PAGE = 30
SHORTEST_NAME = 4
"""Folded characters: shorter names are common words, which every text holds."""

Key = tuple[date, int]
"""Day of publication and id: what pages are walked by."""


class AnnouncementNotFound(NotFound):
    """There is no such announcement, or not for this reader."""

    code = "announcement_not_found"


@dataclass(frozen=True, slots=True)
class Page:
    """At most PAGE announcements, newest first; `after` is the key of the next page, None on the last one."""

    entries: Sequence[Announcement]
    after: Key | None


def page_of(day: date, kind: AnnouncementKind | None = None, after: Key | None = None, most: int = PAGE) -> Page:
    """What is public on `day` behind the key `after`, newest first."""
    statement = (
        select(Announcement)
        .where(_public(day))
        .options(joinedload(Announcement.authority))
        .order_by(Announcement.published_on.desc(), Announcement.id.desc())
        .limit(most + 1)
    )
    if kind is not None:
        statement = statement.where(Announcement.kind == kind)
    if after is not None:
        statement = statement.where(tuple_(Announcement.published_on, Announcement.id) < tuple_(*after))
    found = db.session.execute(statement).scalars().all()
    entries = found[:most]
    if len(found) <= most:
        return Page(entries, None)
    last = entries[-1]
    assert last.published_on is not None  # a constraint of the table: published on a day
    return Page(entries, (last.published_on, last.id))


def public_one(announcement_id: int, day: date) -> Announcement:
    """One announcement that is public on `day`. AnnouncementNotFound for drafts, withdrawn ones and those that ended."""
    found = db.session.execute(
        select(Announcement)
        .where(Announcement.id == announcement_id, _public(day))
        .options(joinedload(Announcement.authority))
    ).scalar_one_or_none()
    if found is None:
        raise AnnouncementNotFound("There is no announcement with this number that is public today.")
    return found


def of_area(area: Collection[int], most: int) -> Sequence[Announcement]:
    """The newest announcements of these authorities in any state; drafts first, for they wait for somebody."""
    return (
        db.session.execute(
            select(Announcement)
            .where(Announcement.authority_id.in_(list(area)))
            .options(joinedload(Announcement.authority))
            .order_by((Announcement.state == AnnouncementState.DRAFT).desc(), Announcement.id.desc())
            .limit(most)
        )
        .scalars()
        .all()
    )


def get(announcement_id: int, area: Collection[int], *, lock: bool = False) -> Announcement:
    """One announcement of these authorities. AnnouncementNotFound. With `lock`, nobody else changes it meanwhile."""
    asked = select(Announcement).where(Announcement.id == announcement_id, Announcement.authority_id.in_(list(area)))
    if lock:
        asked = asked.with_for_update()
    found = db.session.execute(asked.execution_options(populate_existing=lock)).scalar_one_or_none()
    if found is None:
        raise AnnouncementNotFound("There is no announcement with this number in your area.")
    return found


def names_others(folded: str, record_ids: Collection[str], day: date) -> bool:
    """Whether a folded text names an operator with a penalty, a listing or a mark, past ones too, beyond those of `record_ids`.

    By present or former name, code or registration number. Natural persons are entered under masked names, which no
    text is compared with.
    """
    records = (Penalty, AbnormalListing, HouseholdMark, ViolationListing)
    known = or_(*(exists().where(model.operator_id == Operator.id) for model in records))
    former = exists().where(
        FormerName.operator_id == Operator.id,
        func.length(FormerName.folded_name) >= SHORTEST_NAME,
        func.strpos(folded, FormerName.folded_name) > 0,
    )
    named = or_(
        and_(func.length(Operator.folded_name) >= SHORTEST_NAME, func.strpos(folded, Operator.folded_name) > 0),
        func.strpos(folded, func.lower(Operator.uscc)) > 0,
        func.strpos(folded, func.lower(Operator.registration_no)) > 0,
        former,
    )
    rested_on = select(PublicFinding.operator_id).where(PublicFinding.record_id.in_(list(record_ids)), public_on(day))
    return (
        db.session.execute(
            select(true()).where(
                exists().where(
                    named, known, Operator.kind != OperatorKind.NATURAL_PERSON, Operator.id.not_in(rested_on)
                )
            )
        ).scalar()
        is not None
    )


def _public(day: date) -> ColumnElement[bool]:
    """Published, not withdrawn, and every record that it rests on public on `day`."""
    each = func.unnest(Announcement.record_ids).column_valued("each")
    hidden = (
        select(each)
        .where(~exists().where(PublicFinding.record_id == each, public_on(day)))
        .correlate(Announcement)
        .exists()
    )
    return and_(Announcement.state == AnnouncementState.PUBLISHED, ~hidden)
