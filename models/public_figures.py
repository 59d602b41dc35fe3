"""Figures that take long to count: kept with the moment at which they were counted."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class PublicFigures(Model):
    """One set of counted figures; worth nothing that the register could not give again."""

    __tablename__ = "public_figures"

    name: Mapped[str] = mapped_column(primary_key=True)
    counted_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
