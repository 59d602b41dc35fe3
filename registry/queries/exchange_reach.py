"""How far the newest state of a record has come: peer by peer, whether the wire says that it is there."""

from enum import StrEnum

from sqlalchemy import func, or_, select, text

from models import (
    Direction,
    ExchangeMessage,
    ExchangeProblem,
    LedgerEntry,
    MessageState,
    NodeRole,
    Peer,
    PeerChain,
    PeerCursor,
    PeerState,
    ProblemState,
    SentBatch,
    SentState,
    db,
)
from registry.queries.exchange_node import this_node

_FOR_ALL = "*"  # in `concerns` of a message
_HOLDS_IT = text("(sent_batch.lines IS NULL OR position(convert_to(:quoted, 'UTF8') IN sent_batch.lines) > 0)")
"""Whether a batch holds a message, whose name stands in quotes before the sealed lines, as in lines that are not sealed.

Of a batch whose bytes are older than 400 days only the span is known.
"""


class Reach(StrEnum):
    """Of one peer: it has the newest state, is still to get it, or is told by no wire and so by an officer."""

    TOLD = "told"
    WAITING = "waiting"
    NO_WIRE = "no_wire"


def reach_of(record_id: str) -> dict[str, Reach]:
    """What each peer that a record of this node concerns knows of its newest state, by node id.

    A province is sent batches and answers with receipts; a city reads on and says how far it has applied. A peer that is
    not active, and one whose table or portal has no place for such a record, has no wire for it.
    """
    message = _message_of(record_id)
    peers = db.session.execute(select(Peer).order_by(Peer.node)).scalars().all()
    if message is None:
        waits = this_node().messages_to < _last_entry_of(record_id)
        return {peer.node: Reach.WAITING if waits and _is_active(peer) else Reach.NO_WIRE for peer in peers}
    found = {}
    for peer in peers:
        if peer.role is NodeRole.CITY and not {peer.node, peer.node[:4], _FOR_ALL} & set(message.concerns):
            continue
        found[peer.node] = _reach_of(message, peer) if _is_active(peer) else Reach.NO_WIRE
    return found


def _is_active(peer: Peer) -> bool:
    return peer.state is PeerState.ACTIVE


def _message_of(record_id: str) -> ExchangeMessage | None:
    """The message of the newest state; None where it is not made yet, or never will be."""
    message = db.session.execute(
        select(ExchangeMessage).where(ExchangeMessage.record_id == record_id, ExchangeMessage.state == MessageState.OWN)
    ).scalar_one_or_none()
    if message is None or this_node().messages_to < _last_entry_of(record_id):
        return None
    return message


def _last_entry_of(record_id: str) -> int:
    return (
        db.session.execute(select(func.max(LedgerEntry.seq)).where(LedgerEntry.record_id == record_id)).scalar_one()
        or 0
    )


def _reach_of(message: ExchangeMessage, peer: Peer) -> Reach:
    if peer.role is NodeRole.CITY:
        cursor = db.session.get(PeerCursor, peer.id)
        read = cursor is not None and cursor.theirs is not None and cursor.theirs >= message.position
        return Reach.TOLD if read else Reach.WAITING
    if _is_refused(message, peer):
        return Reach.WAITING
    states = set(
        db.session.execute(
            select(SentBatch.state)
            .where(
                SentBatch.peer_id == peer.id,
                SentBatch.from_seq <= message.position,
                SentBatch.to_seq >= message.position,
                or_(SentBatch.state == SentState.RECEIPTED, SentBatch.lines.is_not(None)),
                _HOLDS_IT,
            )
            .params(quoted=f'"{message.message_id}"')
        ).scalars()
    )
    if SentState.RECEIPTED in states:
        return Reach.TOLD
    return Reach.WAITING if states or not _is_passed(message, peer) else Reach.NO_WIRE


def _is_refused(message: ExchangeMessage, peer: Peer) -> bool:
    """Whether the peer refused this message, and nobody has settled that yet."""
    refused = select(ExchangeProblem.id).where(
        ExchangeProblem.direction == Direction.OUT,
        ExchangeProblem.peer_id == peer.id,
        ExchangeProblem.record_id == message.record_id,
        ExchangeProblem.revision == message.revision,
        ExchangeProblem.state == ProblemState.OPEN,
    )
    return db.session.execute(refused.limit(1)).scalar_one_or_none() is not None


def _is_passed(message: ExchangeMessage, peer: Peer) -> bool:
    """Whether both chains to the peer have looked at the message: what went into no batch, the peer does not take."""
    looked_to = list(db.session.execute(select(PeerChain.looked_to).where(PeerChain.peer_id == peer.id)).scalars())
    return len(looked_to) == 2 and min(looked_to) >= message.position
