"""What a day brings: records whose publicity is over get their ledger entry. Visibility itself waits for no job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import cast

from sqlalchemy import select, text

from models import db
from registry import ledger
from registry.clock import now
from registry.errors import Conflict
from registry.ledger import Actor
from registry.queries.records import MODELS, PublishedRecord
from registry.rules.record import EndReason, RecordState
from registry.transaction import transaction

BATCH = 2000  # records a transaction: every other change waits while the ledger is locked
ACTOR = Actor("system", "day")


class AlreadyRunning(Conflict):
    """Another process is doing the day's work."""

    code = "day_running"


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


def expire(on: date, progress: Callable[[int], None]) -> dict[str, int]:
    """End every record in force that is no longer public on this day; how many of each resource. Commits by batch.

    A record ends on its own last day, not on the day of the run: a run that comes late leaves the same state behind.
    """
    counts = dict.fromkeys(MODELS, 0)
    for resource, model in MODELS.items():
        while ended := _expire_batch(resource, model, on):
            counts[resource] += ended
            progress(sum(counts.values()))
    return counts


def _expire_batch(resource: str, model: type[PublishedRecord], on: date) -> int:
    with transaction():
        due = select(model).where(model.state == RecordState.IN_FORCE, model.public_until <= on)
        locked = due.order_by(model.id).limit(BATCH).with_for_update(of=model)
        records = cast(list[PublishedRecord], db.session.execute(locked).scalars().all())
        for record in records:
            record.state = RecordState.ENDED
            record.end_reason = EndReason.EXPIRED
            record.ended_on = record.public_until
            record.recorded_at = now()
        db.session.flush()
        for record in records:
            ledger.append(f"{resource}.expired", record=record, actor=ACTOR)
    db.session.expunge_all()
    return len(records)
