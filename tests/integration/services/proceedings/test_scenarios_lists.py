"""Scenarios 2 to 6, 18 and 19 of domain.md 12 against the register, by their numbers; 1 is in test_listing_batches."""

from contextlib import contextmanager
from datetime import date

import pytest
import time_machine

from models import Proceeding, db
from registry.queries.proceedings import documents_of
from registry.queries.public_findings import findings_of
from registry.rules import abnormal_procedure as abnormal
from registry.rules import household_procedure as household
from registry.rules.documents import DocumentKind
from registry.rules.listing import AbnormalReason
from registry.rules.merchant_status import FindingType
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import Actor, GuardsNotMet, SamePerson
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.services import operators
from registry.services.proceedings import abnormal_records, by_system, engine
from registry.services.proceedings.abnormal_facts import WrongList
from registry.transaction import transaction
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_household_mark, make_operator
from tests.matters import DESK, FIRST, SECOND

pytestmark = pytest.mark.usefixtures("database")

H, R = Actor.HANDLER, Actor.REVIEWER
FOUNDED = {"established_on": date(2019, 3, 1)}


@contextmanager
def on(day):
    """Noon of a day in Beijing."""
    with time_machine.travel(f"{day}T12:00:00+08:00"):
        yield


def opened(reason="R1", year=2025, operator=None, **values):
    with transaction():
        return engine.open_case(
            Procedure.ABNORMAL_LISTING,
            abnormal.Action.RECORD,
            part=H,
            authority=make_authority(),
            operator=operator or make_operator(**FOUNDED),
            reason=reason,
            report_year=year if reason == "R1" else None,
            values={"facts": "检查发现。", **values},
            statement="检查发现",
            actor=FIRST,
            desk=DESK,
        )


def step(case, action, part=H, by=None, **values):
    with transaction():
        return engine.take_step(
            case,
            action,
            part=part,
            revision=case.revision,
            statement="依法办理",
            values=values,
            actor=by or (FIRST if part is H else SECOND),
            desk=DESK,
        )


def note(case, **values):
    with transaction():
        return engine.note(case, values, part=H, revision=case.revision, statement="记录", actor=FIRST, desk=DESK)


def listed(**terms):
    case = opened(**terms)
    step(case, abnormal.Action.PROPOSE)
    return step(case, abnormal.Action.LIST, R)


def types_of(operator, day):
    return [each.type for each in findings_of(operator.id, date.fromisoformat(day))]


def guards(refusal):
    return refusal.value.guards


def test_2_one_year_twice_is_refused_and_removing_one_of_two_years_leaves_the_operator_flagged():
    with on("2026-07-03"):
        first = listed()
        again = opened(operator=first.operator)
        step(again, abnormal.Action.PROPOSE)
        with pytest.raises(GuardsNotMet) as refusal:
            step(again, abnormal.Action.LIST, R)
        assert guards(refusal) == ("no_second_listing",)
        db.session.expire_all()
        listed(operator=first.operator, year=2024)
        step(
            first,
            abnormal.Action.APPLY,
            applied_on="2026-07-03",
            removal_reason="reported",
            proof="回执",
            cured_on="2026-07-03",
        )
        assert (first.deadline, first.due_on) == ("remove_abnormal", date(2026, 7, 10))
        with pytest.raises(SamePerson):
            step(first, abnormal.Action.REMOVE, R, by=FIRST)
        db.session.expire_all()
        step(first, abnormal.Action.REMOVE, R)
        assert types_of(first.operator, "2026-07-03") == [FindingType.ABNORMAL_LISTING]
        kinds = [each.kind for each in documents_of(first.id)]
        assert kinds == [DocumentKind.LISTING_DECISION, DocumentKind.REMOVAL_DECISION]


@pytest.mark.parametrize(("disclosed", "closes"), [("2026-03-12", True), ("2026-03-13", False)])
def test_3_publication_on_the_tenth_day_closes_the_order_and_on_the_eleventh_does_not(disclosed, closes):
    with on("2026-03-02"):
        case = opened(reason="R2")
        step(case, abnormal.Action.ORDER, R)
        note(case, order_served_on="2026-03-02")
        assert (case.deadline, case.due_on) == ("order_to_publish", date(2026, 3, 12))
    with on("2026-03-14"):
        note(case, cured_on=disclosed)
        number = case.id
        assert by_system.close_orders(DESK) == closes
        assert by_system.close_orders(DESK) == 0
        case = db.session.get_one(Proceeding, number)
        if closes:
            assert case.stage == abnormal.Stage.NOT_LISTED
        else:
            step(case, abnormal.Action.PROPOSE)
            assert (case.deadline, case.due_on) == ("list_r2", date(2026, 3, 26))
            step(case, abnormal.Action.LIST, R)
            assert case.stage == abnormal.Stage.LISTED


@pytest.mark.parametrize(
    ("second", "valid"), [("2026-03-16", False), ("2026-03-17", True), ("2026-04-01", True), ("2026-04-02", False)]
)
def test_4_the_second_letter_follows_after_fifteen_to_thirty_days(second, valid):
    with on("2026-04-10"):
        case = opened(reason="R4")
        step(case, abnormal.Action.CONTACT, letters_sent_on=["2026-03-02", second])
        note(case, verified_on="2026-04-10")
        if valid:
            assert step(case, abnormal.Action.PROPOSE).stage == abnormal.Stage.PENDING
        else:
            with pytest.raises(GuardsNotMet) as refusal:
                step(case, abnormal.Action.PROPOSE)
            assert guards(refusal) == ("ground_holds",)


def test_5_a_removal_reason_that_does_not_answer_the_listing_is_refused():
    with on("2026-07-03"):
        case = listed()
        with pytest.raises(GuardsNotMet) as refusal:
            step(case, abnormal.Action.APPLY, applied_on="2026-07-03", removal_reason="reached", proof="说明")
        assert guards(refusal) == ("removal_answers_listing",)


def test_6_a_listing_found_wrong_vanishes_and_is_as_if_it_had_never_been():
    with on("2026-07-03"):
        case = listed()
        note(case, correction_ground="objection", found_wrong_on="2026-07-03")
        assert case.asked_of is R
        step(case, abnormal.Action.CORRECT, R)
        assert types_of(case.operator, "2026-07-03") == []
        assert abnormal_records.record_of(case).state is RecordState.WITHDRAWN
        assert listed(operator=case.operator, year=2024).stage == abnormal.Stage.LISTED


def test_18_a_stay_ends_with_the_registration_with_and_without_a_case():
    with on("2026-07-10"):
        case = listed()
        with transaction():
            other = make_abnormal_listing(case.operator, make_authority(), reason=AbnormalReason.R4, report_year=None)
            operators.change_status(
                case.operator, status=RegistrationStatus.CANCELLED, on=date(2026, 7, 10), actor=ACTOR
            )
        number, other_id, operator = case.id, other.id, case.operator
        assert by_system.close_struck_off(DESK) == 2
        assert by_system.close_struck_off(DESK) == 0
        assert db.session.get_one(Proceeding, number).stage == abnormal.Stage.AUTO_CLOSED
        assert db.session.get_one(type(other), other_id).state is RecordState.ENDED
        operator = db.session.get_one(Proceeding, number).operator
        assert types_of(operator, "2026-07-10") == [FindingType.REGISTRATION_STATUS]


def test_19_a_mark_does_not_follow_a_household_that_becomes_a_company():
    with on("2026-07-10"):
        with transaction():
            mark = make_household_mark(
                make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD), make_authority()
            )
            company = make_operator(name="石家庄小米餐饮有限公司")
            operators.lead_to(mark.operator, successor=company, actor=ACTOR)
            case = abnormal_records.case_about(mark, actor=FIRST, desk=DESK)
        number, company_id, household_id = case.id, company.id, mark.operator_id
        assert by_system.close_struck_off(DESK) == 1
        assert db.session.get_one(Proceeding, number).stage == household.Stage.CLOSED
        assert findings_of(company_id, date(2026, 7, 10)) == findings_of(household_id, date(2026, 7, 10)) == []


def test_a_household_is_marked_by_itself_and_recovers_when_it_has_reported():
    with on("2026-07-03"):
        with transaction():
            authority = make_authority()
            one = make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD, **FOUNDED)
            case = by_system.mark_unreported(one, 2025, authority=authority, desk=DESK)
        mark = abnormal_records.record_of(case)
        assert types_of(one, "2026-07-03") == [FindingType.HOUSEHOLD_MARK]
        with transaction():
            by_system.recover_reported(mark, reported_on=date(2026, 7, 3), desk=DESK)
        assert (case.stage, types_of(one, "2026-07-03"), documents_of(case.id)) == (household.Stage.NORMAL, [], [])
        with pytest.raises(WrongList):
            opened(operator=one)
