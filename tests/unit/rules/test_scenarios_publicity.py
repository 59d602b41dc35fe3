"""Scenarios of domain.md 12 about publicity, repair and the clocks between provinces, by their numbers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from registry.rules import objection_procedure as objection
from registry.rules import repair, repair_procedure
from registry.rules.calendar import CalendarYearMissing, WorkingCalendar, default_days
from registry.rules.deadlines import due_on
from registry.rules.local_settings import LocalSettings
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.procedure import Actor
from registry.rules.publicity import penalty_publicity
from registry.rules.rule_sets import Regime, Severity, get
from tests.machines import refused

CALENDAR = WorkingCalendar({day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)})
RS2021, RS2025 = get("samr-2021-09-01"), get("samr-2025-12-25")


@pytest.mark.parametrize(
    ("decided_on", "kinds", "fine", "until"),
    [
        (date(2024, 1, 10), [PenaltyKind.FINE], Decimal(500), date(2024, 5, 5)),  # low fine: 3 months
        (date(2024, 1, 10), [PenaltyKind.FINE], Decimal(500_000), date(2027, 2, 5)),
        (date(2024, 1, 10), [PenaltyKind.CIRCULATED_CRITICISM], None, date(2024, 5, 5)),
        (date(2024, 1, 10), [PenaltyKind.WARNING], None, None),
        (date(2026, 1, 10), [PenaltyKind.FINE], Decimal(500), date(2027, 1, 10)),
        (date(2026, 1, 10), [PenaltyKind.REVOCATION_OF_LICENCE], None, date(2029, 1, 10)),
        (date(2026, 1, 10), [PenaltyKind.WARNING], None, None),
        (date(2026, 1, 10), [PenaltyKind.CIRCULATED_CRITICISM], None, None),
    ],
)
def test_11_publicity_of_penalties_under_both_sets(decided_on, kinds, fine, until):
    found = penalty_publicity(
        regime=Regime.SAMR, decided_on=decided_on, published_on=date(decided_on.year, 2, 5), kinds=kinds, fine=fine
    )
    assert found.public_until == until


def test_11_a_low_fine_is_the_provinces():
    def until(low: int) -> date | None:
        return penalty_publicity(
            regime=Regime.SAMR,
            decided_on=date(2024, 1, 10),
            published_on=date(2024, 2, 5),
            kinds=[PenaltyKind.FINE],
            fine=Decimal(40_000),
            local=LocalSettings(low_fine_organisation=Decimal(low)),
        ).public_until

    assert (until(50_000), until(30_000)) == (date(2024, 5, 5), date(2027, 2, 5))


def test_12_late_publication_shortens_what_is_seen_and_after_the_end_is_refused():
    def published(on: date):
        return penalty_publicity(
            regime=Regime.SAMR, decided_on=date(2026, 1, 10), published_on=on, kinds=[PenaltyKind.FINE]
        )

    for on in (date(2026, 1, 12), date(2026, 12, 1), date(2027, 1, 9)):
        assert (published(on).public_from, published(on).public_until) == (on, date(2027, 1, 10))
    late = published(date(2027, 1, 10))
    assert (late.published, late.reason_not_published) == (False, "period_over")


def test_13_a_revoked_licence_is_never_repaired_early_under_the_rules_of_2021():
    kinds = [PenaltyKind.REVOCATION_OF_LICENCE]

    def missing(name: str, today: date) -> tuple[str, ...]:
        earliest = repair.earliest_for_penalty(name, severity=Severity.SERIOUS, kinds=kinds, basis_on=date(2026, 1, 10))
        case = repair_procedure.RepairCase(
            today,
            get(name),
            repair_procedure.RepairOf.PENALTY,
            earliest_on=earliest,
            record_is_public=True,
            commitment_made=True,
        )
        return refused(
            repair_procedure.MACHINE,
            repair_procedure.Stage.DRAFT,
            repair_procedure.Action.SUBMIT,
            Actor.PARTY,
            case,
        )

    assert missing("samr-2021-09-01", date(2028, 12, 31)) == ("time_has_come",)
    assert missing("samr-2025-12-25", date(2027, 1, 9)) == ("time_has_come",)
    assert missing("samr-2025-12-25", date(2027, 1, 10)) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, ()),
        ({"on_a_list": True}, ("record_is_clean",)),
        ({"same_kind_penalty_since": True}, ("record_is_clean",)),
        ({"same_office": False}, ("same_office",)),
        ({"duties_performed": False}, ("is_verified",)),
        ({"verified_on": date(2026, 9, 2)}, ("is_verified",)),
        ({"repair_of": repair_procedure.RepairOf.VIOLATION_LISTING, "on_a_list": True}, ()),
        ({"repair_of": repair_procedure.RepairOf.ABNORMAL_LISTING, "earliest_on": None, "on_a_list": True}, ()),
    ],
)
def test_14_what_a_repair_needs(change, missing):
    case = repair_procedure.RepairCase(
        date(2026, 9, 1),
        RS2025,
        repair_procedure.RepairOf.PENALTY,
        earliest_on=date(2026, 9, 1),
        commitment_made=True,
        duties_performed=True,
        same_office=True,
        verified_on=date(2026, 9, 1),
    )
    grant = (repair_procedure.MACHINE, repair_procedure.Stage.VERIFYING, repair_procedure.Action.GRANT, Actor.REVIEWER)
    assert refused(*grant, replace(case, **change)) == missing


def test_14_a_repair_goes_on_only_with_authorised_agents_and_whole_papers():
    case = repair_procedure.RepairCase(
        date(2026, 9, 1),
        RS2025,
        repair_procedure.RepairOf.HOUSEHOLD_MARK,
        same_office=True,
        commitment_made=True,
        through_agent=True,
    )
    accept = (repair_procedure.MACHINE, repair_procedure.Stage.SUBMITTED, repair_procedure.Action.ACCEPT, Actor.HANDLER)
    assert refused(*accept, case) == ("may_speak", "materials_complete")
    assert refused(*accept, replace(case, agent_authorised=True, materials_complete=True)) == ()


def test_17_across_provinces_two_clocks_of_ten_and_one_of_three_for_a_repair():
    pushed = due_on(RS2025.deadlines["push_to_other_province"], date(2026, 9, 10), CALENDAR)
    shown = due_on(RS2025.deadlines["publish_from_other_province"], pushed, CALENDAR)
    assert (pushed, shown) == (date(2026, 9, 23), date(2026, 10, 14))
    assert due_on(RS2025.deadlines["push_repair"], date(2026, 9, 30), CALENDAR) == date(2026, 10, 10)
    assert "push_repair" not in RS2021.deadlines


def test_24_a_calendar_missing_for_next_year_fails_loudly():
    with pytest.raises(CalendarYearMissing) as missing:
        objection.window_ends_on(
            objection.ObjectionKind.LISTING, date(2026, 12, 15), rule_set=RS2025, calendar=CALENDAR
        )
    assert missing.value.year == 2027
