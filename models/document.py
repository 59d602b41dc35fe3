"""Issued documents, the counters of their numbers, and the files that were made of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from registry.rules.documents import DocumentKind


class DocumentCounter(Model):
    """The last number given for one authority, kind and year. Raised in the transaction that issues: no gaps, no reuse."""

    __tablename__ = "document_counter"
    __table_args__ = (CheckConstraint("last > 0", name="last_positive"),)

    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int]


class IssuedDocument(Model):
    """A document as it was issued; rows are only added. `body` holds every word of it, so that no later wording changes it.

    `sub_number` counts the operators of a batch under one number, 0 where there is none.
    """

    __tablename__ = "issued_document"
    __table_args__ = (
        UniqueConstraint("authority_id", "kind", "year", "number", "sub_number", name="uq_issued_document_number"),
        CheckConstraint("number > 0 AND sub_number >= 0", name="number_positive"),
        CheckConstraint("decided_by <> prepared_by", name="two_persons"),
        CheckConstraint("octet_length(body_sha256) = 32", name="digest_length"),
        Index("ix_issued_document_record_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[DocumentKind]
    year: Mapped[int] = mapped_column(Integer)
    number: Mapped[int]
    sub_number: Mapped[int]
    printed_no: Mapped[str]
    title: Mapped[str]
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceeding.id"), index=True)
    record_id: Mapped[str | None]
    rule_set: Mapped[str]
    body: Mapped[dict[str, Any]]
    body_sha256: Mapped[bytes]
    prepared_by: Mapped[str | None]
    decided_by: Mapped[str | None]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]

    authority: Mapped[Authority] = relationship()


class DocumentFile(Model):
    """The PDF of an issued document, made once and kept as it is."""

    __tablename__ = "document_file"

    document_id: Mapped[int] = mapped_column(ForeignKey("issued_document.id"), primary_key=True)
    pdf: Mapped[bytes]
    sha256: Mapped[bytes]
    made_at: Mapped[datetime]
