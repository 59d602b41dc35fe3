"""How this node is: versions, the queue, the loaded calendar, the room left in the access log. No record is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, Integer, cast, extract, func, select, text

from models import CalendarDay, LedgerEntry, db


@dataclass(frozen=True, slots=True)
class NodeState:
    """`queue` counts jobs by state; `years` the loaded days of each year; `partition` is the last month's table."""

    migration: str
    database: str
    size: int
    queue: Sequence[tuple[str, int]]
    years: Sequence[tuple[int, int]]
    partition: str | None


def node_state() -> NodeState:
    """The state of this moment; sizes in bytes."""
    session = db.session
    year = cast(extract("year", cast(CalendarDay.day, Date)), Integer)
    return NodeState(
        migration=session.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        database=session.execute(text("SHOW server_version")).scalar_one(),
        size=session.execute(text("SELECT pg_database_size(current_database())")).scalar_one(),
        queue=queue_by_state(),
        years=[(row[0], row[1]) for row in session.execute(select(year, func.count()).group_by(year).order_by(year))],
        partition=session.execute(
            text("SELECT max(inhrelid::regclass::text) FROM pg_inherits WHERE inhparent = 'access_log'::regclass")
        ).scalar_one(),
    )


def queue_by_state() -> Sequence[tuple[str, int]]:
    """How many background jobs stand in each state."""
    rows = db.session.execute(
        text("SELECT status::text, count(*) AS jobs FROM procrastinate.procrastinate_jobs GROUP BY 1 ORDER BY 1")
    )
    return [(row.status, row.jobs) for row in rows]


def ledger_entries() -> int:
    """How many entries the ledger has: its numbers have no gaps."""
    return db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one() or 0
