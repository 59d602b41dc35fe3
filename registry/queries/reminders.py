"""Reminders and alarms of an area that still stand: raised by a day, and what they are about is open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import AbnormalListing, Matter, Operator, Proceeding, Reminder, ReminderKind, db
from registry.clock import today
from registry.rules.operator import RegistrationStatus
from registry.rules.penalty_procedure import OPEN
from registry.rules.record import RecordState

_STRUCK = (RegistrationStatus.REVOKED, RegistrationStatus.ANNULLED, RegistrationStatus.CLOSED_BY_ORDER)
_URGENT = "report_upward_alarm"


@dataclass(frozen=True, slots=True)
class StandingReminder:
    """One reminder or alarm, and what it leads to: a case, a matter, or an operator (of a long stay: the one listed)."""

    reminder: Reminder
    proceeding: Proceeding | None
    matter: Matter | None
    operator: Operator | None


def standing(
    authority_ids: Collection[int], *, kind: ReminderKind | None = None, limit: int = 200
) -> list[StandingReminder]:
    """What stands in an area, alarms first, the oldest deadline first. A reminder whose alarm was raised is left out."""
    found = (
        select(Reminder, Proceeding, Matter, Operator)
        .outerjoin(Proceeding, Proceeding.record_id == Reminder.subject)
        .outerjoin(Matter, Matter.name == Reminder.subject)
        .outerjoin(AbnormalListing, AbnormalListing.record_id == Reminder.subject)
        .outerjoin(Operator, or_(Operator.record_id == Reminder.subject, Operator.id == AbnormalListing.operator_id))
        .where(Reminder.authority_id.in_(authority_ids), _stands(), ~_superseded())
        .order_by((Reminder.kind == ReminderKind.ALARM).desc(), Reminder.due_on, Reminder.id)
        .limit(limit)
    )
    if kind is not None:
        found = found.where(Reminder.kind == kind)
    return [StandingReminder(*row) for row in db.session.execute(found)]


def alarms_standing() -> int:
    """Alarms of the whole register whose subject is open."""
    count = (
        select(func.count(Reminder.id))
        .outerjoin(Proceeding, Proceeding.record_id == Reminder.subject)
        .outerjoin(Matter, Matter.name == Reminder.subject)
        .outerjoin(AbnormalListing, AbnormalListing.record_id == Reminder.subject)
        .outerjoin(Operator, Operator.record_id == Reminder.subject)
        .where(Reminder.kind == ReminderKind.ALARM, _stands())
    )
    return db.session.execute(count).scalar_one()


def cases_over_deadline(day: date | None = None) -> int:
    """Open cases and matters whose deadline has passed."""
    on = day or today()
    cases = select(func.count(Proceeding.id)).where(Proceeding.closed_on.is_(None), Proceeding.due_on < on)
    matters = select(func.count(Matter.id)).where(Matter.state.in_(OPEN), Matter.due_on < on)
    return db.session.execute(cases).scalar_one() + db.session.execute(matters).scalar_one()


def _stands() -> ColumnElement[bool]:
    """Whether what a reminder is about is still so; a clock that was set to another day is another deadline."""
    return or_(
        and_(
            Proceeding.closed_on.is_(None),
            Proceeding.deadline == Reminder.deadline,
            Proceeding.due_on == Reminder.due_on,
        ),
        Matter.state.in_(OPEN),
        and_(Reminder.deadline == "long_stay", AbnormalListing.state == RecordState.IN_FORCE),
        and_(
            Reminder.deadline == "end_suspension",
            Operator.registration_status == RegistrationStatus.SUSPENDED,
        ),
        and_(Reminder.deadline == "mark_undissolved", Operator.registration_status.in_(_STRUCK)),
    )


def _superseded() -> ColumnElement[bool]:
    """A reminder behind which the alarm of the same deadline stands; the warning before a report that is late now."""
    later = Reminder.__table__.alias("later")
    alarm = later.c.kind == ReminderKind.ALARM
    same = and_(later.c.deadline == Reminder.deadline, later.c.due_on == Reminder.due_on)
    report = and_(Reminder.deadline == _URGENT, later.c.deadline == "report_upward")
    not_itself = later.c.id != Reminder.id
    return select(later.c.id).where(later.c.subject == Reminder.subject, alarm, not_itself, or_(same, report)).exists()
