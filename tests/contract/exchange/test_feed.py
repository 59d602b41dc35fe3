"""exchange.md 5 and 6: whom a message concerns, positions, snapshots of many pages, digests computed a second time."""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.exchange.messages import line, message, penalty, revised, violation
from tests.contract.exchange.partner import Answer, Partner
from tests.contract.exchange.wire import EMPTY, sha256

MANY = 1_050  # more than a page of a snapshot
NEARBY = lambda reader: {"region": f"{reader.node[:4]}02"}  # noqa: E731


@pytest.fixture(scope="module")
def sender(new_partner: Callable[[], Partner]) -> Partner:
    return new_partner()


@pytest.fixture
def reader(new_partner: Callable[[], Partner]) -> Partner:
    return new_partner()


def to_the_end(reader: Partner, after: int = 0, query: str = "") -> tuple[list[dict[str, Any]], int]:
    """All changes behind a position, and the position behind them; what must hold of each page is checked."""
    found: list[dict[str, Any]] = []
    while True:
        answer = reader.get("/changes", f"after={after}{query}")
        assert answer.status == 200, answer.body
        following, head = int(answer.headers["exchange-next"]), int(answer.headers["exchange-head"])
        positions = [each["position"] for each in answer.lines]
        assert positions == sorted(set(positions))
        assert all(after < position <= following for position in positions)
        assert after <= following <= head
        found += [each["message"] for each in answer.lines]
        if following >= head:
            return found, following
        assert following > after
        after = following


def snapshot(reader: Partner, query: str = "") -> tuple[list[dict[str, Any]], int, int]:
    """Messages, position, pages."""
    found, pages, page, positions = [], 0, None, set()
    while pages == 0 or page:
        answer = reader.get("/snapshot", "&".join(each for each in (query, f"page={page}" if page else "") if each))
        assert answer.status == 200, answer.body
        found += answer.lines
        positions.add(int(answer.headers["exchange-position"]))
        page, pages = answer.headers.get("exchange-next-page"), pages + 1
    (position,) = positions
    return found, position, pages


def test_what_concerns_a_node_comes_in_order_with_its_bytes_and_nothing_else(sender: Partner, reader: Partner) -> None:
    _, start = to_the_end(reader)
    near = [penalty(sender.node, subject=NEARBY(reader)) for _ in range(3)]
    far, listed = penalty(sender.node), violation(sender.node)
    own = penalty(reader.node, subject=NEARBY(reader))
    sender.send(near[0], far, near[1])
    reader.send(own)
    sender.send(listed, near[2])
    answer = reader.get("/changes", f"after={start}")
    assert [each["message"] for each in answer.lines] == [near[0], near[1], listed, near[2]]
    for each in (near[0], listed):
        assert b'"message": ' + line(each)[:-1] + b"}\n" in answer.body  # passed on unchanged
    assert reader.get(f"/records/{far['record_id']}").refused() == (404, "not_found")
    assert reader.get(f"/records/{own['record_id']}").json == own


def test_pages_and_resources(sender: Partner, reader: Partner) -> None:
    _, start = to_the_end(reader)
    near = [penalty(sender.node, subject=NEARBY(reader)) for _ in range(5)]
    listed = violation(sender.node)
    sender.send(*near, listed)
    first = reader.get("/changes", f"after={start}&limit=2")
    assert [each["message"] for each in first.lines] == near[:2]
    rest = reader.get("/changes", f"after={first.headers['exchange-next']}")
    assert [each["message"] for each in rest.lines] == [*near[2:], listed]
    of = "&resource=violation_listing"
    assert to_the_end(reader, start, of)[0] == [listed]
    both = to_the_end(reader, start, f"{of}&resource=administrative_penalty")[0]
    assert both == [*near, listed]
    assert to_the_end(reader, start, "&resource=commitment")[0] == []


def test_a_record_that_moves_comes_to_whom_it_begins_to_concern_and_goes_on_to_the_other(
    sender: Partner, reader: Partner, new_partner: Callable[[], Partner]
) -> None:
    other = new_partner()
    _, start = to_the_end(reader)
    first = penalty(sender.node, subject=NEARBY(reader))
    sender.send(first)
    _, then = to_the_end(other)
    moved = revised(first, subject={**first["subject"], **NEARBY(other)})
    sender.send(moved)
    assert to_the_end(other, then)[0] == [moved]
    assert to_the_end(reader, start)[0] == [moved]  # what once concerned a node concerns it always


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("after=-1", 422, "parameter_invalid"),
        ("after=x", 422, "parameter_invalid"),
        ("limit=0", 422, "parameter_invalid"),
        ("limit=5001", 422, "parameter_invalid"),
        ("wait=-1", 422, "parameter_invalid"),
        ("resource=nothing", 422, "parameter_invalid"),
        ("after=9007199254740000", 410, "position_gone"),
        ("after=99999999999999999999", 410, "position_gone"),
        ("after=0&epoch=00000000-0000-4000-8000-000000000000", 410, "position_gone"),
        ("after=0&limit=5000&later=1", 200, None),
    ],
)
def test_parameters(city: Partner, query: str, status: int, code: str | None) -> None:
    answer = city.get("/changes", query)
    assert (answer.status, code and answer.refused()[1]) == (status, code)


def test_the_epoch_that_answers_show_is_the_one_to_ask_with(city: Partner) -> None:
    epoch = city.get("/node").headers["exchange-epoch"]
    assert city.get("/changes", f"after=0&epoch={epoch}&limit=1").status == 200


def test_waiting_ends_without_lines_when_the_time_is_over(city: Partner) -> None:
    _, head = to_the_end(city)
    start = time.monotonic()
    answer = city.get("/changes", f"after={head}&wait=1&resource=commitment")
    assert (answer.status, answer.body) == (200, b"")
    assert 0.9 <= time.monotonic() - start < 20


def test_a_snapshot_of_many_pages_is_what_changes_lead_to(sender: Partner, reader: Partner) -> None:
    sender.send(*(penalty(sender.node, subject=NEARBY(reader)) for _ in range(MANY)))
    gone = penalty(sender.node, subject=NEARBY(reader))
    sender.send(gone)
    sender.send(revised(gone, operation="withdraw", reason="other", data={}), chain="urgent")
    reader.send(penalty(reader.node, subject=NEARBY(reader)))
    found, position, pages = snapshot(reader)
    assert pages >= 2
    current = {each["record_id"]: each for each in to_the_end(reader)[0]}
    assert len(found) == len(current)
    assert {each["record_id"]: each for each in found} == current
    assert current[gone["record_id"]]["data"] == {}  # a tombstone is a current message
    assert to_the_end(reader, position)[0] == []
    assert {each["resource"] for each in snapshot(reader, "resource=violation_listing")[0]} <= {"violation_listing"}


def test_a_node_takes_its_own_records_back_and_nobody_elses(partner: Partner, city: Partner) -> None:
    own = [penalty(partner.node) for _ in range(3)]
    partner.send(*own)
    found, _, _ = snapshot(partner, f"origin={partner.node}")
    assert sorted(each["record_id"] for each in found) == sorted(each["record_id"] for each in own)
    assert all(each in own for each in found)
    assert city.get("/snapshot", f"origin={partner.node}").refused() == (403, "node_mismatch")
    for query in ("origin=1301", "resource=nothing", "page=never"):
        assert city.get("/snapshot", query).refused() == (422, "parameter_invalid")


def buckets(messages: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """exchange.md 6, computed from messages."""
    lines: dict[str, list[str]] = defaultdict(list)
    for each in sorted(messages, key=lambda each: each["record_id"].encode()):
        name = hashlib.sha256(each["record_id"].encode()).hexdigest()[:2]
        lines[name].append(f"{each['record_id']} {each['revision']} {each['digest']}\n")
    return {name: (len(found), sha256("".join(found).encode())) for name, found in lines.items()}


def shown(answer: Answer) -> dict[str, tuple[int, str]]:
    assert answer.status == 200, answer.body
    found = answer.json["buckets"]
    assert [each["bucket"] for each in found] == [f"{number:02x}" for number in range(256)]
    assert all(each["digest"] == EMPTY for each in found if each["count"] == 0)
    return {each["bucket"]: (each["count"], each["digest"]) for each in found if each["count"]}


def test_digests_of_ones_own_records_are_those_of_the_wire(partner: Partner) -> None:
    sent = [penalty(partner.node) for _ in range(12)]
    partner.send(*sent)
    sent[0] = revised(sent[0], operation="end_publicity", reason="repaired", data={})
    sent[1] = revised(sent[1], operation="withdraw", reason="corrected", data={})
    partner.send(*sent[:2], chain="urgent")
    query = f"resource=administrative_penalty&origin={partner.node}"
    answer = partner.get("/digests", query)
    assert shown(answer) == buckets(sent)
    assert (answer.json["resource"], answer.json["origin"]) == ("administrative_penalty", partner.node)
    assert answer.json["position"] > 0
    name = hashlib.sha256(sent[0]["record_id"].encode()).hexdigest()[:2]
    listed = partner.get(f"/digests/{name}", query).json
    here = [each for each in sent if hashlib.sha256(each["record_id"].encode()).hexdigest()[:2] == name]
    here.sort(key=lambda each: each["record_id"].encode())
    assert listed == [{key: each[key] for key in ("record_id", "revision", "digest")} for each in here]


def test_digests_of_another_origin_hold_what_concerns_the_caller(sender: Partner, reader: Partner) -> None:
    sender.send(penalty(sender.node), penalty(sender.node, subject=NEARBY(reader)))
    found = [each for each in snapshot(reader)[0] if each["resource"] == "administrative_penalty"]
    query = f"resource=administrative_penalty&origin={sender.node}"
    assert shown(reader.get("/digests", query)) == buckets([each for each in found if each["origin"] == sender.node])


@pytest.mark.parametrize("path", ["/digests", "/digests/zz", "/digests/0", "/digests/AB"])
def test_digests_that_nobody_could_give(city: Partner, path: str) -> None:
    query = "" if path == "/digests" else f"resource=operator&origin={city.node}"
    assert city.get(path, query).refused() == (422, "parameter_invalid")


def test_records(city: Partner) -> None:
    for path in ("/records/130200.operator.nothing", "/records/x", "/records/130200.operator.%E5%AD%97"):
        assert city.get(path).refused() == (404, "not_found")


def test_a_commitment_and_an_operator_travel_like_the_rest(sender: Partner, reader: Partner) -> None:
    _, start = to_the_end(reader)
    made = [
        message("operator", sender.node, {"kind": "enterprise"}, publicity=None, subject=NEARBY(reader)),
        message("commitment", sender.node, {"type": "信用修复"}, subject=NEARBY(reader)),
        message("inspection_result", sender.node, {"task": "t", "inspected_on": "2026-03-01"}, subject=NEARBY(reader)),
    ]
    assert sender.send(*made)["accepted"] == 3
    assert to_the_end(reader, start)[0] == made
