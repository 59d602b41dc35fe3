"""Carrying an approved batch out: some operators a transaction, as many as the others can wait for, and the position with them.

A worker that is killed loses the transaction it was in; the next one goes on after the last position. Nothing is done
twice: the position moves with what was done, and whoever stands on the list by then is left out with the reason.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psycopg.errors import DeadlockDetected, UniqueViolation
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from models import BatchKind, BatchState, ItemOutcome, ListingBatch, ListingBatchItem, Operator, db
from registry.clock import now, today
from registry.ledger import Actor
from registry.ledger.writing import take_lock
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services.listing_batch_work import Chunk, enter_all, remove_all
from registry.services.matters import Desk
from registry.transaction import transaction

FIRST, LEAST, MOST = 200, 20, 1_000
"""Operators of one transaction: at the beginning, and the bounds of what the pace makes of it."""
HELD = 0.1
"""Seconds that one transaction may hold the ledger's lock, while every other change of the register waits."""
ATTEMPTS = 10
"""Times a transaction is tried when another writer lists the same operators at the same moment."""

Progress = Callable[[int], object]
"""Told after each transaction: items dealt with in this call."""


@dataclass
class Pace:
    """How many operators the next transaction takes: fewer when the last one held the lock for long, more when it did not."""

    size: int
    most: int

    def learn(self, dealt: int, held: float) -> None:
        """What a transaction over `dealt` operators cost the others, in seconds."""
        fitting = int(dealt * HELD / max(held, 0.001))
        self.size = max(LEAST, min(fitting, self.size * 3 // 2 + 1))
        self.size = min(self.size, self.most)


def _unheard(done: int) -> None:
    """Nobody asked how far it is."""
    del done


def run(batch_id: int, desk: Desk, progress: Progress = _unheard, *, most: int = MOST) -> None:
    """Carry a batch out, or go on where a killed worker left it. Commits by itself; nothing to do once it is finished.

    `most` bounds the operators of one transaction.
    """
    done = 0
    pace = Pace(min(FIRST, most), most)
    while dealt := _some(batch_id, desk, pace):
        done += dealt
        progress(done)


def _some(batch_id: int, desk: Desk, pace: Pace) -> int:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _dealt(batch_id, desk, pace)
        except (IntegrityError, UniqueViolation, DeadlockDetected):
            if attempt == ATTEMPTS:
                raise
        except OperationalError as error:
            if attempt == ATTEMPTS or not isinstance(error.orig, DeadlockDetected):
                raise
    raise AssertionError("the last attempt returns or raises")


def _dealt(batch_id: int, desk: Desk, pace: Pace) -> int:
    """One transaction. All is written before the ledger's lock is taken; under it stand numbers and projection only."""
    with transaction():
        db.session.execute(text("SET LOCAL synchronous_commit = off"))
        batch = db.session.get_one(ListingBatch, batch_id, with_for_update=True, populate_existing=True)
        if batch.state not in (BatchState.APPROVED, BatchState.RUNNING):
            return 0
        items = _next(batch, pace.size)
        if not items:
            batch.state, batch.finished_at = BatchState.FINISHED, now()
            return 0
        assert batch.decided_by is not None
        law = rule_set_for(Regime.SAMR, batch.decided_on or today())
        chunk = Chunk(batch, law, Actor("officer", batch.decided_by.removeprefix("officer:")), desk)
        (enter_all if batch.kind is BatchKind.LIST else remove_all)(chunk, items)
        chunk.write()
        batch.state = BatchState.RUNNING
        batch.position = items[-1][0].position
        outcomes = [outcome for _, outcome, *_ in chunk.outcomes]
        batch.done += outcomes.count(ItemOutcome.DONE)
        batch.left_out += outcomes.count(ItemOutcome.LEFT_OUT)
        db.session.flush()
        take_lock(db.session.connection())
        locked = time.monotonic()
    pace.learn(len(items), time.monotonic() - locked)
    db.session.expunge_all()
    return len(items)


def _next(batch: ListingBatch, count: int) -> Sequence[tuple[ListingBatchItem, Operator]]:
    rows = db.session.execute(
        select(ListingBatchItem, Operator)
        .join(Operator, Operator.id == ListingBatchItem.operator_id)
        .where(ListingBatchItem.batch_id == batch.id, ListingBatchItem.position > batch.position)
        .order_by(ListingBatchItem.position)
        .limit(count)
    )
    return [(item, operator) for item, operator in rows]
