"""Results of inspections (抽查检查结果)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model, PublicityMixin, RecordMixin
from models.operator import Operator
from registry.rules.inspections import InspectionKind, ResultCode


class InspectionResult(RecordMixin, PublicityMixin, Model):
    """What one inspection found at one operator. Not a finding that platforms weigh: shown on pages only.

    `linked_record_id` names the penalty or violation listing that a negative result led to; the result ends with it.
    """

    __tablename__ = "inspection_result"
    __table_args__ = (
        CheckConstraint("completed_on >= inspected_on", name="completed_after_inspected"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
        Index(
            "ix_inspection_result_linked_record_id",
            "linked_record_id",
            postgresql_where=text("linked_record_id IS NOT NULL"),
        ),
    )

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[InspectionKind]
    task: Mapped[str]
    inspected_on: Mapped[date]
    completed_on: Mapped[date]
    result_code: Mapped[ResultCode]
    result: Mapped[str]
    linked_record_id: Mapped[str | None]

    operator: Mapped[Operator] = relationship()
    authority: Mapped[Authority] = relationship()
