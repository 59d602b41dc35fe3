"""When officers are reminded of a deadline before it ends. A decision of this register: law sets the deadline only."""

from datetime import date, timedelta

from registry.rules.calendar import WorkingCalendar, add_months
from registry.rules.rule_sets import Deadline, RuleSet, Unit

DAY = timedelta(days=1)
_SHARE = 4  # the last quarter of a period, and one day at least


def reminded_on(due_on: date, deadline: Deadline | None, rule_set: RuleSet, calendar: WorkingCalendar) -> date:
    """The day of the reminder: with a quarter of the period left; for months, the set's days before a long stay is full.

    A deadline that the set does not know is reminded of one working day before. CalendarYearMissing as the calendar.
    """
    if deadline is not None and deadline.unit is Unit.MONTHS:
        return due_on - rule_set.listings.reminder_days * DAY
    if deadline is not None and deadline.unit is Unit.CALENDAR_DAYS:
        return due_on - max(1, deadline.amount // _SHARE) * DAY
    left = 1 if deadline is None else max(1, deadline.amount // _SHARE)
    day = due_on
    while left > 0:
        day -= DAY
        left -= calendar.is_working(day)
    return day


def full_on(deadline: Deadline, since: date, calendar: WorkingCalendar) -> date:
    """Last day of a period of months, as `deadlines.due_on` counts it; before the first loaded year without its days of rest.

    A licence revoked in 2008 has long been due, whatever day of the week its six months ended on.
    """
    day = add_months(since, deadline.amount)
    if calendar.years and day.year < min(calendar.years):
        return day
    return calendar.roll_forward(day)
