"""Files that officers handed in on the import page, and how far each has come."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.authority import Authority
from models.base import Model
from models.import_run import ImportKind, ImportRun


class FileState(StrEnum):
    """A file waits for its officer, then for a worker; `refused` is the file's fault, `failed` ours."""

    UPLOADED = "uploaded"
    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    FAILED = "failed"


class ImportFile(Model):
    """One uploaded file, kept under the data folder by the name in `stored_as`. A job carries the id of this row."""

    __tablename__ = "import_file"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_import_file_authority_id", "authority_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    state: Mapped[FileState]
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    file_name: Mapped[str]
    stored_as: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    percent: Mapped[int]
    failure: Mapped[dict[str, Any] | None]  # code and parameters of what refused the file
    undo_reason: Mapped[str | None]

    authority: Mapped[Authority] = relationship()
    run: Mapped[ImportRun | None] = relationship()
