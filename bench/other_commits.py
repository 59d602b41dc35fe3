"""How long another officer's commit waits meanwhile: the ledger's lock is taken and given back, fifty times a second."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from bench.figures import Figure, percentile
from registry.ledger.writing import LOCK

MOST_WAIT = 0.5
_PAUSE = 0.02


@contextmanager
def other_commits(url: str) -> Iterator[list[float]]:
    """Seconds of each wait, for the database under `url` as the role that serves requests, until the end of the block."""
    done = threading.Event()
    waits: list[float] = []
    officer = threading.Thread(target=_again_and_again, args=(url, done, waits))
    officer.start()
    try:
        yield waits
    finally:
        done.set()
        officer.join()


def figure(waits: Sequence[float]) -> Figure:
    """The line of the table."""
    return Figure(
        "another commit meanwhile",
        f"p50 {percentile(waits, 0.5) * 1000:.0f} ms, p99 {percentile(waits, 0.99) * 1000:.0f} ms,"
        f" longest {max(waits) * 1000:.0f} ms",
        "",
        "",
        f"<= {MOST_WAIT * 1000:.0f} ms",
        max(waits) <= MOST_WAIT,
    )


def _again_and_again(url: str, done: threading.Event, waits: list[float]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        while not done.is_set():
            start = time.perf_counter()
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            waits.append(time.perf_counter() - start)
            time.sleep(_PAUSE)
