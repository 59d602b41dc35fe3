"""What each step demands, and that none of its conditions holds by itself."""

from datetime import date

import pytest

from registry.rules.abnormal_cases import Case, OtherListing
from registry.rules.clue_procedure import Clue
from registry.rules.household_procedure import HouseholdCase
from registry.rules.inspection_procedure import Result
from registry.rules.listing import AbnormalReason
from registry.rules.objection_procedure import Objection, ObjectionKind
from registry.rules.registration_procedure import RegistrationChange
from registry.rules.repair_procedure import RepairCase, RepairOf
from registry.rules.rule_sets import get
from registry.rules.service_stop_procedure import Notice
from registry.rules.violation_cases import ViolationCase
from tests.machines import MACHINES

TODAY, RULES = date(2026, 9, 1), get("samr-2025-12-25")
R1, R2, R3, R4 = AbnormalReason
LISTED = [OtherListing(R1, 2025, True), OtherListing(R4, None, True)]
BLEAK = {  # nothing that helps is known, and what hinders is
    "SM-A": [Case(TODAY, RULES, reason, report_year=2025, other_listings=LISTED) for reason in AbnormalReason],
    "SM-B": [HouseholdCase(TODAY, RULES, reason, report_year=2025, other_listings=LISTED) for reason in AbnormalReason],
    "SM-C": [ViolationCase(TODAY, RULES, heavier_penalty_since=True)],
    "SM-E": [RepairCase(TODAY, RULES, RepairOf.PENALTY, through_agent=True, on_a_list=True, asked_for_more=True)],
    "SM-F": [Objection(TODAY, ObjectionKind.LISTING, TODAY, found_wrong=wrong) for wrong in (True, False)],
    "SM-G": [Result()],
    "SM-J": [Notice(listing_in_force=in_force) for in_force in (True, False)],
    "SM-K": [RegistrationChange(TODAY)],
    "CLUE": [Clue(TODAY, taken_up=True)],
}
DEMANDS = {
    "SM-A": {
        "A0 order reviewer": "reason_is_r2",
        "A1 close_order system": "disclosed_in_time",
        "A1 propose handler": "order_is_over",
        "A0 contact handler": "reason_is_r4",
        "A2 propose handler": "ground_holds",
        "A0 propose handler": "reason_is_direct ground_holds",
        "A3 list reviewer": "ground_holds on_register registered_here no_second_listing decided_by_the_audit",
        "A5 apply party": "removal_answers_listing proof_given",
        "A6 remove reviewer": "removal_answers_listing removal_is_verified",
        "A5 correct reviewer": "correction_grounded",
        "A5 close system": "registration_ended",
        "A7 restore reviewer": "serious_fraud_found",
    },
    "SM-B": {
        "B0 propose handler": "reason_is_r3_or_r4 ground_holds",
        "B0 propose system": "reason_is_r1 ground_holds",
        "B1 mark reviewer": "reason_is_r3_or_r4 ground_holds on_register registered_here no_second_listing decided_by_the_audit",
        "B1 mark_unreported system": "reason_is_r1 ground_holds on_register registered_here no_second_listing",
        "B2 apply party": "removal_answers_listing proof_given",
        "B3 recover reviewer": "removal_answers_listing removal_is_verified",
        "B2 recover_reported system": "reason_is_r1 removal_answers_listing removal_is_verified",
        "B2 correct reviewer": "correction_grounded",
        "B2 close system": "registration_ended",
    },
    "SM-C": {
        "- assess system": "must_be_assessed",
        "C0 notify handler": "all_factors_answered is_listable",
        "C1 ask_for_hearing party": "notice_served hearing_may_be_asked",
        "C1 keep_proposal reviewer": "notice_served hearing_wait_is_over",
        "C3 list reviewer": "all_factors_answered is_listable notice_served hearing_wait_is_over superior_agrees"
        " decided_with_the_penalty",
        "C5 apply party": "early_removal_is_open may_come_off_early commitment_made",
        "C6 remove reviewer": "early_removal_is_open may_come_off_early commitment_made",
        "C5 expire system": "months_are_full",
        "C5 revoke reviewer": "revocation_grounded",
        "C7 restore reviewer": "serious_fraud_found",
        "C5 shield reviewer": "reorganisation_approved",
        "CS lift_shield reviewer": "reorganisation_failed",
    },
    "SM-E": {
        "- draft party": "same_office record_is_public",
        "E0 submit party": "record_is_public time_has_come commitment_made may_speak",
        "E1 ask_for_more handler": "asked_only_once",
        "E1 accept handler": "same_office time_has_come commitment_made may_speak materials_complete",
        "E5 grant reviewer": "same_office time_has_come record_is_clean commitment_made is_verified",
        "E6 sync system": "everybody_told",
        "E6 revoke reviewer": "serious_fraud_found",
    },
    "SM-F": {
        "F0 accept handler": "raised_in_time may_object",
        "F2 uphold reviewer": "is_verified found_wrong decider_is_impartial",
        "F2 reject reviewer": "is_verified found_right decider_is_impartial",
        "F3 correct system": "record_corrected",
    },
    "SM-G": {
        "- record handler": "completed",
        "G0 publish reviewer": "completed",
        "G1 end_with_record system": "negative linked_record_ended",
        "G1 end_after_repair reviewer": "negative repair_granted",
        "G0 withdraw reviewer": "found_wrong",
    },
    "SM-J": {
        "- propose handler": "listing_in_force",
        "J0 approve reviewer": "listing_in_force",
        "J1 send system": "listing_in_force",
        "J2 refuse provider": "refusal_explained",
        "J0 lift system": "listing_ended",
    },
    "SM-K": {
        "- register system": "reported",
        "active suspend system": "reported suspension_is_legal",
        "suspended resume system": "reported",
        "active move_out system": "reported",
        "moved_out move_in system": "reported",
        "active revoke system": "reported",
        "active annul system": "reported",
        "active close system": "reported",
        "revoked reinstate system": "reported decision_withdrawn",
        "active liquidate system": "reported",
        "active cancel system": "reported",
    },
    "CLUE": {"K1 answer handler": "clue_is_checked answer_given"},
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.code)
def test_each_step_demands_these_conditions_and_no_other(machine):
    declared = {
        f"{row.before[0] or '-'} {row.action} {row.actors[0]}": " ".join(guard.name for guard in row.guards)
        for row in machine.transitions
        if row.guards
    }
    assert declared == DEMANDS[machine.code]


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        (machine.code, guard)
        for machine in MACHINES
        for guard in {g.name: g for row in machine.transitions for g in row.guards}.values()
    ],
    ids=lambda each: each if isinstance(each, str) else each.name,
)
def test_no_condition_holds_by_itself(code, guard):
    assert not all(guard.holds(facts) for facts in BLEAK[code])
