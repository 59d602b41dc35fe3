"""Pushing: frozen batches, what each answer makes the sender do, nothing lost and nothing twice."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models import (
    Chain,
    Direction,
    ExchangeIncident,
    ExchangeMessage,
    ExchangeProblem,
    PeerChain,
    ProblemState,
    ReceivedBatch,
    SentBatch,
    SentState,
    db,
)
from registry import ledger
from registry.queries.records import get_record
from registry.rules.record import EndReason
from registry.services import exchange_node, publicity
from registry.transaction import transaction
from sync import chains, freezing, outbound, peers, problems, runs
from sync.link import Link
from sync.manifest import read_batch
from sync.sealed import lines_of
from tests.exchange_wire import Pair, Reply, Sent, down, lost, pair, settings_of
from tests.factories import ACTOR, make_authority, make_operator, make_penalty


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def enter(count: int = 1, **columns: Any) -> list[str]:
    with transaction():
        operator, authority = make_operator(), make_authority()
        return [make_penalty(operator, authority, **columns).record_id for _ in range(count)]


def push(two: Pair, **keywords: Any) -> runs.Run:
    return outbound.push(two.settings, "130000", told=True, **keywords)


def held(two: Pair) -> dict[str, tuple[int, str]]:
    """What the province holds of the city: revision and digest by record."""
    with two.province.app_context():
        rows = db.session.execute(
            select(ExchangeMessage.record_id, ExchangeMessage.revision, ExchangeMessage.digest).where(
                ExchangeMessage.origin == "130100"
            )
        )
        return {record_id: (revision, digest) for record_id, revision, digest in rows}


def own() -> dict[str, tuple[int, str]]:
    rows = db.session.execute(
        select(ExchangeMessage.record_id, ExchangeMessage.revision, ExchangeMessage.digest).where(
            ExchangeMessage.origin == "130100"
        )
    )
    return {record_id: (revision, digest) for record_id, revision, digest in rows}


def batches() -> list[SentBatch]:
    db.session.expire_all()
    return list(db.session.execute(select(SentBatch).order_by(SentBatch.id)).scalars())


def incidents() -> set[str]:
    return set(db.session.execute(select(ExchangeIncident.code)).scalars())


def answering(status: int, code: str | None = None, **members: Any) -> Any:
    """The province answers so, with its signature."""

    def bend(sent: Sent, hand_over: Any) -> Reply:
        return two_answers(sent, status, {"code": code, **members})

    return bend


def two_answers(sent: Sent, status: int, members: dict[str, Any], **headers: str) -> Reply:
    from registry.clock import now
    from sync import keys, signing

    body = json.dumps(members).encode()
    made = signing.sign_answer(
        keys.own_keys(settings_of(_province[0])),
        status=status,
        body=body,
        headers=headers,
        nonce=signing.nonce_of({name.lower(): value for name, value in sent[3].items()}),
        epoch="5b7c1e90-8f3a-4d0e-9c55-000000000001",
        created=now(),
    )
    return status, {name.lower(): value for name, value in {**headers, **made}.items()}, body


_province: list[Any] = []


@pytest.fixture(autouse=True)
def known_province(two: Pair) -> Iterator[None]:
    _province[:] = [two.province]
    yield
    _province.clear()


def test_what_was_entered_arrives_and_its_receipt_is_kept(two: Pair) -> None:
    enter(3)
    run = push(two)
    assert (run.outcome, run.counts["accepted"]) == ("done", run.counts["received"])
    assert held(two) == own()
    (batch,) = batches()
    assert batch.state is SentState.RECEIPTED
    assert json.loads(batch.receipt or b"")["batch_no"] == batch.batch_no
    assert {"signature", "content-digest"} <= batch.receipt_headers.keys()
    assert push(two).counts["batches"] == 0


def test_a_batch_is_what_the_wire_says(two: Pair) -> None:
    enter(2)
    push(two)
    _, address, body, headers = next(sent for sent in two.wire.seen if sent[0] == "POST")
    assert address.endswith("/exchange/v1/batches")
    assert (headers["content-type"], headers["content-encoding"]) == ("application/x-ndjson", "gzip")
    assert headers["Exchange-To"] == "130000"
    batch = read_batch(gzip.decompress(body), signer="130100")
    assert batch.is_complete
    assert batch.manifest.batch_no.startswith("130100-")
    positions = [int(message.members["message_id"].rpartition(".")[2]) for message in batch.messages]
    assert positions == sorted(positions)
    assert (batch.manifest.from_seq, batch.manifest.to_seq) == (positions[0], positions[-1])


def test_ends_go_in_a_chain_of_their_own_before_bulk(two: Pair) -> None:
    (first,) = enter()
    push(two)
    enter(2)
    with transaction():
        publicity.end_publicity(first, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)
    push(two)
    sent = batches()[1:]
    assert [batch.chain for batch in sent] == [Chain.URGENT, Chain.BULK]
    assert sent[0].previous is None
    assert sent[1].previous == batches()[0].batch_no
    assert held(two) == own()


@pytest.mark.parametrize("bend", [down, lost])
def test_without_an_answer_the_same_batch_is_sent_again_signed_anew(two: Pair, bend: Any) -> None:
    enter()
    two.wire.bends = [bend]
    assert push(two).outcome == "no_answer"
    (batch,) = batches()
    assert batch.state is SentState.FROZEN
    assert batch.next_attempt_at is not None
    assert outbound.push(two.settings, "130000", told=False).counts["batches"] == 0, "the pause is kept"
    enter()
    assert push(two).outcome == "done"
    posts = [sent for sent in two.wire.seen if sent[0] == "POST"]
    assert posts[0][2] == posts[1][2]
    assert posts[0][3]["Signature-Input"] != posts[1][3]["Signature-Input"]
    assert held(two) == own()
    with two.province.app_context():
        assert db.session.execute(select(func.count()).select_from(ReceivedBatch)).scalar_one() == len(posts) - 1
    assert incidents() == set()


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "nonce_replayed"), (408, None), (429, None), (500, None), (503, None), (400, "batch_incomplete")],
)
def test_these_answers_are_waited_out(two: Pair, status: int, code: str | None) -> None:
    enter()
    two.wire.bends = [answering(status, code)]
    assert push(two).outcome == "no_answer"
    assert push(two).outcome == "done"
    assert held(two) == own()


def test_the_peer_says_how_long_to_wait(two: Pair) -> None:
    enter()
    two.wire.bends = [lambda sent, _: two_answers(sent, 503, {}, **{"retry-after": "3000"})]
    push(two)
    (batch,) = batches()
    assert batch.next_attempt_at is not None
    assert (batch.next_attempt_at - batch.frozen_at).total_seconds() > 2900


def unsigned(sent: Sent, hand_over: Any) -> Reply:
    return 200, {"content-type": "text/html"}, b"<html>All is well</html>"


def empty(sent: Sent, hand_over: Any) -> Reply:
    return 200, {}, b""


def bent(sent: Sent, hand_over: Any) -> Reply:
    status, headers, body = hand_over(sent)
    return status, headers, body.replace(b'"accepted":2', b'"accepted":9')


def replayed(sent: Sent, hand_over: Any) -> Reply:
    """An answer that was true, once: to another request."""
    return two_answers((*sent[:3], {}), 200, {})


@pytest.mark.parametrize("bend", [unsigned, empty, bent, replayed])
def test_what_cannot_be_believed_marks_nothing_as_sent_and_is_told(two: Pair, bend: Any) -> None:
    enter()
    two.wire.bends = [bend]
    assert push(two).outcome == "no_answer"
    assert [batch.state for batch in batches()] == [SentState.FROZEN]
    assert len(incidents()) == 1
    assert push(two).outcome == "done"
    assert held(two) == own()


@pytest.mark.parametrize(
    "change",
    [
        {"accepted": 1},
        {"rejected": 1, "accepted": 1},
        {"body_digest": "sha256:" + 64 * "0"},
        {"batch_no": "130100-20260101-000001"},
        {"results": [{"line": 9}]},
        {"received": 3, "accepted": 3},
    ],
)
def test_a_receipt_that_does_not_add_up_is_none(two: Pair, change: dict[str, Any]) -> None:
    def lying(sent: Sent, hand_over: Any) -> Reply:
        return two_answers(sent, 200, {**json.loads(hand_over(sent)[2]), **change})

    enter()
    two.wire.bends = [lying]
    assert push(two).outcome == "no_answer"
    assert [batch.state for batch in batches()] == [SentState.FROZEN]
    assert incidents() == {"receipt_unsound"}
    assert push(two).outcome == "done"
    assert [batch.state for batch in batches()] == [SentState.RECEIPTED]


@pytest.mark.parametrize(("status", "code"), [(413, "too_large"), (409, "batch_conflict")])
def test_a_batch_that_cannot_be_taken_is_set_aside_and_its_messages_go_in_new_ones(
    two: Pair, status: int, code: str
) -> None:
    enter(4)
    two.wire.bends = [answering(status, code)]
    assert push(two).outcome == "done"
    first, *rest = batches()
    assert (first.state, first.reason) == (SentState.SET_ASIDE, code)
    assert first.batch_no not in {batch.batch_no for batch in rest}
    assert all(batch.state is SentState.RECEIPTED for batch in rest)
    assert max(batch.count for batch in rest) <= (first.count // 2 if status == 413 else first.count)
    assert held(two) == own()


def test_a_message_too_large_for_the_peer_goes_to_the_queue_and_the_others_go_on(two: Pair) -> None:
    enter()
    two.wire.bends = [answering(413, "too_large") for _ in range(2)]
    assert push(two).outcome == "done"
    assert len(held(two)) == len(own()) - 1
    (problem,) = db.session.execute(select(ExchangeProblem)).scalars()
    assert problem.faults[0]["code"] == "too_large"


@pytest.mark.parametrize(("status", "code"), [(400, "malformed"), (403, "node_mismatch"), (409, "head_inconsistent")])
def test_any_other_refusal_stops_the_chain_and_only_it(two: Pair, status: int, code: str) -> None:
    (first,) = enter()
    two.wire.bends = [answering(status, code)]
    assert push(two).outcome == "stopped"
    assert incidents() == {code}
    chain = db.session.get_one(PeerChain, (batches()[0].peer_id, Chain.BULK))
    assert chain.incident == code
    with transaction():
        publicity.end_publicity(first, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)
    assert push(two).counts["batches"] == 1
    with transaction():
        chains.go_on(batches()[0].peer_id, Chain.BULK)
    push(two)
    assert held(two) == own()


@pytest.mark.parametrize("kept", [True, False])
def test_a_receiver_that_lost_batches_gets_them_again(two: Pair, kept: bool) -> None:
    for _ in range(3):
        enter()
        push(two)
    lost_batch = batches()[1]
    with two.province.app_context(), transaction():
        db.session.execute(
            db.delete(ReceivedBatch).where(ReceivedBatch.batch_no >= lost_batch.batch_no)
        )  # as after a restore of an older backup
        db.session.execute(db.text("DELETE FROM peer_head"))
    if not kept:
        with transaction():
            db.session.execute(update(SentBatch).values(lines=None, manifest=None))
    enter()
    assert push(two).outcome == "done"
    assert {batch.state for batch in batches()} <= {SentState.RECEIPTED, SentState.SET_ASIDE}
    assert (SentState.SET_ASIDE in {batch.state for batch in batches()}) is not kept
    assert held(two) == own()
    receipted = {batch.batch_no for batch in batches() if batch.state is SentState.RECEIPTED}
    with two.province.app_context():
        assert set(db.session.execute(select(ReceivedBatch.batch_no)).scalars()) == receipted
    assert incidents() == set()


def restore_province(two: Pair, lost_from: str) -> None:
    """A new epoch, and without what came from a batch on."""
    with two.province.app_context(), transaction():
        db.session.execute(db.delete(ReceivedBatch).where(ReceivedBatch.batch_no >= lost_from))
        db.session.execute(db.text("DELETE FROM peer_head"))
        exchange_node.draw_epoch()
        exchange_node.recovered()


def asked_for_the_last(two: Pair) -> int:
    return sum("/batches?chain=" in address for _, address, _, _ in two.wire.seen)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_restored_receiver_gets_again_what_it_lost_also_where_nothing_new_waits(two: Pair, lost: int) -> None:
    (first,) = enter()
    enter()
    push(two)
    publicity.end_publicity(first, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)
    db.session.commit()
    push(two)
    assert [batch.chain for batch in batches()] == [Chain.BULK, Chain.URGENT]
    assert asked_for_the_last(two) == 0
    restore_province(two, batches()[lost].batch_no)
    Link(two.settings, peers.get("130000")).get("/node")  # any answer shows the new epoch
    run = push(two)
    assert (run.outcome, run.counts["gaps"], run.counts["batches"]) == ("done", 2 - lost, 2 - lost)
    assert asked_for_the_last(two) == 2
    with two.province.app_context():
        received = set(db.session.execute(select(ReceivedBatch.batch_no)).scalars())
    assert received == {batch.batch_no for batch in batches()}
    push(two)
    assert asked_for_the_last(two) == 2
    assert incidents() == set()


def test_a_receiver_that_had_taken_a_batch_without_our_knowing_gets_only_that_one_again(two: Pair) -> None:
    enter()
    push(two)
    enter()
    two.wire.bends = [lost]
    push(two)
    restore_province(two, "130100-99999999-999999")
    Link(two.settings, peers.get("130000")).get("/node")
    run = push(two)
    assert (run.counts["gaps"], run.counts["batches"], asked_for_the_last(two)) == (0, 1, 1)


def test_a_receiver_that_went_back_behind_our_epoch_gets_all_of_it(two: Pair) -> None:
    enter()
    push(two)
    two.wire.bends = [answering(200, last={"batch_no": "130100-20260101-000001", "body_digest": "sha256:0"})]
    with transaction():
        peers.note_epoch(peers.get("130000").id, "5b7c1e90-8f3a-4d0e-9c55-000000000001")
    run = push(two)
    assert (run.outcome, run.counts["gaps"], run.counts["batches"]) == ("done", 1, 1)


@pytest.mark.parametrize("answer", [(404, "not_found", {}), (200, None, {"last": 7})])
def test_sending_goes_on_where_a_receiver_does_not_tell_its_last_batch(two: Pair, answer: Any) -> None:
    enter()
    push(two)
    with transaction():
        peers.note_epoch(peers.get("130000").id, "5b7c1e90-8f3a-4d0e-9c55-000000000001")
    enter()
    status, code, members = answer
    two.wire.bends = [answering(status, code, **members)]
    assert push(two).counts["batches"] == 1
    assert held(two) == own()
    assert incidents() == {code or "page_unsound"}


def test_a_gap_that_names_what_was_never_sent_stops_the_chain(two: Pair) -> None:
    enter()
    two.wire.bends = [answering(409, "batch_gap", last={"batch_no": "130100-20260101-000001", "body_digest": "x"})]
    assert push(two).outcome == "stopped"
    assert incidents() == {"batch_gap"}


def test_a_rejected_message_waits_in_the_queue_until_its_correction_has_gone_over(two: Pair) -> None:
    (record,) = enter(kinds_printed="不存在的处罚")
    run = push(two)
    assert run.counts["rejected"] == 1
    problem = db.session.execute(select(ExchangeProblem)).scalar_one()
    assert (problem.record_id, problem.direction, problem.state) == (record, Direction.OUT, ProblemState.OPEN)
    assert problem.faults[0]["code"] == "field_unknown_value"
    assert problem.faults[0]["field"] == "CF_CFLB"
    with transaction():
        penalty: Any = get_record(record)
        penalty.kinds_printed = "罚款"
        db.session.flush()
        ledger.append("administrative_penalty.corrected", record=penalty, actor=ACTOR)
    push(two)
    db.session.expire_all()
    assert db.session.execute(select(ExchangeProblem.state)).scalar_one() is ProblemState.RESENT
    assert held(two) == own()


def test_setting_aside_takes_a_reason_and_a_second_person(two: Pair) -> None:
    enter(kinds_printed="不存在的处罚")
    push(two)
    number = db.session.execute(select(ExchangeProblem.id)).scalar_one()
    with pytest.raises(problems.NothingProposed), transaction():
        problems.set_aside(number, by="officer:li")
    with transaction():
        problems.propose_to_set_aside(number, reason="旧文书无处罚种类", by="officer:zhang")
    with pytest.raises(problems.SecondPersonNeeded), transaction():
        problems.set_aside(number, by="officer:zhang")
    with transaction():
        problems.set_aside(number, by="officer:li")
    assert db.session.execute(select(ExchangeProblem.state)).scalar_one() is ProblemState.SET_ASIDE
    with pytest.raises(problems.ProblemSettled), transaction():
        problems.propose_to_set_aside(number, reason="", by="officer:li")


def test_batches_hold_no_more_than_they_may(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freezing, "MESSAGES", 3)
    monkeypatch.setattr(freezing, "_LIMIT", 4000)
    enter(8)
    push(two)
    sent = batches()
    assert sum(batch.count for batch in sent) == 9
    assert all(batch.count <= 3 and len(lines_of(batch) or b"") <= 4000 for batch in sent)
    assert len({batch.batch_no for batch in sent}) == len(sent)
    assert [batch.previous for batch in sent] == [None, *(batch.batch_no for batch in sent[:-1])]
    assert held(two) == own()


def test_nothing_is_pushed_while_a_person_has_paused_the_peer(two: Pair) -> None:
    enter()
    with transaction():
        db.session.execute(db.text("UPDATE peer SET state = 'paused'"))
    assert push(two).outcome == "paused"
    assert batches() == []


def test_a_province_pushes_nothing(two: Pair) -> None:
    with two.province.app_context(), pytest.raises(outbound.NotUpwards):
        outbound.push(settings_of(two.province), "130100", told=True)


def test_pauses_grow_and_end_at_ten_minutes() -> None:
    assert all(1 <= runs.pause_after(0) <= 1.0 for _ in range(10))
    assert all(4 <= runs.pause_after(3) <= 8 for _ in range(10))
    assert all(300 <= runs.pause_after(50) <= 600 for _ in range(10))
