"""`ledger verify`: everything that was hashed, hashed again, from the rows up to the signed heads.

Four links, each checked by itself, so that one changed thing gives one fault and not a fault for all that stands above
it: row and its digests; digests and the stored leaf; stored leaves and nodes; stored leaves and each signed head.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, func, select, text

from models import LedgerEntry, LedgerHead, LedgerNode, Operator
from registry.ledger.canonical import sha256
from registry.ledger.entry import PAYLOAD_VERSION, feed_bytes, private_bytes
from registry.ledger.heads import KIND, head_bytes
from registry.ledger.leaves import leaf_of
from registry.ledger.public_view import public_view
from registry.ledger.tree import Frontier, Node
from registry.signing_keys import SigningKeys

AnyRow = Row[*tuple[Any, ...]]

BATCH = 5_000
KEPT_FAULTS = 20  # the first ones tell where to look; the rest is only counted


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was hashed: an entry, a node or a head. `seq` is the first entry concerned."""

    seq: int
    where: str
    what: str


@dataclass(slots=True)
class Verification:
    """What was checked and what was wrong; `faults` holds the first KEPT_FAULTS, in order."""

    entries: int = 0
    leaves: int = 0
    nodes: int = 0
    heads: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)

    def note(self, seq: int, where: str, what: str) -> None:
        """Keep or count a fault."""
        self.fault_count += 1
        if len(self.faults) < KEPT_FAULTS:
            self.faults.append(Fault(seq, where, what))


def verify(engine: Engine, keys: SigningKeys, progress: Callable[[int], object]) -> Verification:
    """Check the whole ledger as it stood when this began. Streams: memory does not grow with the ledger."""
    found = Verification()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("SET TRANSACTION READ ONLY"))
        walk = _Walk(connection, keys, found)
        for batch in _batches(connection):
            walk.take(batch)
            progress(found.entries)
        walk.finish()
    return found


class _Walk:
    """One pass over entries, stored leaves, stored nodes and heads, side by side."""

    def __init__(self, connection: Connection, keys: SigningKeys, found: Verification) -> None:
        self.connection = connection
        self.keys = keys
        self.found = found
        self.frontier = Frontier(0, [])
        self.before: AnyRow | None = None
        last = connection.execute(select(func.max(LedgerNode.index)).where(LedgerNode.level == 0)).scalar_one()
        self.stored_size = 0 if last is None else last + 1

    def take(self, batch: list[AnyRow]) -> None:
        """Check a run of entries and everything that their leaves complete."""
        first, last = batch[0].seq, batch[-1].seq
        heads = self._heads(first, last)
        leaves = self._level(0, first - 1, last)
        expected: dict[Node, bytes] = {}
        for row in batch:
            self._check_row(row)
            leaf = self._check_leaf(row, leaves)
            if leaf is None:
                continue
            for node, found in self.frontier.add(leaf):
                expected[node] = found
            for head in heads.pop(row.seq, []):
                self._check_head(head)
        self._check_nodes(expected)

    def finish(self) -> None:
        """What must not be there: nodes and heads beyond the entries, nodes that no leaf gives."""
        if self.stored_size > self.found.entries:
            self.found.note(self.found.entries + 1, "entry", "its leaf is stored, but the entry is missing")
        beyond = select(LedgerHead.size).where(LedgerHead.size > self.found.leaves).order_by(LedgerHead.size)
        for (size,) in self.connection.execute(beyond.limit(KEPT_FAULTS)):
            self.found.note(self.found.leaves + 1, f"head over {size} entries", "there are not so many leaves")
        count = self.connection.execute(select(func.count()).select_from(LedgerNode)).scalar_one()
        if count != self.found.nodes + self.found.leaves and not self.found.fault_count:
            self.found.note(self.found.leaves, "nodes", "there are nodes that belong to no leaf")

    def _check_row(self, row: AnyRow) -> None:
        self.found.entries += 1
        expected = 1 if self.before is None else self.before.seq + 1
        if row.seq != expected:
            self.found.note(expected, f"entry {expected}", "is missing")
        if self.before is not None and row.recorded_at < self.before.recorded_at:
            self.found.note(row.seq, f"entry {row.seq}", "is older than the one before it")
        self.before = row
        what = fault_of(row)
        if what is not None:
            self.found.note(row.seq, f"entry {row.seq}", what)

    def _check_leaf(self, row: AnyRow, leaves: dict[int, bytes]) -> bytes | None:
        """The stored leaf of an entry; None where the head job has not come so far."""
        leaf = leaf_of(*(row._mapping[name] for name in _LEAF_MEMBERS))
        stored = leaves.get(row.seq - 1)
        if stored is None:
            if row.seq <= self.stored_size:
                self.found.note(row.seq, f"entry {row.seq}", "its leaf is not stored")
                return leaf
            return None
        self.found.leaves += 1
        if stored != leaf:
            self.found.note(row.seq, f"entry {row.seq}", "is not the entry whose leaf was stored")
        return stored

    def _check_nodes(self, expected: dict[Node, bytes]) -> None:
        spans: dict[int, list[int]] = {}
        for node in expected:
            if node.level:
                spans.setdefault(node.level, []).append(node.position)
        for level, places in spans.items():
            stored = self._level(level, places[0], places[-1] + 1)
            self.found.nodes += len(stored)
            for place in places:
                if stored.get(place) != expected[Node(level, place)]:
                    seq = (place << level) + 1
                    self.found.note(seq, f"node {place} at level {level}", f"is not above entries from {seq} on")

    def _check_head(self, head: AnyRow) -> None:
        self.found.heads += 1
        where = f"head over {head.size} entries"
        if bytes(head.root) != self.frontier.root():
            self.found.note(head.size, where, "has another root than the entries")
        if self.keys.verify(head.jws, kind=KIND) != head_bytes(head.size, bytes(head.root), head.signed_at):
            self.found.note(head.size, where, "is not what was signed")

    def _heads(self, first: int, last: int) -> dict[int, list[AnyRow]]:
        rows = self.connection.execute(
            select(*LedgerHead.__table__.columns).where(LedgerHead.size.between(first, last))
        )
        found: dict[int, list[AnyRow]] = {}
        for row in rows:
            found.setdefault(row.size, []).append(row)
        return found

    def _level(self, level: int, start: int, end: int) -> dict[int, bytes]:
        rows = self.connection.execute(
            select(LedgerNode.index, LedgerNode.hash).where(
                LedgerNode.level == level, LedgerNode.index >= start, LedgerNode.index < end
            )
        )
        return {place: bytes(found) for place, found in rows}


_LEAF_MEMBERS = ("seq", "recorded_at", "record_id", "revision", "public_digest", "private_digest")


def fault_of(row: AnyRow) -> str | None:
    """What is wrong with an entry by itself: its digests against its payload, salt, actor and action."""
    if row.payload_version != PAYLOAD_VERSION:
        return f"has the unknown payload version {row.payload_version}"
    private = private_bytes(
        action=row.action,
        actor=row.actor,
        record_type=row.record_type,
        record_id=row.record_id,
        revision=row.revision,
        payload_version=row.payload_version,
        payload=bytes(row.payload),
    )
    if sha256(bytes(row.salt) + private) != bytes(row.private_digest):
        return "does not match its private digest"
    content = orjson.loads(row.payload)
    public = public_view(row.record_type, content)
    if sha256(feed_bytes(row.action, row.record_id, row.revision, content["uscc"], public)) != bytes(row.public_digest):
        return "does not match its public digest"
    named = content.get("operator", row.record_id)
    if row.operator_record is not None and row.operator_record != named:
        return "names another operator than its payload"
    return None


def _batches(connection: Connection) -> Iterator[list[AnyRow]]:
    """Entries in order, each with the record_id of the operator that its `operator_id` points at."""
    entries = (
        select(*LedgerEntry.__table__.columns, Operator.record_id.label("operator_record"))
        .outerjoin(Operator, Operator.id == LedgerEntry.operator_id)
        .order_by(LedgerEntry.seq)
        .limit(BATCH)
    )
    after = 0
    while batch := list(connection.execute(entries.where(LedgerEntry.seq > after))):
        yield batch
        after = batch[-1].seq
