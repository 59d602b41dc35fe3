"""Scenarios 7 to 10, 15 and 16 of domain.md 12: the violation list from assessment to its end, as everybody sees it."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Proceeding, ViolationListing, db
from registry.queries.proceedings import documents_of
from registry.queries.records import get_record
from registry.rules.documents import DocumentKind
from registry.rules.procedure import Actor, GuardsNotMet, ReasonMissing, SamePerson
from registry.rules.record import EndReason, RecordState
from registry.rules.violation_procedure import Action, Stage
from registry.services.proceedings import engine
from registry.transaction import transaction
from tests.factories import make_authority, make_operator
from tests.matters import DESK
from tests.scenario_register import (
    HANDLER,
    LISTED,
    NOWHERE,
    PARTY,
    PUBLISHED,
    REVIEWER,
    SUPERIOR,
    Register,
    annulled,
    clock_of,
    code_of,
    published,
)
from tests.violation_desk import ANSWERED, APPLICATION, DECIDED, authority_below, listed, note, notified, opened, step
from tests.violation_desk import HANDLER as ZHANG

DECISION = {"decided_on": DECIDED.isoformat(), "penalty_decided_on": DECIDED.isoformat()}


def test_scenario_07_no_listing_without_notice_hearing_wait_or_consent(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    with seat.on("2026-03-02"):
        case = opened(authority_below(), operator)
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.NOTIFY, HANDLER)
        assert refused.value.guards[0] == "all_factors_answered"
        note(case, **ANSWERED)
        step(case, Action.NOTIFY, HANDLER)
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.KEEP_PROPOSAL, REVIEWER)
        assert refused.value.guards == ("notice_served", "hearing_wait_is_over")
        case = note(case, notice_served_on="2026-03-02", notice_tells_facts_basis_and_rights=True)
        assert clock_of(case) == ("request_hearing", date(2026, 3, 9))
    with seat.on("2026-03-09"), pytest.raises(GuardsNotMet) as refused:
        step(case, Action.KEEP_PROPOSAL, REVIEWER)
    assert refused.value.guards == ("hearing_wait_is_over",)
    with seat.on(DECIDED.isoformat()):
        with pytest.raises(SamePerson):
            step(case, Action.KEEP_PROPOSAL, REVIEWER, actor=ZHANG)
        step(case, Action.KEEP_PROPOSAL, REVIEWER)
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.LIST, REVIEWER, **DECISION)
        assert refused.value.guards == ("superior_agrees",)
        assert db.session.execute(select(ViolationListing)).first() is None
        note(case, SUPERIOR, superior_consented_on=DECIDED.isoformat())
        case = step(case, Action.LIST, REVIEWER, **DECISION)
        assert case.about is not None
        assert seat.seen(case.about, code) == LISTED
        finding = seat.status(code).json["findings"][0]
        assert seat.status(code).json["level"] == "high"
        assert all(each["code"] and each["legal_basis"] for each in finding["measures"])
    assert [each.kind for each in documents_of(case.id)] == [
        DocumentKind.VIOLATION_NOTICE,
        DocumentKind.VIOLATION_DECISION,
        DocumentKind.REPAIR_NOTICE,
    ]


def test_scenario_07_where_the_authority_needs_no_consent_it_is_possible_without(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    with seat.on("2026-03-02"):
        case = notified(opened(authority_below(settings={"needs_superior_consent": False}), operator))
    with seat.on(DECIDED.isoformat()):
        step(case, Action.KEEP_PROPOSAL, REVIEWER)
        case = step(case, Action.LIST, REVIEWER, **DECISION)
        assert case.about is not None
        assert seat.seen(case.about, code) == LISTED


def test_scenario_08_fake_food_sold_online_is_assessed_by_itself_and_listed_by_nobody(seat: Register) -> None:
    operator, authority = make_operator(), make_authority()
    code = code_of(operator)
    with seat.on("2026-03-12"):
        penalty = published(
            authority,
            operator,
            decided_on="2026-03-10",
            unlawful_act="销售假冒食品",
            facts="当事人通过网店销售假冒注册商标的白酒。",
            kinds="罚款、吊销许可证件",
            licence_affected="食品经营许可证",
        )
        (case,) = db.session.execute(select(Proceeding)).scalars()
        assert (case.stage, case.basis, case.reason) == (Stage.ASSESSED, penalty.record_id, "44-5")
        assert clock_of(case) == ("publish_violation", date(2026, 4, 8))
        assert seat.seen(penalty.record_id, code) == PUBLISHED
        assert db.session.execute(select(ViolationListing)).first() is None
        with pytest.raises(ReasonMissing), transaction():
            engine.take_step(
                case, Action.DROP, part=Actor.REVIEWER, revision=case.revision, statement="", actor=ZHANG, desk=DESK
            )
        with pytest.raises(SamePerson):  # nobody has prepared it yet
            step(case, Action.DROP, REVIEWER)
        note(case, no_intent_proved=True)
        case = step(case, Action.DROP, REVIEWER)
        assert (case.stage, case.closed_on) == (Stage.NOT_LISTED, date(2026, 3, 12))
        assert "violation_listing" not in seat.status(code).text


def test_scenario_09_early_removal_after_twelve_months_and_by_itself_after_thirty_six(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    case = listed(authority_below(), operator)
    key, name = case.id, case.about
    assert name is not None
    with seat.on("2027-03-09"):
        with pytest.raises(GuardsNotMet) as refused:
            step(case, Action.APPLY, PARTY, received_on="2027-03-09", **APPLICATION)
        assert refused.value.guards == ("early_removal_is_open",)
        assert seat.seen(name, code) == LISTED
    with seat.on("2027-03-10"):
        case = step(case, Action.APPLY, PARTY, received_on="2027-03-10", **APPLICATION)
        assert case.stage == Stage.REMOVAL_REVIEW
        assert seat.seen(name, code) == LISTED
    with seat.on("2029-03-09"):
        assert seat.seen(name, code) == LISTED
    with seat.on("2029-03-10"):
        assert seat.seen(name, code) == NOWHERE  # whether or not the day has been run
    seat.day_comes("2029-03-10")
    stay = get_record(name)
    assert (db.session.get_one(Proceeding, key).stage, stay.end_reason) == (Stage.EXPIRED, EndReason.EXPIRED)
    assert stay.ended_on == date(2029, 3, 10)


def test_scenario_09_an_early_removal_leaves_neither_listing_nor_removal(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    case = listed(authority_below(), operator)
    assert case.about is not None
    with seat.on("2027-03-10"):
        step(case, Action.APPLY, PARTY, received_on="2027-03-10", **APPLICATION)
        with pytest.raises(SamePerson):
            step(case, Action.REMOVE, REVIEWER, actor=ZHANG)
        step(case, Action.REMOVE, REVIEWER)
        stay = get_record(case.about)
        read = seat.read_everything(code, operator.name, stay.record_id, stay.decision_no, stay.removal_decision_no)
        assert [where for where, text in read.items() if stay.record_id in text] == []


def test_scenario_10_an_annulled_penalty_takes_itself_and_the_listing_down_in_three_working_days(
    seat: Register,
) -> None:
    operator, authority = make_operator(), authority_below()
    code = code_of(operator)
    with seat.on("2026-03-10"):
        penalty = published(authority, operator, decided_on="2026-03-10", facts="当事人使用非食品原料。")
    case = listed(authority, operator, penalty_no=penalty.document_no)
    assert case.about is not None
    with seat.on("2026-09-30"):
        matter = annulled(penalty, since=date(2026, 9, 30))
        assert matter.due_on == date(2026, 10, 10)
        assert seat.seen(penalty.record_id, code) == {"record"}  # which says only that it was taken back, and why
        assert "复议机关撤销了处罚决定" in seat.get(f"/records/{penalty.record_id}").text
        db.session.refresh(case)
        assert clock_of(case) == ("revoke_violation", date(2026, 10, 10))
        assert seat.seen(case.about, code) == LISTED
    with seat.on("2026-10-10"):
        note(case, penalty_annulled_on="2026-09-30")
        case = step(case, Action.REVOKE, REVIEWER)
        assert case.about is not None
        assert seat.seen(case.about, code) == {"record"}
        assert seat.status(code).json["level"] == "clear"
    stay = get_record(case.about)
    assert (case.stage, stay.state, stay.ended_on) == (Stage.REVOKED, RecordState.WITHDRAWN, date(2026, 10, 10))


def test_scenario_15_fraud_brings_a_listing_back_and_its_period_starts_anew(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    case = listed(authority_below(), operator)
    assert case.about is not None
    with seat.on("2027-03-10"):
        step(case, Action.APPLY, PARTY, received_on="2027-03-10", **APPLICATION)
        case = step(case, Action.REMOVE, REVIEWER)
        assert seat.seen(case.about, code) == NOWHERE
    with seat.on("2027-06-01"):
        note(case, fraud_found_on="2027-06-01", serious_fraud=True)
        step(case, Action.RESTORE, REVIEWER)
        assert seat.seen(case.about, code) == LISTED
    with seat.on("2028-05-31"), pytest.raises(GuardsNotMet):
        step(case, Action.APPLY, PARTY, received_on="2028-05-31", **APPLICATION)
    with seat.on("2030-05-31"):
        assert seat.seen(case.about, code) == LISTED
    with seat.on("2030-06-01"):
        assert seat.seen(case.about, code) == NOWHERE


def test_scenario_16_a_reorganisation_hides_and_its_failure_shows_again(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    case = listed(authority_below(), operator)
    assert case.about is not None
    with seat.on("2026-09-01"):
        note(case, reorganisation_ruling="（2026）冀01破3号", reorganisation_approved_on="2026-08-28")
        with pytest.raises(SamePerson):
            step(case, Action.SHIELD, REVIEWER, actor=ZHANG)
        case = step(case, Action.SHIELD, REVIEWER)
        assert case.stage == Stage.SHIELDED
        assert seat.seen(case.about, code) == NOWHERE
    with seat.on("2026-12-01"):
        note(case, reorganisation_failed_on="2026-11-30")
        step(case, Action.LIFT_SHIELD, REVIEWER)
        assert seat.seen(case.about, code) == LISTED
    with seat.on("2029-03-10"):  # the months ran on behind the shield
        assert seat.seen(case.about, code) == NOWHERE
