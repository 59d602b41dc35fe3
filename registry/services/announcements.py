"""Announcements: one officer drafts, another publishes, a publication is taken back with its reason.

They are notices about records and no records themselves: like accounts they stand in the access log and not in the
ledger (docs/decisions/0006-announcements.md). Every change is a line there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models import Announcement, Authority, db
from registry.clock import now, today
from registry.errors import Conflict, RuleViolation
from registry.ledger import Actor
from registry.queries import announcements as queries
from registry.queries.public_findings import finding_of_record
from registry.rules import names
from registry.rules.announcements import AnnouncementKind, AnnouncementState, may_name_operators
from registry.services import access_log


class AnnouncementMoved(Conflict):
    """Somebody else has changed it since it was looked at."""

    code = "announcement_moved"


class NotThisStep(Conflict):
    """It is not in the state that this step begins from."""

    code = "announcement_state"


class OwnAnnouncement(RuleViolation):
    """Whoever wrote the text last does not publish it."""

    code = "own_announcement"


class NamesSomebody(RuleViolation):
    """The text names an operator with records that this announcement does not rest on, or may not name."""

    code = "announcement_names_somebody"


class RecordNotPublic(RuleViolation):
    """One of the records it rests on is not public today."""

    code = "announcement_record_not_public"


@dataclass(frozen=True, slots=True)
class Wording:
    """What an announcement says. `record_ids` are the records it rests on; it is public only while all of them are."""

    kind: AnnouncementKind
    title: str
    body: str
    record_ids: Sequence[str] = ()


def draft(wording: Wording, *, authority: Authority, actor: Actor) -> Announcement:
    """A new draft of an authority. NamesSomebody, RecordNotPublic. The caller commits."""
    _check(wording)
    announcement = Announcement(
        state=AnnouncementState.DRAFT,
        authority=authority,
        published_by=None,
        published_on=None,
        withdrawal_reason=None,
    )
    _write(announcement, wording, actor)
    db.session.add(announcement)
    db.session.flush()
    _note("announcement.drafted", announcement, actor)
    return announcement


def change_draft(announcement_id: int, wording: Wording, *, area: Collection[int], seen: int, actor: Actor) -> None:
    """Reword a draft; who does so becomes its author, and another has to publish it. The caller commits.

    AnnouncementNotFound, AnnouncementMoved, NotThisStep, NamesSomebody, RecordNotPublic.
    """
    announcement = _held(announcement_id, area, seen, AnnouncementState.DRAFT)
    _check(wording)
    _write(announcement, wording, actor)
    db.session.flush()
    _note("announcement.changed", announcement, actor)


def publish(announcement_id: int, *, area: Collection[int], seen: int, actor: Actor) -> None:
    """Make a draft of somebody else public from today on; its names and records are checked again. The caller commits.

    AnnouncementNotFound, AnnouncementMoved, NotThisStep, OwnAnnouncement, NamesSomebody, RecordNotPublic.
    """
    announcement = _held(announcement_id, area, seen, AnnouncementState.DRAFT)
    if announcement.drafted_by == str(actor):
        raise OwnAnnouncement("A second person publishes what you wrote.")
    _check(Wording(announcement.kind, announcement.title, announcement.body, announcement.record_ids))
    announcement.state = AnnouncementState.PUBLISHED
    announcement.published_by = str(actor)
    announcement.published_on = today()
    db.session.flush()
    _note("announcement.published", announcement, actor)


def withdraw(announcement_id: int, *, reason: str, area: Collection[int], seen: int, actor: Actor) -> None:
    """Take a published announcement back; it vanishes from every page at once. The caller commits.

    AnnouncementNotFound, AnnouncementMoved, NotThisStep.
    """
    announcement = _held(announcement_id, area, seen, AnnouncementState.PUBLISHED)
    announcement.state = AnnouncementState.WITHDRAWN
    announcement.withdrawal_reason = reason
    db.session.flush()
    _note("announcement.withdrawn", announcement, actor, reason)


def _held(announcement_id: int, area: Collection[int], seen: int, state: AnnouncementState) -> Announcement:
    """The announcement, locked, so that the second of two waits for the first and is then told."""
    announcement = queries.get(announcement_id, area, lock=True)
    if announcement.revision != seen:
        raise AnnouncementMoved("Somebody else has changed this announcement meanwhile. Look at it again.")
    if announcement.state is not state:
        raise NotThisStep("The announcement is not in the state for this step.")
    return announcement


def _check(wording: Wording) -> None:
    """A removal names nobody; the others name only operators whose records they rest on, and those are public.

    So the text vanishes with the record that it tells of (domain.md SM-A, state A7; 国市监信规〔2021〕3号).
    """
    if wording.record_ids and not may_name_operators(wording.kind):
        raise NamesSomebody("An announcement of this kind may name nobody, and rests on no record.")
    for record_id in wording.record_ids:
        if finding_of_record(record_id, today()) is None:
            raise RecordNotPublic("A record that it rests on is not public today.")
    if queries.names_others(names.fold(f"{wording.title}\n{wording.body}"), wording.record_ids, today()):
        raise NamesSomebody("The text names an operator whose public records are not among those it rests on.")


def _write(announcement: Announcement, wording: Wording, actor: Actor) -> None:
    announcement.kind = wording.kind
    announcement.title, announcement.body = wording.title, wording.body
    announcement.record_ids = list(dict.fromkeys(wording.record_ids))
    announcement.drafted_by, announcement.drafted_at = str(actor), now()


def _note(event: str, announcement: Announcement, actor: Actor, reason: str = "") -> None:
    subject = f"announcement {announcement.id}"
    access_log.note(event, actor=str(actor), purpose=f"{subject}: {reason}" if reason else subject)
