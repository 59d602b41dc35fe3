"""Scenarios of domain.md 12 about the list of serious violations, by their numbers."""

from dataclasses import replace
from datetime import date

import pytest

from registry.rules import violation_procedure as violation
from registry.rules.calendar import WorkingCalendar, add_months, default_days
from registry.rules.deadlines import due_on
from registry.rules.listing import ViolationReason
from registry.rules.local_settings import LocalSettings
from registry.rules.procedure import Actor, GuardsNotMet, StepNotInProcedure, next_state, step, take
from registry.rules.publicity import violation_publicity
from registry.rules.rule_sets import get
from registry.rules.violation_cases import AuthorityLevel, Factor, TakingPart, ViolationCase, ends_on, must_be_assessed
from tests.machines import refused

CALENDAR = WorkingCalendar({day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)})
RS2025 = get("samr-2025-12-25")
TWO = {"reason": "…", "prepared_by": "first", "decided_by": "second"}

GRAVE = ViolationCase(
    date(2026, 9, 21),
    RS2025,
    reason=ViolationReason.FOOD,
    heavier_penalty=True,
    grave=True,
    factors_answered=frozenset(Factor),
    notice_served_on=date(2026, 9, 10),
    notice_tells_facts_basis_and_rights=True,
    hearing_may_be_asked_until=date(2026, 9, 17),
    superior_consented_on=date(2026, 9, 20),
    decided_on=date(2026, 9, 21),
    penalty_decided_on=date(2026, 9, 21),
    audited_on=date(2026, 9, 21),
)
ENTER = (violation.MACHINE, violation.Stage.WITH_SUPERIOR, violation.Action.LIST, Actor.REVIEWER)


def test_7_the_way_onto_the_violation_list():
    assert due_on(RS2025.deadlines["request_hearing"], date(2026, 9, 10), CALENDAR) == GRAVE.hearing_may_be_asked_until
    assert refused(*ENTER, GRAVE) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"notice_served_on": None}, "notice_served"),
        ({"notice_tells_facts_basis_and_rights": False}, "notice_served"),
        ({"hearing_may_be_asked_until": date(2026, 9, 21)}, "hearing_wait_is_over"),
        ({"hearing_may_be_asked_until": None}, "hearing_wait_is_over"),
        ({"hearing": TakingPart.ASKED}, "hearing_wait_is_over"),
        ({"superior_consented_on": None}, "superior_agrees"),
        ({"superior_consented_on": date(2026, 9, 22)}, "superior_agrees"),
        ({"factors_answered": frozenset(Factor) - {Factor.INTENT}}, "all_factors_answered"),
        ({"no_intent_proved": True}, "is_listable"),
        ({"heavier_penalty": False}, "is_listable"),
        ({"grave": False}, "is_listable"),
        ({"penalty_decided_on": date(2026, 9, 14)}, "decided_with_the_penalty"),
        ({"audited_on": date(2026, 9, 20)}, "decided_with_the_penalty"),
    ],
)
def test_7_without_one_of_its_steps_a_listing_is_impossible(change, missing):
    assert refused(*ENTER, replace(GRAVE, **change)) == (missing,)


def test_7_without_the_demand_for_consent_or_at_the_province_it_is_possible():
    alone = replace(GRAVE, superior_consented_on=None)
    free = replace(RS2025, listings=replace(RS2025.listings, needs_superior_consent=False))
    assert refused(*ENTER, replace(alone, rule_set=free)) == ()
    assert refused(*ENTER, replace(alone, authority_level=AuthorityLevel.PROVINCE)) == ()
    assert refused(*ENTER, replace(alone, local=LocalSettings(needs_superior_consent=False))) == ()
    strict = replace(alone, rule_set=free, local=LocalSettings(needs_superior_consent=True))
    assert refused(*ENTER, strict) == ("superior_agrees",)


def test_7_no_stage_before_the_superior_can_be_skipped():
    for stage in (violation.Stage.ASSESSED, violation.Stage.NOTIFIED, violation.Stage.HEARING):
        with pytest.raises(StepNotInProcedure):
            next_state(violation.MACHINE, stage, violation.Action.LIST, Actor.REVIEWER)


@pytest.mark.parametrize(("today", "open_"), [(date(2026, 9, 17), True), (date(2026, 9, 18), False)])
def test_7_a_hearing_is_asked_for_in_its_time(today, open_):
    ask = (violation.MACHINE, violation.Stage.NOTIFIED, violation.Action.ASK_FOR_HEARING, Actor.PARTY)
    keep = (violation.MACHINE, violation.Stage.NOTIFIED, violation.Action.KEEP_PROPOSAL, Actor.REVIEWER)
    case = replace(GRAVE, today=today)
    assert (refused(*ask, case) == ()) is open_
    assert (refused(*keep, case) == ()) is not open_
    assert refused(*keep, replace(case, hearing=TakingPart.WAIVED)) == ()


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        ({"sold_fake_food_or_drugs_online": True, "heavier_penalty": True, "reason": ViolationReason.FOOD}, True),
        ({"sold_fake_food_or_drugs_online": True}, True),
        ({"heavier_penalty": True, "reason": ViolationReason.DRUGS}, True),
        ({"reason": ViolationReason.REFUSAL}, True),
        ({"reason": ViolationReason.DRUGS}, False),
        ({"heavier_penalty": True}, False),
        ({"heavier_penalty": True, "reason": ViolationReason.OTHER}, False),
    ],
)
def test_8_what_has_to_be_assessed(facts, needed):
    assert must_be_assessed(ViolationCase(date(2026, 9, 1), RS2025, **facts)) is needed


def test_8_an_assessment_is_opened_by_the_system_and_never_lists_by_itself():
    case = replace(GRAVE, sold_fake_food_or_drugs_online=True)
    opened = take(
        violation.MACHINE,
        None,
        violation.Action.ASSESS,
        actor=Actor.SYSTEM,
        facts=case,
        reason="",
        prepared_by=None,
        decided_by=None,
    )
    assert opened.after is violation.Stage.ASSESSED
    entering = [row for row in violation.MACHINE.transitions if row.after in violation.MACHINE.public]
    assert all(Actor.SYSTEM not in row.actors for row in entering)
    dropped = step(violation.MACHINE, violation.Stage.ASSESSED, violation.Action.DROP, Actor.REVIEWER)
    assert (dropped.after, dropped.document, dropped.second_person) == (
        violation.Stage.NOT_LISTED,
        "不予列入说明",
        True,
    )


LISTED_ON = date(2025, 3, 2)
ASKED = replace(
    GRAVE, listed_on=LISTED_ON, duties_performed=True, harm_removed=True, commitment_made=True, today=date(2026, 3, 2)
)
APPLY = (violation.MACHINE, violation.Stage.LISTED, violation.Action.APPLY, Actor.PARTY)


@pytest.mark.parametrize(
    ("today", "open_"),
    [
        (date(2026, 3, 1), False),  # 11 months and 30 days
        (date(2026, 3, 2), True),
        (date(2028, 3, 1), True),
        (date(2028, 3, 2), False),
    ],
)
def test_9_early_removal_after_twelve_months_and_before_thirty_six(today, open_):
    assert refused(*APPLY, replace(ASKED, today=today)) == (() if open_ else ("early_removal_is_open",))


@pytest.mark.parametrize(
    "change", [{"duties_performed": False}, {"harm_removed": False}, {"heavier_penalty_since": True}]
)
def test_9_early_removal_has_to_be_earned(change):
    assert refused(*APPLY, replace(ASKED, **change)) == ("may_come_off_early",)


def test_9_no_early_removal_while_a_restriction_runs():
    assert refused(*APPLY, replace(ASKED, restriction_until=date(2026, 3, 3))) == ("early_removal_is_open",)
    assert refused(*APPLY, replace(ASKED, restriction_until=date(2026, 3, 2))) == ()


@pytest.mark.parametrize("stage", [violation.Stage.LISTED, violation.Stage.REMOVAL_REVIEW, violation.Stage.SHIELDED])
def test_9_a_listing_expires_by_itself_even_while_removal_is_asked_for(stage):
    expire = (violation.MACHINE, stage, violation.Action.EXPIRE, Actor.SYSTEM)
    assert refused(*expire, replace(ASKED, today=date(2028, 3, 1))) == ("months_are_full",)
    assert refused(*expire, replace(ASKED, today=date(2028, 3, 2))) == ()
    longer = replace(ASKED, today=date(2028, 3, 2), restriction_until=date(2030, 1, 1))
    assert refused(*expire, longer) == ("months_are_full",)
    assert ends_on(LISTED_ON, None, RS2025) == violation_publicity(listed_on=LISTED_ON).public_until


def test_10_an_annulled_penalty_takes_the_listing_down_within_three_working_days():
    revoke = (violation.MACHINE, violation.Stage.LISTED, violation.Action.REVOKE, Actor.REVIEWER)
    assert refused(*revoke, ASKED) == ("revocation_grounded",)
    assert refused(*revoke, replace(ASKED, penalty_annulled=True)) == ()
    assert refused(*revoke, replace(ASKED, found_wrong=True)) == ()  # 行政复议法, and an objection that is upheld
    for name in (*step(*revoke).deadlines, "withdraw_penalty"):
        assert due_on(RS2025.deadlines[name], date(2026, 9, 30), CALENDAR) == date(2026, 10, 10)


def test_15_fraud_puts_the_listing_back_and_its_period_starts_anew():
    restored_on = date(2027, 6, 1)
    case = replace(ASKED, today=restored_on, serious_fraud_found=True)
    restore = (violation.MACHINE, violation.Stage.REMOVED_EARLY, violation.Action.RESTORE)
    after = take(*restore, actor=Actor.REVIEWER, facts=case, **TWO).after
    assert after in violation.MACHINE.public
    again = replace(case, listed_on=restored_on)
    expire = (violation.MACHINE, after, violation.Action.EXPIRE, Actor.SYSTEM)
    assert refused(*expire, replace(again, today=add_months(LISTED_ON, 36))) == ("months_are_full",)
    assert refused(*expire, replace(again, today=date(2030, 6, 1))) == ()
    with pytest.raises(GuardsNotMet):
        take(*restore, actor=Actor.REVIEWER, facts=replace(case, serious_fraud_found=False), **TWO)


def test_16_a_reorganisation_hides_the_listing_and_its_failure_shows_it_again():
    shield = (violation.MACHINE, violation.Stage.LISTED, violation.Action.SHIELD, Actor.REVIEWER)
    lift = (violation.MACHINE, violation.Stage.SHIELDED, violation.Action.LIFT_SHIELD, Actor.REVIEWER)
    assert refused(*shield, ASKED) == ("reorganisation_approved",)
    assert refused(*shield, replace(ASKED, reorganisation_approved=True)) == ()
    assert step(*shield).after not in violation.MACHINE.public
    assert refused(*lift, ASKED) == ("reorganisation_failed",)
    assert refused(*lift, replace(ASKED, reorganisation_failed=True)) == ()
    assert step(*lift).after in violation.MACHINE.public
