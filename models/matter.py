"""Matters: what one officer proposes about a record and a second one decides, with every step that was taken."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from registry.rules.penalty_procedure import Action, MatterKind, MatterState, Subject
from registry.rules.record import EndReason


class Matter(Model):
    """One proposal: a new record, a correction or a withdrawal. Work in progress, never public, not in the ledger.

    `form` holds the cells as they were typed, sealed as a whole with the key of personal data: a draft can say anything
    of anybody. The columns beside it are what lists need: `party_name` is masked for natural persons. `revision` rises
    with each step and tells the second of two officers that the first was faster; `record_revision` is the record's
    when the proposal was begun. `statement` is why: of a withdrawal, what the public is told.
    """

    __tablename__ = "matter"
    __table_args__ = (
        CheckConstraint("decided_by <> opened_by AND decided_by <> submitted_by", name="two_persons"),
        CheckConstraint("state <> 'submitted' OR record_id IS NOT NULL", name="submitted_is_about_a_record"),
        CheckConstraint("(kind = 'withdrawal') = (end_reason IS NOT NULL)", name="withdrawal_says_why"),
        Index(
            "uq_matter_open",
            "record_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'submitted', 'returned')"),
        ),
        Index(
            "ix_matter_inbox",
            "authority_id",
            "due_on",
            "id",
            postgresql_where=text("state IN ('draft', 'submitted', 'returned')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, nullable=False)
    name: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[Subject]
    kind: Mapped[MatterKind]
    state: Mapped[MatterState]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    record_id: Mapped[str | None]
    record_revision: Mapped[int | None] = mapped_column(Integer)
    form: Mapped[bytes | None]
    document_no: Mapped[str | None]
    document_no_key: Mapped[str | None]
    party_name: Mapped[str | None]
    decided_on: Mapped[date | None]
    due_on: Mapped[date | None]
    statement: Mapped[str | None]
    end_reason: Mapped[EndReason | None]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    submitted_by: Mapped[str | None]
    decided_by: Mapped[str | None]
    changed_at: Mapped[datetime]

    authority: Mapped[Authority] = relationship()
    steps: Mapped[list["MatterStep"]] = relationship(order_by="MatterStep.id", viewonly=True)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.revision}


class MatterStep(Model):
    """One step: who did what, when, for which reason. Rows are only ever added."""

    __tablename__ = "matter_step"
    __table_args__ = (Index("ix_matter_step_matter_id", "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    matter_revision: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[Action | None]  # none: the draft was opened or saved
    reason: Mapped[str | None]
