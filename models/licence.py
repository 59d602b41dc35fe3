"""Administrative licences (双公示 table XK_*)."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Model, PublicityMixin, RecordMixin
from models.party import PartyMixin


class Licence(RecordMixin, PartyMixin, PublicityMixin, Model):
    """One licence decision on one party, public while it is valid."""

    __tablename__ = "licence"
    __table_args__ = (
        UniqueConstraint("authority_id", "document_no_key", "party_key", "licence_no_key", name="uq_licence_decision"),
        CheckConstraint("valid_from <= valid_until", name="validity_order"),
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        CheckConstraint(
            "(state = 'in_force') = (public_from IS NOT NULL AND end_reason IS NULL)", name="in_force_public"
        ),
        CheckConstraint("state <> 'withdrawn' OR end_statement IS NOT NULL", name="withdrawn_with_reason"),
    )

    document_title: Mapped[str]
    licence_kind: Mapped[str]
    certificate_name: Mapped[str | None]
    licence_no: Mapped[str | None]
    licence_no_key: Mapped[str]  # folded; empty where there is no number, so that the natural key holds
    content: Mapped[str]
    decided_on: Mapped[date]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    current_status: Mapped[str]
