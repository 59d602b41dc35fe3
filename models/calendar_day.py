"""The working-day calendar that an administrator loads and can amend."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class CalendarDay(Model):
    """One day. A year counts as loaded when every day of it stands here; another year refuses to compute."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    note: Mapped[str | None]
