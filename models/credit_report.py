"""Credit reports that were issued."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model
from models.operator import Operator


class ReportKind(StrEnum):
    """A full report, or a special one on chosen fields of law and dates."""

    FULL = "full"
    SPECIAL = "special"


class CreditReport(Model):
    """One issued PDF: enough to say later whether a paper is ours, unchanged and still what the register says.

    `content_digest` is SHA-256 of the canonical public content it was made from; `sha256` that of the file.
    """

    __tablename__ = "credit_report"

    report_no: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ReportKind]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    subject_name: Mapped[str]
    subject_code: Mapped[str]
    scope: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime]
    ledger_seq: Mapped[int]
    content_digest: Mapped[bytes]
    sha256: Mapped[bytes] = mapped_column(index=True)

    operator: Mapped[Operator] = relationship()
