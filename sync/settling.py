"""Messages that met the register in a way that a person must settle: placed again, or linked to a record (exchange.md 2).

What a person settles changes no message and no position; the ledger says who settled it.
"""

from collections.abc import Sequence

from sqlalchemy import select

from models import ExchangeMessage, MessageState, Peer, db
from registry import ledger
from registry.clock import now
from registry.errors import Conflict, NotFound
from registry.ledger.entry import Actor, make_entry
from registry.queries.records import get_record
from sync import inbound, register
from sync.message import parse
from sync.placing import RECORD_TYPE
from sync.sealed import sent_as


class NothingToSettle(Conflict):
    """The message is no longer unclear."""

    code = "nothing_to_settle"


class MessageUnknown(NotFound):
    """No message speaks of this record."""

    code = "message_unknown"


def unclear(limit: int = 100) -> Sequence[ExchangeMessage]:
    """The manual queue, oldest first."""
    return (
        db.session.execute(
            select(ExchangeMessage)
            .where(ExchangeMessage.state == MessageState.UNCLEAR)
            .order_by(ExchangeMessage.received_at, ExchangeMessage.record_id)
            .limit(limit)
        )
        .scalars()
        .all()
    )


def place_again(record_id: str, *, actor: Actor) -> ExchangeMessage:
    """Try once more, after what stood in the way was corrected. NothingToSettle, MessageUnknown. The caller commits.

    The record's own entry names the peer, whose words it takes in; it stays unclear where the way is still barred.
    """
    message = _unclear(record_id)
    peer = db.session.get_one(Peer, message.peer_id)
    (placed,) = register.place([parse(sent_as(message))], actor=Actor("peer", peer.node), moment=now())
    if placed.state is MessageState.APPLIED:
        ledger.append_many([placed.entry])
    message.state, message.same_as, message.note = placed.state, placed.same_as, placed.note
    _note(message, actor)
    return message


def link(record_id: str, *, same_as: str, actor: Actor) -> ExchangeMessage:
    """Say that a record of this register is the same one. RecordNotFound, NothingToSettle, MessageUnknown."""
    message = _unclear(record_id)
    message.same_as = get_record(same_as).record_id
    message.state, message.note = MessageState.LINKED, None
    _note(message, actor)
    return message


def _unclear(record_id: str) -> ExchangeMessage:
    inbound.lock()
    message = db.session.get(ExchangeMessage, record_id, populate_existing=True)
    if message is None:
        raise MessageUnknown(f"No message speaks of {record_id}.")
    if message.state is not MessageState.UNCLEAR:
        raise NothingToSettle(f"{record_id} is not unclear.")
    return message


def _note(message: ExchangeMessage, actor: Actor) -> None:
    """Who settled it. Where it is still unclear nothing was settled."""
    db.session.flush()
    if message.state is MessageState.UNCLEAR:
        return
    content = {"message_id": message.message_id, "state": message.state.value, "same_as": message.same_as}
    ledger.append_many(
        [
            make_entry(
                f"{RECORD_TYPE}.settled",
                record_type=RECORD_TYPE,
                record_id=f"settled:{message.record_id}",
                revision=message.revision,
                operator_id=None,
                uscc=None,
                content=content,
                actor=actor,
            )
        ]
    )
