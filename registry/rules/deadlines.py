"""The last day for somebody to act (domain.md 4). How long and from which event is the rule set's."""

from datetime import date

from registry.rules.calendar import WorkingCalendar, add_months
from registry.rules.rule_sets import Deadline, Unit


def due_on(deadline: Deadline, event_day: date, calendar: WorkingCalendar) -> date:
    """Last day on which the act is still in time; the day of the event is not counted (民法典 art. 201).

    Calendar days and months that end in rest end on the next working day (art. 203). Publicity is no deadline: its
    periods are never lengthened, `publicity` counts them. CalendarYearMissing where a day of a year not loaded matters.
    """
    if deadline.unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(event_day, deadline.amount)
    if deadline.unit is Unit.CALENDAR_DAYS:
        return calendar.add_calendar_days(event_day, deadline.amount)
    return calendar.roll_forward(add_months(event_day, deadline.amount))


def is_in_time(deadline: Deadline, event_day: date, acted_on: date, calendar: WorkingCalendar) -> bool:
    """Whether an act on `acted_on` keeps the deadline; its last day is within it."""
    return acted_on <= due_on(deadline, event_day, calendar)
