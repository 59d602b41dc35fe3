"""SM-G against the register: results are published by two persons and end with what they led to, or when repaired."""

from datetime import date

import pytest

from models import db
from registry.queries.inspection_results import is_public_on, public_results_of
from registry.queries.proceedings import documents_of
from registry.queries.records import get_record
from registry.rules.inspection_procedure import Action, Stage
from registry.rules.procedure import Actor, GuardsNotMet, SamePerson
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.repair_procedure import Action as RepairAction
from registry.services import publicity
from registry.services.proceedings import engine
from registry.services.proceedings.inspections import LinkUnknown, end_with_linked
from registry.transaction import transaction
from tests import applications
from tests.factories import ACTOR, make_authority, make_operator, make_penalty, make_violation_listing
from tests.matters import DESK, THIRD
from tests.violation_desk import HANDLER, note, on, step

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2026, 11, 24)
H, R = Actor.HANDLER, Actor.REVIEWER


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with on(DAY):
        yield


@pytest.fixture
def penalty(database):
    with transaction():
        return make_penalty(make_operator(), make_authority(), decided_on=date(2026, 10, 12))


def recorded(authority, operator, **values):
    with transaction():
        return engine.open_case(
            Procedure.INSPECTION_RESULT,
            Action.RECORD,
            part=H,
            authority=authority,
            operator=operator,
            values={
                "inspection_kind": "food_sampling",
                "task": "2026年第四季度食品安全监督抽检",
                "inspected_on": "2026-11-02",
                "completed_on": "2026-11-16",
                "result_code": "failed",
                "result": "苯甲酸项目不合格",
                **values,
            },
            statement="抽检完成",
            actor=HANDLER,
            desk=DESK,
        )


def published(penalty, **values):
    case = recorded(penalty.authority, penalty.operator, **values)
    return step(case, Action.PUBLISH, R)


def ended(record_id=None):
    with transaction():
        return end_with_linked(DESK, record_id)


def test_a_result_is_published_by_another_officer(penalty):
    case = recorded(penalty.authority, penalty.operator)
    record = get_record(case.about)
    assert (record.state, case.deadline, case.due_on) == (
        RecordState.PENDING,
        "publish_information",
        date(2026, 12, 14),
    )
    assert public_results_of(penalty.operator_id, DAY) == []
    with pytest.raises(SamePerson):
        step(case, Action.PUBLISH, R, actor=HANDLER)
    step(case, Action.PUBLISH, R)
    assert public_results_of(penalty.operator_id, DAY) == [record]
    assert (case.asked_of, case.deadline) == (None, None)


def test_nothing_is_recorded_before_it_is_completed(penalty):
    with pytest.raises(GuardsNotMet) as refused:
        recorded(penalty.authority, penalty.operator, completed_on="2026-11-25")
    assert refused.value.guards == ("completed",)


def test_a_link_leads_to_a_record_of_the_same_operator(penalty):
    with transaction():
        other = make_penalty(make_operator(), penalty.authority)
    for stated in (other.record_id, "130100.administrative_penalty.none", "x"):
        with pytest.raises(Exception, match="record") as refused:
            recorded(penalty.authority, penalty.operator, linked_record=stated)
        assert refused.value.code in (LinkUnknown.code, "record_not_found")


def test_a_negative_result_ends_with_the_penalty_that_it_led_to(penalty):
    case = published(penalty, linked_record=penalty.record_id)
    record = get_record(case.about)
    assert record.public_until == penalty.public_until
    assert ended() == 0
    with transaction():
        publicity.end_publicity(penalty.record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)
    assert [ended(), ended()] == [1, 0]
    db.session.refresh(case)
    assert (case.stage, case.closed_on, is_public_on(record, DAY)) == (Stage.ENDED, DAY, False)


def test_a_shield_does_not_end_it_and_a_harmless_result_stays(penalty):
    negative = published(penalty, linked_record=penalty.record_id)
    harmless = published(penalty, linked_record=penalty.record_id, result_code="passed")
    with transaction():
        publicity.shield(penalty.record_id, on=DAY, actor=ACTOR)
    assert ended() == 0
    with transaction():
        publicity.withdraw(penalty.record_id, statement="撤销", reason=EndReason.DECISION_REVOKED, on=DAY, actor=ACTOR)
    assert ended() == 1
    for case, stage in ((negative, Stage.ENDED), (harmless, Stage.PUBLISHED)):
        db.session.refresh(case)
        assert case.stage == stage


def test_a_granted_repair_of_the_listing_ends_the_result_in_the_same_moment():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
    case = published(listing, linked_record=listing.record_id)
    granted(listing)
    db.session.refresh(case)
    assert (case.stage, get_record(case.about).state) == (Stage.ENDED, RecordState.ENDED)


def granted(record):
    repair = applications.apply_for(record)
    applications.step(repair, RepairAction.ACCEPT, materials_complete=True)
    applications.step(repair, RepairAction.VERIFY, verified_on=DAY.isoformat(), duties_performed=True)
    return applications.decide(repair, RepairAction.GRANT)


def test_a_repaired_result_is_shown_no_more_and_comes_back_after_fraud(penalty):
    case = published(penalty)
    record = get_record(case.about)
    repair = granted(record)
    db.session.refresh(case)
    assert (case.stage, record.end_reason, is_public_on(record, DAY)) == (Stage.ENDED, EndReason.REPAIRED, False)
    assert documents_of(case.id) == []
    applications.decide(repair, RepairAction.REVOKE, by=THIRD, serious_fraud_found=True)
    assert is_public_on(record, DAY)
    with transaction():
        publicity.withdraw(record.record_id, statement="有误", reason=EndReason.CORRECTED, on=DAY, actor=ACTOR)


def test_an_officer_ends_it_after_a_repair_that_was_granted_elsewhere(penalty):
    case = published(penalty)
    with pytest.raises(GuardsNotMet):
        step(case, Action.END_AFTER_REPAIR, R)
    note(case, repair_granted_on="2026-11-23")
    assert case.asked_of is R
    step(case, Action.END_AFTER_REPAIR, R)
    assert get_record(case.about).end_reason is EndReason.REPAIRED
    assert [document.title for document in documents_of(case.id)] == ["准予信用修复决定书"]


@pytest.mark.parametrize(("public", "state"), [(False, RecordState.NOT_PUBLISHABLE), (True, RecordState.WITHDRAWN)])
def test_a_wrong_result_is_withdrawn(penalty, public, state):
    case = recorded(penalty.authority, penalty.operator)
    if public:
        step(case, Action.PUBLISH, R)
    note(case, found_wrong_on="2026-11-24")
    step(case, Action.WITHDRAW, R)
    record = get_record(case.about)
    assert (record.state, record.end_statement, case.stage) == (state, "依法办理", Stage.WITHDRAWN)
