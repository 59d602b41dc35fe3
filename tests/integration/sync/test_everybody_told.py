"""A granted repair is finished by what the exchange itself knows: receipts and positions, not by what somebody notes."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from models import Direction, ExchangeMessage, Peer, PeerCursor, PeerState, Proceeding, db
from registry.queries.exchange_reach import Reach, reach_of
from registry.queries.records import get_record
from registry.rules.procedure import Actor
from registry.rules.repair_procedure import Action, Stage
from registry.services.proceedings.application_following import finish_repairs
from registry.transaction import transaction
from sync import outbound, own_messages, problems
from sync.sealed import sent_as
from tests.applications import apply_for, decide, note, on, step
from tests.exchange_wire import Pair, pair, settings_of
from tests.factories import make_authority, make_operator, make_penalty
from tests.matters import DESK

DAY = "2026-06-10"


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def granted():
    """The name of a penalty whose repair was granted today, and the case."""
    with transaction():
        penalty = make_penalty(make_operator(), make_authority())
    with on(DAY):
        case = step(apply_for(penalty), Action.ACCEPT, materials_complete=True)
        step(case, Action.VERIFY, verified_on=DAY, duties_performed=True)
        return penalty.record_id, decide(case, Action.GRANT).id


def finished(case_id: int) -> bool:
    with on(DAY), transaction():
        finish_repairs(DESK)
    return of(case_id).stage == Stage.SYNCED


def of(case_id: int) -> Proceeding:
    db.session.expire_all()
    return db.session.get_one(Proceeding, case_id)


def push(two: Pair) -> None:
    outbound.push(two.settings, "130000", told=True)


def test_the_receipt_of_the_province_finishes_a_repair_and_no_note_does(two: Pair) -> None:
    record_id, case = granted()
    waiting = of(case)
    assert (waiting.deadline, waiting.due_on, waiting.asked_of) == ("share_repair", date(2026, 6, 15), None)
    assert reach_of(record_id) == {"130000": Reach.WAITING}
    with on(DAY):
        note(of(case), told_on=DAY)
    assert not finished(case)
    push(two)
    assert reach_of(record_id) == {"130000": Reach.TOLD}
    assert finished(case)


def test_only_the_newest_state_counts(two: Pair) -> None:
    with transaction():
        record_id = make_penalty(make_operator(), make_authority()).record_id
    push(two)
    assert reach_of(record_id) == {"130000": Reach.TOLD}
    with on(DAY):
        case = step(apply_for(get_record(record_id)), Action.ACCEPT, materials_complete=True)
        step(case, Action.VERIFY, verified_on=DAY, duties_performed=True)
        decide(case, Action.GRANT)
    assert reach_of(record_id) == {"130000": Reach.WAITING}
    own_messages.catch_up(two.settings)
    assert reach_of(record_id) == {"130000": Reach.WAITING}


def test_what_the_province_refuses_is_not_told(two: Pair) -> None:
    record_id, case = granted()
    push(two)
    message = db.session.get_one(ExchangeMessage, record_id)
    with transaction():
        peer = db.session.execute(select(Peer)).scalar_one()
        problems.note(
            Direction.OUT, peer.id, record_id=message.record_id, revision=message.revision, content=sent_as(message),
            faults=[{"code": "date_bad", "field": "data.CF_JDRQ", "message": "日期错误"}], batch_no=None,
        )  # fmt: skip
    assert reach_of(record_id) == {"130000": Reach.WAITING}
    assert not finished(case)


@pytest.mark.parametrize("state", [PeerState.PAUSED, PeerState.STOPPED])
def test_whom_no_wire_reaches_an_officer_tells(two: Pair, state: PeerState) -> None:
    record_id, case = granted()
    with transaction():
        incident = "batch_gap" if state is PeerState.STOPPED else None
        db.session.execute(update(Peer).values(state=state, incident=incident))
    assert reach_of(record_id) == {"130000": Reach.NO_WIRE}
    assert not finished(case)
    with on(DAY):
        noted = note(of(case), told_on="2026-06-11")
        assert (noted.asked_of, noted.deadline) == (Actor.HANDLER, "share_repair")  # what is to come has not been done
    assert not finished(case)
    with on(DAY):
        noted = note(of(case), told_on=DAY)
        assert (noted.asked_of, noted.deadline) == (None, None)
    assert finished(case)


def test_a_city_is_told_when_it_has_read_so_far(two: Pair) -> None:
    """The province's own records: a city that they concern reads them, and says how far it is."""
    province: Flask = two.province
    db.session.remove()
    with province.app_context():
        with transaction():
            operator = make_operator(region="130102")
            penalty = make_penalty(operator, make_authority(name="河北省市场监督管理局"))
        own_messages.catch_up(settings_of(province))
        message = db.session.get_one(ExchangeMessage, penalty.record_id)
        assert reach_of(penalty.record_id) == {"130100": Reach.WAITING}
        for position, reach in ((message.position - 1, Reach.WAITING), (message.position, Reach.TOLD)):
            with transaction():
                peer = db.session.execute(select(Peer)).scalar_one()
                db.session.merge(PeerCursor(peer_id=peer.id, position=0, theirs=position))
            assert reach_of(penalty.record_id) == {"130100": reach}
        db.session.remove()
