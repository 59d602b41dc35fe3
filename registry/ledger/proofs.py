"""Proofs for outsiders: that an entry stands in a tree, that a later tree begins with the whole of an earlier one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models import LedgerEntry
from registry.errors import NotFound
from registry.ledger import nodes
from registry.ledger.leaves import LEAF_COLUMNS, leaf_members
from registry.ledger.tree import (
    Node,
    consistency_ranges,
    inclusion_ranges,
    nodes_of,
    range_hash,
    subtrees,
)


class NotCovered(NotFound):
    """The tree does not reach so far yet: the next head will."""

    code = "not_covered"


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """`path` leads from the leaf's hash to the root over `size` entries. `leaf` holds the members that were hashed."""

    seq: int
    size: int
    leaf: dict[str, int | str]
    leaf_hash: bytes
    path: list[bytes]
    root: bytes


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """`path` shows that the tree over `second` entries begins with the one over `first`."""

    first: int
    second: int
    first_root: bytes
    second_root: bytes
    path: list[bytes]


def inclusion_proof(connection: Connection, seq: int, size: int) -> InclusionProof:
    """Proof for entry `seq`, 1 ≤ seq ≤ size. NotCovered where the stored tree has fewer than `size` entries."""
    _require(connection, size)
    ranges = inclusion_ranges(seq - 1, size)
    leaf = Node(0, seq - 1)
    hashes = nodes.fetch(connection, nodes_of(ranges) | {leaf, *subtrees(0, size)})
    entry = connection.execute(select(*LEAF_COLUMNS).where(LedgerEntry.seq == seq)).one()
    return InclusionProof(
        seq=seq,
        size=size,
        leaf=leaf_members(*entry),
        leaf_hash=hashes[leaf],
        path=[range_hash(span, hashes) for span in ranges],
        root=range_hash((0, size), hashes),
    )


def consistency_proof(connection: Connection, first: int, second: int) -> ConsistencyProof:
    """Proof between two sizes, 1 ≤ first ≤ second. NotCovered where the stored tree has fewer than `second` entries."""
    _require(connection, second)
    ranges = consistency_ranges(first, second)
    hashes = nodes.fetch(connection, nodes_of(ranges) | {*subtrees(0, first), *subtrees(0, second)})
    return ConsistencyProof(
        first=first,
        second=second,
        first_root=range_hash((0, first), hashes),
        second_root=range_hash((0, second), hashes),
        path=[range_hash(span, hashes) for span in ranges],
    )


def inclusion_members(proof: InclusionProof) -> dict[str, Any]:
    """The proof as it is shown, hashes in hex."""
    return {
        "seq": proof.seq,
        "size": proof.size,
        "leaf": proof.leaf,
        "leaf_hash": proof.leaf_hash.hex(),
        "path": [step.hex() for step in proof.path],
        "root": proof.root.hex(),
    }


def consistency_members(proof: ConsistencyProof) -> dict[str, Any]:
    """The proof as it is shown, hashes in hex."""
    return {
        "from": proof.first,
        "to": proof.second,
        "from_root": proof.first_root.hex(),
        "to_root": proof.second_root.hex(),
        "path": [step.hex() for step in proof.path],
    }


def _require(connection: Connection, size: int) -> None:
    if size > nodes.stored_size(connection):
        raise NotCovered(f"No signed head covers {size} entries yet.")
