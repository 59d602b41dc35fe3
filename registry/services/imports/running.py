"""Taking a file in: read, check, apply in batches, each batch one transaction together with the run's position."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import db
from registry import ledger
from registry.clock import now, today
from registry.ledger import Actor
from registry.ledger.entry import Entry
from registry.rules.roles import Scope
from registry.services import authorities
from registry.services.imports import runs
from registry.services.imports.applying import apply_batch
from registry.services.imports.csv_files import CsvTable
from registry.services.imports.outcomes import RunContext
from registry.services.imports.preparing import Preparation, PreparedBatch, next_batch, open_reader, prepared_batches
from registry.services.imports.reading import Source, open_source
from registry.services.imports.runs import Counts
from registry.services.matters import Desk
from registry.services.personal_values import Vault
from registry.services.proceedings import violation_following
from registry.transaction import transaction

BATCH = 2_000
"""Rows of one transaction at most: every other change of the register waits while one is being committed."""

ATTEMPTS = 10
"""Times a batch is tried when it keeps meeting another writer crosswise."""

_AHEAD = 4  # batches checked ahead of the one being applied
_READ_AHEAD_KINDS = frozenset({"operators"})
_LARGE = 4 * 1024 * 1024  # bytes; below, starting a process costs more than it saves

Progress = Callable[[int, float], None]
"""Told after each batch: rows done in this call, share of the file."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a run ended, and the file it was about."""

    run_id: int
    layout: str
    counts: Counts
    continued: bool
    source: Source

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers that no column of the layout has."""
        return self.source.headings.unknown


@dataclass(frozen=True, slots=True)
class Importer:
    """What imports of one node share."""

    node: str
    vault: Vault

    def take_in(
        self,
        kind: str,
        path: Path,
        *,
        authority: str | None = None,
        scope: Scope | None = None,
        progress: Progress | None = None,
    ) -> Report:
        """Take a file in, or carry on where a killed process left it. Rows outside `scope` are refused.

        Raises FileRefused for a file that is none of this kind, AuthorityUnknown for the `authority`, AlreadyRunning.
        """
        source = open_source(path, kind)
        with runs.only_one(kind, source.sha256):
            organ = authorities.get(authority) if authority else None
            named = (organ.uscc, organ.name) if organ else None
            run_id = runs.begin(kind, source, organ)
            position = runs.position_of(run_id)
            run = RunContext(run_id, Actor("import", str(run_id)), self.node, self.vault, named, position > 0, scope)
            db.session.rollback()
            _apply_all(kind, source, run, position, progress)
            runs.finish(run_id)
            report = Report(run_id, source.headings.layout.name, runs.counts_of(run_id), position > 0, source)
            db.session.rollback()
            return report


def _apply_all(kind: str, source: Source, run: RunContext, position: int, progress: Progress | None) -> None:
    preparation = Preparation(kind, source.headings.binding, today(), run.node, run.actor, run.vault, run.authority)
    done = 0
    for batch in _prepared(preparation, source, position):
        _apply(kind, batch.rows, run, position, batch.last)
        position = batch.last
        done += len(batch.rows)
        if progress is not None:
            progress(done, batch.share)


def _prepared(preparation: Preparation, source: Source, position: int) -> Iterator[PreparedBatch]:
    """Batches of checked rows behind the position; those of a large csv file come from a process that reads ahead."""
    large = isinstance(source.table, CsvTable) and source.path.stat().st_size >= _LARGE
    if not large or preparation.kind not in _READ_AHEAD_KINDS:
        yield from prepared_batches(preparation, source, position, BATCH)
        return
    # spawn: a forked process would share the sockets of this one's database connections
    with ProcessPoolExecutor(
        1, get_context("spawn"), initializer=open_reader, initargs=(preparation, source, position, BATCH)
    ) as pool:
        ahead = deque(pool.submit(next_batch) for _ in range(_AHEAD))
        while (batch := ahead.popleft().result()) is not None:
            ahead.append(pool.submit(next_batch))
            yield batch


def _assess(entries: Sequence[Entry], run: RunContext) -> None:
    """Penalties that must be assessed for the violation list get their case in the same transaction."""
    published = [each.record_id for each in entries if each.action == "administrative_penalty.published"]
    if published:
        violation_following.assess_published(published, desk=Desk(run.node, run.vault))


def _apply(kind: str, prepared: Sequence[Any], run: RunContext, position: int, to: int) -> None:
    """Apply one batch; once more when the database broke a deadlock with another writer at our cost."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction():
                db.session.execute(text("SET LOCAL synchronous_commit = off"))
                outcomes, entries = apply_batch(kind, prepared, run, now())
                runs.advance(run.run_id, position, to, outcomes)
                ledger.append_many(entries)
                _assess(entries, run)
            run.spoken.keep()
            return
        except (DBAPIError, psycopg.errors.DeadlockDetected) as error:
            run.spoken.forget()
            cause = error.orig if isinstance(error, DBAPIError) else error
            if attempt == ATTEMPTS or not isinstance(cause, psycopg.errors.DeadlockDetected):
                raise
