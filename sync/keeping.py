"""How long batches, and messages that were refused, are kept as they went over the wire (exchange.md 4).

Receipts stay with what they counted, and the problem queue with its faults.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, update

from models import ExchangeProblem, ReceivedBatch, SentBatch, SentState, db

KEPT = timedelta(days=400)


def forget_bodies(moment: datetime) -> int:
    """Forget the bytes of batches and refused messages that were settled longer than KEPT ago; how many. The caller commits.

    A batch that still waits for its receipt stays whole: it is sent unchanged until one has come.
    """
    before = moment - KEPT
    received = db.session.execute(
        update(ReceivedBatch)
        .where(ReceivedBatch.received_at < before, ReceivedBatch.body.is_not(None))
        .values(body=None, manifest=None)
        .returning(ReceivedBatch.id)
    )
    settled = func.coalesce(SentBatch.receipted_at, SentBatch.frozen_at)
    sent = db.session.execute(
        update(SentBatch)
        .where(settled < before, SentBatch.state != SentState.FROZEN, SentBatch.lines.is_not(None))
        .values(lines=None, manifest=None)
        .returning(SentBatch.id)
    )
    refused = db.session.execute(
        update(ExchangeProblem)
        .where(ExchangeProblem.closed_at < before, ExchangeProblem.content != b"")
        .values(content=b"")
        .returning(ExchangeProblem.id)
    )
    return len(received.all()) + len(sent.all()) + len(refused.all())
