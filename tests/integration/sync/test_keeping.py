"""Bytes of batches and refused messages go after 400 days, receipts and faults never."""

from datetime import timedelta

import pytest

from models import Chain, Direction, ExchangeProblem, ProblemState, ReceivedBatch, SentBatch, SentState, db
from registry.clock import now
from sync import peers
from sync.keeping import forget_bodies

pytestmark = pytest.mark.usefixtures("database")
FRAME = {"epoch": "e", "chain": Chain.BULK, "body_digest": "sha256:0", "from_seq": 1, "to_seq": 1, "manifest": b"{}"}


def received(peer_id: int, number: str, days: int) -> ReceivedBatch:
    counted = dict.fromkeys(("received", "accepted", "duplicate", "superseded", "rejected"), 0)
    return ReceivedBatch(
        peer_id=peer_id, batch_no=number, head_size=1, received_at=now() - timedelta(days=days), body=b"lines",
        headers={}, receipt=b"{}", **counted, **FRAME,
    )  # fmt: skip


def sent(peer_id: int, number: str, state: SentState) -> SentBatch:
    day = now() - timedelta(days=401)
    receipt = b"{}" if state is SentState.RECEIPTED else None
    return SentBatch(
        peer_id=peer_id, batch_no=number, count=1, lines=b"lines", headers={}, receipt_headers={}, frozen_at=day,
        attempts=1, state=state, receipt=receipt, receipted_at=day if receipt else None, **FRAME,
    )  # fmt: skip


def test_bodies_go_after_four_hundred_days_and_receipts_stay():
    peer = peers.add("130200", "http://127.0.0.1:1", [])
    old, young = received(peer.id, "a", 401), received(peer.id, "b", 399)
    settled, waiting = sent(peer.id, "c", SentState.RECEIPTED), sent(peer.id, "d", SentState.FROZEN)
    db.session.add_all([old, young, settled, waiting])
    db.session.flush()
    assert forget_bodies(now()) == 2
    db.session.expire_all()
    assert (old.body, old.manifest, old.receipt) == (None, None, b"{}")
    assert (young.body, waiting.lines) == (b"lines", b"lines")
    assert (settled.lines, settled.receipt) == (None, b"{}")
    assert forget_bodies(now()) == 0


def test_a_refused_message_is_emptied_four_hundred_days_after_it_was_settled():
    peer = peers.add("130200", "http://127.0.0.1:1", [])
    old, young, open_ = (
        ExchangeProblem(
            direction=Direction.IN, peer_id=peer.id, record_id=f"130200.feedback.{revision}", revision=revision,
            content=b"{}", faults=[{"code": "schema"}], state=ProblemState.RESENT if days else ProblemState.OPEN,
            at=now() - timedelta(days=500), closed_at=now() - timedelta(days=days) if days else None,
        )
        for revision, days in ((1, 401), (2, 399), (3, 0))
    )  # fmt: skip
    db.session.add_all([old, young, open_])
    db.session.flush()
    assert forget_bodies(now()) == 1
    db.session.expire_all()
    assert (old.content, old.faults) == (b"", [{"code": "schema"}])
    assert (young.content, open_.content) == (b"{}", b"{}")
    assert forget_bodies(now()) == 0
