"""Counting days by law (domain.md 4): working days from a loaded table, calendar days, months.

The day of the event is never counted (民法典 art. 201). A period whose last day is a day of rest ends on the next working
day (art. 203): that holds for what somebody must do, and never lengthens publicity.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

from registry.errors import RuleViolation

DAY = timedelta(days=1)


class CalendarYearMissing(RuleViolation):
    """A computation touches a year whose calendar is not loaded. Nothing is guessed."""

    code = "calendar_year_missing"

    def __init__(self, year: int) -> None:
        super().__init__(f"The working-day calendar of {year} is not loaded.")
        self.year = year


class WorkingCalendar:
    """Which days are worked. A year is known when every day of it stands in the table."""

    def __init__(self, days: Mapping[date, bool]) -> None:
        self._days = dict(days)
        counted: dict[int, int] = {}
        for day in self._days:
            counted[day.year] = counted.get(day.year, 0) + 1
        self.years = frozenset(year for year, count in counted.items() if count == _days_in(year))

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked. CalendarYearMissing for a day of a year that is not loaded."""
        if day.year not in self.years:
            raise CalendarYearMissing(day.year)
        return self._days[day]

    def add_working_days(self, start: date, count: int) -> date:
        """The `count`-th working day after `start`; `start` itself is not counted. `count` is zero or more."""
        day = start
        left = count
        while left > 0:
            day += DAY
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before `start`."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + n * DAY) for n in range(1, (end - start).days + 1))

    def roll_forward(self, day: date) -> date:
        """`day`, or the next working day when it is a day of rest."""
        while not self.is_working(day):
            day += DAY
        return day

    def add_calendar_days(self, start: date, count: int) -> date:
        """End of a period of calendar days for acting: rolled forward over rest."""
        return self.roll_forward(start + count * DAY)


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later; the last of the month where there is none (29 February + 12 is 28 February)."""
    total = start.year * 12 + start.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def default_days(year: int) -> list[tuple[date, bool, str | None]]:
    """Every day of a year from the packaged table: (day, worked, holiday's name). CalendarYearMissing beyond it."""
    rows = []
    first = date(year, 1, 1)
    for number in range(_days_in(year)):
        day = first + number * DAY
        try:
            on_holiday, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError as error:
            raise CalendarYearMissing(year) from error
        rows.append((day, not on_holiday, name))
    return rows


def _days_in(year: int) -> int:
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days
