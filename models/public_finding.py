"""The projection that every public answer is read from."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model
from registry.rules.merchant_status import FindingType, Level

LISTS = {"abnormal": "'abnormal_listing', 'household_mark'", "violations": "'violation_listing'"}
"""The two public lists, and the kinds of findings on each as SQL."""


class PublicFinding(Model):
    """What the law lets the public see of one record, and from when until when (half-open).

    No foreign key on purpose: rows are renewed under the ledger's lock, and waiting there for a row of `operator` that
    another transaction holds would be a deadlock. `ledger rebuild --check` compares instead.
    A record whose weight changes with time (a restriction that runs out) has one row for each stretch.
    """

    __tablename__ = "public_finding"
    __table_args__ = (
        CheckConstraint("public_from < public_until", name="interval_not_empty"),
        Index("ix_public_finding_operator_id", "operator_id"),
        *(
            Index(  # pages of a list are walked from the newest entry on
                f"ix_public_finding_{name}",
                text("public_from DESC"),
                text("record_id DESC"),
                postgresql_where=text(f"type IN ({types})"),
            )
            for name, types in LISTS.items()
        ),
    )

    record_id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[FindingType] = mapped_column(primary_key=True)
    public_from: Mapped[date] = mapped_column(primary_key=True)
    public_until: Mapped[date | None]
    operator_id: Mapped[int]
    level: Mapped[Level]
    data: Mapped[dict[str, Any]]
