"""Pulling: pages with the cursor behind them, snapshots after a change of epoch, quarantine, nothing of our own twice."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from sqlalchemy import func, select

from models import Direction, ExchangeIncident, ExchangeMessage, ExchangeProblem, Peer, PeerCursor, RunKind, db
from registry.services import exchange_node
from registry.transaction import transaction
from sync import outbound, own_messages, paging, pulling, runs
from sync.sealed import refused_as, sent_as
from tests.exchange_messages import penalty, signed, violation
from tests.exchange_nodes import Partner
from tests.exchange_wire import Pair, Reply, Sent, down, pair
from tests.factories import make_authority, make_operator, make_penalty, make_violation_listing


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


@pytest.fixture
def other(two: Pair) -> Partner:
    """Another city of the province."""
    return Partner(two.province, "130200")


def pull(two: Pair, **keywords: Any) -> runs.Run:
    db.session.remove()
    return pulling.pull(two.settings, "130000", told=True, **keywords)


def ours() -> dict[str, dict[str, Any]]:
    rows = db.session.execute(select(ExchangeMessage).where(ExchangeMessage.origin != "130100")).scalars()
    return {row.record_id: orjson.loads(sent_as(row)) for row in rows}


def cursor() -> PeerCursor:
    db.session.expire_all()
    return db.session.execute(select(PeerCursor)).scalar_one()


def concerning(**changes: Any) -> dict[str, Any]:
    return penalty(subject={"region": "130102"}, **changes)


def test_what_concerns_us_is_applied_and_the_peer_told_how_far(two: Pair, other: Partner) -> None:
    here, everywhere = concerning(), violation()
    other.send(here, penalty(), everywhere)
    run = pull(two)
    assert (run.outcome, run.counts["accepted"]) == ("done", 2)
    assert ours() == {each["record_id"]: each for each in (here, everywhere)}
    with two.province.app_context():
        told = db.session.execute(select(PeerCursor.theirs)).scalar_one()
    assert told == cursor().position
    assert pull(two).counts["read"] == 0


def test_each_page_is_asked_for_once_and_the_last_one_ends_it(
    two: Pair, other: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "PAGE", 2)
    sent = [concerning() for _ in range(7)]
    other.send(*sent)
    run = pull(two)
    assert (run.outcome, run.counts["accepted"]) == ("done", 7)
    asked = [parse_qs(urlsplit(address).query)["after"] for _, address, *_ in two.wire.seen if "/changes" in address]
    places = [int(after) for (after,) in asked]
    assert places == sorted(set(places))
    assert len(places) == 4


def test_what_is_made_while_it_is_read_is_read_in_the_same_run(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "PAGE", 2)
    monkeypatch.setattr(own_messages, "BATCH", 2)
    with two.province.app_context(), transaction():
        others = [make_operator(region="130203") for _ in range(40)]  # none of them concerns us
        make_violation_listing(others[-1], make_authority())
    run = pull(two)
    assert (run.outcome, run.counts["accepted"]) == ("done", 1)
    with two.province.app_context():
        assert cursor_there() == own_messages.made_to()


def cursor_there() -> int:
    """How far the city has told the province that it has read."""
    told: int = db.session.execute(select(PeerCursor.theirs)).scalar_one()
    return told


def test_a_page_asked_for_ahead_that_is_not_believed_ends_the_run_behind_the_one_before(
    two: Pair, other: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bent(sent: Sent, hand_over: Any) -> Reply:
        status, headers, body = hand_over(sent)
        return status, headers | {"exchange-next": "999999"}, body

    monkeypatch.setattr(pulling, "PAGE", 2)
    other.send(*[concerning() for _ in range(4)])
    two.wire.bends = [lambda sent, hand_over: hand_over(sent), bent]
    run = pull(two)
    assert (run.outcome, run.detail["code"]) == ("no_answer", "signature_invalid")
    assert len(ours()) == 2
    assert pull(two).counts["accepted"] == 2


def test_our_own_never_comes_back(two: Pair) -> None:
    with transaction():
        make_penalty(make_operator(), make_authority())
    outbound.push(two.settings, "130000", told=True)
    before = db.session.execute(select(func.count()).select_from(ExchangeMessage)).scalar_one()
    assert pull(two).counts["read"] == 0
    assert db.session.execute(select(func.count()).select_from(ExchangeMessage)).scalar_one() == before


def test_a_page_that_is_not_believed_moves_nothing(two: Pair, other: Partner) -> None:
    def bent(sent: Sent, hand_over: Any) -> Reply:
        status, headers, body = hand_over(sent)
        return status, headers | {"exchange-next": "999999"}, body

    other.send(concerning())
    two.wire.bends = [bent]
    run = pull(two)
    assert (run.outcome, run.detail["code"]) == ("no_answer", "signature_invalid")
    assert ours() == {}
    assert db.session.execute(select(ExchangeIncident.code)).scalar_one() == "signature_invalid"
    assert pull(two).counts["accepted"] == 1


def test_a_peer_that_is_down_is_asked_again_after_a_pause(two: Pair) -> None:
    two.wire.bends = [down]
    run = pull(two)
    assert run.outcome == "no_answer"
    assert run.detail["failures"] == 1
    assert db.session.execute(select(ExchangeIncident)).first() is None
    last = runs.last_run(db.session.execute(select(Peer.id)).scalar_one(), RunKind.PULL)
    assert last is not None
    assert last.outcome == "no_answer"


def test_an_epoch_that_changed_brings_a_snapshot_and_marks_what_it_lacks(two: Pair, other: Partner) -> None:
    stays, goes = concerning(), concerning()
    other.send(stays, goes)
    pull(two)
    with two.province.app_context(), transaction():
        exchange_node.draw_epoch()
        exchange_node.recovered()
        db.session.execute(db.delete(ExchangeMessage).where(ExchangeMessage.record_id == goes["record_id"]))
    late = concerning()
    other.send(late)
    run = pull(two)
    assert (run.outcome, run.counts["snapshots"]) == ("done", 1)
    assert ours() == {each["record_id"]: each for each in (stays, goes, late)}
    missing = db.session.execute(
        select(ExchangeMessage.record_id).where(ExchangeMessage.missing_since.is_not(None))
    ).scalars()
    assert list(missing) == [goes["record_id"]]
    assert pull(two).counts["snapshots"] == 0


def test_a_snapshot_does_not_lack_what_is_not_taken(two: Pair, other: Partner) -> None:
    stays = concerning()
    other.send(stays)
    pull(two)
    newer = orjson.dumps(signed({**stays, "revision": 2, "data": {**stays["data"], "CF_NR_FK": "viel"}}))
    with two.province.app_context(), transaction():
        exchange_node.draw_epoch()
        db.session.execute(
            db.text("UPDATE exchange_message SET content = :content WHERE record_id = :record"),
            {"content": newer, "record": stays["record_id"]},
        )
    run = pull(two)
    assert (run.counts["snapshots"], run.counts["rejected"]) == (1, 1)
    missing = select(ExchangeMessage.record_id).where(ExchangeMessage.missing_since.is_not(None))
    assert list(db.session.execute(missing).scalars()) == []


def test_what_cannot_be_applied_is_kept_whole_and_the_page_goes_on(two: Pair, other: Partner) -> None:
    good, bad = concerning(), concerning(data={"CF_NR_FK": "viel"})
    other.send(good)
    with two.province.app_context(), transaction():
        db.session.execute(
            db.text(
                "INSERT INTO exchange_message (record_id, origin, resource, revision, message_id, digest, operation,"
                " region, concerns, position, content, state, peer_id, received_at) SELECT :record, origin, resource,"
                " 1, :message, :digest, 'publish', region, concerns, 1, :content, 'kept', peer_id, received_at"
                " FROM exchange_message LIMIT 1"
            ),
            {
                "record": bad["record_id"], "message": bad["message_id"], "digest": bad["digest"],
                "content": orjson.dumps(bad),
            },
        )  # fmt: skip
    run = pull(two)
    assert (run.counts["accepted"], run.counts["rejected"]) == (1, 1)
    problem = db.session.execute(select(ExchangeProblem)).scalar_one()
    assert (problem.direction, problem.record_id) == (Direction.IN, bad["record_id"])
    assert orjson.loads(refused_as(problem)) == bad


@pytest.mark.parametrize(
    "body",
    [
        b'{"position": 5, "message": {}}',
        b'{"position": 5, "message": {}}\n{"position": 5, "message": {}}\n',
        b'{"position": 3, "message": {}}\n',
        b'{"position": 11, "message": {}}\n',
        b'{"position": "5", "message": {}}\n',
        b'{"position": 5}\n',
        b"<html>\n",
    ],
)
def test_a_page_that_contradicts_itself_is_none(body: bytes) -> None:
    with pytest.raises(paging.Unsound):
        paging.read_changes(body, after=3, upto=10, head=10)


def test_the_bytes_of_a_message_are_cut_out_as_they_were_sent() -> None:
    raw = b'{"b": 1.50, "a": {"message": {}} }'
    (usual,) = paging.read_changes(b'{"position": 5, "message": %b}\n' % raw, after=3, upto=5, head=5)
    assert (usual.position, usual.message.raw) == (5, raw)
    (turned,) = paging.read_changes(b'{"message": {"a": 1}, "position": 5, "x": {}}\n', after=3, upto=5, head=5)
    assert turned.message.members == {"a": 1}
