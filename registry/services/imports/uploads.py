"""Files from the import page: kept privately, looked into before they are taken in, worked on by the worker."""

import secrets
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy import select, update

from models import Authority, FileState, ImportFile, ImportKind, ImportRun, ImportState, db
from registry.clock import now, today
from registry.errors import Conflict
from registry.job_queue import defer
from registry.ledger import Actor
from registry.rules import masking, uscc
from registry.rules.roles import scope_of
from registry.services.imports.cells import RowCells
from registry.services.imports.faults import FileRefused
from registry.services.imports.reading import Source, open_source
from registry.services.imports.running import Importer
from registry.services.imports.runs import AlreadyRunning
from registry.transaction import transaction

FOLDER = "uploads"
PREVIEWED = 10
STARTABLE = (FileState.UPLOADED, FileState.FAILED)
_ENDINGS = (".csv", ".xlsx", ".xls", ".txt")


class FileNotReady(Conflict):
    """The file was started already, or its run is not in the state that the step needs."""

    code = "import_file_not_ready"


@dataclass(frozen=True, slots=True)
class Preview:
    """What was recognised of a file: layout, columns by header, those nobody knows, its first rows, numbers of persons masked."""

    layout: str
    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: list[list[str]]


def keep(
    stream: IO[bytes], file_name: str, *, kind: ImportKind, authority: Authority, folder: Path, actor: Actor
) -> ImportFile:
    """Store a file under a name of ours, readable by nobody else. FileRefused for another type. The caller commits."""
    ending = Path(file_name).suffix.lower()
    if ending not in _ENDINGS:
        raise FileRefused("not_a_table")
    stored_as = f"{secrets.token_hex(16)}{ending}"
    place = folder / FOLDER
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / stored_as
    with path.open("xb") as file:
        path.chmod(0o600)
        while chunk := stream.read(1 << 20):
            file.write(chunk)
    kept = ImportFile(
        kind=kind,
        state=FileState.UPLOADED,
        authority=authority,
        file_name=Path(file_name).name[:200],
        stored_as=stored_as,
        size=path.stat().st_size,
        uploaded_by=str(actor),
        uploaded_at=now(),
        percent=0,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def source_of(file: ImportFile, folder: Path) -> Source:
    """The file made ready to read. FileRefused with what is wrong with it as a whole."""
    return open_source(folder / FOLDER / file.stored_as, file.kind.value)


def preview(file: ImportFile, folder: Path) -> Preview:
    """Look into a file before it is taken in. FileRefused."""
    source = source_of(file, folder)
    headings = source.headings
    width = len(headings.cells)
    shown = islice(source.data_rows(), PREVIEWED)
    rows = [[masking.mask_text(cell) for cell in (cells + [""] * width)[:width]] for _, cells in shown]
    return Preview(headings.layout.name, headings.cells, headings.unknown, rows)


def identifiers_of(file: ImportFile, folder: Path, line: int) -> list[str]:
    """Code and registration number that a row of the file names, a code first; empty where it names neither. FileRefused."""
    source = source_of(file, folder)
    for number, cells in source.data_rows():
        if number == line:
            row = RowCells(line, cells, source.headings.binding, today())
            named = (uscc.normalise(row.raw(key)) for key in ("uscc", "registration_no"))
            return [each for each in named if each and each != uscc.PLACEHOLDER]
        if number > line:
            break
    return []


def start(file: ImportFile) -> None:
    """Hand the file to the worker, again where it failed by no fault of the file. FileNotReady else. The caller commits."""
    started = db.session.execute(
        update(ImportFile)
        .where(ImportFile.id == file.id, ImportFile.state.in_(STARTABLE))
        .values(state=FileState.QUEUED, failure=None)
        .returning(ImportFile.id)
    ).scalar_one_or_none()
    if started is None:
        raise FileNotReady("This file was started already.")
    defer(db.session.connection(), "import.take_in", once=f"import:{file.id}", file_id=file.id)


def take_in(file_id: int, importer: Importer, folder: Path) -> None:
    """The worker's part; repeated after a crash it carries on where the killed one stood.

    What nobody foresaw is told to the officer, who can start the file again, and raised: the job's end is ours to look at.
    """
    with transaction():
        file = db.session.get_one(ImportFile, file_id)
        if file.state not in (FileState.QUEUED, FileState.RUNNING):
            return
        file.state = FileState.RUNNING
        kind, path, authority = file.kind.value, folder / FOLDER / file.stored_as, file.authority.uscc
        scope = scope_of(file.authority.id, file.authority.region)

    def tell(rows: int, share: float) -> None:
        del rows
        _note(file_id, percent=min(99, int(share * 100)), run_id=_running(kind, path))

    try:
        report = importer.take_in(kind, path, authority=authority, scope=scope, progress=tell)
    except FileRefused as refusal:
        _note(file_id, state=FileState.REFUSED, failure={"code": refusal.reason, "params": refusal.params})
    except AlreadyRunning as refusal:
        _failed(file_id, refusal.code, None)
    except Exception:  # whatever it was, whoever uploaded is told; it goes on to the worker's log
        db.session.rollback()
        _failed(file_id, "worker_failed", _running(kind, path))
        raise
    else:
        _note(file_id, state=FileState.FINISHED, percent=100, run_id=report.run_id)


def _failed(file_id: int, code: str, run_id: int | None) -> None:
    told: dict[str, object] = {"state": FileState.FAILED, "failure": {"code": code, "params": {}}}
    _note(file_id, **told, **({} if run_id is None else {"run_id": run_id}))


def _running(kind: str, path: Path) -> int | None:
    """The run that is taking the file in: runs keep the name of the stored file."""
    return db.session.execute(
        select(ImportRun.id)
        .where(
            ImportRun.kind == ImportKind(kind),
            ImportRun.file_name == path.name,
            ImportRun.state == ImportState.RUNNING,
        )
        .order_by(ImportRun.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def _note(file_id: int, **columns: object) -> None:
    with transaction():
        db.session.execute(update(ImportFile).where(ImportFile.id == file_id).values(**columns))
