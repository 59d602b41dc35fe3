"""Dates counted by hand from domain.md 3 to 5 and the notices of the State Council, never by the program.

2024 to 2026 are the announced calendars. 2027 is one that an administrator could load: Spring Festival 5 to 11 February with
31 January and 20 February worked. Beside each is what makes it hard.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registry.rules import repair
from registry.rules.abnormal_cases import letter_window
from registry.rules.calendar import WorkingCalendar, default_days
from registry.rules.deadlines import due_on, is_in_time
from registry.rules.penalty_kinds import PenaltyKind as K
from registry.rules.publicity import penalty_publicity, violation_publicity
from registry.rules.rule_sets import Regime, Severity, get, rule_set_for

DAY = timedelta(days=1)
RESTS_IN_2027 = {date(2027, 1, 1), *(date(2027, 2, day) for day in range(5, 12))}
WORKED_IN_2027 = {date(2027, 1, 31), date(2027, 2, 20)}


def _year_2027() -> dict[date, bool]:
    days = (date(2027, 1, 1) + DAY * number for number in range(365))
    return {day: day in WORKED_IN_2027 or (day.weekday() < 5 and day not in RESTS_IN_2027) for day in days}


CALENDAR = WorkingCalendar(
    {day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)} | _year_2027()
)
RS2021, RS2025 = "samr-2021-09-01", "samr-2025-12-25"

DEADLINES = [
    # 双公示, 7 WD
    ("report_upward", "2024-02-07", "2024-02-22", "9 Feb is worked, 10-17 rest, Sunday 18 worked"),
    ("report_upward", "2024-12-31", "2025-01-10", "over New Year"),
    ("report_upward", "2025-01-24", "2025-02-10", "Sunday 26 Jan and Saturday 8 Feb worked"),
    ("report_upward", "2025-09-26", "2025-10-13", "National Day with mid-autumn, 1-8 Oct"),
    ("report_upward", "2025-12-30", "2026-01-09", "Sunday 4 Jan worked"),
    ("report_upward", "2026-02-12", "2026-02-28", "both make-up Saturdays count"),
    ("report_upward", "2026-09-18", "2026-09-29", "Sunday 20 worked, 25-27 rest"),
    ("report_upward", "2026-12-28", "2027-01-07", "into the next year"),
    ("report_upward", "2027-01-29", "2027-02-15", "Sunday 31 Jan worked, 5-11 Feb rest"),
    # penalties, 20 WD and 3 WD
    ("publish_penalty", "2024-04-22", "2024-05-21", "two make-up days around May Day"),
    ("publish_penalty", "2025-04-03", "2025-05-06", "Qingming, then May Day on the last step"),
    ("push_to_other_province", "2024-12-20", "2025-01-06", "10 WD over New Year"),
    ("publish_from_other_province", "2025-01-06", "2025-01-20", "10 WD from the receipt"),
    ("withdraw_penalty", "2025-01-27", "2025-02-07", "the eve of the festival"),
    # abnormal list: 10 WD, 10 CD, 5 WD
    ("list_r1", "2024-06-30", "2024-07-12", "the period ends on a Sunday"),
    ("list_r1", "2025-06-30", "2025-07-14", "the period ends on a Monday"),
    ("list_r1", "2027-06-30", "2027-07-14", "of the reports for 2026"),
    ("order_to_publish", "2024-09-20", "2024-09-30", "the last day before the holidays"),
    ("order_to_publish", "2025-09-22", "2025-10-09", "ends on 2 Oct, which rests"),
    ("order_to_publish", "2024-02-05", "2024-02-18", "rolls to a worked Sunday"),
    ("remove_abnormal", "2024-09-12", "2024-09-20", "Saturday 14 worked, 15-17 rest"),
    ("remove_abnormal", "2026-04-29", "2026-05-09", "ends on a worked Saturday"),
    ("remove_abnormal", "2026-06-16", "2026-06-24", "dragon-boat festival"),
    ("restore_household", "2026-12-24", "2026-12-31", "the last day of the year"),
    # violation list
    ("stop_violation", "2026-02-13", "2026-02-25", "Saturday 14 worked, 15-23 rest"),
    ("revoke_violation", "2024-04-30", "2024-05-08", "over May Day"),
    ("request_hearing", "2026-04-30", "2026-05-11", "Saturday 9 May worked"),
    # repairs
    ("accept_repair", "2025-12-31", "2026-01-05", "Sunday 4 Jan is day one"),
    ("decide_repair", "2026-02-12", "2026-02-28", "7 WD of 2025"),
    ("push_repair", "2026-09-30", "2026-10-10", "Saturday 10 Oct worked"),
    # objections
    ("object", "2024-01-31", "2024-03-01", "30 CD over 29 February"),
    ("object", "2025-01-30", "2025-03-03", "ends on a Saturday"),
    ("object", "2024-09-02", "2024-10-08", "ends on 2 Oct"),
    ("object", "2026-01-16", "2026-02-24", "ends on the first day of the festival"),
    ("object", "2026-04-02", "2026-05-06", "ends on 2 May"),
    ("object", "2027-01-06", "2027-02-12", "ends on the first day of the festival of 2027"),
    ("accept_objection", "2024-02-08", "2024-02-21", "5 WD"),
    ("verify_objection", "2026-01-28", "2026-03-03", "20 WD, both make-up Saturdays"),
    ("correct_listing", "2025-05-29", "2025-06-06", "31 May to 2 June rest"),
    # review 60 CD, court 6 months, penalty case 90 CD
    ("ask_for_review", "2024-01-01", "2024-03-01", "over 29 February"),
    ("ask_for_review", "2025-12-01", "2026-01-30", ""),
    ("ask_for_review", "2026-08-03", "2026-10-08", "ends on 2 Oct"),
    ("go_to_court", "2023-08-31", "2024-02-29", "no 31 Feb, but a 29th"),
    ("go_to_court", "2024-08-31", "2025-02-28", "no 29th"),
    ("go_to_court", "2025-08-31", "2026-02-28", "a worked Saturday"),
    ("go_to_court", "2025-08-20", "2026-02-24", "ends within the festival"),
    ("go_to_court", "2025-10-04", "2026-04-07", "ends on Qingming"),
    ("decide_penalty", "2026-07-03", "2026-10-08", "ends on 1 Oct"),
]


@pytest.mark.parametrize(("deadline", "since", "until", "why"), DEADLINES)
def test_deadline(deadline: str, since: str, until: str, why: str) -> None:
    rule, event = get(RS2025).deadlines[deadline], date.fromisoformat(since)
    assert due_on(rule, event, CALENDAR) == date.fromisoformat(until), why
    assert is_in_time(rule, event, date.fromisoformat(until), CALENDAR)
    assert not is_in_time(rule, event, date.fromisoformat(until) + DAY, CALENDAR)


def test_fifteen_working_days_of_2021_over_national_day() -> None:
    assert due_on(get(RS2021).deadlines["decide_repair"], date(2025, 9, 19), CALENDAR) == date(2025, 10, 16)


@pytest.mark.parametrize(
    ("first", "earliest", "latest"),
    [
        (date(2024, 2, 14), date(2024, 2, 29), date(2024, 3, 15)),
        (date(2025, 2, 14), date(2025, 3, 1), date(2025, 3, 16)),
        (date(2026, 12, 20), date(2027, 1, 4), date(2027, 1, 19)),
    ],
)
def test_the_second_letter(first: date, earliest: date, latest: date) -> None:
    assert letter_window(first, get(RS2025)) == (earliest, latest)


@pytest.mark.parametrize(
    ("decided", "published", "kinds", "fine", "rule_set", "until"),
    [
        ("2025-12-24", "2025-12-24", [K.FINE], 200_000, RS2021, "2028-12-24"),
        ("2025-12-25", "2025-12-25", [K.FINE], 200_000, RS2025, "2026-12-25"),
        ("2025-12-24", "2026-01-06", [K.FINE], 200_000, RS2021, "2029-01-06"),
        ("2025-12-25", "2026-01-06", [K.FINE], 200_000, RS2025, "2026-12-25"),
        ("2024-01-10", "2024-02-29", [K.FINE], 200_000, RS2021, "2027-02-28"),
        ("2023-11-20", "2023-11-30", [K.FINE], 3_000, RS2021, "2024-02-29"),
        ("2024-11-20", "2024-11-30", [K.FINE], 3_000, RS2021, "2025-02-28"),
        ("2023-11-20", "2023-11-30", [K.CIRCULATED_CRITICISM], None, RS2021, "2024-02-29"),
        ("2026-02-28", "2026-03-02", [K.SUSPENSION_OF_BUSINESS], None, RS2025, "2029-02-28"),
        ("2026-08-31", "2026-09-10", [K.FINE, K.CLOSURE], 200_000, RS2025, "2029-08-31"),
        ("2026-10-01", "2026-10-08", [K.CONFISCATION_OF_GAINS], None, RS2025, "2027-10-01"),
    ],
)
def test_publicity_of_a_penalty(
    decided: str, published: str, kinds: list[K], fine: int | None, rule_set: str, until: str
) -> None:
    found = penalty_publicity(
        regime=Regime.SAMR,
        decided_on=date.fromisoformat(decided),
        published_on=date.fromisoformat(published),
        kinds=kinds,
        fine=None if fine is None else Decimal(fine),
    )
    assert (found.rule_set, found.public_until) == (rule_set, date.fromisoformat(until))


@pytest.mark.parametrize(
    ("rule_set", "severity", "basis_on", "earliest"),
    [
        (RS2021, Severity.GENERAL, date(2025, 8, 31), date(2026, 2, 28)),
        (RS2021, Severity.GENERAL, date(2023, 8, 31), date(2024, 2, 29)),
        (RS2025, Severity.GENERAL, date(2026, 11, 30), date(2027, 2, 28)),
        (RS2025, Severity.GENERAL, date(2025, 12, 31), date(2026, 3, 31)),
        (RS2025, Severity.SERIOUS, date(2026, 2, 28), date(2027, 2, 28)),
        ("ndrc-2026-04-01", Severity.SERIOUS, date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_the_earliest_repair_of_a_penalty(rule_set: str, severity: Severity, basis_on: date, earliest: date) -> None:
    found = repair.earliest_for_penalty(rule_set, severity=severity, kinds=[K.FINE], basis_on=basis_on)
    assert found == earliest


@pytest.mark.parametrize(
    ("listed", "restricted", "earliest", "until"),
    [
        (date(2024, 2, 29), None, date(2025, 2, 28), date(2027, 2, 28)),
        (date(2025, 2, 28), None, date(2026, 2, 28), date(2028, 2, 28)),
        (date(2023, 5, 31), None, date(2024, 5, 31), date(2026, 5, 31)),
        (date(2026, 10, 1), None, date(2027, 10, 1), date(2029, 10, 1)),  # a holiday lengthens no publicity
        (date(2026, 3, 2), date(2028, 1, 1), date(2028, 1, 1), date(2029, 3, 2)),
        (date(2026, 3, 2), date(2031, 3, 2), date(2031, 3, 2), date(2031, 3, 2)),
    ],
)
def test_the_violation_list(listed: date, restricted: date | None, earliest: date, until: date) -> None:
    rule_set = rule_set_for(Regime.SAMR, listed).name
    assert repair.earliest_for_violation(rule_set, listed_on=listed, restriction_until=restricted) == earliest
    assert violation_publicity(listed_on=listed, restriction_until=restricted).public_until == until
