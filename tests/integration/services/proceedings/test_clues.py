"""A clue from the form to the answer."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Proceeding, db
from registry.queries.proceedings import hands_on
from registry.rules.clue_procedure import Action, Stage
from registry.rules.operator import OperatorKind
from registry.rules.procedure import GuardsNotMet
from registry.rules.proceedings import Procedure
from registry.services import applications
from registry.services.applications import NoBureau
from registry.services.proceedings.clues import NoCaseFromClue
from registry.transaction import transaction
from tests.applications import new_code, on, report, step
from tests.factories import make_authority, make_operator, make_penalty
from tests.matters import FIRST

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def operator():
    with transaction():
        make_authority()
        return make_operator()


def test_a_clue_is_answered_within_twenty_working_days(operator):
    with on("2026-09-10"):
        proceeding = report(operator)
        assert (proceeding.stage, proceeding.deadline, proceeding.due_on) == (
            Stage.RECEIVED,
            "check_report",
            date(2026, 10, 14),
        )
        step(proceeding, Action.TAKE_UP)
        with pytest.raises(GuardsNotMet) as refusal:
            step(proceeding, Action.ANSWER)
        assert refusal.value.guards == ("clue_is_checked", "answer_given")
        step(proceeding, Action.ANSWER, finding="confirmed", answer="已核实，感谢。")
    assert (proceeding.stage, proceeding.closed_on) == (Stage.ANSWERED, date(2026, 9, 10))


def test_what_is_not_taken_up_is_answered_too(operator):
    with on("2026-09-10"):
        proceeding = step(report(operator), Action.NOT_TAKE_UP, reason="不属于本机关职责")
        assert proceeding.due_on == date(2026, 10, 14)
        step(proceeding, Action.ANSWER, answer="请向属地税务机关反映。")
    assert proceeding.stage == Stage.ANSWERED


def test_a_clue_may_be_anonymous_and_is_followed_all_the_same(operator):
    code = new_code()
    with on("2026-09-10"):
        proceeding = report(operator, code=code)
    assert proceeding.facts["anonymous"] is True
    assert set(proceeding.personal) == {"statement"}
    assert applications.follow(code).id == proceeding.id


def test_the_same_clue_sent_twice_is_one(operator):
    code = new_code()
    with on("2026-09-10"):
        assert report(operator, code=code).id == report(operator, code=code).id


def test_the_mark_of_a_household_does_not_begin_with_a_clue():
    with transaction():
        make_authority()
        household = make_operator(kind=OperatorKind.HOUSEHOLD)
    with on("2026-09-10"):
        proceeding = report(household)
        with pytest.raises(NoCaseFromClue):
            step(proceeding, Action.TAKE_UP, opens_case_for="R4")
        assert db.session.get(type(proceeding), proceeding.id).stage == Stage.RECEIVED


def test_a_clue_goes_to_the_district_else_to_the_city():
    with transaction():
        city, district = make_authority(name="石家庄市市场监督管理局"), make_authority()
        city.region = "130100"
        inside, outside, nowhere = make_operator(), make_operator(region="130105"), make_operator(region="110105")
    assert applications.bureau_of(inside) is district
    assert applications.bureau_of(outside) is city
    with on("2026-09-10"), pytest.raises(NoBureau):
        report(nowhere)


def test_whoever_deals_with_a_clue_had_no_hand_in_a_record(operator):
    with transaction():
        penalty = make_penalty(operator, make_authority())
    with on("2026-09-10"):
        step(report(operator), Action.TAKE_UP)
    assert str(FIRST) not in hands_on(penalty.record_id)


def test_a_clue_that_is_taken_up_can_begin_a_case_of_the_abnormal_list(operator):
    with on("2026-09-10"):
        proceeding = step(report(operator), Action.TAKE_UP, opens_case_for="R4", reason="住所已无人经营")
        begun = db.session.execute(
            select(Proceeding).where(Proceeding.record_id == proceeding.facts["opened_case"])
        ).scalar_one()
    assert (begun.procedure, begun.stage, begun.reason) == (Procedure.ABNORMAL_LISTING, "A0", "R4")
    assert begun.facts["facts"] == "住所已无人经营"
