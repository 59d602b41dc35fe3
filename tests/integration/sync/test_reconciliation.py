"""Reconciliation: what differs is found at two looks, repaired both ways, explained, or an alarm."""

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from models import ExchangeIncident, ExchangeMessage, ExchangeRun, Peer, PeerState, RunKind, db
from registry.services import exchange_node
from registry.transaction import transaction
from sync import outbound, own_messages, peers, pulling, reconciliation, runs
from sync.board import on_board
from sync.link import Link
from tests.exchange_messages import penalty, revised
from tests.exchange_nodes import Partner
from tests.exchange_wire import Pair, pair, settings_of
from tests.factories import make_authority, make_operator, make_penalty


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def enter(**columns: Any) -> str:
    with transaction():
        return make_penalty(make_operator(), make_authority(), **columns).record_id


def reconcile(two: Pair) -> runs.Run:
    db.session.remove()
    return reconciliation.reconcile(two.settings, "130000", told=True, pause=0)


def change_in_province(two: Pair, statement: str, **values: Any) -> None:
    with two.province.app_context(), transaction():
        db.session.execute(db.text(statement), values)


def incidents() -> set[str]:
    return set(db.session.execute(select(ExchangeIncident.code)).scalars())


def held(two: Pair) -> set[str]:
    with two.province.app_context():
        return set(db.session.execute(select(ExchangeMessage.record_id)).scalars())


def test_two_that_hold_the_same_differ_in_nothing_and_the_run_says_so(two: Pair) -> None:
    enter()
    outbound.push(two.settings, "130000", told=True)
    run = reconcile(two)
    assert (run.outcome, run.counts["differences"]) == ("done", 0)
    kept = db.session.execute(select(ExchangeRun).where(ExchangeRun.kind == RunKind.RECONCILE)).scalar_one()
    assert (kept.outcome, kept.counts["differences"]) == ("done", 0)
    with two.province.app_context():
        above = reconciliation.reconcile(settings_of(two.province), "130100", told=True, pause=0)
    assert (above.outcome, above.counts["differences"]) == ("done", 0)


def test_what_was_passed_over_is_sent_in_a_new_batch(two: Pair) -> None:
    record = enter()
    outbound.push(two.settings, "130000", told=True)
    late = enter()
    own_messages.catch_up(two.settings)
    with transaction():
        db.session.execute(db.text("UPDATE peer_chain SET looked_to = 1000000"))  # as a fault of ours would leave it
    run = reconcile(two)
    assert (run.outcome, run.counts["staying"]) == ("done", 0)
    assert run.counts["sent"] == 2
    assert held(two) >= {record, late}
    assert not on_board(peers.get("130000"), upwards=True).proven_equal  # a difference was found, and repaired
    reconcile(two)
    assert on_board(peers.get("130000"), upwards=True).proven_equal


def test_what_we_lack_is_fetched_by_record(two: Pair) -> None:
    other = Partner(two.province, "130200")
    first = penalty(subject={"region": "130102"})
    other.send(first)
    pulling.pull(two.settings, "130000", told=True)
    lacking, newer = penalty(subject={"region": "130102"}), revised(first)
    other.send(lacking, newer)
    db.session.remove()
    run = reconcile(two)
    assert (run.outcome, run.counts["fetched"], run.counts["staying"]) == ("done", 2, 0)
    found = {
        message["record_id"]: message
        for message in map(
            orjson.loads,
            db.session.execute(select(ExchangeMessage.content).where(ExchangeMessage.origin == "130200")).scalars(),
        )
    }
    assert found == {each["record_id"]: each for each in (newer, lacking)}


def test_what_was_rejected_explains_its_difference(two: Pair) -> None:
    bad = enter(kinds_printed="不存在的处罚")
    outbound.push(two.settings, "130000", told=True)
    run = reconcile(two)
    assert (run.outcome, run.counts["explained"], run.counts["sent"]) == ("done", 1, 0)
    assert run.detail["explained"] == [bad]
    assert incidents() == set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange_message SET revision = 9 WHERE record_id = :record",
        "UPDATE exchange_message SET digest = 'sha256:' || repeat('0', 64) WHERE record_id = :record",
        "UPDATE exchange_message SET record_id = record_id || 'x' WHERE record_id = :record",
    ],
)
def test_a_peer_that_holds_more_of_ours_than_we_do_gets_nothing_any_more(two: Pair, statement: str) -> None:
    record = enter()
    outbound.push(two.settings, "130000", told=True)
    change_in_province(two, statement, record=record)
    run = reconcile(two)
    assert (run.outcome, run.detail["code"]) == ("stopped", "peer_knows_more")
    assert incidents() == {"peer_knows_more"}
    assert db.session.execute(select(Peer.state)).scalar_one() is PeerState.STOPPED
    enter()
    assert outbound.push(two.settings, "130000", told=True).outcome == "stopped"


def test_an_answer_shows_the_epoch_for_which_the_last_batch_is_told(two: Pair) -> None:
    enter()
    outbound.push(two.settings, "130000", told=True)
    link = Link(two.settings, peers.get("130000"))
    asked = [("chain", "bulk")]
    assert orjson.loads(link.get("/batches", asked).body)["last"]["to_seq"] > 0
    with transaction():
        exchange_node.draw_epoch()
    with two.province.app_context():
        reconciliation.reconcile(settings_of(two.province), "130100", told=True, pause=0)
    assert orjson.loads(link.get("/batches", asked).body) == {"last": None}


def test_what_was_on_its_way_is_no_difference(two: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    enter()

    def meanwhile(_: float) -> None:
        outbound.push(two.settings, "130000", told=True)

    monkeypatch.setattr(reconciliation, "sleep", meanwhile)
    run = reconcile(two)
    assert (run.outcome, run.counts["differences"], run.counts["sent"]) == ("done", 0, 0)


def test_a_partner_that_answers_no_questions_is_not_compared_with(two: Pair) -> None:
    with transaction():
        db.session.execute(db.text("UPDATE peer SET carrier = 'file'"))
    with pytest.raises(reconciliation.NotComparable):
        reconcile(two)
    assert db.session.execute(select(ExchangeRun).where(ExchangeRun.kind == RunKind.RECONCILE)).first() is None
