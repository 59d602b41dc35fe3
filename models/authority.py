"""Organs that decide, and units that hand records on."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model
from registry.rules.rule_sets import Regime


class Authority(Model):
    """An organ that decides. Its regime chooses the family of rule sets; local values stand in `settings`."""

    __tablename__ = "authority"
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_its_own_parent"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    regime: Mapped[Regime]
    region: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    settings: Mapped[dict[str, Any]]
    confirmed: Mapped[bool]  # False while only a file has named it: its regime was concluded from its name

    parent: Mapped["Authority | None"] = relationship(remote_side=[id])
