"""Each harm that traffic between two served nodes can meet with, alone and mixed (exchange.md 7).

Rows that need no wire of two processes are tested elsewhere; docs/exchange.md says where.
"""

from collections.abc import Iterator
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from models import ExchangeIncident, ExchangeMessage, PeerCursor, ReceivedBatch, SentBatch, SentState, db
from registry.transaction import transaction
from sync import outbound, pulling
from sync.runs import Run
from tests.exchange_wire import settings_of
from tests.factories import make_authority, make_operator, make_penalty
from tests.faults.agreement import agree, exchange, receipts, scalar, settle
from tests.faults.harm import Chances, Fault, InTurn
from tests.faults.office import Office
from tests.faults.stage import CITY, PROVINCE, Stage, staged

UPWARDS = {
    Fault.CUT_REQUEST: None,  # nothing came: a peer that is down is no incident
    Fault.LOST_ANSWER: None,
    Fault.CUT_ANSWER: "broken_answer",
    Fault.TRUNCATE_REQUEST: "digest_mismatch",
    Fault.FLIP_REQUEST: "digest_mismatch",
    Fault.LINE_MORE: "digest_mismatch",
    Fault.LINE_FEWER: "digest_mismatch",
    Fault.TRUNCATE_ANSWER: "digest_mismatch",
    Fault.FLIP_ANSWER: "digest_mismatch",
    Fault.EMPTY: "signature_invalid",
    Fault.HTML: "signature_invalid",
    Fault.HEADER: "signature_invalid",
    Fault.DUPLICATE_SECOND: "nonce_replayed",
}
"""What a batch meets with, and the incident that a person is shown."""

ARRIVES = {
    Fault.LOST_ANSWER, Fault.CUT_ANSWER, Fault.TRUNCATE_ANSWER, Fault.FLIP_ANSWER, Fault.HEADER, Fault.DUPLICATE_SECOND,
}  # fmt: skip
DOWNWARDS = (
    Fault.CUT_ANSWER,
    Fault.LOST_ANSWER,
    Fault.TRUNCATE_ANSWER,
    Fault.FLIP_ANSWER,
    Fault.EMPTY,
    Fault.HTML,
    Fault.HEADER,
)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage"), seed=7) as found:
        yield found


def enter(app: Flask, count: int = 2) -> None:
    with app.app_context(), transaction():
        operator, authority = make_operator(), make_authority()
        for _ in range(count):
            make_penalty(operator, authority)


def move(stage: Stage, way: str) -> Run:
    city = stage.apps[CITY]
    with city.app_context():
        run = (outbound.push if way == "push" else pulling.pull)(settings_of(city), PROVINCE, told=True)
        db.session.remove()
    return run


def bend(stage: Stage, fault: Fault, path: str) -> None:
    stage.wires[PROVINCE].plan = InTurn([fault], lambda request: path in request.target)


def incidents(stage: Stage) -> set[str]:
    with stage.apps[CITY].app_context():
        found = set(db.session.execute(select(ExchangeIncident.code)).scalars())
        db.session.remove()
    return found


def count(app: Flask, model: type) -> int:
    return int(scalar(app, select(func.count()).select_from(model)))


@pytest.mark.parametrize("fault", UPWARDS)
def test_a_batch_that_was_harmed_is_not_marked_as_sent_and_then_applied_once(stage: Stage, fault: Fault) -> None:
    city, province = stage.apps[CITY], stage.apps[PROVINCE]
    assert move(stage, "push").outcome == "done"
    with city.app_context(), transaction():
        db.session.execute(db.delete(ExchangeIncident))
    before, batches = count(province, ExchangeMessage), count(province, ReceivedBatch)
    enter(city)
    bend(stage, fault, "/batches")

    assert move(stage, "push").outcome == "no_answer"

    assert stage.wires[PROVINCE].done[fault] >= 1
    state = select(SentBatch.state).order_by(SentBatch.id.desc()).limit(1)
    assert scalar(city, state) is SentState.FROZEN
    assert incidents(stage) == ({UPWARDS[fault]} - {None})
    assert (count(province, ReceivedBatch) > batches) == (fault in ARRIVES)
    assert (count(province, ExchangeMessage) > before) == (fault in ARRIVES)
    assert move(stage, "push").outcome == "done"
    assert scalar(city, state) is SentState.RECEIPTED
    assert count(province, ExchangeMessage) == before + 3
    assert count(province, ReceivedBatch) == batches + 1
    assert receipts(city, SentBatch) == receipts(province, ReceivedBatch)


@pytest.mark.parametrize("fault", DOWNWARDS)
def test_a_page_that_was_harmed_moves_nothing_and_comes_again(stage: Stage, fault: Fault) -> None:
    city, province = stage.apps[CITY], stage.apps[PROVINCE]
    enter(province)
    position = select(PeerCursor.position)
    where, before = scalar(city, position), count(city, ExchangeMessage)
    bend(stage, fault, "/changes")
    assert move(stage, "pull").outcome == "no_answer"
    assert (scalar(city, position), count(city, ExchangeMessage)) == (where, before)
    assert move(stage, "pull").outcome == "done"
    assert count(city, ExchangeMessage) == before + 3


def test_of_a_request_that_arrives_twice_the_first_answer_will_do(stage: Stage) -> None:
    enter(stage.apps[CITY])
    batches = count(stage.apps[PROVINCE], ReceivedBatch)
    bend(stage, Fault.DUPLICATE_FIRST, "/batches")
    assert move(stage, "push").outcome == "done"
    assert count(stage.apps[PROVINCE], ReceivedBatch) == batches + 1


def test_a_mixture_of_everything_leaves_both_sides_equal(stage: Stage) -> None:
    chance = Random(23)
    offices = [Office(app, 40 + place) for place, app in enumerate(stage.apps.values())]
    wire = stage.wires[PROVINCE]
    wire.pause = wire.patience = 0.02
    wire.plan = Chances(23, 0.4)
    for _ in range(25):
        for office in offices:
            office.work(chance.randrange(5))
        exchange(stage.apps[CITY])
    settle(stage)
    assert len(wire.done) >= len(Fault) - 4  # which of them each meets with, the seed draws
    agree(stage)
    assert {"repaired", "expired", "decision_revoked", "shielded"} <= reasons(stage.apps[PROVINCE])


def reasons(app: Flask) -> set[str]:
    with app.app_context():
        found = set(db.session.execute(select(ExchangeMessage.reason).distinct()).scalars())
        db.session.remove()
    return {each for each in found if each is not None}
