"""Stored hashes of complete subtrees: read by proofs, written by the head job alone."""

from collections.abc import Collection

from sqlalchemy import Connection, Engine, func, select, text

from models import LedgerEntry, LedgerNode
from registry.ledger.leaves import LEAF_COLUMNS, leaf_of
from registry.ledger.tree import Frontier, Node, range_hash, subtrees

LOCK = 0x5265_6768  # of the head job; not the lock of the writers, who never wait for it
BATCH = 20_000


class LedgerFaultError(Exception):
    """The ledger contradicts itself. Nothing more is stored or signed until somebody has looked (`ledger verify`)."""


def stored_size(connection: Connection) -> int:
    """Number of entries whose leaves are stored."""
    last = connection.execute(select(func.max(LedgerNode.index)).where(LedgerNode.level == 0)).scalar_one()
    return 0 if last is None else last + 1


def fetch(connection: Connection, nodes: Collection[Node]) -> dict[Node, bytes]:
    """Hashes of these nodes; LedgerFaultError when one is not stored."""
    rows = connection.execute(
        text(
            "SELECT level, index, hash FROM ledger_node"
            " JOIN unnest(CAST(:levels AS smallint[]), CAST(:places AS bigint[])) AS wanted(level, index)"
            " USING (level, index)"
        ),
        {"levels": [node.level for node in nodes], "places": [node.position for node in nodes]},
    )
    found = {Node(level, position): bytes(hash_) for level, position, hash_ in rows}
    missing = set(nodes) - found.keys()
    if missing:
        raise LedgerFaultError(f"Not stored: {min(missing)}")
    return found


def root_of(connection: Connection, size: int) -> bytes:
    """Root over the first `size` entries, from stored nodes."""
    return range_hash((0, size), fetch(connection, subtrees(0, size)))


def grow(engine: Engine) -> int:
    """Store the nodes of every entry there is now; answer the number of entries covered.

    A transaction a batch, so that memory stays flat and a killed run loses one batch. Two that run at once take turns.
    """
    with engine.connect() as connection:
        target = connection.execute(select(func.max(LedgerEntry.seq))).scalar_one() or 0
    while True:
        with engine.begin() as connection:
            size = _grow_once(connection, target)
        if size >= target:
            return size


def _grow_once(connection: Connection, target: int) -> int:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    size = stored_size(connection)
    peaks = subtrees(0, size)
    hashes = fetch(connection, peaks)
    frontier = Frontier(size, [hashes[peak] for peak in peaks])
    entries = connection.execute(
        select(*LEAF_COLUMNS)
        .where(LedgerEntry.seq > size, LedgerEntry.seq <= min(target, size + BATCH))
        .order_by(LedgerEntry.seq)
    )
    grown: dict[Node, bytes] = {}
    for row in entries:
        if row.seq != frontier.size + 1:
            raise LedgerFaultError(f"Entry {frontier.size + 1} is missing.")
        grown.update(frontier.add(leaf_of(*row)))
    _store(connection, grown)
    return frontier.size


def _store(connection: Connection, grown: dict[Node, bytes]) -> None:
    """Insert nodes. One that stands already must be the same: what was hashed once is never hashed otherwise."""
    done = connection.execute(
        text(
            "INSERT INTO ledger_node (level, index, hash) SELECT * FROM"
            " unnest(CAST(:levels AS smallint[]), CAST(:places AS bigint[]), CAST(:hashes AS bytea[]))"
            " ON CONFLICT DO NOTHING"
        ),
        {
            "levels": [node.level for node in grown],
            "places": [node.position for node in grown],
            "hashes": list(grown.values()),
        },
    )
    if done.rowcount == len(grown):
        return
    standing = fetch(connection, grown.keys())
    for node, hash_ in grown.items():
        if standing[node] != hash_:
            raise LedgerFaultError(f"{node} is stored with another hash.")
