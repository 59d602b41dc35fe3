"""Scenarios of domain.md 12 about the abnormal list, household marks and objections, by their numbers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.rules import abnormal_procedure as abnormal
from registry.rules import household_procedure as household
from registry.rules import objection_procedure as objection
from registry.rules.abnormal_cases import Case, CorrectionGround, OtherListing, RemovalReason
from registry.rules.calendar import WorkingCalendar, default_days
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.procedure import Actor, GuardsNotMet, step, take
from registry.rules.rule_sets import get
from tests.machines import refused

DAY = timedelta(days=1)
CALENDAR = WorkingCalendar({day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)})
RS2025 = get("samr-2025-12-25")
R1, R2, R3, R4 = AbnormalReason
TWO = {"reason": "…", "prepared_by": "first", "decided_by": "second"}

UNREPORTED = Case(
    date(2026, 7, 1),
    RS2025,
    R1,
    report_year=2025,
    founded_on=date(2020, 5, 1),
    on_register=True,
    registered_here=True,
    decided_on=date(2026, 7, 1),
    audited_on=date(2026, 7, 1),
)


def enter(case: Case):
    """The second person decides on a proposed listing."""
    return take(
        abnormal.MACHINE, abnormal.Stage.PENDING, abnormal.Action.LIST, actor=Actor.REVIEWER, facts=case, **TWO
    ).after


def test_1_the_report_of_the_year_is_missing_from_the_day_after_the_period():
    assert enter(UNREPORTED) is abnormal.Stage.LISTED
    for case in (
        replace(UNREPORTED, today=date(2026, 6, 30)),
        replace(UNREPORTED, founded_on=date(2026, 1, 5)),
        replace(UNREPORTED, cured_on=date(2026, 6, 30)),
        replace(UNREPORTED, founded_on=None),
    ):
        with pytest.raises(GuardsNotMet) as found:
            enter(case)
        assert found.value.guards == ("ground_holds",)
    assert enter(replace(UNREPORTED, cured_on=date(2026, 7, 1))) is abnormal.Stage.LISTED
    assert enter(replace(UNREPORTED, founded_on=date(2025, 12, 31))) is abnormal.Stage.LISTED


def test_2_the_same_report_year_twice_is_refused_and_another_year_is_a_second_record():
    for is_open in (True, False):
        with pytest.raises(GuardsNotMet) as found:
            enter(replace(UNREPORTED, other_listings=[OtherListing(R1, 2025, is_open)]))
        assert found.value.guards == ("no_second_listing",)
    assert enter(replace(UNREPORTED, other_listings=[OtherListing(R1, 2024, True)])) is abnormal.Stage.LISTED
    assert enter(replace(UNREPORTED, other_listings=[OtherListing(R4, None, True)])) is abnormal.Stage.LISTED


def test_3_publication_on_the_tenth_day_closes_the_order_and_on_the_eleventh_does_not():
    served = date(2026, 3, 2)
    ends = due_on(RS2025.deadlines["order_to_publish"], served, CALENDAR)
    assert ends == served + 10 * DAY
    in_time = Case(ends, RS2025, R2, order_ends_on=ends, cured_on=ends)
    late = replace(in_time, today=ends + DAY, cured_on=ends + DAY)
    ordered = abnormal.Stage.ORDERED

    def closes(case):
        return refused(abnormal.MACHINE, ordered, abnormal.Action.CLOSE_ORDER, Actor.SYSTEM, case)

    def proposes(case):
        return refused(abnormal.MACHINE, ordered, abnormal.Action.PROPOSE, Actor.HANDLER, case)

    assert closes(in_time) == ()
    assert proposes(in_time) == ("order_is_over",)
    assert closes(late) == ("disclosed_in_time",)
    assert proposes(late) == ()
    assert proposes(replace(late, today=ends, cured_on=None)) == ("order_is_over",)
    assert proposes(replace(late, cured_on=None)) == ()
    assert due_on(RS2025.deadlines["list_r2"], ends, CALENDAR) == date(2026, 3, 26)


@pytest.mark.parametrize(("days", "valid"), [(14, False), (15, True), (30, True), (31, False)])
def test_4_the_second_letter(days, valid):
    first = date(2026, 3, 2)
    case = Case(
        date(2026, 5, 1), RS2025, R4, letters_sent_on=(first, first + days * DAY), verified_on=date(2026, 4, 20)
    )
    missing = refused(abnormal.MACHINE, abnormal.Stage.CONTACTING, abnormal.Action.PROPOSE, Actor.HANDLER, case)
    assert missing == (() if valid else ("ground_holds",))


def test_4_a_late_second_letter_starts_the_interval_anew():
    first = date(2026, 3, 2)
    again = (first, first + 31 * DAY, first + 50 * DAY)
    case = Case(date(2026, 5, 1), RS2025, R4, letters_sent_on=again, verified_on=date(2026, 4, 30))
    propose = (abnormal.MACHINE, abnormal.Stage.CONTACTING, abnormal.Action.PROPOSE, Actor.HANDLER)
    assert refused(*propose, case) == ()
    assert refused(*propose, replace(case, letters_answered=True)) == ("ground_holds",)
    assert refused(*propose, replace(case, verified_on=None)) == ("ground_holds",)
    assert refused(*propose, replace(case, letters_sent_on=(first,))) == ("ground_holds",)
    assert refused(*propose, replace(case, letters_sent_on=(), visited_on=first)) == ()


def test_4_two_listings_as_unreachable_do_not_stand_at_once():
    case = replace(UNREPORTED, reason=R4, visited_on=date(2026, 6, 1), verified_on=date(2026, 6, 2))
    assert enter(replace(case, other_listings=[OtherListing(R4, None, False)])) is abnormal.Stage.LISTED
    with pytest.raises(GuardsNotMet) as found:
        enter(replace(case, other_listings=[OtherListing(R4, None, True)]))
    assert found.value.guards == ("no_second_listing",)


def test_a_listing_needs_the_register_the_bureau_and_a_decision_not_after_its_approval():
    case = replace(UNREPORTED, on_register=False, registered_here=False, decided_on=date(2026, 7, 2))
    with pytest.raises(GuardsNotMet) as found:
        enter(case)
    assert found.value.guards == ("on_register", "registered_here", "decided_by_the_audit")


@pytest.mark.parametrize("reason", AbnormalReason)
@pytest.mark.parametrize("removal", RemovalReason)
def test_5_the_removal_reason_matches_the_listing_reason(reason, removal):
    fits = {
        (R1, RemovalReason.REPORTED),
        (R2, RemovalReason.DISCLOSED),
        (R3, RemovalReason.INFORMATION_CORRECTED),
        (R4, RemovalReason.ADDRESS_CHANGED),
        (R4, RemovalReason.REACHED),
    }
    case = Case(
        date(2026, 9, 1),
        RS2025,
        reason,
        removal_reason=removal,
        proof_given=True,
        cured_on=date(2026, 8, 20),
        removal_verified_on=date(2026, 8, 25),
    )
    expected = () if (reason, removal) in fits else ("removal_answers_listing",)
    listed, waiting = abnormal.Stage.LISTED, abnormal.Stage.REMOVAL_PENDING
    assert refused(abnormal.MACHINE, listed, abnormal.Action.APPLY, Actor.PARTY, case) == expected
    assert refused(abnormal.MACHINE, waiting, abnormal.Action.REMOVE, Actor.REVIEWER, case) == expected


@pytest.mark.parametrize(("reason", "missing"), [(R1, ()), (R2, ()), (R3, ("removal_is_verified",))])
def test_5_false_information_and_being_unreachable_are_verified_before_removal(reason, missing):
    cures = {R1: RemovalReason.REPORTED, R2: RemovalReason.DISCLOSED, R3: RemovalReason.INFORMATION_CORRECTED}
    case = Case(date(2026, 9, 1), RS2025, reason, removal_reason=cures[reason], cured_on=date(2026, 8, 20))
    remove = (abnormal.MACHINE, abnormal.Stage.REMOVAL_PENDING, abnormal.Action.REMOVE, Actor.REVIEWER)
    assert refused(*remove, case) == missing
    assert refused(*remove, replace(case, cured_on=None)) == ("removal_is_verified",)


@pytest.mark.parametrize(
    ("published_on", "received_on", "in_time"),
    [
        (date(2026, 8, 31), date(2026, 9, 30), True),
        (date(2026, 8, 31), date(2026, 10, 1), False),
        (date(2026, 9, 2), date(2026, 10, 8), True),  # the thirtieth day lies in the holidays
        (date(2026, 9, 2), date(2026, 10, 9), False),
    ],
)
def test_6_an_objection_on_its_last_day_and_after(published_on, received_on, in_time):
    kind = objection.ObjectionKind.LISTING
    case = objection.Objection(
        received_on,
        kind,
        received_on,
        window_ends_on=objection.window_ends_on(kind, published_on, rule_set=RS2025, calendar=CALENDAR),
        by_the_operator=True,
    )
    accept = (objection.MACHINE, objection.Stage.RECEIVED, objection.Action.ACCEPT, Actor.HANDLER)
    assert refused(*accept, case) == (() if in_time else ("raised_in_time",))
    assert refused(*accept, replace(case, by_the_operator=False))[-1:] == ("may_object",)


def test_6_an_upheld_objection_takes_the_record_away_from_the_public():
    case = Case(date(2026, 9, 1), RS2025, R3, correction_ground=CorrectionGround.OBJECTION)
    row = take(
        abnormal.MACHINE, abnormal.Stage.LISTED, abnormal.Action.CORRECT, actor=Actor.REVIEWER, facts=case, **TWO
    )
    assert row.after not in abnormal.MACHINE.public
    assert row.deadlines == ("correct_listing",)


def test_6_whoever_listed_does_not_decide_and_data_may_be_doubted_by_anybody_at_any_time():
    kind = objection.ObjectionKind.PENALTY_DATA
    assert objection.window_ends_on(kind, date(2020, 1, 1), rule_set=RS2025, calendar=CALENDAR) is None
    case = objection.Objection(date(2026, 9, 1), kind, date(2026, 9, 1), evidence_given=True)
    accept = (objection.MACHINE, objection.Stage.RECEIVED, objection.Action.ACCEPT, Actor.HANDLER)
    assert refused(*accept, case) == ()
    assert refused(*accept, replace(case, evidence_given=False)) == ("may_object",)
    uphold = (objection.MACHINE, objection.Stage.ACCEPTED, objection.Action.UPHOLD, Actor.REVIEWER)
    checked = replace(case, verified_on=date(2026, 9, 1), found_wrong=True)
    assert refused(*uphold, checked) == ("decider_is_impartial",)
    assert refused(*uphold, replace(checked, decider_penalised=False)) == ()


def test_15_a_removal_from_the_abnormal_list_is_taken_back_after_fraud():
    restore = (abnormal.MACHINE, abnormal.Stage.REMOVED, abnormal.Action.RESTORE, Actor.REVIEWER)
    assert refused(*restore, UNREPORTED) == ("serious_fraud_found",)
    assert step(*restore).after in abnormal.MACHINE.public


@pytest.mark.parametrize("stage", [abnormal.Stage.LISTED, abnormal.Stage.REMOVAL_PENDING, abnormal.Stage.RESTORED])
def test_18_deregistration_ends_a_listing(stage):
    close = (abnormal.MACHINE, stage, abnormal.Action.CLOSE, Actor.SYSTEM)
    assert refused(*close, UNREPORTED) == ("registration_ended",)
    assert refused(*close, replace(UNREPORTED, registration_ended=True)) == ()
    assert step(*close).after is abnormal.Stage.AUTO_CLOSED


HOUSEHOLD = household.HouseholdCase(
    date(2026, 7, 1),
    RS2025,
    R1,
    report_year=2025,
    founded_on=date(2020, 5, 1),
    on_register=True,
    registered_here=True,
)


def test_1_a_household_that_did_not_report_is_marked_by_the_system_without_a_document():
    mark = (household.MACHINE, household.Stage.MARK_PENDING, household.Action.MARK_UNREPORTED, Actor.SYSTEM)
    assert refused(*mark, HOUSEHOLD) == ()
    assert (step(*mark).after, step(*mark).document) == (household.Stage.MARKED, None)
    assert refused(*mark, replace(HOUSEHOLD, reason=R3, verified_on=date(2026, 6, 1))) == ("reason_is_r1",)
    recover = (household.MACHINE, household.Stage.MARKED, household.Action.RECOVER_REPORTED, Actor.SYSTEM)
    reported = replace(HOUSEHOLD, removal_reason=RemovalReason.REPORTED, cured_on=date(2026, 7, 1))
    assert refused(*recover, reported) == ()
    assert step(*recover).after is household.Stage.NORMAL


def test_19_the_mark_of_a_household_that_became_a_company_does_not_follow_it():
    close = (household.MACHINE, household.Stage.MARKED, household.Action.CLOSE, Actor.SYSTEM)
    assert refused(*close, HOUSEHOLD) == ("registration_ended",)
    assert refused(*close, replace(HOUSEHOLD, became_company=True)) == ()
    assert step(*close).after not in household.MACHINE.public
