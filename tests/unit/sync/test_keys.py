"""Own keys of the exchange: drawn once, rotated in two steps, heads signed under them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.ledger.heads import Head
from sync import keys


@dataclass
class Place:
    node_id: str
    key_dir: Path


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place("130100", tmp_path)


def test_a_key_is_shown_to_peers_before_it_signs(place):
    first = keys.own_keys(place)
    drawn = keys.draw_next(place)
    assert drawn.keyid == first.keyid
    assert len(drawn.public_jwks()["keys"]) == 2
    assert keys.draw_next(place).public_jwks() == drawn.public_jwks()
    switched = keys.put_next_in_force(place)
    assert switched.keyid == drawn.public_jwks()["keys"][1]["kid"] != first.keyid
    assert switched.next is None
    assert len(switched.public_jwks()["keys"]) == 2
    with pytest.raises(keys.NoNextKey):
        keys.put_next_in_force(place)


def test_only_public_halves_are_shown(place):
    (jwk,) = keys.own_keys(place).public_jwks()["keys"]
    assert "d" not in jwk
    assert jwk["kid"] == keys.own_keys(place).keyid
    assert jwk["kid"].startswith("130100#")


def test_a_head_is_read_back_with_the_right_key_only(place, tmp_path):
    own = keys.own_keys(place)
    head = Head(3, bytes(32), datetime(2026, 11, 23, tzinfo=UTC), "")
    token = own.sign_head(head)
    assert keys.read_head(token, own.public_jwks()["keys"]) == {
        "at": "2026-11-23T08:00:00+08:00", "root": "00" * 32, "size": 3,
    }  # fmt: skip
    stranger = keys.own_keys(Place("130200", tmp_path / "other"))
    assert keys.read_head(token, stranger.public_jwks()["keys"]) is None
    assert keys.read_head("a.b.c", own.public_jwks()["keys"]) is None
