"""An application for repair from its form to the end, with its clocks, documents and effects (SM-E)."""

from datetime import date

import pytest

from models import AbnormalListing, db
from registry.ledger import ForeignRecord
from registry.queries import proceedings as queries
from registry.queries.public_findings import finding_of_record, findings_of
from registry.rules.listing import AbnormalReason, EndReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import Actor, GuardsNotMet, ReasonMissing, SamePerson, StepNotInProcedure
from registry.rules.record import RecordState
from registry.rules.repair_procedure import Action, Stage
from registry.rules.rule_sets import Regime, Severity
from registry.services import applications, operators
from registry.services.application_forms import read_repair, read_supplement
from registry.services.applications import NothingToRepair
from registry.services.proceedings import by_system
from registry.services.proceedings.abnormal_records import case_about
from registry.services.proceedings.application_following import finish_repairs
from registry.services.proceedings.engine import ProceedingMoved, ProceedingOpen
from registry.services.proceedings.taking_up import case_for
from registry.services.proceedings.violation_following import expire_cases
from registry.services.publicity import NotInForce, NotRepaired, StandsAlready, restore
from registry.transaction import transaction
from tests.applications import REPAIR_FORM, apply_for, decide, fresh, new_code, note, object_to, on, pdf, step
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.matters import DESK, FIRST, SECOND, THIRD

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def penalty():
    with transaction():
        return make_penalty(make_operator(), make_authority())


def accepted(record):
    proceeding = apply_for(record)
    return step(proceeding, Action.ACCEPT, materials_complete=True)


def verified(record, **values):
    proceeding = accepted(record)
    return step(
        proceeding, Action.VERIFY, verified_on=str(queries.get_proceeding(proceeding.id).opened_on), duties_performed=True,
        **values,
    )  # fmt: skip


def titles(proceeding):
    return [each.title for each in queries.documents_of(proceeding.id)]


def test_the_vectors_of_accepting_and_deciding(penalty):
    with on("2026-09-29"):
        proceeding = apply_for(penalty)
        assert (proceeding.stage, proceeding.deadline, proceeding.due_on) == (
            Stage.SUBMITTED,
            "accept_repair",
            date(2026, 10, 8),
        )
    with on("2026-10-08"):
        step(proceeding, Action.ACCEPT, materials_complete=True)
        assert (proceeding.deadline, proceeding.due_on) == ("decide_repair", date(2026, 10, 16))
        assert proceeding.asked_of is Actor.HANDLER


@pytest.mark.parametrize(
    ("reason", "due"),
    [(AbnormalReason.R1, date(2026, 10, 8)), (AbnormalReason.R4, None)],
)
def test_removal_from_the_abnormal_list_runs_from_the_application_or_the_verification(reason, due):
    with transaction():
        year = 2025 if reason is AbnormalReason.R1 else None
        listing = make_abnormal_listing(make_operator(), make_authority(), reason=reason, report_year=year)
    with on("2026-09-23"):
        proceeding = accepted(listing)
        assert proceeding.due_on == due
    with on("2026-09-24"):
        step(proceeding, Action.VERIFY, verified_on="2026-09-23", duties_performed=True)
        assert (proceeding.deadline, proceeding.due_on) == ("remove_abnormal", date(2026, 10, 8))


def test_a_granted_repair_of_a_penalty_ends_its_publicity(penalty):
    with on("2026-06-10"):
        proceeding = verified(penalty)
        assert finding_of_record(penalty.record_id, date(2026, 6, 10)) is not None
        decide(proceeding, Action.GRANT)
        assert finding_of_record(penalty.record_id, date(2026, 6, 10)) is None
    assert (penalty.state, penalty.end_reason, penalty.ended_on) == (
        RecordState.ENDED,
        EndReason.REPAIRED,
        date(2026, 6, 10),
    )
    assert titles(proceeding) == ["信用修复申请处理通知书", "准予信用修复决定书"]
    decision = queries.documents_of(proceeding.id)[-1]
    assert (decision.prepared_by, decision.decided_by) == (str(FIRST), str(SECOND))
    assert proceeding.deadline == "share_repair"


def test_17_a_repair_for_another_province_is_pushed_within_three_working_days():
    with transaction():
        penalty = make_penalty(make_operator(region="110105"), make_authority())
    with on("2026-09-30"):
        proceeding = decide(verified(penalty), Action.GRANT)
    assert (proceeding.deadline, proceeding.due_on) == ("push_repair", date(2026, 10, 10))


@pytest.mark.parametrize("make", [make_abnormal_listing, make_household_mark, make_violation_listing])
def test_a_granted_repair_takes_a_stay_off_its_list(make):
    with transaction():
        record = make(make_operator(), make_authority(), listed_on=date(2025, 7, 8))
    with on("2026-09-10"):
        proceeding = decide(verified(record), Action.GRANT)
        assert findings_of(record.operator_id, date(2026, 9, 10)) == []
    assert record.removed_on == date(2026, 9, 10)
    assert record.removal_decision_no == queries.documents_of(proceeding.id)[-1].printed_no
    assert record.removal_reason


def test_9_early_removal_after_eleven_months_is_refused_and_after_twelve_accepted():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
    with on("2026-03-01"), pytest.raises(GuardsNotMet) as refusal:
        apply_for(listing)
    assert refusal.value.guards == ("time_has_come",)
    with on("2026-03-02"):
        assert apply_for(listing).stage == Stage.SUBMITTED


def test_9_at_thirty_six_months_it_expires_by_itself_even_with_an_application_pending():
    with transaction():
        listing = make_violation_listing(
            make_operator(), make_authority(), listed_on=date(2023, 9, 4), public_until=date(2026, 9, 4)
        )
    with on("2026-09-03"):
        proceeding = accepted(listing)
    with on("2026-09-04"):
        assert finding_of_record(listing.record_id, date(2026, 9, 4)) is None
        step(proceeding, Action.VERIFY, verified_on="2026-09-04", duties_performed=True)
        decide(proceeding, Action.REFUSE, reason="公示期已满，已自动停止公示")
    assert proceeding.closed_on == date(2026, 9, 4)


def test_13_a_revoked_licence_is_never_repaired_early_under_the_rules_of_2021():
    with transaction():
        penalty = make_penalty(
            make_operator(),
            make_authority(),
            decided_on=date(2024, 3, 1),
            public_until=date(2027, 3, 1),
            rule_set="samr-2021-09-01",
            kinds=["revocation_of_licence"],
            severity=Severity.SERIOUS,
        )
    with on("2026-06-01"), pytest.raises(GuardsNotMet) as refusal:
        apply_for(penalty)
    assert refusal.value.guards == ("time_has_come",)


def test_a_penalty_of_an_operator_on_a_list_is_not_repaired(penalty):
    with transaction():
        make_abnormal_listing(
            penalty.operator, penalty.authority, listed_on=date(2026, 5, 1), decided_on=date(2026, 5, 1)
        )
    with on("2026-06-10"):
        proceeding = verified(penalty)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.GRANT)
    assert refusal.value.guards == ("record_is_clean",)
    assert penalty.state is RecordState.IN_FORCE


@pytest.mark.parametrize("stated", [True, False])
def test_a_second_penalty_of_the_same_kind_refuses_the_repair(penalty, stated):
    if not stated:
        with transaction():
            make_penalty(
                penalty.operator, penalty.authority, decided_on=date(2026, 5, 1), public_until=date(2027, 5, 1)
            )
    with on("2026-06-10"):
        proceeding = verified(penalty, same_kind_penalty=stated)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.GRANT)
    assert refusal.value.guards == ("record_is_clean",)


def test_what_was_not_verified_is_not_granted(penalty):
    with on("2026-06-10"):
        proceeding = step(accepted(penalty), Action.VERIFY, verified_on="2026-06-10", duties_performed=False)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.GRANT)
    assert refusal.value.guards == ("is_verified",)


def test_nobody_grants_what_they_prepared(penalty):
    with on("2026-06-10"):
        proceeding = verified(penalty)
        with pytest.raises(SamePerson):
            decide(proceeding, Action.GRANT, by=FIRST)
        with pytest.raises(StepNotInProcedure):
            step(proceeding, Action.GRANT, by=SECOND)
        with pytest.raises(ReasonMissing):
            decide(proceeding, Action.GRANT, reason=" ")
    assert penalty.state is RecordState.IN_FORCE


def test_15_fraud_brings_the_record_back_and_its_period_starts_anew(penalty):
    with on("2026-06-10"):
        proceeding = decide(verified(penalty), Action.GRANT)
    with on("2026-08-03"):
        with pytest.raises(GuardsNotMet):
            decide(proceeding, Action.REVOKE, by=THIRD)
        decide(proceeding, Action.REVOKE, by=THIRD, reason="凭证系伪造", serious_fraud_found=True)
        assert finding_of_record(penalty.record_id, date(2026, 8, 3)) is not None
    assert (penalty.public_from, penalty.public_until, penalty.period_basis_on) == (
        date(2026, 8, 3),
        date(2027, 8, 3),
        date(2026, 8, 3),
    )
    assert (penalty.state, penalty.end_reason, penalty.ended_on) == (RecordState.IN_FORCE, None, None)
    assert titles(proceeding)[-1] == "撤销信用修复决定书"
    with on("2026-10-01"), pytest.raises(GuardsNotMet):
        apply_for(penalty)  # three months from the restoration


def test_15_a_stay_that_was_restored_counts_its_year_from_then():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
    with on("2026-04-01"):
        proceeding = decide(verified(listing), Action.GRANT)
    with on("2026-05-06"):
        decide(proceeding, Action.REVOKE, by=THIRD, serious_fraud_found=True)
    assert (listing.public_until, listing.removed_on) == (date(2029, 5, 6), None)
    with on("2027-05-05"), pytest.raises(GuardsNotMet):
        apply_for(listing)


def test_only_what_a_repair_ended_is_restored(penalty):
    with pytest.raises(NotRepaired):
        restore(penalty.record_id, on=date(2026, 8, 3), actor=ACTOR)


def test_a_stay_is_not_restored_beside_a_new_one():
    with transaction():
        listing = make_abnormal_listing(make_operator(), make_authority())
    with on("2026-09-10"):
        proceeding = decide(verified(listing), Action.GRANT)
        with transaction():
            make_abnormal_listing(listing.operator, listing.authority, listed_on=date(2026, 9, 10))
        with pytest.raises(StandsAlready):
            decide(proceeding, Action.REVOKE, by=THIRD, serious_fraud_found=True)


def test_everything_missing_is_asked_for_once_and_the_clock_begins_anew(penalty):
    with on("2026-06-10"):
        proceeding = apply_for(penalty)
        step(proceeding, Action.ASK_FOR_MORE, missing="1. 罚款缴纳凭证\n2. 整改报告")
    assert (proceeding.stage, proceeding.asked_of, proceeding.due_on) == (Stage.SUPPLEMENT, Actor.PARTY, None)
    assert titles(proceeding) == ["信用修复申请补正通知书"]
    form = read_supplement({"statement": "补交凭证"}, [pdf("凭证二.pdf")])
    with on("2026-06-15"):
        seen = proceeding.revision
        with transaction():
            applications.supplement(proceeding, form, revision=seen, desk=DESK)
        assert (proceeding.stage, proceeding.due_on) == (Stage.SUBMITTED, date(2026, 6, 17))
        with pytest.raises(GuardsNotMet) as refusal:
            step(proceeding, Action.ASK_FOR_MORE, missing="还有一份")
        assert refusal.value.guards == ("asked_only_once",)
        with pytest.raises(ProceedingMoved), transaction():
            applications.supplement(fresh(proceeding), form, revision=seen, desk=DESK)
    assert len(queries.evidence_of(proceeding.id)) == 2


def test_the_same_form_sent_twice_is_one_application(penalty):
    code = new_code()
    with on("2026-06-10"):
        first, again = apply_for(penalty, code=code), apply_for(penalty, code=code)
        assert again.id == first.id
        assert len(queries.evidence_of(first.id)) == 1
        assert applications.follow(code.lower()).id == first.id
        assert applications.follow("ANOTHER") is None


def test_one_record_has_one_open_application(penalty):
    with on("2026-06-10"):
        proceeding = apply_for(penalty)
        with pytest.raises(ProceedingOpen):
            apply_for(penalty)
        step(proceeding, Action.NOT_ACCEPT, reason="材料不属实")
        assert titles(proceeding) == ["信用修复申请不予受理通知书"]
        assert apply_for(penalty).stage == Stage.SUBMITTED


def test_a_repair_that_everybody_was_told_of_is_finished_by_the_system(penalty):
    with on("2026-06-10"):
        proceeding = decide(verified(penalty), Action.GRANT)
        with pytest.raises(GuardsNotMet):
            step(proceeding, Action.SYNC, part=Actor.SYSTEM)
        note(proceeding, told_on="2026-06-10")
        assert proceeding.due_on is None
        step(proceeding, Action.SYNC, part=Actor.SYSTEM)
    assert (proceeding.stage, proceeding.closed_on) == (Stage.SYNCED, date(2026, 6, 10))


def test_the_other_departments_have_their_own_set_of_deadlines():
    with transaction():
        authority = make_authority(name="石家庄市生态环境局", regime=Regime.NDRC)
        penalty = make_penalty(make_operator(), authority, rule_set="ndrc-2026-04-01", decided_on=date(2026, 4, 2))
    with on("2026-09-29"):
        assert accepted(penalty).due_on == date(2026, 10, 14)


def test_a_licence_is_not_repaired():
    with transaction():
        licence = make_licence(make_operator(), make_authority())
    with on("2026-06-10"), pytest.raises(NothingToRepair):
        apply_for(licence)


def test_a_record_that_is_not_public_is_not_repaired_and_one_that_ended_not_granted(penalty):
    with on("2026-06-10"):
        proceeding = verified(penalty)
        penalty.state, penalty.end_reason = RecordState.ENDED, EndReason.EXPIRED
        db.session.flush()
        with pytest.raises(NotInForce):
            decide(proceeding, Action.GRANT)


def test_personal_values_stand_in_the_vault_only(penalty):
    with on("2026-06-10"):
        proceeding = apply_for(penalty)
    told = repr((proceeding.facts, proceeding.personal, proceeding.statement))
    for value in (REPAIR_FORM["applicant"], REPAIR_FORM["contact"], REPAIR_FORM["statement"]):
        assert value not in told
    digest = proceeding.personal["applicant"]
    assert DESK.vault.read(proceeding.record_id, "applicant", digest) == REPAIR_FORM["applicant"]


def test_an_application_tells_all_its_faults_at_once():
    form = read_repair({"through_agent": "yes", "contact": "nobody"}, [], [])
    assert {fault.field: fault.code for fault in form.faults} == {
        "applicant": "applicant_missing",
        "contact": "contact_bad",
        "statement": "statement_missing",
        "agent": "agent_missing",
        "commitment": "commitment_missing",
        "proof": "proof_missing",
        "authorisation": "authorisation_missing",
    }


def test_the_day_finishes_what_everybody_was_told_of_and_nothing_twice(penalty):
    with on("2026-06-10"):
        proceeding = decide(verified(penalty), Action.GRANT)
        with transaction():
            assert finish_repairs(DESK) == 0
        note(proceeding, told_on="2026-06-10")
        with transaction():
            assert finish_repairs(DESK) == 1
        with transaction():
            assert finish_repairs(DESK) == 0
    assert proceeding.stage == Stage.SYNCED


@pytest.mark.parametrize("make", [make_abnormal_listing, make_household_mark])
def test_the_case_of_a_stay_goes_along_with_its_repair(make):
    kind = OperatorKind.HOUSEHOLD if make is make_household_mark else OperatorKind.ENTERPRISE
    with transaction():
        record = make(make_operator(kind=kind), make_authority())
        case = case_about(record, actor=FIRST, desk=DESK)
    with on("2026-09-10"):
        proceeding = decide(verified(record), Action.GRANT)
        assert case.stage in ("A7", "B0")
        assert record.end_reason is EndReason.REPAIRED
        assert (case.hands, case.decided_by) == ([str(FIRST)], str(SECOND))
    with on("2026-10-10"):
        decide(proceeding, Action.REVOKE, by=THIRD, serious_fraud_found=True)
        assert case.stage in ("A5R", "B0")
        assert record.state is RecordState.IN_FORCE


def test_5_a_reason_for_removal_that_does_not_answer_the_listing_is_refused():
    with transaction():
        listing = make_abnormal_listing(make_operator(), make_authority())
    with on("2026-09-10"):
        proceeding = verified(listing, removal_reason="reached")
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.GRANT)
    assert refusal.value.guards == ("removal_answers_listing",)
    assert listing.state is RecordState.IN_FORCE


def test_a_listing_without_a_case_is_not_repaired_after_a_heavier_penalty():
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2025, 3, 2))
        make_penalty(listing.operator, listing.authority, decided_on=date(2026, 2, 2), kinds=["suspension_of_business"])
    with on("2026-06-10"):
        proceeding = verified(listing)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(proceeding, Action.GRANT)
    assert refusal.value.guards == ("record_is_clean",)
    assert listing.state is RecordState.IN_FORCE


@pytest.mark.parametrize("make", [make_abnormal_listing, make_household_mark, make_violation_listing])
def test_nobody_deals_here_with_a_record_of_another_node(make):
    kind = OperatorKind.HOUSEHOLD if make is make_household_mark else OperatorKind.ENTERPRISE
    with transaction():
        record = make(make_operator(kind=kind), make_authority(), listed_on=date(2025, 3, 2))
        record.record_id = record.record_id.replace("130100.", "130200.", 1)
    with on("2026-06-10"):
        for deal in (
            lambda: case_for(record, actor=FIRST, desk=DESK),
            lambda: apply_for(record),
            lambda: object_to(record),
        ):
            with pytest.raises(ForeignRecord):
                deal()
            db.session.expire_all()


def test_the_day_leaves_stays_of_other_nodes_to_them():
    with transaction():
        operator = make_operator()
        own, foreign = (make_abnormal_listing(operator, make_authority(), report_year=year) for year in (2024, 2025))
        foreign.record_id = foreign.record_id.replace("130100.", "130200.", 1)
        operators.change_status(operator, status=RegistrationStatus.CANCELLED, on=date(2026, 7, 10), actor=ACTOR)
    ids = own.id, foreign.id
    with on("2026-07-10"):
        assert by_system.close_struck_off(DESK) == 1
    assert [db.session.get(AbnormalListing, each).state for each in ids] == [RecordState.ENDED, RecordState.IN_FORCE]


def test_a_case_that_was_taken_up_for_a_listing_of_another_node_follows_when_that_node_has_ended_it():
    with transaction():
        listing = make_violation_listing(
            make_operator(), make_authority(), listed_on=date(2023, 9, 4), public_until=date(2026, 9, 4)
        )
        case = case_for(listing, actor=FIRST, desk=DESK)
        listing.record_id = case.about = listing.record_id.replace("130100.", "130200.", 1)
    with on("2026-09-04"):
        with transaction():
            assert expire_cases(DESK) == 0
        listing.state, listing.end_reason = RecordState.ENDED, EndReason.EXPIRED
        listing.ended_on = date(2026, 9, 4)
        with transaction():
            assert expire_cases(DESK) == 1
