"""Scenario 16 for penalties: a reorganisation hides the record, its failure shows it again, each by two officers."""

import pytest
import time_machine
from sqlalchemy import select

from models import Penalty, PublicFinding, db
from registry.rules.penalty_procedure import Action, MatterState
from registry.rules.record import RecordState
from registry.services.matters import deciding, drafting
from registry.services.matters.faults import MatterOpen, ReasonMissing, SamePerson, StepNotAllowed
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.matters import DESK, FIRST, SECOND

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with time_machine.travel("2026-03-24T02:00:00Z", tick=False):
        yield


@pytest.fixture
def penalty(database):
    with transaction():
        return make_penalty(make_operator(), make_authority())


def propose(penalty, *, lift=False):
    with transaction():
        return drafting.propose_shield(penalty, lift=lift, ruling="石家庄中院（2026）冀01破3号", desk=DESK, actor=FIRST)


def decide(matter, action, actor=SECOND, reason="裁定已核实"):
    with transaction():
        deciding.decide(matter, action, revision=matter.revision, reason=reason, desk=DESK, actor=actor)


def is_shown(penalty):
    found = select(PublicFinding.record_id).where(PublicFinding.record_id == penalty.record_id)
    return db.session.execute(found).first() is not None


def test_a_reorganisation_hides_a_penalty_and_its_failure_shows_it_again(penalty):
    until = penalty.public_until
    matter = propose(penalty)
    assert is_shown(penalty)
    with pytest.raises(SamePerson):
        decide(matter, Action.SHIELD, actor=FIRST)
    with pytest.raises(ReasonMissing):
        decide(matter, Action.SHIELD, reason=" ")
    decide(matter, Action.SHIELD)
    assert (matter.state, penalty.state) == (MatterState.CARRIED_OUT, RecordState.SHIELDED)
    assert not is_shown(penalty)
    failed = propose(penalty, lift=True)
    decide(failed, Action.LIFT_SHIELD)
    assert db.session.get_one(Penalty, penalty.id).state is RecordState.IN_FORCE
    assert penalty.public_until == until
    assert is_shown(penalty)


def test_a_shield_stands_only_where_the_record_does(penalty):
    with pytest.raises(StepNotAllowed):
        propose(penalty, lift=True)
    matter = propose(penalty)
    with pytest.raises(MatterOpen):
        propose(penalty)
    with pytest.raises(StepNotAllowed):
        decide(matter, Action.LIFT_SHIELD)
    decide(matter, Action.REFUSE)
    assert is_shown(penalty)
