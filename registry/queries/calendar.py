"""The working-day calendar as the register holds it."""

from datetime import date

from sqlalchemy import select

from models import CalendarDay, db
from registry.rules.calendar import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """The calendar of all loaded years; computing into another year is refused by the calendar itself."""
    days = db.session.execute(select(CalendarDay.day, CalendarDay.is_working).order_by(CalendarDay.day))
    return WorkingCalendar({row.day: row.is_working for row in days})


def days_of(year: int) -> list[CalendarDay]:
    """The days of one year in order; empty when the year is not loaded."""
    days = (
        select(CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(CalendarDay.day)
    )
    return list(db.session.execute(days).scalars())
