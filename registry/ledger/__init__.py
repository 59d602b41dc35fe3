"""The ledger: one entry for each change of a record, in the transaction that makes the change (architecture.md 1).

Services call `append` after their flush; it only collects. `registry.transaction` writes what was collected.
"""

from collections.abc import Iterable
from dataclasses import replace

from models import Operator, Proceeding, db
from models.base import RecordMixin
from registry.ledger.content import TYPE_OF, content_of
from registry.ledger.entry import Actor, Entry, make_entry

__all__ = ["Actor", "Entry", "append", "append_many", "take_collected"]

_COLLECTED = "ledger_entries"


def append(action: str, *, record: RecordMixin, actor: Actor) -> None:
    """Collect the entry for a change that has just been flushed. `action` is `<subject>.<verb>`: `operator.entered`.

    The entry of a proceeding names no code: what the feed shows of it must not tell whom a case is about.
    """
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
    """Collect entries that a bulk statement made."""
    db.session.info.setdefault(_COLLECTED, []).extend(entries)


def take_collected() -> list[Entry]:
    """What was collected in this session since the last call, in order; the collection is empty afterwards."""
    collected: list[Entry] = db.session.info.pop(_COLLECTED, [])
    return collected
