"""Query certificates (信用查证单): what an officer asked of an operator, as of which day and moment, and each print of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from models.operator import Operator


class AskedFor(StrEnum):
    """For whom the register was asked; the letter that the number begins with."""

    AUTHORITY = "B"  # 部门
    PARTY = "P"  # 个人、经营主体


class QueryCertificate(Model):
    """One query that was entered, with its number and every word that is printed; rows are only added.

    `sequence` counts the queries of a day, whoever asks. `ledger_seq` is the last entry of the operator that was read,
    `ledger_size` and `ledger_root` the newest signed head at that moment.
    """

    __tablename__ = "query_certificate"
    __table_args__ = (
        UniqueConstraint("day", "sequence", name="uq_query_certificate_number"),
        CheckConstraint("sequence BETWEEN 1 AND 9999", name="four_digits"),
        CheckConstraint("octet_length(body_sha256) = 32", name="digest_length"),
        CheckConstraint("purpose <> ''", name="purpose_stated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_for: Mapped[AskedFor]
    day: Mapped[date]
    sequence: Mapped[int] = mapped_column(Integer)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    as_of: Mapped[date]
    known_at: Mapped[datetime]
    purpose: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    ledger_seq: Mapped[int]
    ledger_size: Mapped[int | None]
    ledger_root: Mapped[bytes | None]
    body: Mapped[dict[str, Any]]
    body_sha256: Mapped[bytes]

    authority: Mapped[Authority] = relationship()
    operator: Mapped[Operator] = relationship()
    prints: Mapped[list["CertificatePrint"]] = relationship(order_by="CertificatePrint.print_no", viewonly=True)

    @property
    def number(self) -> str:
        """As domain.md 6.4 prints it, less the print: B202611250008."""
        return f"{self.asked_for}{self.day:%Y%m%d}{self.sequence:04d}"


class CertificatePrint(Model):
    """One print of a certificate: who printed it when, and the hash of the file. Rows are only added."""

    __tablename__ = "certificate_print"
    __table_args__ = (CheckConstraint("print_no BETWEEN 1 AND 9999", name="four_digits"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("query_certificate.id"), primary_key=True)
    print_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    printed_by: Mapped[str]
    printed_at: Mapped[datetime]
    sha256: Mapped[bytes]
