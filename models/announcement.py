"""Announcements: notices that an officer drafts and a second one publishes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from registry.rules.announcements import AnnouncementKind, AnnouncementState


class Announcement(Model):
    """One notice of an authority. `record_ids` are the records it names: it is public only while all of them are."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("title <> '' AND body <> ''", name="worded"),
        CheckConstraint("(state = 'draft') = (published_by IS NULL)", name="published_by_somebody"),
        CheckConstraint("(state = 'draft') = (published_on IS NULL)", name="published_on_a_day"),
        CheckConstraint("published_by <> drafted_by", name="two_persons"),
        CheckConstraint("(state = 'withdrawn') = (withdrawal_reason IS NOT NULL)", name="withdrawn_with_reason"),
        CheckConstraint("kind NOT IN ('12', '22', '23') OR record_ids = '{}'", name="removal_names_nobody"),
        Index(
            "ix_announcement_published_on",
            text("published_on DESC"),
            text("id DESC"),
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[AnnouncementKind]
    state: Mapped[AnnouncementState]
    title: Mapped[str]
    body: Mapped[str]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    record_ids: Mapped[list[str]]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
    published_by: Mapped[str | None]
    published_on: Mapped[date | None]
    withdrawal_reason: Mapped[str | None]

    authority: Mapped[Authority] = relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  # the declarative scan wants a plain mapping
