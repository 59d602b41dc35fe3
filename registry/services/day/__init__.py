"""What a day brings: new rules for open records, what has run out, reminders and alarms.

Every part commits in small transactions and finds by itself what is left to do: run twice, killed in the middle, run by two
processes or a week late, it ends in the same state.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from models import db
from registry import ledger
from registry.errors import Conflict
from registry.services.day.bulk import Progress
from registry.services.day.expiry import expire
from registry.services.day.following import follow, tell_parties
from registry.services.day.recomputation import recompute
from registry.services.day.reminding import Raised, remind
from registry.services.matters import Desk

__all__ = ["AlreadyRunning", "Done", "only_one", "run"]


class AlreadyRunning(Conflict):
    """Another process is doing the day's work."""

    code = "day_running"


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: ends moved and records ended by resource, steps of cases by kind, what was raised, parties told."""

    recomputed: dict[str, int]
    expired: dict[str, int]
    followed: dict[str, int]
    raised: Raised
    told: int


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the day for this process, until it dies at the latest; AlreadyRunning where another one holds it."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(hashtext('day'))")).scalar_one():
            raise AlreadyRunning("The day is being run by another process.")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext('day'))"))


def run(on: date, desk: Desk, progress: Progress) -> Done:
    """Everything that a Beijing day brings, in this order: what new rules end is over on the same day, and its case with it.

    Recovering while the records of a restored node are not all back: what a day ended may stand otherwise with a peer.
    """
    ledger.refuse_while_recovering()
    recomputed = recompute(on, progress)
    expired = expire(on, progress)
    followed = follow(desk)
    raised = remind(on)
    return Done(recomputed, expired, followed, raised, tell_parties(desk))
