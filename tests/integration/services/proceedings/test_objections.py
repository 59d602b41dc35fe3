"""An objection from its form to the answer: window, clocks, the mark on the record, who may not decide (SM-F)."""

from datetime import date

import pytest

from models import db
from registry import ledger
from registry.ledger import Actor as LedgerActor
from registry.queries import proceedings as queries
from registry.queries.public_findings import finding_of_record
from registry.rules.objection_procedure import Action, ObjectionKind, Stage
from registry.rules.operator import OperatorKind
from registry.rules.procedure import Actor, GuardsNotMet
from registry.rules.record import RecordState
from registry.rules.violation_wording import FOUND_WRONG
from registry.services import applications
from registry.services.application_forms import read_objection
from registry.services.proceedings.abnormal_records import case_about
from registry.services.proceedings.bindings import binding_of
from registry.services.proceedings.objection_effects import Outcome
from registry.services.proceedings.taking_up import case_for
from registry.transaction import transaction
from tests.applications import decide, note, object_to, on, step
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.matters import DESK, FIRST, THIRD

pytestmark = pytest.mark.usefixtures("database")


def make_listing(published: date):
    with transaction():
        return make_abnormal_listing(make_operator(), make_authority(), listed_on=published)


@pytest.fixture
def penalty():
    with transaction():
        return make_penalty(make_operator(), make_authority())


def ready(proceeding, *, wrong=True):
    step(proceeding, Action.ACCEPT)
    return note(proceeding, verified_on="2026-10-10", found_wrong=wrong, findings="决定书写明为2000元")


def bodies(proceeding):
    return [repr(each.body) for each in queries.documents_of(proceeding.id)]


@pytest.mark.parametrize(
    ("published", "received", "in_time"),
    [
        (date(2026, 8, 31), "2026-09-30", True),
        (date(2026, 8, 31), "2026-10-01", False),
        (date(2026, 9, 2), "2026-10-08", True),  # day 30 is a day of the holiday
        (date(2026, 9, 2), "2026-10-09", False),
    ],
)
def test_6_an_objection_on_the_thirtieth_and_on_the_next_day(published, received, in_time):
    listing = make_listing(published)
    with on(received):
        proceeding = object_to(listing, standing="operator")
        if in_time:
            assert step(proceeding, Action.ACCEPT).stage == Stage.ACCEPTED
            return
        with pytest.raises(GuardsNotMet) as refusal:
            step(proceeding, Action.ACCEPT)
        assert refusal.value.guards == ("raised_in_time",)
        step(proceeding, Action.NOT_ACCEPT, reason="已超过三十日")
    (body,) = bodies(proceeding)
    assert "60日内申请行政复议" in body
    assert "6个月内依法提起行政诉讼" in body
    assert listing.under_objection is False


def test_the_vectors_of_accepting_and_verifying():
    listing = make_listing(date(2026, 9, 2))
    with on("2026-09-28"):
        proceeding = object_to(listing, standing="operator")
        assert (proceeding.deadline, proceeding.due_on) == ("accept_objection", date(2026, 10, 10))
    with on("2026-10-10"):
        step(proceeding, Action.ACCEPT)
        assert (proceeding.deadline, proceeding.due_on) == ("verify_objection", date(2026, 11, 6))


def test_an_objection_is_shown_beside_the_record_which_stays_public(penalty):
    with on("2026-09-28"):
        object_to(penalty)
        assert finding_of_record(penalty.record_id, date(2026, 9, 28)).data["under_objection"] is True


def test_a_question_contests_nothing_and_is_answered_within_twenty_working_days(penalty):
    with on("2026-09-10"):
        proceeding = object_to(penalty, kind=ObjectionKind.QUESTION)
        assert (proceeding.deadline, proceeding.due_on) == ("answer_question", date(2026, 10, 14))
    assert penalty.under_objection is False


def test_6_an_upheld_objection_takes_the_record_down_at_once():
    listing = make_listing(date(2026, 9, 2))
    with on("2026-10-08"):
        proceeding = object_to(listing, standing="operator")
    with on("2026-10-10"):
        ready(proceeding)
        decide(proceeding, Action.UPHOLD, outcome=Outcome.WITHDRAW.value)
        assert finding_of_record(listing.record_id, date(2026, 10, 10)) is None
    assert (proceeding.stage, proceeding.closed_on) == (Stage.CORRECTED, date(2026, 10, 10))
    assert (listing.state, listing.under_objection) == (RecordState.WITHDRAWN, False)
    entries = [each.entry for each in queries.history(proceeding)]
    assert entries[-2:] == ["proceeding.uphold", "proceeding.correct"]


def test_a_correction_is_waited_for_and_closes_the_case(penalty):
    with on("2026-10-10"):
        proceeding = ready(object_to(penalty))
        decide(proceeding, Action.UPHOLD, outcome=Outcome.CORRECT.value)
        assert (proceeding.stage, proceeding.deadline, proceeding.due_on) == (
            Stage.UPHELD,
            "correct_penalty",
            date(2026, 10, 14),
        )
        assert penalty.under_objection is True
        with pytest.raises(GuardsNotMet):
            step(proceeding, Action.CORRECT, part=Actor.SYSTEM)
        with transaction():
            penalty.content = "罚款2000元"
            db.session.flush()
            ledger.append("administrative_penalty.corrected", record=penalty, actor=FIRST)
        step(proceeding, Action.CORRECT, part=Actor.SYSTEM)
    assert (proceeding.stage, penalty.under_objection) == (Stage.CORRECTED, False)


def test_a_rejected_objection_leaves_the_record_and_takes_the_mark_away(penalty):
    with on("2026-10-10"):
        proceeding = ready(object_to(penalty), wrong=False)
        with pytest.raises(GuardsNotMet):
            decide(proceeding, Action.UPHOLD, outcome=Outcome.WITHDRAW.value)
        decide(proceeding, Action.REJECT, reason="金额与决定书一致")
        assert finding_of_record(penalty.record_id, date(2026, 10, 10)).data["under_objection"] is False
    assert "金额与决定书一致" in bodies(proceeding)[-1]


def test_the_mark_stays_while_another_objection_is_open(penalty):
    with on("2026-10-10"):
        first, second = object_to(penalty), object_to(penalty)
        step(first, Action.NOT_ACCEPT, reason="无证据")
        assert penalty.under_objection is True
        step(second, Action.NOT_ACCEPT, reason="无证据")
    assert penalty.under_objection is False


def test_whoever_penalised_does_not_decide_what_is_said_against_it(penalty):
    with transaction():
        penalty.content = "罚款二万元"
        db.session.flush()
        ledger.append("administrative_penalty.corrected", record=penalty, actor=THIRD)
    with on("2026-10-10"):
        proceeding = ready(object_to(penalty), wrong=False)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.REJECT, by=THIRD)
        assert refusal.value.guards == ("decider_is_impartial",)
        decide(proceeding, Action.REJECT)


def test_whoever_decided_an_earlier_objection_may_decide_the_next(penalty):
    with on("2026-10-10"):
        first = ready(object_to(penalty), wrong=False)
        decide(first, Action.REJECT, by=THIRD)
        again = ready(object_to(penalty), wrong=False)
        assert decide(again, Action.REJECT, by=THIRD).stage == Stage.REJECTED


def test_the_conditions_shown_to_an_officer_are_those_of_that_officer(penalty):
    with on("2026-10-10"):
        proceeding = object_to(penalty)
    binding = binding_of(proceeding.procedure)
    assert binding.facts_for(proceeding, DESK, str(LedgerActor("officer", "li"))).decider_penalised is False
    assert binding.facts(proceeding, DESK).decider_penalised is True


def test_only_the_operator_objects_to_its_listing():
    listing = make_listing(date(2026, 9, 2))
    with on("2026-09-10"):
        proceeding = object_to(listing, standing="other")
        with pytest.raises(GuardsNotMet) as refusal:
            step(proceeding, Action.ACCEPT)
    assert refusal.value.guards == ("may_object",)


@pytest.mark.parametrize(
    ("make", "article"),
    [
        (make_abnormal_listing, "《企业经营异常名录管理办法》第十六条"),
        (make_household_mark, "《个体工商户年度报告办法》第十九条"),
        (make_violation_listing, "《企业信息公示暂行条例》第十二条"),
    ],
)
def test_each_list_is_objected_to_under_its_own_article(make, article):
    kind = OperatorKind.ENTERPRISE if make is make_abnormal_listing else OperatorKind.HOUSEHOLD
    with transaction():
        record = make(make_operator(kind=kind), make_authority(), listed_on=date(2026, 7, 8))
    with on("2026-07-20"):
        proceeding = step(object_to(record, standing="operator"), Action.ACCEPT)
    assert article in bodies(proceeding)[-1]


def test_what_can_be_said_of_a_record_follows_from_its_kind(penalty):
    with transaction():
        licence = make_licence(penalty.operator, penalty.authority)
    assert applications.kinds_for(licence)[0] is ObjectionKind.CREDIT_INFORMATION
    assert applications.kinds_for(penalty)[0] is ObjectionKind.PENALTY_DATA


def test_an_objection_tells_all_its_faults_at_once():
    form = read_objection({"kind": "listing"}, [ObjectionKind.PENALTY_DATA], [])
    assert {fault.field: fault.code for fault in form.faults} == {
        "kind": "choice_missing",
        "standing": "choice_missing",
        "applicant": "applicant_missing",
        "contact": "contact_missing",
        "statement": "statement_missing",
    }
    penalty_data = read_objection({"kind": "penalty_data"}, [ObjectionKind.PENALTY_DATA], [])
    assert "proof_missing" in {fault.code for fault in penalty_data.faults}


def test_6_the_case_of_a_stay_is_corrected_with_an_upheld_objection():
    listing = make_listing(date(2026, 9, 2))
    with transaction():
        case = case_about(listing, actor=LedgerActor("officer", "zhao"), desk=DESK)
    with on("2026-10-08"):
        proceeding = object_to(listing, standing="operator")
    with on("2026-10-10"):
        ready(proceeding)
        decide(proceeding, Action.UPHOLD, outcome=Outcome.WITHDRAW.value)
    assert (case.stage, proceeding.stage, listing.state) == ("A8", Stage.CORRECTED, RecordState.WITHDRAWN)


def test_6_the_case_of_a_violation_listing_is_revoked_with_an_upheld_objection():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2026, 9, 2))
        case = case_for(listing, actor=LedgerActor("officer", "zhao"), desk=DESK)
    with on("2026-09-20"):
        proceeding = object_to(listing, standing="operator")
    with on("2026-10-10"):
        ready(proceeding)
        decide(proceeding, Action.UPHOLD, outcome=Outcome.WITHDRAW.value)
        assert finding_of_record(listing.record_id, date(2026, 10, 10)) is None
    assert (case.stage, proceeding.stage, listing.state) == ("C9", Stage.CORRECTED, RecordState.WITHDRAWN)
    assert listing.end_statement == FOUND_WRONG
    assert case.hands == proceeding.hands
    assert case.decided_by not in case.hands
