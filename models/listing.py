"""Stays on the abnormal-operations list, household marks, stays on the violation list."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.authority import Authority
from models.base import Model, PublicityMixin, RecordMixin
from models.operator import Operator
from registry.rules.listing import AbnormalReason, ViolationReason


class ListingMixin:
    """What the lists and the marks share. Never deleted, so that a past day can be asked about."""

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    reason_text: Mapped[str]
    legal_basis: Mapped[str]
    facts: Mapped[str | None]
    listed_on: Mapped[date]
    removed_on: Mapped[date | None]
    removal_reason: Mapped[str | None]
    removal_decision_no: Mapped[str | None]

    @declared_attr
    def operator(cls) -> Mapped[Operator]:
        return relationship()

    @declared_attr
    def authority(cls) -> Mapped[Authority]:
        return relationship()


class AbnormalListing(RecordMixin, ListingMixin, PublicityMixin, Model):
    """One stay of an enterprise or cooperative on the abnormal-operations list (经营异常名录)."""

    __tablename__ = "abnormal_listing"
    __table_args__ = (
        CheckConstraint("removed_on >= listed_on", name="removed_after_listed"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
        Index(
            "uq_abnormal_listing_open",
            "operator_id",
            "reason",
            "report_year",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        Index(
            "uq_abnormal_listing_decision",
            "operator_id",
            "reason",
            "report_year",
            "listed_on",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    reason: Mapped[AbnormalReason]
    report_year: Mapped[int | None] = mapped_column(Integer)
    decision_no: Mapped[str]
    decided_on: Mapped[date]


class HouseholdMark(RecordMixin, ListingMixin, PublicityMixin, Model):
    """One marking of a household as abnormal (个体工商户经营异常状态); it has no decision document."""

    __tablename__ = "household_mark"
    __table_args__ = (
        CheckConstraint("removed_on >= listed_on", name="removed_after_listed"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
        Index(
            "uq_household_mark_open",
            "operator_id",
            "reason",
            "report_year",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state = 'in_force'"),
        ),
        Index(
            "uq_household_mark_decision",
            "operator_id",
            "reason",
            "report_year",
            "listed_on",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    reason: Mapped[AbnormalReason]
    report_year: Mapped[int | None] = mapped_column(Integer)


class ViolationListing(RecordMixin, ListingMixin, PublicityMixin, Model):
    """One stay on the violation list (严重违法失信名单). Each measure names its list item and its legal basis."""

    __tablename__ = "violation_listing"
    __table_args__ = (
        CheckConstraint("removed_on >= listed_on", name="removed_after_listed"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
        Index("uq_violation_listing_decision", "operator_id", "authority_id", "decision_no_key", unique=True),
    )

    reason: Mapped[ViolationReason]
    decision_no: Mapped[str]
    decision_no_key: Mapped[str]
    decided_on: Mapped[date]
    measures: Mapped[list[dict[str, Any]]]
    restriction_until: Mapped[date | None]
