"""Connections of the hot path: the driver's own, in autocommit, with prepared statements.

They belong to a second engine on the same database. What the first engine does for long transactions costs more there
than the lookup itself: a ping at checkout, BEGIN, ROLLBACK at check-in, three round trips for nothing
(docs/decisions/0004-hot-path.md).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg

from models import db

BIND = "answers"
R = TypeVar("R")

Connection = psycopg.Connection[tuple[Any, ...]]


def engine_options(url: str) -> Mapping[str, Any]:
    """Options of the engine, as Flask-SQLAlchemy takes them for a bind.

    Nothing here waits for the disk: only counts, the access log and readings are written (decision 0004). Statements
    look up few rows by a key, so the plan that is made once is the right one.
    """
    return {
        "url": url,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_reset_on_return": None,
        "isolation_level": "AUTOCOMMIT",
        "connect_args": {
            "prepare_threshold": 0,
            "options": "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c jit=off",
        },
    }


def answer(work: Callable[[Connection], R]) -> R:
    """Do some work on a connection; once more, on a fresh one, where the database had been restarted meanwhile."""
    engine = db.engines[BIND]
    pooled = engine.raw_connection()
    try:
        return work(pooled.driver_connection)  # type: ignore[arg-type]  # the dialect is psycopg's
    except psycopg.OperationalError:
        if not pooled.driver_connection.closed:  # type: ignore[union-attr]
            raise
        pooled.invalidate()
        engine.dispose()  # the others in the pool are as dead as this one
    finally:
        pooled.close()
    pooled = engine.raw_connection()
    try:
        return work(pooled.driver_connection)  # type: ignore[arg-type]
    finally:
        pooled.close()
