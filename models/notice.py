"""What operators are told of decisions and deadlines, and what officers are reminded of."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class NoticeState(StrEnum):
    """A notice waits until its sender has taken it; after the last try it is given up and shown to an officer."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"


class Channel(StrEnum):
    """How a notice goes out."""

    EMAIL = "email"
    SMS = "sms"


class Notice(Model):
    """One message to an operator's contact, kept with moment and result as proof of service.

    `occasion` makes it unique: the same decision or deadline is told once. Address and text are encrypted.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("occasion", name="uq_notice_occasion"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_moment"),
        Index("ix_notice_waiting", "next_attempt_at", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_notice_proceeding_id", "proceeding_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    channel: Mapped[Channel]
    address: Mapped[bytes]
    content: Mapped[bytes]
    state: Mapped[NoticeState]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    result: Mapped[str | None]  # what the sender answered, without address or text


class ReminderKind(StrEnum):
    """Before a legal deadline a reminder, after it an alarm."""

    REMINDER = "reminder"
    ALARM = "alarm"


class Reminder(Model):
    """One reminder or alarm that a day raised; raised once for a subject, a deadline and its day.

    `subject` is the record_id of a proceeding or record, or the name of a matter.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("subject", "deadline", "due_on", "kind", name="uq_reminder_raised"),
        Index("ix_reminder_authority_id", "authority_id", "raised_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    deadline: Mapped[str]
    due_on: Mapped[date]
    kind: Mapped[ReminderKind]
    raised_on: Mapped[date]
