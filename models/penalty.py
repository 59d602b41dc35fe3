"""Administrative penalties (双公示 table CF_*)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Model, PublicityMixin, RecordMixin
from models.party import PartyMixin
from registry.rules.rule_sets import Severity


class Penalty(RecordMixin, PartyMixin, PublicityMixin, Model):
    """One decision on one party. A document that punishes three parties is three records (standards.md 1.8).

    Amounts are yuan with two decimals. `declared_until` is the 公示截止期 as handed in; the interval that counts is
    `public_from` to `public_until`, computed by the rule set.
    """

    __tablename__ = "penalty"
    __table_args__ = (
        UniqueConstraint("authority_id", "document_no_key", "party_key", name="uq_penalty_decision"),
        CheckConstraint("fine > 0", name="fine_positive"),
        CheckConstraint("confiscated > 0", name="confiscated_positive"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("cardinality(kinds) > 0", name="kinds_present"),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
    )

    unlawful_act: Mapped[str]
    facts: Mapped[str]
    legal_basis: Mapped[str]
    kinds: Mapped[list[str]]
    kinds_printed: Mapped[str]
    content: Mapped[str]
    fine: Mapped[Decimal | None]
    confiscated: Mapped[Decimal | None]
    licence_affected: Mapped[str | None]
    decided_on: Mapped[date]
    valid_until: Mapped[date | None]
    declared_until: Mapped[date | None]
    severity: Mapped[Severity | None]
    restriction_until: Mapped[date | None]
    published_on: Mapped[date | None]
