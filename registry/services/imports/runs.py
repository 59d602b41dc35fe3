"""The life of a run: begun, continued after a crash, its counts, its rows that were refused or flagged, its end."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import insert, select, text, update

from models import Authority, ImportKind, ImportRow, ImportRun, ImportState, LedgerEntry, db
from registry.clock import now
from registry.errors import Conflict
from registry.services.imports.outcomes import Outcome, Verdict
from registry.services.imports.reading import Source
from registry.transaction import transaction


class AlreadyRunning(Conflict):
    """Another process is taking in this very file."""

    code = "import_already_running"


class RunMoved(Conflict):
    """The run was carried on by somebody else in between."""

    code = "import_run_moved"


@dataclass(frozen=True, slots=True)
class Counts:
    """read = applied + unchanged + rejected; `flagged` rows are among the applied and unchanged ones."""

    read: int
    applied: int
    unchanged: int
    rejected: int
    flagged: int


@contextmanager
def only_one(kind: str, sha256: bytes) -> Iterator[None]:
    """Hold the file for this process, until it dies at the latest; AlreadyRunning where another one holds it."""
    key = int.from_bytes(hashlib.sha256(kind.encode() + sha256).digest()[:8], "big", signed=True)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one():
            raise AlreadyRunning("This file is being taken in by another process.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def begin(kind: str, source: Source, authority: Authority | None) -> int:
    """Key of the run for this file: the one that was interrupted, else a new one."""
    with transaction():
        interrupted = db.session.execute(
            select(ImportRun.id)
            .where(
                ImportRun.kind == ImportKind(kind),
                ImportRun.file_sha256 == source.sha256,
                ImportRun.state == ImportState.RUNNING,
            )
            .with_for_update()  # waits for a last transaction of the killed process that is still being committed
        ).scalar_one_or_none()
        if interrupted is not None:
            return interrupted
        run = ImportRun(
            kind=ImportKind(kind),
            state=ImportState.RUNNING,
            file_name=source.path.name,
            file_sha256=source.sha256,
            layout=source.headings.layout.name,
            authority_id=authority.id if authority else None,
            position=0,
            read=0,
            applied=0,
            unchanged=0,
            rejected=0,
            first_seq=_ledger_size() + 1,
            started_at=now(),
        )
        db.session.add(run)
        db.session.flush()
        return run.id


def advance(run_id: int, position: int, to: int, outcomes: Sequence[Outcome]) -> None:
    """Move the run behind these rows, in the transaction that applies them. RunMoved when it stands elsewhere."""
    count = {verdict: sum(1 for each in outcomes if each.verdict is verdict) for verdict in Verdict}
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.position == position, ImportRun.state == ImportState.RUNNING)
        .values(
            position=to,
            read=ImportRun.read + len(outcomes),
            applied=ImportRun.applied + count[Verdict.APPLIED],
            unchanged=ImportRun.unchanged + count[Verdict.UNCHANGED],
            rejected=ImportRun.rejected + count[Verdict.REJECTED],
        )
        .returning(ImportRun.id)
    ).scalar_one_or_none()
    if moved is None:
        raise RunMoved("The run was carried on by another process.")
    noted = [
        {
            "run_id": run_id,
            "line": each.line,
            "refused": each.verdict is Verdict.REJECTED,
            "faults": [fault.as_json() for fault in each.faults],
        }
        for each in outcomes
        if each.faults
    ]
    if noted:
        db.session.execute(insert(ImportRow), noted)


def finish(run_id: int) -> None:
    """Close the run. Its commit waits for the disk, and so makes every batch before it durable."""
    with transaction():
        db.session.execute(
            update(ImportRun)
            .where(ImportRun.id == run_id)
            .values(state=ImportState.FINISHED, finished_at=now(), last_seq=_ledger_size())
        )


def position_of(run_id: int) -> int:
    """The last row dealt with."""
    return db.session.execute(select(ImportRun.position).where(ImportRun.id == run_id)).scalar_one()


def counts_of(run_id: int) -> Counts:
    """The counts of a run."""
    run = db.session.get_one(ImportRun, run_id, populate_existing=True)
    flagged = db.session.execute(
        select(db.func.count()).select_from(ImportRow).where(ImportRow.run_id == run_id, ImportRow.refused.is_(False))
    ).scalar_one()
    return Counts(run.read, run.applied, run.unchanged, run.rejected, flagged)


def _ledger_size() -> int:
    size: int = db.session.execute(select(db.func.coalesce(db.func.max(LedgerEntry.seq), 0))).scalar_one()
    return size
