"""POST /batches: the checks of the whole in their order, receipts to the byte, nothing applied where one fails."""

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from models import db
from registry.clock import now
from registry.transaction import transaction
from sync import peers
from sync.signing import new_nonce, sign_request
from tests.exchange_messages import line, message, penalty, revised, signed
from tests.exchange_nodes import Partner, node, random_nonce


@pytest.fixture(scope="module")
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


_nodes = iter(f"13{number:04d}" for number in range(1000, 9000, 100))


@pytest.fixture
def partner(province: Flask) -> Partner:
    """A city whose chains begin anew: what one test sends, no other sees."""
    return Partner(province, next(_nodes))


def code(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    return str(answer.get_json()["code"])


def held(partner: Partner) -> int:
    with partner.app.app_context():
        return int(
            db.session.execute(
                db.text("SELECT count(*) FROM exchange_message WHERE origin = :node"), {"node": partner.node}
            ).scalar_one()
        )


def test_a_batch_is_taken_in_and_its_receipt_adds_up(partner):
    good, bad = penalty(origin=partner.node), penalty(origin=partner.node, data={"CF_NR_FK": "0.5元"})
    receipt = partner.send(good, bad, good)
    assert {name: receipt[name] for name in ("received", "accepted", "duplicate", "superseded", "rejected")} == {
        "received": 3, "accepted": 1, "duplicate": 1, "superseded": 0, "rejected": 1,
    }  # fmt: skip
    (result,) = receipt["results"]
    assert result | {"message": ""} == {
        "line": 2, "record_id": bad["record_id"], "revision": 1, "status": "rejected", "code": "amount_format",
        "field": "CF_NR_FK", "message": "",
    }  # fmt: skip
    assert held(partner) == 1


@pytest.mark.parametrize("zipped", [False, True])
def test_a_repeat_gets_the_same_receipt_to_the_byte(partner, zipped):
    body = partner.batch([penalty(origin=partner.node)])
    first = partner.post(body, zipped=zipped)
    again = partner.post(body, zipped=not zipped)
    assert first.headers.get("Idempotent-Replay") is None
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.data == first.data
    number = json.loads(body.partition(b"\n")[0])["batch_no"]
    assert partner.ask("GET", f"/batches/{number}").data == first.data


def test_receipts_are_for_who_sent_the_batch(partner, province):
    partner.send(penalty(origin=partner.node))
    number = f"{partner.node}-20261123-000001"
    assert code(Partner(province, next(_nodes)).ask("GET", f"/batches/{number}"), 403) == "node_mismatch"
    assert code(partner.ask("GET", f"/batches/{partner.node}-20261123-000002"), 404) == "not_found"


def test_the_last_batch_of_a_chain_is_told(partner):
    assert partner.ask("GET", "/batches", query="chain=bulk").get_json() == {"last": None}
    receipt = partner.send(penalty(origin=partner.node))
    last = partner.ask("GET", "/batches", query="chain=bulk").get_json()["last"]
    assert last == {"batch_no": receipt["batch_no"], "body_digest": receipt["body_digest"], "to_seq": 1}
    assert partner.ask("GET", "/batches", query="chain=urgent").get_json() == {"last": None}
    assert code(partner.ask("GET", "/batches", query="chain=other"), 422) == "parameter_invalid"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"no json\n",
        b"{}\n",
        b'{"batch_no": "a", "batch_no": "b"}\n',
    ],
)
def test_what_has_no_manifest_is_malformed(partner, body):
    assert code(partner.post(body), 400) == "malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_version": 2},
        {"chain": "other"},
        {"count": 0},
        {"count": "1"},
        {"previous": {}},
        {"epoch": "x"},
        {"batch_no": "130999-20261123-000001"},
        {"node": "130999", "batch_no": "130999-20261123-000001"},
        {"ledger_head": None},
        {"from_seq": 9, "to_seq": 1},
        {"created_at": "yesterday"},
    ],
)
def test_a_manifest_that_is_not_sound_is_malformed(partner, changes):
    assert code(partner.post(partner.batch([penalty(origin=partner.node)], **changes)), 400) == "malformed"
    assert held(partner) == 0


@pytest.mark.parametrize("lines", [b"no json\n", b"[]\n", b"\n", b'{"a": "\xff"}\n'])
def test_a_line_that_is_no_object_is_malformed(partner, lines):
    found = line(penalty(origin=partner.node)) + lines
    assert code(partner.post(partner.batch([{}, {}], lines=found)), 400) == "malformed"
    assert held(partner) == 0


def test_a_last_line_without_its_end_is_no_line(partner):
    found = line(penalty(origin=partner.node))[:-1]
    assert code(partner.post(partner.batch([{}], lines=found)), 400) == "malformed"


@pytest.mark.parametrize(("count", "cut"), [(2, 0), (1, 1), (3, 0)])
def test_lines_that_the_manifest_does_not_count_or_digest_are_incomplete(partner, count, cut):
    messages = [penalty(origin=partner.node), penalty(origin=partner.node)]
    body = partner.batch(messages, count=count)
    if count == 2:
        body = partner.batch(messages, body_digest=f"sha256:{'0' * 64}")
    assert code(partner.post(body), 400) == "batch_incomplete"
    assert held(partner) == 0


def test_one_number_is_one_batch(partner):
    first = partner.send(penalty(origin=partner.node))
    partner.number -= 1
    other = partner.batch([penalty(origin=partner.node)])
    assert json.loads(other.partition(b"\n")[0])["batch_no"] == first["batch_no"]
    assert code(partner.post(other), 409) == "batch_conflict"
    assert held(partner) == 1


def test_a_batch_follows_the_last_one_of_its_chain(partner):
    first = partner.send(penalty(origin=partner.node))
    previous = {"batch_no": first["batch_no"], "body_digest": first["body_digest"]}
    for wrong in (
        None,
        {**previous, "body_digest": f"sha256:{'0' * 64}"},
        {**previous, "batch_no": f"{partner.node}-20261123-000009"},
    ):
        answer = partner.post(partner.batch([penalty(origin=partner.node)], previous=wrong))
        assert code(answer, 409) == "batch_gap"
        assert answer.get_json()["last"] == previous
    partner.send(penalty(origin=partner.node), chain="urgent")
    partner.send(penalty(origin=partner.node))


def test_a_first_batch_follows_nothing(partner):
    previous = {"batch_no": f"{partner.node}-20261123-000009", "body_digest": f"sha256:{'0' * 64}"}
    answer = partner.post(partner.batch([penalty(origin=partner.node)], previous=previous))
    assert code(answer, 409) == "batch_gap"
    assert answer.get_json()["last"] is None


def test_a_new_epoch_begins_new_chains(partner):
    partner.send(penalty(origin=partner.node))
    partner.epoch = "00000000-0000-4000-8000-000000000001"
    partner.chains["bulk"].previous = None
    partner.send(penalty(origin=partner.node))
    last = partner.ask("GET", "/batches", query="chain=bulk").get_json()["last"]
    assert last["batch_no"] == f"{partner.node}-20261123-000002"


@pytest.mark.parametrize(
    "head",
    [
        lambda partner: partner.head(1),  # smaller than the one before
        lambda partner: partner.head(10, root=bytes(32)),  # another root
        lambda partner: partner.head(11, at="2020-01-01T00:00:00+08:00"),  # larger, and signed earlier
        lambda partner: Partner(partner.app, next(_nodes)).head(12),  # signed by somebody else
        lambda partner: f"{partner.head(12)[:-8]}AAAAAAAA",
        lambda partner: "a.b.c",
    ],
)
def test_a_head_extends_the_one_before(partner, head):
    partner.seq = 9
    partner.send(penalty(origin=partner.node))
    body = partner.batch([penalty(origin=partner.node)], ledger_head=head(partner), from_seq=1, to_seq=1)
    assert code(partner.post(body), 409) == "head_inconsistent"
    assert held(partner) == 1
    with partner.app.app_context():
        noted = db.session.execute(
            db.text("SELECT i.code FROM exchange_incident i JOIN peer p ON p.id = i.peer_id WHERE p.node = :node"),
            {"node": partner.node},
        ).scalars()
        assert noted.all() == ["head_inconsistent"]


def test_a_head_covers_the_last_message(partner):
    body = partner.batch([penalty(origin=partner.node)], ledger_head=partner.head(1), from_seq=1, to_seq=2)
    assert code(partner.post(body), 409) == "head_inconsistent"


def test_a_batch_that_was_frozen_earlier_may_come_later_in_the_other_chain(partner):
    partner.seq = 4
    old = partner.batch([penalty(origin=partner.node)], chain="bulk")
    partner.seq = 50
    partner.send(penalty(origin=partner.node), chain="urgent")
    assert partner.post(old).status_code == 200


def test_too_many_messages_are_too_large(partner):
    lines = b"{}\n" * 5001
    assert code(partner.post(partner.batch([{}] * 5001, lines=lines)), 413) == "too_large"
    lines = b"{}\n" * 5000
    receipt = partner.post(partner.batch([{}] * 5000, lines=lines)).get_json()
    assert receipt["rejected"] == 5000


@pytest.mark.parametrize("zipped", [False, True])
def test_eight_mebibytes_are_the_most(partner, zipped):
    filler = line(message("commitment", origin=partner.node, data={"title": "x" * (8 * 1024 * 1024)}))
    assert code(partner.post(partner.batch([{}], lines=filler), zipped=zipped), 413) == "too_large"


def test_a_bomb_is_not_unpacked(partner):
    bomb = gzip.compress(bytes(300 * 1024 * 1024), 1)
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    assert code(partner.ask("POST", "/batches", bomb, headers=headers), 413) == "too_large"


def test_a_body_longer_than_any_batch_is_read_to_its_end_and_refused(partner):
    headers = {"Content-Type": "application/x-ndjson"}
    assert code(partner.ask("POST", "/batches", bytes(40 * 1024 * 1024), headers=headers), 413) == "too_large"


@pytest.mark.parametrize(
    ("headers", "status", "expected"),
    [
        ({"Content-Type": "application/json"}, 415, "unsupported_media_type"),
        ({}, 415, "unsupported_media_type"),
        ({"Content-Type": "application/x-ndjson", "Content-Encoding": "br"}, 415, "unsupported_media_type"),
        ({"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}, 400, "malformed"),
    ],
)
def test_media_that_are_not_known_are_told(partner, headers, status, expected):
    answer = partner.ask("POST", "/batches", partner.batch([penalty(origin=partner.node)]), headers=headers)
    assert code(answer, status) == expected


def test_a_gzip_that_is_cut_off_is_malformed(partner):
    packed = gzip.compress(partner.batch([penalty(origin=partner.node)]))
    headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
    assert code(partner.ask("POST", "/batches", packed[:-9], headers=headers), 400) == "malformed"


def test_a_replayed_request_is_refused_and_changes_nothing(partner):
    nonce = random_nonce()
    assert partner.ask("GET", "/node", nonce=nonce).status_code == 200
    assert code(partner.ask("GET", "/node", nonce=nonce), 401) == "nonce_replayed"


@pytest.mark.parametrize(
    ("signing", "expected"),
    [
        ({"to": "130998"}, "wrong_receiver"),
        ({"created": timedelta(seconds=-360)}, "created_out_of_window"),
        ({"created": timedelta(seconds=600)}, "created_out_of_window"),
        ({"body": b"another body"}, "digest_mismatch"),
        ({"path": "/exchange/v1/node"}, "signature_invalid"),
        ({"method": "PUT"}, "signature_invalid"),
        ({"query": "x"}, "signature_invalid"),
    ],
)
def test_a_request_that_cannot_be_believed_is_refused(partner, signing, expected):
    body = partner.batch([penalty(origin=partner.node)])
    made: dict[str, Any] = {
        name: now() + value if isinstance(value, timedelta) else value for name, value in signing.items()
    }
    vouched = made.pop("body", body)
    nonce = new_nonce()
    headers = sign_request(
        partner.keys,
        **{
            "to": partner.receiver, "method": "POST", "path": "/exchange/v1/batches", "query": "", "created": now(),
            "nonce": nonce, "body": vouched, **made,
        },
    )  # fmt: skip
    with partner.app.app_context():
        answer = partner.app.test_client().post(
            "/exchange/v1/batches", data=body, headers=headers | {"Content-Type": "application/x-ndjson"}
        )
        partner.check(answer, nonce)
    assert code(answer, 401) == expected
    assert held(partner) == 0


def test_a_stranger_is_refused(province, partner):
    stranger = Partner(province, next(_nodes))
    with province.app_context(), transaction():
        peers.retire_key(stranger.keys.keyid)
    assert code(stranger.ask("GET", "/node"), 401) == "key_unknown"
    with province.app_context():
        assert province.test_client().get("/exchange/v1/node").get_json()["code"] == "signature_invalid"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", "/batches", 405), ("GET", "", 404)]
)
def test_also_what_is_not_there_is_signed(partner, method, path, status):
    assert partner.ask(method, path).status_code == status


def test_a_node_tells_who_it_is(partner):
    found = partner.ask("GET", "/node").get_json()
    assert (found["node"], found["role"], found["schema_version"]) == ("130000", "province", 1)
    assert found["keys"]["keys"][0]["kid"].startswith("130000#")
    assert found["epoch"] == partner.ask("GET", "/node").headers["Exchange-Epoch"]


def test_a_position_is_noted(partner):
    json_type = {"Content-Type": "application/json"}
    assert partner.ask("PUT", "/position", b'{"position": 7}', headers=json_type).status_code == 204
    assert partner.ask("PUT", "/position", b'{"position": 9}', headers=json_type).status_code == 204
    with partner.app.app_context():
        theirs = db.session.execute(
            db.text("SELECT theirs FROM peer_cursor c JOIN peer p ON p.id = c.peer_id WHERE node = :node"),
            {"node": partner.node},
        ).scalar_one()
    assert theirs == 9
    assert code(partner.ask("PUT", "/position", b'{"position": -1}', headers=json_type), 422) == "parameter_invalid"
    assert code(partner.ask("PUT", "/position", b"{", headers=json_type), 400) == "malformed"
    assert code(partner.ask("PUT", "/position", b"{}"), 415) == "unsupported_media_type"


@pytest.mark.parametrize(
    ("body", "encoding", "status", "expected"),
    [
        (gzip.compress(b'{"position": 7}', mtime=0), "gzip", 204, None),
        (gzip.compress(b'{"position": 7}', mtime=0)[:-9], "gzip", 400, "malformed"),
        (b'{"position": 7}', "br", 415, "unsupported_media_type"),
        (b" " * (9 * 1024 * 1024), "identity", 413, "too_large"),
    ],
)
def test_a_position_is_unpacked_and_bounded_like_a_batch(partner, body, encoding, status, expected):
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    answer = partner.ask("PUT", "/position", body, headers=headers)
    assert (answer.status_code, expected and code(answer, status)) == (status, expected)


def test_revisions_rise_and_only_the_origin_speaks(partner):
    first = penalty(origin=partner.node)
    second = revised(first, data={**first["data"], "CF_NR": "罚款0.5万元"})
    other = penalty(origin="130998")
    conflict = {**second, "data": first["data"]}
    receipt = partner.send(second, first, other, signed(conflict), {**second, "digest": first["digest"]})
    assert [result["code"] for result in receipt["results"]] == ["origin_mismatch", "revision_conflict", "digest"]
    assert (receipt["accepted"], receipt["superseded"], receipt["rejected"]) == (1, 1, 3)
