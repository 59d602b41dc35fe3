"""Counting days by law: every vector of domain.md 4, on the calendar of 2026 that the State Council announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.calendar import (
    CalendarYearMissing,
    WorkingCalendar,
    add_months,
    default_days,
)
from registry.rules.rule_sets import Unit, get

DAY = timedelta(days=1)
CALENDAR = WorkingCalendar({day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)})
days = st.dates(date(2024, 1, 1), date(2026, 9, 1))


@pytest.mark.parametrize(
    ("case", "start", "count", "end"),
    [
        ("R1 after the annual report", date(2026, 6, 30), 10, date(2026, 7, 14)),
        ("R2 after the ordered time", date(2026, 9, 28), 10, date(2026, 10, 16)),
        ("R3, R4 after verification", date(2026, 9, 21), 10, date(2026, 10, 12)),
        ("removal", date(2026, 9, 23), 5, date(2026, 10, 8)),
        ("objection accepted", date(2026, 9, 28), 5, date(2026, 10, 10)),
        ("objection verified", date(2026, 10, 10), 20, date(2026, 11, 6)),
        ("penalty published", date(2026, 9, 10), 20, date(2026, 10, 14)),
        ("pushed to another province", date(2026, 9, 10), 10, date(2026, 9, 23)),
        ("published there", date(2026, 9, 23), 10, date(2026, 10, 14)),
        ("withdrawal", date(2026, 9, 30), 3, date(2026, 10, 10)),
        ("repair accepted", date(2026, 9, 29), 2, date(2026, 10, 8)),
        ("repair decided, 2025", date(2026, 10, 8), 7, date(2026, 10, 16)),
        ("repair decided, 2021", date(2026, 10, 8), 15, date(2026, 10, 28)),
        ("reported upward", date(2024, 9, 29), 7, date(2024, 10, 14)),
    ],
)
def test_working_days(case, start, count, end):
    assert CALENDAR.add_working_days(start, count) == end, case
    assert CALENDAR.working_days_between(start, end) == count, case


@pytest.mark.parametrize(
    ("case", "start", "count", "end"),
    [
        ("R2 order, last day in a holiday", date(2026, 9, 15), 10, date(2026, 9, 28)),
        ("objection", date(2026, 8, 31), 30, date(2026, 9, 30)),
        ("objection, last day in a holiday", date(2026, 9, 2), 30, date(2026, 10, 8)),
    ],
)
def test_calendar_days_for_acting_end_on_a_working_day(case, start, count, end):
    assert CALENDAR.add_calendar_days(start, count) == end, case


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2014, 10, 8), 36, date(2017, 10, 8)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2027, 1, 10), -2, date(2026, 11, 10)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_months_lead_to_the_corresponding_day_or_the_last(start, months, end):
    assert add_months(start, months) == end


def test_the_reminder_of_sixty_days():
    due = add_months(date(2024, 1, 10), 36)
    assert due - 60 * DAY == date(2026, 11, 11)


def test_make_up_days_are_worked_and_holidays_are_not():
    assert CALENDAR.is_working(date(2026, 9, 20))
    assert CALENDAR.is_working(date(2026, 10, 10))
    assert not CALENDAR.is_working(date(2026, 9, 25))
    assert not CALENDAR.is_working(date(2026, 11, 28))


def test_the_deadlines_of_the_sets_are_the_vectors():
    rules = get("samr-2025-12-25").deadlines
    assert {name: (each.amount, each.unit) for name, each in rules.items()}.items() >= {
        "publish_penalty": (20, Unit.WORKING_DAYS),
        "push_to_other_province": (10, Unit.WORKING_DAYS),
        "publish_from_other_province": (10, Unit.WORKING_DAYS),
        "withdraw_penalty": (3, Unit.WORKING_DAYS),
        "report_upward": (7, Unit.WORKING_DAYS),
        "list_r1": (10, Unit.WORKING_DAYS),
        "order_to_publish": (10, Unit.CALENDAR_DAYS),
        "list_r2": (10, Unit.WORKING_DAYS),
        "list_r3": (10, Unit.WORKING_DAYS),
        "list_r4": (10, Unit.WORKING_DAYS),
        "remove_abnormal": (5, Unit.WORKING_DAYS),
        "object": (30, Unit.CALENDAR_DAYS),
        "accept_objection": (5, Unit.WORKING_DAYS),
        "verify_objection": (20, Unit.WORKING_DAYS),
        "correct_listing": (5, Unit.WORKING_DAYS),
        "accept_repair": (2, Unit.WORKING_DAYS),
        "decide_repair": (7, Unit.WORKING_DAYS),
        "stop_after_repair": (3, Unit.WORKING_DAYS),
    }.items()


def test_a_year_that_is_not_loaded_refuses_to_compute():
    with pytest.raises(CalendarYearMissing) as missing:
        CALENDAR.add_working_days(date(2026, 12, 28), 5)
    assert (missing.value.year, missing.value.code) == (2027, "calendar_year_missing")
    with pytest.raises(CalendarYearMissing):
        CALENDAR.add_calendar_days(date(2026, 12, 28), 30)
    with pytest.raises(CalendarYearMissing):
        CALENDAR.working_days_between(date(2023, 12, 1), date(2024, 1, 5))
    with pytest.raises(CalendarYearMissing):
        default_days(2027)


def test_a_year_with_a_day_missing_is_not_loaded():
    whole = {day: worked for day, worked, _ in default_days(2026)}
    del whole[date(2026, 7, 1)]
    calendar = WorkingCalendar(whole)
    assert calendar.years == frozenset()
    with pytest.raises(CalendarYearMissing):
        calendar.is_working(date(2026, 7, 2))


@given(days, st.integers(0, 60))
def test_counting_there_and_back(start, count):
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.working_days_between(end, start) == -count
    assert count == 0 or CALENDAR.is_working(end)


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_periods_follow_each_other(start, one, other):
    together = CALENDAR.add_working_days(start, one + other)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, one), other) == together


@given(days)
def test_rolling_forward_gives_the_first_working_day(day):
    rolled = CALENDAR.roll_forward(day)
    assert CALENDAR.is_working(rolled)
    assert not any(CALENDAR.is_working(day + n * DAY) for n in range((rolled - day).days))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 120))
def test_months_keep_the_day_or_clamp_it(start, months):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)
