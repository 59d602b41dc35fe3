"""The ledger: one entry for each change of a record, in the transaction that makes the change (architecture.md 1).

Services call `append` after their flush; it only collects. `registry.transaction` writes what was collected.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from models import Operator, Proceeding, db
from models.base import RecordMixin
from registry.errors import Conflict, Unavailable
from registry.ledger.content import TYPE_OF, content_of
from registry.ledger.entry import RECOVERY, Actor, Entry, make_entry
from registry.queries.exchange_node import this_node

__all__ = [
    "Actor",
    "Entry",
    "ForeignRecord",
    "Recovering",
    "append",
    "append_many",
    "collected_count",
    "follow",
    "forget_after",
    "refuse_while_recovering",
    "take_collected",
    "take_followers",
]

_COLLECTED = "ledger_entries"
_FOLLOWERS = "ledger_followers"
_MAY_CHANGE = "ledger_may_change"


class ForeignRecord(Conflict):
    """The record belongs to another node: only messages of that node change it (exchange.md 1.1)."""

    code = "foreign_record"


class Recovering(Unavailable):
    """The register was restored and is taking its own records back: until then only that changes it (exchange.md 1.6)."""

    code = "recovering"

    def __init__(self) -> None:
        super().__init__(
            "This register was restored from a backup and is taking its records back; it can be read meanwhile."
        )


def refuse_while_recovering() -> None:
    """Recovering where this node has not yet taken its own records back."""
    if this_node().recovering_since is not None:
        raise Recovering


def append(action: str, *, record: RecordMixin, actor: Actor) -> None:
    """Collect the entry for a change that has just been flushed. `action` is `<subject>.<verb>`: `operator.entered`.

    The entry of a proceeding names no code: what the feed shows of it must not tell whom a case is about. ForeignRecord
    where the record is another node's, which rolls the change back.
    """
    if not record.record_id.startswith(f"{this_node().node}."):
        raise ForeignRecord("The record belongs to another node; only that node changes it.")
    operator = record if isinstance(record, Operator) else record.operator  # type: ignore[attr-defined]  # others have
    inside = isinstance(record, Proceeding)
    entry = make_entry(
        action,
        record_type=TYPE_OF[type(record)],
        record_id=record.record_id,
        revision=record.revision,
        operator_id=operator.id if operator else None,
        uscc=None if inside else operator.uscc,
        content=content_of(record),
        actor=actor,
    )
    append_many([replace(entry, renews=not inside)])


def append_many(entries: Iterable[Entry]) -> None:
    """Collect entries that a bulk statement made. Recovering, for all but what peers and the recovery itself write.

    Reading the node's row holds a restore off until this transaction is over, so none gets between check and commit:
    the first entry of a transaction asks for all of them.
    """
    collected = list(entries)
    may_change = db.session.info.get(_MAY_CHANGE, False)
    if not may_change and not all(each.actor == str(RECOVERY) or each.actor.startswith("peer:") for each in collected):
        refuse_while_recovering()
        db.session.info[_MAY_CHANGE] = True
    db.session.info.setdefault(_COLLECTED, []).extend(collected)


def collected_count() -> int:
    """How many entries wait in this session: the place of the next one, counted from 0."""
    return len(db.session.info.get(_COLLECTED, ()))


def forget_after(count: int) -> None:
    """Drop the entries that were collected after the first `count`: what they spoke of was rolled back to a savepoint."""
    db.session.info.pop(_MAY_CHANGE, None)  # the savepoint's locks are gone with it
    del db.session.info.get(_COLLECTED, [])[count:]


def follow(write: Callable[[int], None]) -> None:
    """Have `write` called once the collected entries have their numbers, with the first of them.

    It runs under the ledger's lock, in the same transaction: only for what must not be seen before its number, and short.
    """
    db.session.info.setdefault(_FOLLOWERS, []).append(write)


def take_followers() -> list[Callable[[int], None]]:
    """What `follow` was given in this session since the last call; empty afterwards."""
    followers: list[Callable[[int], None]] = db.session.info.pop(_FOLLOWERS, [])
    return followers


def take_collected() -> list[Entry]:
    """What was collected in this session since the last call, in order; the collection is empty afterwards."""
    db.session.info.pop(_MAY_CHANGE, None)
    collected: list[Entry] = db.session.info.pop(_COLLECTED, [])
    return collected
