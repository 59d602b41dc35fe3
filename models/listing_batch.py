"""Batches: many operators put on the abnormal list, marked, or taken off by one decision."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from models.document import IssuedDocument


class BatchKind(StrEnum):
    """What is done to every operator of the batch."""

    LIST = "list"
    REMOVE = "remove"


class BatchState(StrEnum):
    """The initial list is locked when the batch is drawn up; nothing is added or taken away afterwards."""

    DRAWN_UP = "drawn_up"
    APPROVED = "approved"
    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"


class ItemOutcome(StrEnum):
    """What became of one operator of the initial list; `corrected` follows from its record later."""

    WAITING = "waiting"
    DONE = "done"
    LEFT_OUT = "left_out"


class ListingBatch(Model):
    """One batch of an authority for one report year, prepared by one officer and approved by another.

    `position` is the last item dealt with; it moves in the transaction that deals with it.
    """

    __tablename__ = "listing_batch"
    __table_args__ = (
        CheckConstraint("decided_by <> prepared_by", name="two_persons"),
        CheckConstraint("done + left_out <= initial", name="counts_add_up"),
        Index("ix_listing_batch_authority_id", "authority_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, nullable=False)
    kind: Mapped[BatchKind]
    state: Mapped[BatchState]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    report_year: Mapped[int] = mapped_column(Integer)
    source: Mapped[dict[str, Any]]  # the query's terms, or the file's name and SHA-256
    initial: Mapped[int]
    done: Mapped[int]
    left_out: Mapped[int]
    position: Mapped[int]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    decided_on: Mapped[date | None]
    prepared_by: Mapped[str]
    prepared_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    statement: Mapped[str | None]
    finished_at: Mapped[datetime | None]

    authority: Mapped[Authority] = relationship()
    document: Mapped[IssuedDocument | None] = relationship()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.revision}


class ListingBatchItem(Model):
    """One operator of the locked initial list. `sub_number` is its place under the batch's document number."""

    __tablename__ = "listing_batch_item"
    __table_args__ = (Index("ix_listing_batch_item_record_id", "record_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("listing_batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    outcome: Mapped[ItemOutcome]
    reason: Mapped[str | None]  # why it was left out, for programs
    sub_number: Mapped[int | None]
    record_id: Mapped[str | None]
