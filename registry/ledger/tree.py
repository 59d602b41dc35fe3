"""The Merkle tree of RFC 9162 section 2.1: hashes, proofs, and how anybody checks them. Pure; knows no database.

A proof needs the hashes of a few ranges of leaves. Each range is made of complete subtrees, whose hashes are stored, so
a proof over millions of entries reads some forty rows: first ask which `Node`s it takes, then fetch, then compute.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

EMPTY_ROOT = hashlib.sha256().digest()

Range = tuple[int, int]
"""Leaves from the first up to, not including, the second; counted from 0."""


class Node(NamedTuple):
    """A complete subtree: it covers the 2**level leaves from `position << level` on."""

    level: int
    position: int


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf's bytes: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash above two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtrees(start: int, end: int) -> list[Node]:
    """The complete subtrees of a range that begins where one of its length can begin, largest first."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append(Node(level, start >> level))
        start += 1 << level
    return nodes


def range_hash(span: Range, hashes: Mapping[Node, bytes]) -> bytes:
    """MTH of a range (RFC 9162 2.1.1) from the hashes of its complete subtrees."""
    parts = [hashes[node] for node in subtrees(*span)]
    if not parts:
        return EMPTY_ROOT
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Ranges whose hashes prove leaf `index` (from 0) in a tree of `size` leaves, from the leaf upwards (2.1.3.1)."""
    _require(0 <= index < size)
    ranges: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """Ranges whose hashes prove that the tree of `second` leaves extends that of `first` (2.1.4.1)."""
    _require(0 < first <= second)
    if first == second:
        return []
    ranges: list[Range] = []
    start, end = 0, second
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    return ranges[::-1]


def nodes_of(ranges: Iterable[Range]) -> set[Node]:
    """Every stored hash that these ranges are computed from."""
    return {node for span in ranges for node in subtrees(*span)}


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from a leaf's hash to the root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether the proof shows that the second tree begins with the whole of the first (RFC 9162 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Frontier:
    """The right edge of a growing tree: at most one complete subtree a level, whatever the number of leaves."""

    def __init__(self, size: int, peaks: Sequence[bytes]) -> None:
        """`peaks` are the hashes of `subtrees(0, size)`, in that order."""
        self.size = size
        self._peaks = list(peaks)
        _require(len(self._peaks) == size.bit_count())

    def add(self, leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Take the hash of the next leaf; give every subtree that it completes, itself first. Exhaust the iterator."""
        node, found = Node(0, self.size), leaf
        yield node, found
        while node.position & 1:
            found = node_hash(self._peaks.pop(), found)
            node = Node(node.level + 1, node.position >> 1)
            yield node, found
        self._peaks.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Root over all leaves taken so far."""
        return range_hash((0, self.size), dict(zip(subtrees(0, self.size), self._peaks, strict=True)))


def _split(length: int) -> int:
    """The largest power of two smaller than `length`."""
    return 1 << ((length - 1).bit_length() - 1)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("No such leaf, or no such tree.")
