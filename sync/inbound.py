"""Taking messages of a peer into the register: judged one by one, applied set-wise, one ledger entry each."""

from collections import Counter
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from models import Peer, db
from registry import ledger
from registry.ledger.entry import Actor
from registry.queries.exchange_node import this_node
from sync import current, feedback, moves, register
from sync.decisions import key_of
from sync.faults import Fault
from sync.message import Message
from sync.placing import Placed
from sync.rejections import Judge, Outcome, Status, first_look

LOCK = 0x496E_626F  # one inbound transaction at a time; nothing else takes it


@dataclass(frozen=True, slots=True)
class Looked:
    """Messages after the look that needs no register, so that it is over before anything is locked."""

    messages: Sequence[Message]
    faults: Sequence[list[Fault]]


@dataclass(frozen=True, slots=True)
class Applied:
    """Outcomes in the order of the messages."""

    outcomes: Sequence[Outcome]

    def count(self, status: Status) -> int:
        """How many messages became this."""
        return Counter(outcome.status for outcome in self.outcomes)[status]


def look_at(messages: Sequence[Message], *, origins: Collection[str] | None, own: str) -> Looked:
    """Form, digest and origin of messages: of these nodes, or of any but `own` where relays are taken."""
    return Looked(messages, [first_look(message, origins=origins, own=own) for message in messages])


def lock() -> None:
    """Wait until no other inbound transaction runs. Taken by `apply_messages`; earlier by who must look first."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def apply_messages(messages: Sequence[Message], *, peer: Peer, relay: bool, moment: datetime) -> Applied:
    """Take messages in; inside `registry.transaction.transaction()`, with whatever must stand or fall with them.

    Whoever meets an IntegrityError at the end lost a race with an officer or a file and tries the whole again.
    """
    looked = look_at(messages, origins=None if relay else {peer.node}, own=this_node().node)
    return apply_looked_at(looked, peer=peer, moment=moment)


def apply_looked_at(looked: Looked, *, peer: Peer, moment: datetime) -> Applied:
    """`apply_messages` for messages that were looked at before the transaction began."""
    lock()
    sound = [message for message, faults in zip(looked.messages, looked.faults, strict=True) if not faults]
    keys = {(each.members["origin"], key) for each in sound if (key := key_of(each)) is not None}
    standing = current.standing_of({message.members["record_id"] for message in sound})
    judge = Judge(
        today=moment.date(),
        standing=standing,
        decisions=current.decisions_of(keys),
    )
    outcomes = [judge.judge(message, faults) for message, faults in zip(looked.messages, looked.faults, strict=True)]
    newest = {
        outcome.message.members["record_id"]: outcome.message
        for outcome in outcomes
        if outcome.status is Status.ACCEPTED
    }
    if newest:
        _place(list(newest.values()), peer, moment, standing.keys())
    return Applied(outcomes)


def _place(messages: Sequence[Message], peer: Peer, moment: datetime, known: Container[str]) -> None:
    """Apply the newest accepted message of each record; `known` are records of which one stands."""
    feedback.note(
        [message for message in messages if message.members["resource"] == "feedback"],
        own=this_node().node,
        peer=peer,
        moment=moment,
    )
    actor = Actor("peer", peer.node)
    placed = register.place(messages, actor=actor, moment=moment)
    before = ledger.collected_count()
    ledger.append_many(each.entry for each in placed)
    fresh = not any(message.members["record_id"] in known for message in messages)
    ledger.follow(current.ready(list(enumerate(placed, before)), peer_id=peer.id, moment=moment, fresh=fresh))
    moves.follow([name for each in placed if (name := _told_again(each, known)) is not None], actor)


def _told_again(placed: Placed, known: Container[str]) -> str | None:
    """The operator of the register that a message tells of, where something may stand about it already."""
    record_id: str = placed.message.members["record_id"]
    if placed.message.members["resource"] != "operator":
        return None
    return placed.same_as or (record_id if record_id in known else None)
