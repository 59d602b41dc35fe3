"""The tree against the reference vectors of certificate-transparency and the recursive definitions of RFC 9162."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.ledger import tree
from registry.ledger.tree import Frontier, Node

# google/certificate-transparency: cpp/merkletree/merkle_tree_test.cc
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def stored(leaves: Sequence[bytes]) -> dict[Node, bytes]:
    """All complete subtrees, as the head job stores them."""
    frontier = Frontier(0, [])
    return {node: found for leaf in leaves for node, found in frontier.add(tree.leaf_hash(leaf))}


def recursive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH as RFC 9162 2.1.1 writes it down."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:k]) + recursive_root(leaves[k:])).digest()


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    hashes = stored(leaves)
    return [tree.range_hash(span, hashes) for span in tree.inclusion_ranges(index, len(leaves))]


def consistency(leaves: Sequence[bytes], first: int) -> list[bytes]:
    hashes = stored(leaves)
    return [tree.range_hash(span, hashes) for span in tree.consistency_ranges(first, len(leaves))]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert tree.range_hash((0, size), stored(LEAVES[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "expected"), INCLUSION.items())
def test_inclusion_proofs_are_those_of_the_reference(place: tuple[int, int], expected: list[str]) -> None:
    index, size = place
    proof = inclusion(LEAVES[:size], index)
    assert [each.hex() for each in proof] == expected
    assert tree.verify_inclusion(tree.leaf_hash(LEAVES[index]), index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("sizes", "expected"), CONSISTENCY.items())
def test_consistency_proofs_are_those_of_the_reference(sizes: tuple[int, int], expected: list[str]) -> None:
    first, second = sizes
    proof = consistency(LEAVES[:second], first)
    assert [each.hex() for each in proof] == expected
    roots = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert tree.verify_consistency(first, second, proof, *roots)


many_leaves = st.integers(1, 130).map(lambda size: [f"entry {number}".encode() for number in range(size)])


@given(many_leaves)
def test_a_root_from_stored_subtrees_is_the_recursive_one(leaves: list[bytes]) -> None:
    hashes = stored(leaves)
    for size in range(len(leaves) + 1):
        assert tree.range_hash((0, size), hashes) == recursive_root(leaves[:size])


@given(many_leaves, st.data())
def test_an_inclusion_proof_holds_for_its_leaf_only(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    size, root, proof = len(leaves), recursive_root(leaves), inclusion(leaves, index)
    leaf = tree.leaf_hash(leaves[index])
    assert tree.verify_inclusion(leaf, index, size, proof, root)
    assert not tree.verify_inclusion(tree.leaf_hash(b"another"), index, size, proof, root)
    assert not tree.verify_inclusion(leaf, index, size, [*proof, root], root)
    assert not tree.verify_inclusion(leaf, size, size, proof, root)
    assert not tree.verify_inclusion(leaf, -1, size, proof, root)
    if proof:
        assert not tree.verify_inclusion(leaf, index, size, proof[:-1], root)
        assert not tree.verify_inclusion(leaf, index, size, [bytes(32), *proof[1:]], root)


@given(many_leaves, st.data())
def test_a_consistency_proof_shows_every_change_of_the_past(leaves: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(leaves)))
    old, new = recursive_root(leaves[:first]), recursive_root(leaves)
    proof = consistency(leaves, first)
    assert tree.verify_consistency(first, len(leaves), proof, old, new)
    changed = data.draw(st.integers(0, first - 1))
    rewritten = [*leaves[:changed], b"rewritten", *leaves[changed + 1 :]]
    assert not tree.verify_consistency(
        first, len(leaves), consistency(rewritten, first), old, recursive_root(rewritten)
    )
    assert not tree.verify_consistency(first, len(leaves), [*proof, new], old, new)
    assert not tree.verify_consistency(0, len(leaves), [], old, new)
    assert not tree.verify_consistency(len(leaves) + 1, len(leaves), proof, old, new)
    if proof:
        assert not tree.verify_consistency(first, len(leaves), proof[1:], old, new)


@given(many_leaves, st.data())
def test_a_frontier_continues_where_another_one_stopped(leaves: list[bytes], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, len(leaves)))
    hashes = stored(leaves)
    frontier = Frontier(size, [hashes[node] for node in tree.subtrees(0, size)])
    added = dict(pair for leaf in leaves[size:] for pair in frontier.add(tree.leaf_hash(leaf)))
    assert frontier.root() == recursive_root(leaves)
    assert {**stored(leaves[:size]), **added} == hashes


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_refuses_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="No such leaf"):
        tree.inclusion_ranges(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3), (-1, 2)])
def test_refuses_a_consistency_proof_backwards(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no such tree"):
        tree.consistency_ranges(first, second)
