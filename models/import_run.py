"""Files that were taken in."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model


class ImportKind(StrEnum):
    """What the rows of a file are; the value is the word of the command line."""

    OPERATORS = "operators"
    ONLINE_PRESENCES = "online-presences"
    PENALTIES = "penalties"
    LICENCES = "licences"
    ABNORMAL_LISTINGS = "abnormal-listings"
    VIOLATION_LISTINGS = "violation-listings"


class ImportState(StrEnum):
    """A run that was killed stays `running` and is continued from its position."""

    RUNNING = "running"
    FINISHED = "finished"
    UNDONE = "undone"


class ImportRow(Model):
    """A row that was refused or flagged. Names the faults, never the values: those stay in the file."""

    __tablename__ = "import_row"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    refused: Mapped[bool]
    faults: Mapped[list[dict[str, Any]]]


class ImportRun(Model):
    """One file handed in. `position` is the last line dealt with; it moves in the transaction that applies the rows."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("read = applied + unchanged + rejected", name="counts_add_up"),
        Index("uq_import_run_running", "kind", "file_sha256", unique=True, postgresql_where=text("state = 'running'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    state: Mapped[ImportState]
    file_name: Mapped[str]
    file_sha256: Mapped[bytes]
    layout: Mapped[str]
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("authority.id"))
    position: Mapped[int]
    read: Mapped[int]
    applied: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    first_seq: Mapped[int | None]  # ledger entries of this run lie from here …
    last_seq: Mapped[int | None]  # … to here, those of others among them
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    authority: Mapped[Authority | None] = relationship()
