"""Taking own records back from one page of what a peer holds of them (exchange.md 1.6).

A record is compared by its revision and the digest of its message. Where the peer knows more, the register takes that
over, one revision above both, so that the record is sent again by itself; where both have the same revision of different
content, ours stays with a higher one and the peer's version is kept in the problem queue. Done again, nothing changes:
what was taken over is by then the newer one here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update

from models import Direction, ExchangeMessage, MessageState, Peer, db
from registry import ledger
from registry.ledger.content import RECORD_TYPES
from registry.ledger.entry import RECOVERY, Actor
from registry.services.imports.operator_states import load, write_back
from registry.services.imports.tables import cursor, table_of
from sync import current, inbound, problems
from sync.content import content_faults
from sync.faults import Fault
from sync.form import form_faults
from sync.message import Message, parse
from sync.own_placing import OwnOperatorPlacing, OwnRecordPlacing
from sync.own_rows import RESOURCES
from sync.placing import Placed, beside
from sync.record_placing import TABLES
from sync.register import bisected
from sync.rejections import Standing
from sync.sealed import message_kept, message_sent

_NAMING = {"message_id", "digest"}
"""Members in which a message made again after a restore differs from the one that was sent before."""


@dataclass(slots=True)
class Taken:
    """What became of a page: counts, and the records for which the way may become free by what follows."""

    counts: Counter[str] = field(default_factory=Counter)
    barred: list[str] = field(default_factory=list)


def take_page(messages: Sequence[Message], *, own: str, peer: Peer, moment: datetime, last_try: bool = False) -> Taken:
    """Take own records back; inside `registry.transaction.transaction()`, own messages being made up to the ledger's head.

    Without `last_try` a record that another one stands in the way of is only named: what follows may free its place.
    """
    inbound.lock()
    return _Page(own, peer, moment, last_try).take(messages)


class _Page:
    def __init__(self, own: str, peer: Peer, moment: datetime, last_try: bool) -> None:
        self._own, self._peer, self._moment, self._last_try = own, peer, moment, last_try
        self._taken = Taken()
        self._raised: dict[str, list[tuple[str, int]]] = {}

    def take(self, messages: Sequence[Message]) -> Taken:
        """One page: compared, placed, raised."""
        counts = self._taken.counts
        counts["read"] += len(messages)
        sound = [message for message in messages if self._is_sound(message)]
        standing = current.standing_of([message.members["record_id"] for message in sound])
        revisions = _revisions(sound)
        newer: dict[str, list[Message]] = {}
        for message in sound:
            resource, record_id = message.members["resource"], message.members["record_id"]
            held, theirs = standing.get(record_id), message.members["revision"]
            ours = max(revisions.get(record_id, 0), held.revision if held else 0)
            if ours > theirs:
                counts["newer_here"] += 1
            elif held is not None and held.digest == message.members["digest"]:
                counts["same"] += 1
            elif ours == theirs:
                self._same_revision(message, held, record_id in revisions)
            elif record_id not in revisions and (resource not in RESOURCES or (message.is_end and not _says(message))):
                self._keep(message)
            else:
                newer.setdefault(resource, []).append(message)
        for resource in sorted(newer, key=lambda name: name != "operator"):
            self._place(resource, newer[resource], revisions)
        for resource, raised in self._raised.items():
            self._raise(resource, dict(raised))
        return self._taken

    def _is_sound(self, message: Message) -> bool:
        faults = form_faults(message)
        if not faults and message.members["digest"] != message.digest:
            faults = [Fault("digest", "digest", "It is not the digest of the message.")]
        if not faults and message.members["origin"] != self._own:
            faults = [Fault("origin_mismatch", "origin", "It is no record of this node.")]
        if faults:
            self._ask(message, faults)
        return not faults

    def _same_revision(self, message: Message, held: Standing | None, has_row: bool) -> None:
        """The same words under another name are the message as it was sent; other words are for a person."""
        if held is not None and _unnamed(message) == _said_of(message.members["record_id"]):
            _adopt(message)
            self._taken.counts["same"] += 1
            return
        fault = Fault("revision_conflict", "revision", "The peer holds other content under the same revision.")
        self._stay(message, [fault], has_row)

    def _stay(self, message: Message, faults: Sequence[Fault], has_row: bool) -> None:
        """Ours stands, above theirs; what they hold waits for a person."""
        self._ask(message, faults)
        members = message.members
        if has_row:
            self._raised.setdefault(members["resource"], []).append((members["record_id"], members["revision"] + 1))
        elif members["record_id"] not in current.standing_of([members["record_id"]]):
            self._keep(message)

    def _ask(self, message: Message, faults: Sequence[Fault]) -> None:
        self._taken.counts["unclear"] += 1
        problems.note(
            Direction.IN,
            self._peer.id,
            record_id=message.record_id or "",
            revision=message.revision or 0,
            content=message.raw,
            faults=[fault._asdict() for fault in faults],
        )

    def _keep(self, message: Message) -> None:
        """What no table holds stays what the peer has kept of it: the current message of the record."""
        self._taken.counts["kept"] += 1
        placed = beside(message, RECOVERY, MessageState.OWN)
        place = ledger.collected_count()
        ledger.append_many([placed.entry])
        ledger.follow(current.ready([(place, placed)], peer_id=None, moment=self._moment))

    def _place(self, resource: str, messages: Sequence[Message], revisions: Mapping[str, int]) -> None:
        """Take over what the peer knows and we do not."""
        fit: list[Message] = []
        for message in messages:
            faults = content_faults(message, self._moment.date()) if _says(message) or not message.is_end else []
            if faults:
                self._stay(message, faults, message.members["record_id"] in revisions)
            else:
                fit.append(_above(message))
        told = {message.members["record_id"]: message for message in messages}
        for placed in bisected(partial(self._placed, resource), fit, RECOVERY):
            message = told[placed.message.members["record_id"]]
            if placed.state is MessageState.APPLIED:
                ledger.append_many([placed.entry])
                self._taken.counts["changed" if placed.entry.record_id in revisions else "entered"] += 1
            elif self._last_try:
                fault = Fault("duplicate_decision", "record_id", f"Another record stands in its place: {placed.note}.")
                self._stay(message, [fault], placed.message.members["record_id"] in revisions)
            else:
                self._taken.barred.append(placed.message.members["record_id"])

    def _placed(self, resource: str, messages: Sequence[Message]) -> list[Placed]:
        if resource == "operator":
            return OwnOperatorPlacing(node=self._own, moment=self._moment).place(messages)
        stranger = Actor("peer", self._peer.node)
        return OwnRecordPlacing(resource, node=self._own, peer=stranger, moment=self._moment).place(messages)

    def _raise(self, resource: str, revisions: Mapping[str, int]) -> None:
        """The same content under a revision above both, so that it goes out again."""
        self._taken.counts["raised"] += len(revisions)
        if resource == "operator":
            work = cursor()
            work.execute("SELECT id FROM operator WHERE record_id = ANY(%s)", (list(revisions),))
            states = load([number for (number,) in work.fetchall()], lock=True).values()
            for state in states:
                state.revision = revisions[state.record_id] - 1
                ledger.append_many([state.change(state.content, "operator.changed", RECOVERY)])
            write_back(states, self._moment)
            return
        table = TABLES[resource]
        records = list(table.find_named(list(revisions)).values())
        for record in records:
            record.revision, record.changed = revisions[record.record_id], True
        table.write(records, self._moment)
        ledger.append_many([table.entry(record, "changed", RECOVERY) for record in records])


def _says(message: Message) -> bool:
    """Whether the message tells what the record is."""
    return bool(message.members["data"])


def _above(message: Message) -> Message:
    """The message with the revision that the record gets by it."""
    return Message(message.raw, message.members | {"revision": message.members["revision"] + 1})


def _said_of(record_id: str) -> dict[str, Any]:
    """Our current message of a record, but for its names."""
    content = db.session.execute(
        select(ExchangeMessage.content).where(ExchangeMessage.record_id == record_id)
    ).scalar_one()
    return _unnamed(parse(message_sent(record_id, content)))


def _unnamed(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.members.items() if name not in _NAMING}


def _adopt(message: Message) -> None:
    """The message as it was sent before takes the place of the one that was made again."""
    members = message.members
    db.session.execute(
        update(ExchangeMessage)
        .where(ExchangeMessage.record_id == members["record_id"])
        .values(content=message_kept(members, message.raw), digest=members["digest"], message_id=members["message_id"])
    )


def _revisions(messages: Sequence[Message]) -> dict[str, int]:
    """Present revisions of the records that stand in the tables, locked until the transaction ends."""
    by_resource: dict[str, list[str]] = {}
    for message in messages:
        by_resource.setdefault(message.members["resource"], []).append(message.members["record_id"])
    found: dict[str, int] = {}
    work = cursor()
    for resource, record_ids in by_resource.items():
        if resource in RESOURCES:
            work.execute(
                f"SELECT record_id, revision FROM {table_of(RECORD_TYPES[resource]).name}"  # noqa: S608 - a table of ours
                " WHERE record_id = ANY(%s) ORDER BY id FOR UPDATE",
                (record_ids,),
            )
            found |= dict(work.fetchall())
    return found
