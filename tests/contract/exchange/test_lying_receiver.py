"""Our node pushes to a province that lies: nothing counts as sent, an incident stands, and the truth still gets through."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from models import db
from registry.transaction import transaction
from tests.contract.exchange.lying import Asked, LyingPeer, Reply, Script, as_json, lying_peer, receipt, refusal
from tests.contract.exchange.messages import head
from tests.contract.exchange.nodes import Node, node
from tests.contract.exchange.wire import ANSWER, Key, believe, from_b64url, is_signed, message_digest, new_nonce, sha256
from tests.factories import make_authority, make_operator, make_penalty

KEY = Key("130000")
THIRD = Key("130500")  # another node that the city trusts as well
STRANGER = Key("130000", "stranger")
HTML = b"<html><body>200 OK</body></html>"


def honest(asked: Asked) -> Reply:
    return as_json(receipt(asked, KEY))


@pytest.fixture(scope="module")
def city() -> Iterator[Node]:
    with node("130100", "city") as found:
        found.trust(THIRD)
        yield found


@pytest.fixture(scope="module")
def peer(city: Node) -> Iterator[LyingPeer]:
    with lying_peer(KEY, list(city.jwks), honest) as found:
        city.trust(KEY, found.url)
        with city.app.app_context(), transaction():
            for _ in range(3):
                make_penalty(make_operator(), make_authority())
        yield found


@pytest.fixture(autouse=True)
def fresh(city: Node, peer: LyingPeer) -> None:
    """Nothing is known of earlier lies, and no chain stands still."""
    with city.app.app_context(), transaction():
        db.session.execute(db.text("DELETE FROM exchange_incident"))
        db.session.execute(db.text("UPDATE peer_chain SET incident = NULL, incident_at = NULL"))
        db.session.execute(db.text("UPDATE peer SET state = 'active', incident = NULL"))
    peer.seen.clear()


def sent(city: Node) -> int:
    return len(city.ask("SELECT 1 FROM sent_batch WHERE state = 'receipted' OR receipt IS NOT NULL"))


def incidents(city: Node) -> set[str]:
    return {code for (code,) in city.ask("SELECT code FROM exchange_incident WHERE seen_at IS NULL")}


def changed(**members: Any) -> Script:
    return lambda asked: as_json(receipt(asked, KEY, **members))


def late(**how: Any) -> Script:
    def script(asked: Asked) -> Reply:
        reply = honest(asked)
        for name, value in how.items():
            setattr(reply, name, value(asked, reply) if callable(value) else value)
        return reply

    return script


def result(asked: Asked, **changes: Any) -> dict[str, Any]:
    first = asked.messages[0]
    return {
        "line": 1, "record_id": first["record_id"], "revision": 1, "status": "rejected", "code": "digest", "field": "digest",
        "message": "no", **changes,
    }  # fmt: skip


def rejecting(asked_changes: dict[str, Any], **members: Any) -> Script:
    def script(asked: Asked) -> Reply:
        count = asked.manifest["count"]
        counts = {"accepted": count - 1, "rejected": 1, **members}
        return as_json(receipt(asked, KEY, results=[result(asked, **asked_changes)], **counts))

    return script


def moment(shift: int) -> Any:
    return lambda asked, reply: int(time.time()) + shift


LIES: dict[str, tuple[Script, str]] = {
    "unsigned": (late(unsigned=True), "signature_invalid"),
    "a stranger's key": (late(sign_with=STRANGER), "key_unknown"),
    "another node's key": (late(sign_with=THIRD), "signature_invalid"),
    "a key of the same name": (late(sign_with=Key("130000")), "signature_invalid"),
    "another nonce": (late(nonce=lambda asked, reply: new_nonce()), "nonce_mismatch"),
    "too old": (late(created=moment(-305)), "created_out_of_window"),
    "from the future": (late(created=moment(70)), "created_out_of_window"),
    "fewer components": (late(components=("@status", "content-digest", "exchange-nonce")), "signature_invalid"),
    "no nonce covered": (late(components=tuple(name for name in ANSWER if name != "exchange-nonce")), "signature_invalid"),
    "a body changed": (late(late_body=lambda asked, reply: reply.body + b" "), "digest_mismatch"),
    "an epoch changed": (late(late={"Exchange-Epoch": "c0ffee00-8f3a-4d0e-9c55-000000000009"}), "signature_invalid"),
    "a nonce changed": (late(late={"Exchange-Nonce": "AAAAAAAAAAAAAAAAAAAAAA"}), "signature_invalid"),
    "a header added": (late(late={"Idempotent-Replay": "true"}), "signature_invalid"),
    "cut": (late(cut=20), "broken_answer"),
    "no HTTP": (lambda asked: Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"), "broken_answer"),
    "HTML, unsigned": (lambda asked: Reply(body=HTML, content_type="text/html", unsigned=True), "signature_invalid"),
    "HTML, signed": (lambda asked: Reply(body=HTML, content_type="text/html"), "receipt_unsound"),
    "empty, unsigned": (lambda asked: Reply(unsigned=True), "signature_invalid"),
    "empty, signed": (lambda asked: Reply(), "receipt_unsound"),
    "a refusal, unsigned": (lambda asked: Reply(409, b'{"code": "batch_conflict"}', unsigned=True), "signature_invalid"),
    "no receipt": (lambda asked: as_json({"ok": True}), "receipt_unsound"),
    "a list": (lambda asked: as_json([]), "receipt_unsound"),
    "another batch": (changed(batch_no="130100-20261126-999999"), "receipt_unsound"),
    "another digest": (changed(body_digest="sha256:" + "0" * 64), "receipt_unsound"),
    "fewer received": (lambda asked: as_json(receipt(asked, KEY, received=asked.manifest["count"] - 1)), "receipt_unsound"),
    "counts that do not add up": (changed(accepted=0), "receipt_unsound"),
    "a count that is a text": (changed(accepted="3"), "receipt_unsound"),
    "a rejection that is not counted": (rejecting({}, accepted=0, rejected=0), "receipt_unsound"),
    "a line that there is not": (rejecting({"line": 999}), "receipt_unsound"),
    "another record": (rejecting({"record_id": "130100.operator.other"}), "receipt_unsound"),
    "a rejection without a code": (rejecting({"code": None}), "receipt_unsound"),
    "a field that is no text": (rejecting({"field": {"a\0": "b"}}), "receipt_unsound"),
    "words that are no text": (rejecting({"message": 5}), "receipt_unsound"),
    "batch_incomplete": (lambda asked: refusal(400, "batch_incomplete"), "batch_incomplete"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_marks_nothing_as_sent_and_is_told(city: Node, peer: LyingPeer, lie: str) -> None:
    peer.script, code = LIES[lie]
    before = sent(city)
    told = city.told("exchange", "push", "130000")
    assert (told["outcome"], told["batches"]) == ("no_answer", 0)
    assert len(peer.seen) == 1
    assert sent(city) == before == 0
    assert incidents(city) == {code}
    assert city.ask("SELECT 1 FROM exchange_problem") == []
    assert city.ask("SELECT 1 FROM peer WHERE node = '130000' AND state <> 'active'") == []
    if code not in {"receipt_unsound", "batch_incomplete"}:
        assert city.ask("SELECT epoch FROM peer WHERE node = '130000'") != [("c0ffee00-8f3a-4d0e-9c55-000000000009",)]


def test_a_gap_behind_a_batch_that_was_never_sent_stops_the_chain(city: Node, peer: LyingPeer) -> None:
    unknown = {"batch_no": "130100-20200101-000001", "body_digest": "sha256:" + "0" * 64}
    for last in (unknown, None, "x", {}):
        peer.script = lambda asked, last=last: refusal(409, "batch_gap", last=last)  # type: ignore[misc]
        told = city.told("exchange", "push", "130000")
        assert (told["outcome"], told["code"], sent(city)) == ("stopped", "batch_gap", 0)
        assert incidents(city) == {"batch_gap"}
        assert city.told("exchange", "push", "130000")["outcome"] == "done"  # it stands still: nothing goes
        fresh.__wrapped__(city, peer)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "malformed"), (403, "node_mismatch"), (404, "not_found"), (409, "head_inconsistent"), (422, "x")],
)
def test_any_other_refusal_stops_the_chain(city: Node, peer: LyingPeer, status: int, code: str) -> None:
    peer.script = lambda asked: refusal(status, code)
    told = city.told("exchange", "push", "130000")
    assert (told["outcome"], told["code"], sent(city), incidents(city)) == ("stopped", code, 0, {code})


@pytest.mark.parametrize(("status", "seconds"), [(429, 900), (503, 1200), (500, None), (408, None), (401, None)])
def test_what_is_waited_out(city: Node, peer: LyingPeer, status: int, seconds: int | None) -> None:
    def busy(asked: Asked) -> Reply:
        reply = refusal(status, "busy")
        reply.headers = {"Retry-After": str(seconds)} if seconds else {}
        return reply

    peer.script = busy
    assert city.told("exchange", "push", "130000")["outcome"] == "no_answer"
    ((pause,),) = city.ask(
        "SELECT extract(epoch FROM max(next_attempt_at) - now()) FROM sent_batch WHERE state = 'frozen'"
    )
    assert 0 < float(pause) <= 1.1 * (seconds or 600)
    assert seconds is None or float(pause) > 0.9 * seconds


def test_then_the_truth_gets_through_in_the_batch_that_was_frozen_first(city: Node, peer: LyingPeer) -> None:
    peer.script = late(unsigned=True)
    city.told("exchange", "push", "130000")
    peer.script = honest
    told = city.told("exchange", "push", "130000")
    assert (told["outcome"], told["accepted"]) == ("done", told["received"])
    assert peer.broken == []
    refused, *taken = peer.seen
    assert refused.body == taken[0].body
    assert refused.nonce != taken[0].nonce
    assert incidents(city) == {"signature_invalid"}
    previous: dict[str, Any] = {}
    for asked in taken:
        manifest, lines = asked.manifest, asked.body.partition(b"\n")[2]
        assert (manifest["node"], manifest["schema_version"]) == ("130100", 1)
        assert manifest["count"] == len(asked.messages) >= 1
        assert manifest["body_digest"] == sha256(lines)
        assert manifest["previous"] == previous.get(manifest["chain"])
        assert manifest["from_seq"] <= manifest["to_seq"]
        previous[manifest["chain"]] = {name: manifest[name] for name in ("batch_no", "body_digest")}
        header, payload, signature = manifest["ledger_head"].split(".")
        jwk = next(each for each in peer.trusted if each["kid"] == json.loads(from_b64url(header))["kid"])
        assert is_signed(jwk, from_b64url(signature), f"{header}.{payload}".encode())
        assert json.loads(from_b64url(payload))["size"] >= manifest["to_seq"]
        assert all(each["digest"] == message_digest(each) for each in asked.messages)
    assert sent(city) == len(taken)
    kept = city.ask("SELECT receipt_headers, receipt FROM sent_batch WHERE state = 'receipted'")
    for headers, body in kept:  # what vouches for a receipt is kept with it
        believe(headers, bytes(body), {"@status": "200"}, ANSWER, [KEY.jwk])


def test_a_rewritten_ledger_shown_in_a_receipt_is_an_alarm(city: Node, peer: LyingPeer) -> None:
    for root in ("aa" * 32, "bb" * 32):
        with city.app.app_context(), transaction():
            make_penalty(make_operator(), make_authority())
        peer.script = changed(ledger_head=head(KEY, 99, root=root))
        city.told("exchange", "push", "130000")
    assert incidents(city) == {"head_inconsistent"}
