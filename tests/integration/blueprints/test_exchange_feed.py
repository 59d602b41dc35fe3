"""GET /changes, /snapshot, /digests, /records: what concerns whom, in which order, and how it is proved."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from blueprints.exchange import changes
from models import ExchangeMessage, MessageState, db
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from tests.exchange_messages import message, penalty, revised, violation
from tests.exchange_nodes import Partner, node
from tests.factories import make_authority, make_operator, make_penalty, make_violation_listing


@pytest.fixture(scope="module")
def province() -> Iterator[Flask]:
    with node() as application:
        yield application


_nodes = iter(f"13{number:04d}" for number in range(1000, 9000, 100))


@pytest.fixture
def sender(province: Flask) -> Partner:
    return Partner(province, next(_nodes))


@pytest.fixture
def reader(province: Flask) -> Partner:
    return Partner(province, next(_nodes))


def code(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.get_json()["code"])


def lines(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/x-ndjson"
    return [json.loads(line) for line in answer.data.splitlines()]


def epoch(partner: Partner) -> str:
    return str(partner.ask("GET", "/node").get_json()["epoch"])


def concerning(partner: Partner, number: int = 1) -> dict[str, str]:
    return {"region": f"{partner.node[:4]}{number:02d}"}


def head(partner: Partner) -> int:
    return int(partner.ask("GET", "/changes", query="limit=1").headers["Exchange-Head"])


def test_changes_come_in_order_with_their_bytes_and_only_to_whom_they_concern(sender, reader):
    first = penalty(origin=sender.node, subject=concerning(reader))
    other = penalty(origin=sender.node, subject={"region": "131001"})
    second = penalty(origin=sender.node, subject=concerning(reader, 2))
    sender.send(first, other, second)
    answer = reader.ask("GET", "/changes", query="after=0")
    found = [line["message"] for line in lines(answer) if line["message"]["origin"] == sender.node]
    assert found == [first, second]
    positions = [line["position"] for line in lines(answer)]
    assert positions == sorted(set(positions))
    assert answer.headers["Exchange-Next"] == answer.headers["Exchange-Head"]
    assert json.dumps(first, ensure_ascii=False, separators=(",", ":")).encode() in answer.data


def test_nobody_is_sent_its_own_messages_but_may_read_them(sender, reader):
    own = penalty(origin=sender.node, subject=concerning(sender))
    sender.send(own)
    assert not [each for each in lines(sender.ask("GET", "/changes")) if each["message"]["origin"] == sender.node]
    assert sender.ask("GET", f"/records/{own['record_id']}").get_json() == own
    assert code(reader.ask("GET", f"/records/{own['record_id']}"), 404) == "not_found"
    assert lines(sender.ask("GET", "/snapshot", query=f"origin={sender.node}")) == [own]
    assert code(reader.ask("GET", "/snapshot", query=f"origin={sender.node}"), 403) == "node_mismatch"


def test_the_violation_list_concerns_everybody(sender, reader):
    listing = violation(origin=sender.node)
    sender.send(listing)
    found = lines(reader.ask("GET", "/changes", query="resource=violation_listing"))
    assert listing in [each["message"] for each in found]
    assert {each["message"]["resource"] for each in found} == {"violation_listing"}


def test_pages_lead_on_from_where_the_one_before_has_looked(sender, reader):
    after = head(reader)
    sent = [penalty(origin=sender.node, subject=concerning(reader)) for _ in range(3)]
    sender.send(*sent)
    first = reader.ask("GET", "/changes", query=f"after={after}&limit=2&epoch={epoch(reader)}")
    assert [each["message"] for each in lines(first)] == sent[:2]
    assert int(first.headers["Exchange-Next"]) < int(first.headers["Exchange-Head"])
    second = reader.ask("GET", "/changes", query=f"after={first.headers['Exchange-Next']}&limit=2")
    assert [each["message"] for each in lines(second)] == sent[2:]
    assert second.headers["Exchange-Next"] == second.headers["Exchange-Head"]


def test_a_record_that_moves_comes_to_whom_it_begins_to_concern_and_still_to_the_one_before(sender, reader, province):
    newcomer = Partner(province, next(_nodes))
    record = penalty(origin=sender.node, subject=concerning(reader))
    sender.send(record)
    after = head(reader)
    moved = revised(record, subject={**record["subject"], **concerning(newcomer)})
    sender.send(moved)
    for each in (reader, newcomer):
        assert moved in [line["message"] for line in lines(each.ask("GET", "/changes", query=f"after={after}"))]


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "limit=0", "limit=5001", "wait=-1", "resource=unknown", "limit="]
)
def test_parameters_that_are_none_are_told(reader, query):
    assert code(reader.ask("GET", "/changes", query=query), 422) == "parameter_invalid"


def test_a_position_beyond_the_head_or_of_another_epoch_is_gone(reader):
    assert code(reader.ask("GET", "/changes", query=f"after={head(reader) + 1}"), 410) == "position_gone"
    other = "00000000-0000-4000-8000-000000000000"
    assert code(reader.ask("GET", "/changes", query=f"after=0&epoch={other}"), 410) == "position_gone"


def test_waiting_ends_when_something_comes_and_when_the_time_is_over(sender, reader, monkeypatch):
    after, moments = head(reader), iter(range(100))
    record = penalty(origin=sender.node, subject=concerning(reader))

    def meanwhile(_: float) -> None:
        if next(moments) == 1:
            sender.send(record)

    monkeypatch.setattr(changes, "sleep", meanwhile)
    assert [line["message"] for line in lines(reader.ask("GET", "/changes", query=f"after={after}&wait=20"))] == [
        record
    ]
    times = iter([0.0, 0.0, 0.4, 1.0, 1.0])
    monkeypatch.setattr(changes, "monotonic", lambda: next(times))
    answer = reader.ask("GET", "/changes", query=f"after={head(reader)}&wait=1")
    assert lines(answer) == []


def test_few_may_wait_and_the_others_are_answered_at_once(reader, monkeypatch):
    def never(_: float) -> None:
        raise AssertionError("this request must not wait")

    monkeypatch.setattr(changes, "sleep", never)
    taken = [changes._waiting.acquire(blocking=False) for _ in range(changes.MOST_WAITING)]
    try:
        assert all(taken)
        assert lines(reader.ask("GET", "/changes", query=f"after={head(reader)}&wait=30")) == []
    finally:
        for _ in taken:
            changes._waiting.release()


def test_a_snapshot_has_every_record_once_and_one_position(sender, reader, monkeypatch):
    monkeypatch.setattr(changes, "SNAPSHOT_LINES", 2)
    records = [penalty(origin=sender.node, subject=concerning(reader)) for _ in range(5)]
    sender.send(*records)
    query, found, positions = "resource=administrative_penalty", [], set()
    while True:
        answer = reader.ask("GET", "/snapshot", query=query)
        found += lines(answer)
        positions.add(answer.headers["Exchange-Position"])
        following = answer.headers.get("Exchange-Next-Page")
        if following is None:
            break
        query = f"resource=administrative_penalty&page={following}"
        if len(found) == 2:  # what comes meanwhile is in the changes from the position on
            late = penalty(origin=sender.node, subject=concerning(reader))
            sender.send(late)
    assert len(positions) == 1
    by_id = {each["record_id"] for each in found}
    assert len(by_id) == len(found)
    assert by_id >= {each["record_id"] for each in records}
    assert late in [each["message"] for each in lines(reader.ask("GET", "/changes", query=f"after={positions.pop()}"))]
    assert code(reader.ask("GET", "/snapshot", query="page=abc"), 422) == "parameter_invalid"


def test_buckets_are_those_of_the_wire(sender, reader):
    records = [penalty(origin=sender.node, subject=concerning(reader)) for _ in range(40)]
    sender.send(*records)
    query = f"resource=administrative_penalty&origin={sender.node}"
    answer = reader.ask("GET", "/digests", query=query).get_json()
    assert [bucket["bucket"] for bucket in answer["buckets"]] == [f"{number:02x}" for number in range(256)]
    expected: dict[str, list[dict[str, Any]]] = {f"{number:02x}": [] for number in range(256)}
    for each in sorted(records, key=lambda record: record["record_id"].encode()):
        expected[hashlib.sha256(each["record_id"].encode()).hexdigest()[:2]].append(each)
    for bucket in answer["buckets"]:
        held = expected[bucket["bucket"]]
        text = "".join(f"{each['record_id']} {each['revision']} {each['digest']}\n" for each in held)
        assert bucket["count"] == len(held)
        assert bucket["digest"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    name = next(name for name, held in expected.items() if held)
    assert reader.ask("GET", f"/digests/{name}", query=query).get_json() == [
        {key: each[key] for key in ("record_id", "revision", "digest")} for each in expected[name]
    ]
    assert sender.ask("GET", "/digests", query=query).get_json()["buckets"] == answer["buckets"]


@pytest.mark.parametrize("query", ["", "resource=administrative_penalty", "resource=x&origin=130000", "origin=1"])
def test_digests_need_resource_and_origin(reader, query):
    assert code(reader.ask("GET", "/digests", query=query), 422) == "parameter_invalid"


def test_records_of_this_node_come_with_the_positions_of_their_ledger_entries(province, reader):
    with province.app_context(), transaction():
        authority = make_authority()
        here = make_penalty(
            make_operator(region=f"{reader.node[:4]}01"),
            authority,
            record_id=f"{this_node().node}.administrative_penalty.here",
        )
        listed = make_violation_listing(
            make_operator(region="131001"), authority, record_id=f"{this_node().node}.violation_listing.there"
        )
        names = {here.record_id, listed.record_id}
    found = {line["message"]["record_id"]: line["position"] for line in lines(reader.ask("GET", "/changes"))}
    assert names <= found.keys()
    with province.app_context():
        entries = db.session.execute(
            db.text("SELECT record_id, seq FROM ledger_entry WHERE record_id = ANY(:names)"), {"names": list(names)}
        )
        assert dict(entries.all()) == {name: found[name] for name in names}


def test_feedback_comes_to_whom_it_is_addressed_alone(province, reader, sender):
    said = message(
        "feedback",
        origin="130000",
        operation="hold",
        publicity=None,
        data={"about": {"record_id": f"{reader.node}.administrative_penalty.1", "revision": "1"}, "code": "x"},
    )
    with province.app_context(), transaction():
        db.session.add(
            ExchangeMessage(
                record_id=said["record_id"], origin="130000", resource="feedback", revision=1,
                message_id=said["message_id"], digest=said["digest"], operation="hold", region="130202",
                concerns=[reader.node], position=2**40, content=json.dumps(said).encode(), state=MessageState.OWN,
                received_at=db.func.now(),
            )
        )  # fmt: skip
    assert reader.ask("GET", f"/records/{said['record_id']}").get_json() == said
    assert code(sender.ask("GET", f"/records/{said['record_id']}"), 404) == "not_found"
