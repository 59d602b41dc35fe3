"""Our node pushes to a province that never comes to an end: gaps and conflicts without end, bulk that it will not have."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from models import db
from registry.services import publicity
from registry.transaction import transaction
from tests.contract.exchange.lying import Asked, LyingPeer, Reply, as_json, lying_peer, receipt, refusal
from tests.contract.exchange.nodes import Node, node
from tests.contract.exchange.wire import Key
from tests.factories import ACTOR, make_authority, make_operator, make_penalty

KEY = Key("130000")


def honest(asked: Asked) -> Reply:
    return as_json(receipt(asked, KEY))


@pytest.fixture
def city() -> Iterator[Node]:
    with node("130100", "city") as found:
        yield found


@pytest.fixture
def peer(city: Node) -> Iterator[LyingPeer]:
    with lying_peer(KEY, list(city.jwks), honest) as found:
        city.trust(KEY, found.url)
        yield found


def enter(city: Node) -> str:
    with city.app.app_context(), transaction():
        return make_penalty(make_operator(), make_authority()).record_id


def push(city: Node) -> tuple[str, str | None]:
    told = city.told("exchange", "push", "130000")
    return told["outcome"], told.get("code")


def go_on(city: Node) -> None:
    with city.app.app_context(), transaction():
        db.session.execute(db.text("UPDATE peer_chain SET incident = NULL, incident_at = NULL"))


def named(asked: Asked) -> dict[str, Any]:
    return {name: asked.manifest[name] for name in ("batch_no", "body_digest")}


def all_received(city: Node, peer: LyingPeer) -> bool:
    """Whether the honest peer has got every record by now."""
    peer.seen.clear()
    peer.script = honest
    go_on(city)
    return push(city)[0] == "done" and city.ask("SELECT 1 FROM sent_batch WHERE state = 'frozen'") == []


def test_a_gap_behind_the_batch_itself_stops_the_chain(city: Node, peer: LyingPeer) -> None:
    enter(city)
    peer.script = lambda asked: refusal(409, "batch_gap", last=named(asked))
    assert push(city) == ("stopped", "batch_gap")
    assert all_received(city, peer)
    assert len(peer.seen) == 1


def test_a_gap_behind_a_name_that_no_database_holds_stops_the_chain(city: Node, peer: LyingPeer) -> None:
    enter(city)
    peer.script = lambda asked: refusal(409, "batch_gap", last={"batch_no": "\0", "body_digest": "\0"})
    assert push(city) == ("stopped", "batch_gap")


def test_a_gap_behind_a_later_batch_stops_the_chain(city: Node, peer: LyingPeer) -> None:
    for _ in range(2):
        enter(city)
        assert push(city)[0] == "done"
    last = named(peer.seen[-1])
    enter(city)
    peer.seen.clear()
    peer.script = lambda asked: refusal(409, "batch_gap", last=last if asked.manifest["previous"] is None else None)
    assert push(city) == ("stopped", "batch_gap")
    assert len(peer.seen) == 2
    assert all_received(city, peer)
    assert len(peer.seen) == 3


def test_a_second_gap_in_one_epoch_stops_the_chain(city: Node, peer: LyingPeer) -> None:
    enter(city)
    assert push(city)[0] == "done"
    enter(city)
    peer.seen.clear()
    peer.script = lambda asked: refusal(409, "batch_gap", last=None) if asked.manifest["previous"] else honest(asked)
    assert push(city) == ("stopped", "batch_gap")
    assert len(peer.seen) == 3
    assert all_received(city, peer)


def test_conflicts_without_end_stop_the_chain_and_lose_nothing(city: Node, peer: LyingPeer) -> None:
    record_id = enter(city)
    peer.script = lambda asked: refusal(409, "batch_conflict")
    assert push(city) == ("stopped", "batch_conflict")
    assert len({asked.manifest["batch_no"] for asked in peer.seen}) == len(peer.seen) == 10
    assert all_received(city, peer)
    assert record_id in {each["record_id"] for asked in peer.seen for each in asked.messages}


@pytest.mark.parametrize("status", [429, 503, 400])
def test_an_end_does_not_wait_for_bulk_that_gets_no_good_answer(city: Node, peer: LyingPeer, status: int) -> None:
    record_id = enter(city)
    code = "batch_incomplete" if status == 400 else "busy"

    def no_bulk(asked: Asked) -> Reply:
        return refusal(status, code) if asked.manifest["chain"] == "bulk" else honest(asked)

    peer.script = no_bulk
    assert push(city) == ("no_answer", code)
    with city.app.app_context(), transaction():
        publicity.shield(record_id, on=date(2026, 11, 2), actor=ACTOR)
    peer.seen.clear()
    assert push(city) == ("no_answer", code)
    ended = [asked for asked in peer.seen if asked.manifest["chain"] == "urgent"]
    assert [(each["record_id"], each["reason"]) for asked in ended for each in asked.messages] == [
        (record_id, "shielded")
    ]
