"""exchange.md 4: the checks of a whole batch in their order, receipts to the byte, chains, heads, limits, gzip."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.exchange.messages import BEIJING, head, line, penalty, revised
from tests.contract.exchange.partner import Partner
from tests.contract.exchange.wire import Key, sha256

STRANGE = "sha256:" + "0" * 64


def of(batch: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(batch.partition(b"\n")[0])
    return found


def held(partner: Partner, members: dict[str, Any]) -> bool:
    return partner.get(f"/records/{members['record_id']}").status == 200


def test_a_receipt_says_what_became_of_each_message(partner: Partner) -> None:
    first = penalty(partner.node, unknown="kept", data={"ABC": {"字": ["x", None]}})
    partner.send(first)
    newer, bad = revised(first, revision=5), penalty(partner.node, data={"CF_WFXW": ""})
    batch = partner.chains.batch([newer, first, newer, bad])
    answer = partner.post(batch)
    found = answer.json
    assert "idempotent-replay" not in answer.headers
    assert {name: found[name] for name in ("received", "accepted", "duplicate", "superseded", "rejected")} == {
        "received": 4, "accepted": 1, "duplicate": 1, "superseded": 1, "rejected": 1,
    }  # fmt: skip
    assert (found["batch_no"], found["body_digest"]) == (of(batch)["batch_no"], of(batch)["body_digest"])
    assert datetime.fromisoformat(found["received_at"]).utcoffset() is not None
    (result,) = found["results"]
    assert (result["line"], result["record_id"], result["revision"]) == (4, bad["record_id"], 1)
    assert (result["status"], result["code"], result["field"]) == ("rejected", "field_missing", "CF_WFXW")
    assert result["message"]
    assert partner.get(f"/records/{first['record_id']}").body == line(newer)[:-1]  # the bytes as they were sent
    assert not held(partner, bad)


@pytest.mark.parametrize("packed", [False, True])
def test_a_repeat_gets_the_same_receipt_to_the_byte(partner: Partner, packed: bool) -> None:
    batch = partner.chains.batch([penalty(partner.node), penalty(partner.node, data={"CF_NR_FK": "x"})])
    body, headers = (gzip.compress(batch), {"Content-Encoding": "gzip"}) if packed else (batch, {})
    first = partner.post(body, headers=headers)
    again = partner.post(batch)
    assert (first.status, again.status, again.headers["idempotent-replay"]) == (200, 200, "true")
    assert first.body == again.body == partner.get(f"/batches/{of(batch)['batch_no']}").body


def test_the_same_batch_from_two_connections_is_taken_in_once(partner: Partner) -> None:
    batch = partner.chains.batch([penalty(partner.node) for _ in range(20)])
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: partner.post(batch), range(3)))
    assert [answer.status for answer in answers] == [200] * 3
    assert len({answer.body for answer in answers}) == 1
    assert sum("idempotent-replay" in answer.headers for answer in answers) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"batch_no": "x"}, {"batch_no": "130100-20261126-000001"}, {"node": "130100"}, {"epoch": "never"}, {"schema_version": 2},
        {"count": "1"}, {"count": 0}, {"chain": "other"}, {"from_seq": None}, {"to_seq": 0}, {"previous": "none"},
        {"body_digest": "md5:0"}, {"ledger_head": None}, {"created_at": "yesterday"},
    ],
)  # fmt: skip
def test_a_manifest_that_is_none(city: Partner, change: dict[str, Any]) -> None:
    assert city.post(city.chains.batch([penalty(city.node)], **change)).refused() == (400, "malformed")


@pytest.mark.parametrize("body", [b"", b"\n", b"{}\n", b"<html>\n", b"[]\n", b'{"batch_no": 1}', b"\xff\xfe\n"])
def test_a_body_without_a_manifest(city: Partner, body: bytes) -> None:
    assert city.post(body).refused() == (400, "malformed")


def test_lines_that_are_no_objects(city: Partner) -> None:
    for wrong in (b"[]\n", b"1\n", b"{\n", b"\n", b'{"a": NaN}\n', b"\xff\n"):
        lines = [line(penalty(city.node)), wrong]
        assert city.post(city.chains.batch(lines=lines)).refused() == (400, "malformed")


def test_lines_and_manifest_that_disagree_and_nothing_is_applied(partner: Partner) -> None:
    one, two = penalty(partner.node), penalty(partner.node)
    whole = partner.chains.batch([one, two])
    short, more = whole[: -len(line(two))], whole + line(penalty(partner.node))
    changed = whole.replace("罚款0.5万元".encode(), "罚款0.6万元".encode(), 1)
    for wrong in (short, more, changed, whole[:-1]):
        assert partner.post(wrong).refused() == (400, "batch_incomplete")
    assert not held(partner, one)
    assert partner.get("/batches", "chain=bulk").json == {"last": None}
    assert partner.post(whole).status == 200


def test_one_number_is_one_batch_and_conflict_comes_before_gap(partner: Partner) -> None:
    batch = partner.chains.batch([penalty(partner.node)])
    assert partner.post(batch).status == 200
    other = penalty(partner.node)
    for change in ({}, {"previous": {"batch_no": f"{partner.node}-20261101-000001", "body_digest": STRANGE}}):
        conflict = partner.chains.batch([other], batch_no=of(batch)["batch_no"], **change)
        assert partner.post(conflict).refused() == (409, "batch_conflict")
    assert not held(partner, other)


def test_a_batch_follows_the_last_one_of_its_chain_and_epoch(partner: Partner) -> None:
    lost = {"batch_no": f"{partner.node}-20261101-000001", "body_digest": STRANGE}
    answer = partner.post(partner.chains.batch([penalty(partner.node)], previous=lost))
    assert (*answer.refused(), answer.json["last"]) == (409, "batch_gap", None)
    partner.send(penalty(partner.node))
    last = partner.chains.previous["bulk"]
    assert last is not None
    for previous in (None, lost, {**last, "body_digest": STRANGE}):
        answer = partner.post(partner.chains.batch([penalty(partner.node)], previous=previous))
        assert (*answer.refused(), answer.json["last"]) == (409, "batch_gap", last)
    partner.send(penalty(partner.node), chain="urgent")  # the first of its own chain
    partner.send(penalty(partner.node))


def test_what_is_held_last_is_told_of_the_chain_and_the_epoch(partner: Partner) -> None:
    assert partner.get("/batches", "chain=bulk").json == {"last": None}
    partner.send(penalty(partner.node), penalty(partner.node))
    last = partner.chains.previous["bulk"]
    assert last is not None
    assert partner.get("/batches", "chain=bulk").json == {"last": {**last, "to_seq": 2}}
    assert partner.get("/batches", "chain=urgent").json == {"last": None}
    partner.chains.epoch, partner.chains.previous["bulk"] = "00000000-0000-4000-8000-000000000007", None
    partner.send(penalty(partner.node))
    found = partner.get("/batches", "chain=bulk").json["last"]
    assert found["batch_no"] == (partner.chains.previous["bulk"] or {})["batch_no"]
    for query in ("", "chain=other"):
        assert partner.get("/batches", query).refused() == (422, "parameter_invalid")


def test_receipts_are_of_who_sent_the_batch(partner: Partner, city: Partner) -> None:
    number = partner.send(penalty(partner.node))["batch_no"]
    assert city.get(f"/batches/{number}").refused() == (403, "node_mismatch")
    assert partner.get(f"/batches/{partner.node}-20261126-000999").refused() == (404, "not_found")
    assert partner.get("/batches/nothing").refused() == (404, "not_found")


def test_a_head_extends_all_that_was_shown_in_this_epoch(partner: Partner) -> None:
    partner.send(*[penalty(partner.node) for _ in range(5)])
    message = penalty(partner.node)
    past = datetime.now(BEIJING) - timedelta(days=300)
    key = partner.key
    for lie in (
        head(key, 3),  # ends before to_seq, and is smaller than the one before
        head(key, 5),  # ends before to_seq
        head(key, 40, at=past),  # larger, and signed before the smaller one
        head(Key(partner.node), 40),  # under a key that nobody has vouched for
    ):
        answer = partner.post(partner.chains.batch([message], from_seq=6, to_seq=6, ledger_head=lie))
        assert answer.refused() == (409, "head_inconsistent")
    partner.chains.seq = 5
    batch = partner.chains.batch([message], ledger_head=head(key, 40))
    assert partner.post(batch).status == 200
    partner.chains.follow(batch)
    rewritten = head(key, 40, root="ab" * 32)
    answer = partner.post(partner.chains.batch([penalty(partner.node)], ledger_head=rewritten))
    assert answer.refused() == (409, "head_inconsistent")


def test_the_limits(city: Partner) -> None:
    many = [b"{}\n"] * 5_001
    assert city.post(city.chains.batch(lines=many)).refused() == (413, "too_large")
    long = b'{"a": "' + b"x" * (8 * 1024 * 1024) + b'"}\n'
    for body, headers in (
        (city.chains.batch(lines=[long]), {}),
        (gzip.compress(city.chains.batch(lines=[long])), {"Content-Encoding": "gzip"}),
    ):
        assert city.post(body, headers=headers).refused() == (413, "too_large")


@pytest.mark.parametrize(
    ("headers", "packed", "status", "code"),
    [
        ({"Content-Type": "application/json"}, False, 415, "unsupported_media_type"),
        ({"Content-Encoding": "zstd"}, False, 415, "unsupported_media_type"),
        ({"Content-Encoding": "gzip"}, False, 400, "malformed"),
        ({"Content-Type": "application/x-ndjson; charset=utf-8"}, False, 200, None),
        ({"Content-Encoding": "gzip"}, True, 200, None),
    ],
)
def test_media(partner: Partner, headers: dict[str, str], packed: bool, status: int, code: str | None) -> None:
    batch = partner.chains.batch([penalty(partner.node)])
    answer = partner.post(gzip.compress(batch) if packed else batch, headers=headers)
    assert (answer.status, code and answer.refused()[1]) == (status, code)


def test_the_digest_is_of_the_bytes_before_compression_and_the_header_of_those_sent(partner: Partner) -> None:
    batch = partner.chains.batch([penalty(partner.node)])
    packed = gzip.compress(batch)
    answer = partner.post(packed, headers={"Content-Encoding": "gzip"})
    assert answer.json["body_digest"] == sha256(batch.partition(b"\n")[2]) != sha256(packed)
