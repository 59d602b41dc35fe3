"""Our node pulls from a province that lies: nothing is applied, the cursor stays, an incident stands."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from models import db
from registry.transaction import transaction
from tests.contract.exchange.lying import EPOCH, LyingPeer, Reply, lying_peer, refusal
from tests.contract.exchange.messages import line, penalty, violation
from tests.contract.exchange.nodes import Node, node
from tests.contract.exchange.wire import ANSWER, Key, new_nonce

KEY = Key("130000")
NDJSON = "application/x-ndjson"
NEXT, HEAD = 10, 10
FIRST, SECOND = violation("130200"), violation("130200")


def changes(*messages: tuple[int, dict[str, Any]]) -> bytes:
    return b"".join(b'{"position": %d, "message": %b}\n' % (place, line(each)[:-1]) for place, each in messages)


TRUE = changes((3, FIRST), (7, SECOND))


def page(body: bytes = TRUE, following: Any = NEXT, head: Any = HEAD, **how: Any) -> Reply:
    headers = {"Exchange-Next": str(following), "Exchange-Head": str(head)}
    return Reply(200, body, {name: value for name, value in headers.items() if value != "None"}, NDJSON, **how)


@pytest.fixture(scope="module")
def city() -> Iterator[Node]:
    with node("130100", "city") as found:
        yield found


@pytest.fixture(scope="module")
def peer(city: Node) -> Iterator[LyingPeer]:
    with lying_peer(KEY, list(city.jwks), lambda asked: page()) as found:
        city.trust(KEY, found.url)
        yield found


@pytest.fixture(autouse=True)
def fresh(city: Node, peer: LyingPeer) -> None:
    with city.app.app_context(), transaction():
        for table in ("exchange_incident", "exchange_problem", "peer_cursor"):
            db.session.execute(db.text(f"DELETE FROM {table}"))
        db.session.execute(db.text("UPDATE exchange_message SET missing_since = NULL"))
    peer.seen.clear()


def cursor(city: Node) -> list[tuple[Any, ...]]:
    return city.ask("SELECT epoch, position FROM peer_cursor WHERE epoch IS NOT NULL")


def held(city: Node) -> set[str]:
    return {record for (record,) in city.ask("SELECT record_id FROM exchange_message WHERE origin <> '130100'")}


def incidents(city: Node) -> set[str]:
    return {code for (code,) in city.ask("SELECT code FROM exchange_incident")}


BAD = violation("130200")
LIES: dict[str, tuple[Reply, str]] = {
    "unsigned": (page(unsigned=True), "signature_invalid"),
    "a stranger's key": (page(sign_with=Key("130000", "stranger")), "key_unknown"),
    "another nonce": (page(nonce=new_nonce()), "nonce_mismatch"),
    "too old": (page(created=int(time.time()) - 400), "created_out_of_window"),
    "Exchange-Next changed": (page(late={"Exchange-Next": "9"}), "signature_invalid"),
    "Exchange-Head changed": (page(late={"Exchange-Head": "900"}), "signature_invalid"),
    "Exchange-Next not covered": (page(components=(*ANSWER, "exchange-head")), "signature_invalid"),
    "a line changed": (page(late_body=TRUE.replace(b"44-5", b"44-6")), "digest_mismatch"),
    "a line dropped": (page(late_body=changes((7, SECOND))), "digest_mismatch"),
    "no Exchange-Next": (page(following=None), "page_unsound"),
    "no Exchange-Head": (page(head=None), "page_unsound"),
    "Exchange-Next that is no number": (page(following="-1"), "page_unsound"),
    "Exchange-Next before a line": (page(following=5), "page_unsound"),
    "Exchange-Next beyond the head": (page(following=11), "page_unsound"),
    "numbers that no database counts": (page(b"", following=2**63, head=2**63), "page_unsound"),
    "a head that no database counts": (page(head=10**19 - 1), "page_unsound"),
    "descending": (page(changes((7, FIRST), (3, SECOND))), "page_unsound"),
    "a position twice": (page(changes((7, FIRST), (7, SECOND))), "page_unsound"),
    "a position of 0": (page(changes((0, FIRST))), "page_unsound"),
    "a line without its end": (page(TRUE[:-1]), "page_unsound"),
    "HTML": (page(b"<html></html>\n"), "page_unsound"),
    "messages without positions": (page(line(FIRST)), "page_unsound"),
    "cut": (page(cut=9), "broken_answer"),
    "empty and unsigned": (Reply(unsigned=True), "signature_invalid"),
    "empty": (Reply(), "page_unsound"),
    "an odd success": (Reply(204), "http_204"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_moves_nothing_and_is_told(city: Node, peer: LyingPeer, lie: str) -> None:
    reply, code = LIES[lie]
    peer.script = lambda asked: reply
    told = city.told("exchange", "pull", "130000")
    assert told["outcome"] != "done"
    assert (told["accepted"], cursor(city), held(city)) == (0, [], set())
    assert incidents(city) == {code}


def test_a_feed_that_goes_backwards_moves_nothing(city: Node, peer: LyingPeer) -> None:
    peer.script = lambda asked: page(b"", 10, 12) if asked.query["after"] == ["0"] else page(b"", 4, 12)
    assert city.told("exchange", "pull", "130000")["outcome"] == "no_answer"
    assert (cursor(city), incidents(city)) == ([(EPOCH, 10)], {"page_unsound"})


def test_what_contradicts_itself_is_kept_whole_and_the_page_goes_on(city: Node, peer: LyingPeer) -> None:
    wrong = {**BAD, "digest": "sha256:" + "0" * 64}
    ours = penalty("130100")  # our own record comes back from above
    peer.script = lambda asked: page(changes((3, wrong), (5, ours), (7, BAD))) if asked.method == "GET" else Reply(204)
    told = city.told("exchange", "pull", "130000")
    assert (told["outcome"], told["accepted"], told["rejected"]) == ("done", 1, 1)
    assert held(city) == {BAD["record_id"]}
    assert city.refused() == [line(wrong)[:-1]]
    assert city.ask("SELECT 1 FROM exchange_message WHERE record_id = :r", r=ours["record_id"]) == []
    assert cursor(city) == [(EPOCH, 10)]
    put = peer.seen[-1]
    assert (put.method, put.body) == ("PUT", b'{"position":10}')
    assert peer.broken == []


def test_names_and_revisions_that_no_database_has_a_place_for_are_kept_whole(city: Node, peer: LyingPeer) -> None:
    strange = [{**BAD, "record_id": "\0"}, *({**BAD, "revision": number} for number in (2**63, -(2**63) - 1, 10**30))]
    places = list(zip((2, 3, 4, 5), strange, strict=True))
    peer.script = lambda asked: page(changes(*places)) if asked.method == "GET" else Reply(204)
    told = city.told("exchange", "pull", "130000")
    assert (told["outcome"], told["rejected"], cursor(city)) == ("done", 4, [(EPOCH, 10)])
    assert line(strange[0])[:-1] in city.refused()


def test_a_peer_that_is_gone_from_its_own_snapshot_is_left_in_peace(city: Node, peer: LyingPeer) -> None:
    snapshot = Reply(200, b"", {"Exchange-Position": "9"}, NDJSON)
    peer.script = lambda asked: snapshot if asked.path.endswith("/snapshot") else refusal(410, "position_gone")
    assert city.told("exchange", "pull", "130000")["outcome"] == "no_answer"
    assert (len(peer.seen), incidents(city)) == (3, {"page_unsound"})


SNAPSHOTS: dict[str, list[Reply]] = {
    "positions that differ": [
        Reply(200, line(FIRST), {"Exchange-Position": "9", "Exchange-Next-Page": "a"}, NDJSON),
        Reply(200, b"", {"Exchange-Position": "8"}, NDJSON),
    ],
    "no position": [Reply(200, line(FIRST), {}, NDJSON)],
    "the same page again": [Reply(200, b"", {"Exchange-Position": "9", "Exchange-Next-Page": "a"}, NDJSON)] * 3,
    "no JSON": [Reply(200, b"<html>\n", {"Exchange-Position": "9"}, NDJSON)],
    "a page header changed": [
        Reply(200, b"", {"Exchange-Position": "9", "Exchange-Next-Page": "a"}, NDJSON, late={"Exchange-Next-Page": "b"})
    ],
    "empty pages without end": [
        Reply(200, b"", {"Exchange-Position": "9", "Exchange-Next-Page": str(number)}, NDJSON) for number in range(150)
    ],
    "another epoch on the second page": [
        Reply(200, b"", {"Exchange-Position": "9", "Exchange-Next-Page": "a"}, NDJSON),
        Reply(200, b"", {"Exchange-Position": "9"}, NDJSON, epoch="c0ffee00-8f3a-4d0e-9c55-000000000003"),
    ],
}


@pytest.mark.parametrize("lie", SNAPSHOTS)
def test_a_snapshot_that_lies_leads_nowhere(city: Node, peer: LyingPeer, lie: str) -> None:
    pages = iter(SNAPSHOTS[lie])
    peer.script = lambda asked: refusal(410, "position_gone") if asked.path.endswith("/changes") else next(pages)
    told = city.told("exchange", "pull", "130000")
    assert (told["outcome"], cursor(city)) == ("no_answer", [])
    assert len(incidents(city)) == 1
    assert incidents(city) <= {"page_unsound", "signature_invalid"}
    assert held(city) <= {BAD["record_id"], FIRST["record_id"]}
    if len(SNAPSHOTS[lie]) == 1:  # no page of it was believed: nothing counts as missing
        assert city.ask("SELECT 1 FROM exchange_message WHERE missing_since IS NOT NULL") == []
