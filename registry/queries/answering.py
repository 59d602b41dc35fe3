"""Connections of the hot path: the driver's own, in autocommit, with prepared statements, at most SIZE a process.

What an engine does for long transactions costs more there than the lookup itself: a ping at checkout, BEGIN, ROLLBACK at
check-in, and a pool that has to suit every use (docs/decisions/0004-hot-path.md).
"""

from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

import psycopg
from sqlalchemy import URL

from models import db

SIZE = 4
"""Connections of one process. More would only make the database's processes take turns on the same cores."""

_OPTIONS = "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c jit=off"
R = TypeVar("R")

Connection = psycopg.Connection[tuple[Any, ...]]


class Connections:
    """SIZE places for a connection, each opened when it is first needed; who finds all taken waits for one.

    Nothing here waits for the disk: only counts, the access log and readings are written (decision 0004). Statements
    look up few rows by a key, so the plan that is made once is the right one.
    """

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._places: SimpleQueue[Connection | None] = SimpleQueue()
        for _ in range(SIZE):
            self._places.put(None)

    def answer(self, work: Callable[[Connection], R]) -> R:
        """Do some work on a connection; once more, on a fresh one, where the database had been restarted meanwhile."""
        connection = self._places.get()
        try:
            if connection is None or connection.closed:
                connection = self._open()
            try:
                return work(connection)
            except psycopg.OperationalError:
                if not connection.closed:
                    raise
                connection = self._open()
                return work(connection)
        finally:
            self._places.put(connection)

    def close(self) -> None:
        """Give every connection back; the next work opens new ones."""
        for _ in range(SIZE):
            connection = self._places.get()
            if connection is not None:
                connection.close()
            self._places.put(None)

    def _open(self) -> Connection:
        return psycopg.connect(self._address, autocommit=True, prepare_threshold=0, options=_OPTIONS)


_made: dict[URL, Connections] = {}


def connections_to(url: URL) -> Connections:
    """The connections of this process to a database."""
    found = _made.get(url)
    return found if found is not None else _made.setdefault(url, Connections(url))


def answer(work: Callable[[Connection], R]) -> R:
    """Do some work on a connection to the current application's database."""
    return connections_to(db.engine.engine.url).answer(work)
