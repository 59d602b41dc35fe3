"""Where the exchange with each peer stands, in figures."""

from typing import Any

from sqlalchemy import func, select

from models import (
    Direction,
    ExchangeMessage,
    ExchangeProblem,
    MessageState,
    Peer,
    PeerCursor,
    ProblemState,
    ReceivedBatch,
    SentBatch,
    SentState,
    db,
)
from sync import peers


def status_of_peers() -> list[dict[str, Any]]:
    """A mapping for each peer, by node id: plain values, moments as datetime."""
    return [_status_of(peer) for peer in peers.every()]


def _status_of(peer: Peer) -> dict[str, Any]:
    cursor = db.session.get(PeerCursor, peer.id)
    received = (
        select(ReceivedBatch.batch_no, ReceivedBatch.received_at)
        .where(ReceivedBatch.peer_id == peer.id)
        .order_by(ReceivedBatch.id.desc())
        .limit(1)
    )
    last = db.session.execute(received).one_or_none()
    return {
        "node": peer.node,
        "role": peer.role.value,
        "url": peer.url,
        "carrier": peer.carrier.value,
        "state": peer.state.value,
        "incident": peer.incident,
        "last_batch_received": last.batch_no if last else None,
        "last_received_at": last.received_at if last else None,
        "records_held": _count(ExchangeMessage, ExchangeMessage.peer_id == peer.id),
        "unclear": _count(
            ExchangeMessage, ExchangeMessage.peer_id == peer.id, ExchangeMessage.state == MessageState.UNCLEAR
        ),
        "batches_waiting": _count(SentBatch, SentBatch.peer_id == peer.id, SentBatch.state == SentState.FROZEN),
        "feed_position": cursor.position if cursor else None,
        "their_position": cursor.theirs if cursor else None,
        "problems_of_ours": _open_problems(peer, Direction.OUT),
        "problems_of_theirs": _open_problems(peer, Direction.IN),
    }


def _open_problems(peer: Peer, direction: Direction) -> int:
    return _count(
        ExchangeProblem,
        ExchangeProblem.peer_id == peer.id,
        ExchangeProblem.direction == direction,
        ExchangeProblem.state == ProblemState.OPEN,
    )


def _count(model: Any, *conditions: Any) -> int:
    return db.session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()
