"""The only place that asks for the time, and that knows the time zone.

Every day of the register is a Beijing day (domain.md 4, rule 6).
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, with Beijing's offset."""
    return datetime.now(BEIJING)


def today() -> date:
    """The Beijing date of this moment."""
    return now().date()


def end_of(day: date) -> datetime:
    """The last moment of a Beijing day."""
    return datetime.combine(day + timedelta(days=1), time(), BEIJING) - timedelta(microseconds=1)
