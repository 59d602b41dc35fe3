"""What penalties, repairs and days bring to the violation list (domain.md 12, scenarios 8, 10, 15)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Proceeding, ViolationListing, db
from registry.queries.proceedings import documents_of
from registry.queries.public_findings import finding_of_record
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action as MatterAction
from registry.rules.penalty_procedure import Subject
from registry.rules.procedure import Actor, GuardsNotMet
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.repair_procedure import Action as RepairAction
from registry.rules.violation_procedure import Action, Stage
from registry.services import publicity
from registry.services.matters import deciding, drafting
from registry.services.proceedings import engine
from registry.services.proceedings import violation_following as following
from registry.transaction import transaction
from tests import applications
from tests.factories import ACTOR, make_authority, make_operator, make_penalty, make_violation_listing
from tests.matters import DESK, FIRST, SECOND, THIRD, penalty_form
from tests.violation_desk import DECIDED, authority_below, listed, note, on, step

pytestmark = pytest.mark.usefixtures("database")

FAKE_FOOD_ONLINE = {
    "unlawful_act": "经营超过保质期的食品",
    "facts": "当事人通过某平台网店销售超过保质期的食品。",
    "decided_on": "2026-03-10",
    "document_no": "石长市监罚〔2026〕77号",
}


def cases():
    found = select(Proceeding).where(Proceeding.procedure == Procedure.VIOLATION_LISTING).order_by(Proceeding.id)
    return list(db.session.execute(found).scalars())


def published(authority, operator, **cells):
    with transaction():
        form = penalty_form(operator, **{**FAKE_FOOD_ONLINE, **cells})
        matter = drafting.open_entry(Subject.PENALTIES, form, authority=authority, desk=DESK, actor=FIRST)
    with transaction():
        drafting.submit(matter, revision=matter.revision, reason="录入", desk=DESK, actor=FIRST)
    with transaction():
        deciding.decide(matter, MatterAction.PUBLISH, revision=matter.revision, reason="同意", desk=DESK, actor=SECOND)
    return get_record(matter.record_id)


def withdrawn(penalty, *, since, reason=EndReason.DECISION_REVOKED):
    with transaction():
        matter = drafting.propose_withdrawal(
            penalty, statement="复议机关撤销了处罚决定", reason=reason, since=since, desk=DESK, actor=FIRST
        )
    with transaction():
        deciding.decide(matter, MatterAction.WITHDRAW, revision=matter.revision, reason="属实", desk=DESK, actor=SECOND)
    return matter


def test_scenario_8_a_penalty_for_fake_food_sold_online_opens_an_assessment_and_lists_nobody():
    with on("2026-03-12"):
        penalty = published(make_authority(), make_operator())
    (case,) = cases()
    assert (case.stage, case.basis, case.reason) == (Stage.ASSESSED, penalty.record_id, "44-5")
    assert (case.asked_of, case.hands) == (Actor.HANDLER, [])
    assert (case.deadline, case.due_on) == ("publish_violation", date(2026, 4, 8))
    assert db.session.execute(select(ViolationListing)).first() is None


@pytest.mark.parametrize(
    "cells",
    [
        {"facts": "当事人在门店销售超过保质期的食品。"},
        {"unlawful_act": "虚假宣传", "facts": "当事人在网店销售服装时虚构交易评价。"},
    ],
    ids=["in a shop", "no food"],
)
def test_other_penalties_open_none(cells):
    with on("2026-03-12"):
        published(make_authority(), make_operator(), **cells)
    assert cases() == []


def test_publishing_once_more_opens_no_second_assessment():
    with on("2026-03-12"):
        penalty = published(make_authority(), make_operator())
        with transaction():
            assert following.assess_published([penalty.record_id], desk=DESK) == []
    assert len(cases()) == 1


def test_scenario_10_an_annulled_penalty_takes_the_listing_down_within_the_same_clock():
    authority, operator = authority_below(), make_operator()
    with on("2026-03-10"):
        penalty = published(authority, operator, facts="当事人使用非食品原料。")
    case = listed(authority, operator, penalty_no=penalty.document_no)
    assert case.basis == penalty.record_id
    with on("2026-09-30"):
        matter = withdrawn(penalty, since=date(2026, 9, 30))
        db.session.refresh(case)
        assert penalty.state is RecordState.WITHDRAWN
        assert (case.deadline, case.due_on, case.asked_of) == ("revoke_violation", matter.due_on, Actor.HANDLER)
        assert case.due_on == date(2026, 10, 10)
    with on("2026-10-09"):
        note(case, penalty_annulled_on="2026-09-30")
        assert case.asked_of is Actor.REVIEWER
        step(case, Action.REVOKE, Actor.REVIEWER)
        stay = get_record(case.about)
        assert (case.stage, case.closed_on) == (Stage.REVOKED, date(2026, 10, 9))
        assert (stay.state, stay.end_reason) == (RecordState.WITHDRAWN, EndReason.DECISION_REVOKED)
        assert finding_of_record(case.about, date(2026, 10, 9)) is None


def test_a_penalty_withdrawn_for_another_reason_asks_nothing():
    authority, operator = authority_below(), make_operator()
    with on("2026-03-10"):
        penalty = published(authority, operator, facts="当事人使用非食品原料。")
    case = listed(authority, operator, penalty_no=penalty.document_no)
    with on("2026-09-30"):
        withdrawn(penalty, since=date(2026, 9, 30), reason=EndReason.CORRECTED)
    db.session.refresh(case)
    assert (case.deadline, case.asked_of) == (None, None)


def test_a_penalty_withdrawn_elsewhere_is_caught_up_with_once():
    authority, operator = authority_below(), make_operator()
    with transaction():
        penalty = make_penalty(operator, authority, decided_on=DECIDED, kinds=["suspension_of_business"])
    case = listed(authority, operator, basis=penalty.record_id)
    with on("2026-09-30"):
        with transaction():
            publicity.withdraw(
                penalty.record_id,
                statement="已撤销",
                reason=EndReason.DECISION_REVOKED,
                on=date(2026, 9, 28),
                actor=ACTOR,
            )
        for count in (1, 0):
            with transaction():
                assert following.catch_up_annulled(DESK) == count
    db.session.refresh(case)
    assert (case.facts["penalty_annulled_on"], case.asked_of) == ("2026-09-28", Actor.HANDLER)


def test_cases_follow_listings_that_have_run_out():
    case = listed(authority_below())
    with on("2029-03-10"):
        with transaction():
            publicity.end_publicity(case.about, reason=EndReason.EXPIRED, on=date(2029, 3, 10), actor=ACTOR)
        for count in (1, 0):
            with transaction():
                assert following.expire_cases(DESK) == count
    db.session.refresh(case)
    assert (case.stage, case.closed_on) == (Stage.EXPIRED, date(2029, 3, 10))


def taken_up(listing):
    """The case of a listing that came in without one."""
    with transaction():
        return engine.adopt(
            Procedure.VIOLATION_LISTING,
            Stage.LISTED,
            authority=listing.authority,
            operator=listing.operator,
            about=listing.record_id,
            reason=listing.reason,
            report_year=None,
            actor=FIRST,
            desk=DESK,
        )


def test_a_granted_repair_takes_the_case_of_the_listing_along_and_its_revocation_brings_it_back():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
    with on("2026-04-01"):
        case = taken_up(listing)
        repair = applications.apply_for(listing)
        applications.step(repair, RepairAction.ACCEPT, materials_complete=True)
        applications.step(repair, RepairAction.VERIFY, verified_on="2026-04-01", duties_performed=True)
        applications.decide(repair, RepairAction.GRANT)
        db.session.refresh(case)
        assert (case.stage, case.closed_on) == (Stage.REMOVED_EARLY, date(2026, 4, 1))
        assert listing.removal_decision_no == documents_of(repair.id)[-1].printed_no
    with on("2026-05-06"):
        applications.decide(repair, RepairAction.REVOKE, by=THIRD, serious_fraud_found=True)
        db.session.refresh(case)
        assert (case.stage, case.closed_on, listing.public_until) == (Stage.RESTORED, None, date(2029, 5, 6))
    assert documents_of(case.id) == [], "the decisions are those of the repair"


def test_a_repair_is_not_granted_after_a_new_heavier_penalty():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
        make_penalty(listing.operator, listing.authority, decided_on=date(2025, 9, 1), kinds=["suspension_of_business"])
    with on("2026-04-01"):
        taken_up(listing)
        repair = applications.apply_for(listing)
        applications.step(repair, RepairAction.ACCEPT, materials_complete=True)
        applications.step(repair, RepairAction.VERIFY, verified_on="2026-04-01", duties_performed=True)
        with pytest.raises(GuardsNotMet):
            applications.decide(repair, RepairAction.GRANT)
    assert get_record(listing.record_id).state is RecordState.IN_FORCE
