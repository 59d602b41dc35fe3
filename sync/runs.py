"""Runs with a peer: one of a kind and peer at a time, each leaving a row that says what it did."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import uniform
from typing import Any

from sqlalchemy import select, text

from models import ExchangeRun, Peer, RunKind, db
from registry.clock import now
from registry.errors import Conflict
from registry.transaction import transaction

DONE = "done"
NO_ANSWER = "no_answer"
STOPPED = "stopped"
FAILED = "failed"
RECOVERING = "recovering"
"""Nothing was done: this node was restored and has not taken its own records back yet."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 600.0  # seconds (exchange.md 3)


class AlreadyRunning(Conflict):
    """Another process does the same work with this peer."""

    code = "exchange_running"


class Run:
    """One run while it goes on. Its row is written with the first thing it has to tell."""

    def __init__(self, peer_id: int, kind: RunKind) -> None:
        self.outcome = DONE
        self.counts: Counter[str] = Counter()
        self.detail: dict[str, Any] = {}
        self._peer_id, self._kind = peer_id, kind
        self._started_at = now()
        self._id: int | None = None

    def begin(self) -> None:
        """Leave a row from now on, also when this process is killed. Commits."""
        if self._id is not None:
            return
        with transaction():
            self._id = self._enter().id

    def finish(self) -> None:
        """Complete the row, where there is one or something went wrong. Commits."""
        if self._id is None and self.outcome == DONE and not self.counts:
            return
        self.begin()
        with transaction():
            row = db.session.get(ExchangeRun, self._id)
            if row is None or (row.kind, row.started_at) != (self._kind, self._started_at):
                row = self._enter()  # a restore has taken ours away, and may have given its number to another one
            row.finished_at, row.outcome = now(), self.outcome
            row.counts, row.detail = dict(self.counts), self.detail

    def _enter(self) -> ExchangeRun:
        row = ExchangeRun(peer_id=self._peer_id, kind=self._kind, started_at=self._started_at, counts={}, detail={})
        db.session.add(row)
        db.session.flush()
        return row


@contextmanager
def running(peer: Peer, kind: RunKind, *, told: bool) -> Iterator[Run]:
    """Do something with a peer as the only one. AlreadyRunning.

    With `told` a row is left whatever happens; without it only where there was something to do: a look each few seconds
    that finds nothing is no news.
    """
    peer_id, name = peer.id, f"exchange {kind.value} {peer.node}"
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(hashtext(:name))"), {"name": name}).scalar_one():
            raise AlreadyRunning(f"Another process is at it: {name}.")
        try:
            run = Run(peer_id, kind)
            if told:
                run.begin()
            try:
                yield run
            except BaseException:  # an interrupt ends the run as well; it goes on to the caller
                run.outcome = FAILED
                db.session.rollback()  # where the database refused, nothing could be written in what it has aborted
                raise
            finally:
                run.finish()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), {"name": name})


def pause_after(failures: int) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, jittered, 1 s to 10 min."""
    longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(failures, 20))
    return max(SHORTEST_PAUSE, uniform(longest / 2, longest))  # noqa: S311 - spreads load, keeps no secret


def last_run(peer_id: int, kind: RunKind) -> ExchangeRun | None:
    """The newest run of a kind that has ended."""
    return db.session.execute(
        select(ExchangeRun)
        .where(ExchangeRun.peer_id == peer_id, ExchangeRun.kind == kind, ExchangeRun.finished_at.is_not(None))
        .order_by(ExchangeRun.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def may_begin(peer: Peer, kind: RunKind) -> bool:
    """Whether the pause after the last failures of such runs is over."""
    last = last_run(peer.id, kind)
    if last is None or last.finished_at is None or "pause" not in last.detail:
        return True
    return last.finished_at + timedelta(seconds=float(last.detail["pause"])) <= now()
