"""exchange.md 3: what is believed, what is refused with which 401, and that every answer is signed."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from tests.contract.exchange.messages import penalty
from tests.contract.exchange.nodes import Node
from tests.contract.exchange.partner import Partner
from tests.contract.exchange.wire import REQUEST, Key, content_digest, from_b64url, is_signed, new_nonce

NOW = lambda shift: int(time.time()) + shift  # noqa: E731


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"unsigned": True}, "signature_invalid"),
        ({"keyid": "131400#nobody"}, "key_unknown"),
        ({"key": Key("139900")}, "key_unknown"),
        ({"label": "other"}, "signature_invalid"),
        ({"alg": "rsa-v1_5-sha256"}, "signature_invalid"),
        *(({"components": [name for name in REQUEST if name != left]}, "signature_invalid") for left in REQUEST),
        ({"nonce": "c2hvcnQ"}, "signature_invalid"),
        ({"late": {"Exchange-To": "130100"}}, "signature_invalid"),
        ({"late": {"Content-Digest": content_digest(b"other")}}, "signature_invalid"),
        ({"digest": content_digest(b"other")}, "digest_mismatch"),
        ({"to": "130100"}, "wrong_receiver"),
        ({"created": -302}, "created_out_of_window"),
        ({"created": 62}, "created_out_of_window"),
        # several at once: the order of the page
        ({"digest": content_digest(b"other"), "to": "130100", "created": -400}, "digest_mismatch"),
        ({"to": "130100", "created": -400}, "wrong_receiver"),
    ],
)
def test_a_request_that_cannot_be_believed(city: Partner, how: dict[str, Any], code: str) -> None:
    how = {**how, **({"created": NOW(how["created"])} if "created" in how else {})}
    answer = city.ask("GET", "/node", **how)
    assert answer.refused() == (401, code)


def test_a_key_of_the_same_name_that_is_not_the_trusted_one(city: Partner) -> None:
    assert city.ask("GET", "/node", key=Key(city.node)).refused() == (401, "signature_invalid")


@pytest.mark.parametrize("shift", [-295, 55])
def test_both_ends_of_the_window_are_inside(city: Partner, shift: int) -> None:
    assert city.ask("GET", "/node", created=NOW(shift)).status == 200


@pytest.mark.parametrize("more", ["@authority", "@request-target", "@scheme", "@target-uri", "date"])
@pytest.mark.parametrize("query", ["", "chain=bulk"])
def test_more_may_be_covered(city: Partner, more: str, query: str) -> None:
    headers = {"Date": "Mon, 23 Nov 2026 02:00:00 GMT"}
    path = "/batches" if query else "/node"
    assert city.ask("GET", path, query, headers=headers, components=(*REQUEST, more)).status == 200
    assert city.ask(
        "GET", path, query, headers=headers, components=(*REQUEST, "@unheard-of"), unheard={"@unheard-of": "x"}
    ).refused() == (401, "signature_invalid")


def test_a_nonce_is_good_once_and_only_a_valid_signature_uses_it_up(city: Partner) -> None:
    nonce = new_nonce()
    assert city.ask("GET", "/node", nonce=nonce, to="130100").refused() == (401, "wrong_receiver")
    assert city.ask("GET", "/node", nonce=nonce).status == 200
    assert city.ask("GET", "/node", nonce=nonce).refused() == (401, "nonce_replayed")
    assert city.ask("GET", "/changes", "after=0", nonce=nonce).refused() == (401, "nonce_replayed")


def test_of_the_same_request_at_once_one_is_believed(city: Partner) -> None:
    nonce = new_nonce()
    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(lambda _: city.ask("GET", "/node", nonce=nonce).status, range(4)))
    assert found == [200, 401, 401, 401]


def test_a_replayed_batch_changes_nothing(partner: Partner) -> None:
    nonce, batch = new_nonce(), partner.chains.batch([penalty(partner.node)])
    assert partner.post(batch, nonce=nonce).status == 200
    assert partner.post(batch, nonce=nonce).refused() == (401, "nonce_replayed")


def test_a_key_is_per_node_and_several_may_stand(province: Node, partner: Partner) -> None:
    second = Key(partner.node, "k2")
    assert partner.ask("GET", "/node", key=second).refused() == (401, "key_unknown")
    province.trust(second)
    assert partner.ask("GET", "/node", key=second).status == partner.ask("GET", "/node").status == 200
    assert province.run("peer", "retire-key", second.kid)[0] == 0
    assert partner.ask("GET", "/node", key=second).refused() == (401, "key_unknown")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/nothing/at/all", 404, "not_found"),
        ("DELETE", "/batches", 405, "method_not_allowed"),
        ("POST", "/node", 405, "method_not_allowed"),
        ("GET", "/position", 405, "method_not_allowed"),
    ],
)
def test_also_what_is_not_there_is_answered_with_a_signature(
    city: Partner, method: str, path: str, status: int, code: str
) -> None:
    assert city.ask(method, path).refused() == (status, code)


def test_a_node_tells_who_it_is(city: Partner) -> None:
    answer = city.get("/node")
    found = answer.json
    assert {"node", "role", "epoch", "program", "schema_version", "time", "keys", "ledger_head"} <= set(found)
    assert (found["node"], found["role"], found["schema_version"]) == ("130000", "province", 1)
    assert found["epoch"] == answer.headers["exchange-epoch"]
    assert abs(datetime.fromisoformat(found["time"]).timestamp() - time.time()) < 60
    assert {jwk["kid"]: jwk["x"] for jwk in found["keys"]["keys"]} == {jwk["kid"]: jwk["x"] for jwk in city.jwks}
    assert all("d" not in jwk for jwk in found["keys"]["keys"])


def test_the_head_of_the_ledger_is_signed_and_grows(partner: Partner) -> None:
    def size() -> int:
        header, payload, signature = partner.get("/node").json["ledger_head"].split(".")
        jwk = next(each for each in partner.jwks if each["kid"] == json.loads(from_b64url(header))["kid"])
        assert is_signed(jwk, from_b64url(signature), f"{header}.{payload}".encode())
        members = json.loads(from_b64url(payload))
        assert {"size", "root"} <= set(members)
        return int(members["size"])

    before = size()
    receipt = partner.send(penalty(partner.node), penalty(partner.node))
    assert receipt["ledger_head"].count(".") == 2
    assert size() >= before


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b'{"position": 7}', {}, 204, None),
        (b'{"position": 0}', {}, 204, None),
        (b'{"position": -1}', {}, 422, "parameter_invalid"),
        (b'{"position": "7"}', {}, 422, "parameter_invalid"),
        (b"{}", {}, 422, "parameter_invalid"),
        (b"no json", {}, 400, "malformed"),
        (b'{"position": 7}', {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b'{"position": 7}', {"Content-Encoding": "br"}, 415, "unsupported_media_type"),
    ],
)
def test_how_far_the_caller_has_applied(
    city: Partner, body: bytes, headers: dict[str, str], status: int, code: str | None
) -> None:
    answer = city.ask("PUT", "/position", body=body, headers={"Content-Type": "application/json", **headers})
    assert (answer.status, code and answer.refused()[1]) == (status, code)
