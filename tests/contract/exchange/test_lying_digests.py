"""Our node compares with a province that lies about what it holds: nothing is fetched, nothing is called equal."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from models import db
from registry.transaction import transaction
from tests.contract.exchange.lying import Asked, LyingPeer, Reply, as_json, lying_peer, refusal
from tests.contract.exchange.messages import line, violation
from tests.contract.exchange.nodes import Node, node
from tests.contract.exchange.wire import Key, sha256

KEY = Key("130000")
OF = {"resource": "violation_listing", "origin": "130000"}
ONE, OTHER = violation("130000"), violation("130000")
WRONG = "sha256:" + "0" * 64

Buckets = list[dict[str, Any]]


def bucket_of(record_id: str) -> str:
    return f"{hashlib.sha256(record_id.encode()).digest()[0]:02x}"


def held(record_id: str = ONE["record_id"], revision: Any = 1, digest: str = ONE["digest"]) -> dict[str, Any]:
    return {"record_id": record_id, "revision": revision, "digest": digest}


def buckets(listed: Buckets) -> Buckets:
    """What is true of these records."""
    found = []
    for number in range(256):
        there = [each for each in listed if bucket_of(str(each["record_id"])) == f"{number:02x}"]
        lines = "".join(f"{each['record_id']} {each['revision']} {each['digest']}\n" for each in there)
        found.append({"bucket": f"{number:02x}", "count": len(there), "digest": sha256(lines.encode())})
    return found


def province(
    listed: Buckets, bend: Callable[[dict[str, Any]], object] = lambda told: None, record: Reply | None = None
) -> Callable[[Asked], Reply]:
    """Holds nothing but one record of its own, and says so, but for what is bent."""

    def script(asked: Asked) -> Reply:
        scope = {name: asked.query[name][0] for name in OF if name in asked.query}
        if "/records/" in asked.path:
            return record or refusal(404, "not_found")
        if not asked.path.endswith("/digests"):
            return as_json(listed if scope == OF else [])
        told = {"position": 1, **scope, "buckets": buckets(listed if scope == OF else [])}
        if scope == OF:
            bend(told)
        return as_json(told)

    return script


def bent(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda told: told["buckets"][3].update(changes)


def stranger(**changes: Any) -> Callable[[Asked], Reply]:
    """A list with an entry that is none, in a bucket that is said to differ for it."""
    entry = held(**changes)
    return province([entry], bent(digest=WRONG) if bucket_of(str(entry["record_id"])) == "03" else lambda told: None)


LIES: dict[str, Callable[[Asked], Reply]] = {
    "a digest that is not of the records": province([], bent(digest=WRONG)),
    "a count that is not of the records": province([], bent(count=7)),
    "255 buckets": province([], lambda told: told["buckets"].pop()),
    "a bucket twice": province([], lambda told: told["buckets"].append(told["buckets"][0])),
    "no digest": province([], bent(digest="0")),
    "of another resource": province([], lambda told: told.update(resource="operator")),
    "of another origin": province([], lambda told: told.update(origin="130900")),
    "a name that leads elsewhere": stranger(record_id="../../node"),
    "a name of another address": stranger(record_id="130000.violation_listing.x?y#z"),
    "a name with the character 0": stranger(record_id="130000.violation_listing.\0"),
    "a record of ours": stranger(record_id="130100.violation_listing.x"),
    "a revision that no database counts": stranger(revision=2**63),
    "a revision that is none": stranger(revision=True),
    "a digest that is none": stranger(digest="\0"),
    "a record twice": province([held(), held()]),
}


@pytest.fixture(scope="module")
def city() -> Iterator[Node]:
    with node("130100", "city") as found:
        yield found


@pytest.fixture(scope="module")
def peer(city: Node) -> Iterator[LyingPeer]:
    with lying_peer(KEY, list(city.jwks), province([])) as found:
        city.trust(KEY, found.url)
        yield found


@pytest.fixture(autouse=True)
def fresh(city: Node, peer: LyingPeer) -> None:
    with city.app.app_context(), transaction():
        db.session.execute(db.text("DELETE FROM exchange_incident"))
    peer.seen.clear()


def reconcile(city: Node) -> dict[str, Any]:
    return city.told("exchange", "reconcile", "130000", "--again-after", "0")


def incidents(city: Node) -> set[str]:
    return {code for (code,) in city.ask("SELECT code FROM exchange_incident")}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_told_and_nothing_is_asked_for_by_a_name_that_is_none(city: Node, peer: LyingPeer, lie: str) -> None:
    peer.script = LIES[lie]
    assert reconcile(city)["outcome"] == "no_answer"
    assert incidents(city) == {"digests_unsound"}
    assert not any("/records/" in asked.path for asked in peer.seen)
    assert peer.broken == []
    assert city.ask("SELECT 1 FROM exchange_message WHERE origin = '130000'") == []


def test_a_record_that_changes_between_two_requests_is_no_lie(city: Node, peer: LyingPeer) -> None:
    once = iter([WRONG])

    def bend(told: dict[str, Any]) -> None:
        told["buckets"][3]["digest"] = next(once, told["buckets"][3]["digest"])

    peer.script = province([], bend)
    told = reconcile(city)
    assert (told["outcome"], told["differences"], incidents(city)) == ("done", 0, set())


@pytest.mark.parametrize("record", [line(OTHER)[:-1], b"<html>", b"[]", json.dumps(ONE).encode()[:-1]])
def test_another_record_than_was_asked_for_is_not_taken(city: Node, peer: LyingPeer, record: bytes) -> None:
    peer.script = province([held()], record=Reply(200, record))
    assert reconcile(city)["outcome"] == "no_answer"
    assert incidents(city) == {"record_unsound"}
    assert city.ask("SELECT 1 FROM exchange_message WHERE origin = '130000'") == []


def test_a_record_that_is_listed_and_never_given_is_a_difference_that_stays(city: Node, peer: LyingPeer) -> None:
    peer.script = province([held()])
    told = reconcile(city)
    assert (told["outcome"], told["staying"]) == ("differs", [ONE["record_id"]])
    assert incidents(city) == {"difference_stays"}
