"""The vectors of domain.md 4 by their names, through the deadlines of the rule sets, on the calendar of 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.abnormal_cases import letter_window, long_stay, removal_due_on
from registry.rules.calendar import CalendarYearMissing, WorkingCalendar, add_months, default_days
from registry.rules.deadlines import due_on, is_in_time
from registry.rules.listing import AbnormalReason
from registry.rules.rule_sets import Deadline, Event, Unit, all_sets, get

CALENDAR = WorkingCalendar({day: worked for year in range(2024, 2027) for day, worked, _ in default_days(year)})
RS2014, RS2021, RS2025 = get("samr-2014"), get("samr-2021-09-01"), get("samr-2025-12-25")
R1, _, R3, _ = AbnormalReason


@pytest.mark.parametrize(
    ("case", "deadline", "event_day", "due"),
    [
        ("R1 listing after annual report", "list_r1", date(2026, 6, 30), date(2026, 7, 14)),
        ("R2 order to publish", "order_to_publish", date(2026, 9, 15), date(2026, 9, 28)),
        ("R2 listing after that", "list_r2", date(2026, 9, 28), date(2026, 10, 16)),
        ("R3 listing", "list_r3", date(2026, 9, 21), date(2026, 10, 12)),
        ("R4 listing", "list_r4", date(2026, 9, 21), date(2026, 10, 12)),
        ("removal decision", "remove_abnormal", date(2026, 9, 23), date(2026, 10, 8)),
        ("objection last day", "object", date(2026, 8, 31), date(2026, 9, 30)),
        ("objection last day, holiday", "object", date(2026, 9, 2), date(2026, 10, 8)),
        ("objection accept", "accept_objection", date(2026, 9, 28), date(2026, 10, 10)),
        ("objection verify", "verify_objection", date(2026, 10, 10), date(2026, 11, 6)),
        ("penalty publicity", "publish_penalty", date(2026, 9, 10), date(2026, 10, 14)),
        ("cross-province, push", "push_to_other_province", date(2026, 9, 10), date(2026, 9, 23)),
        ("cross-province, publish", "publish_from_other_province", date(2026, 9, 23), date(2026, 10, 14)),
        ("withdrawal of revoked penalty", "withdraw_penalty", date(2026, 9, 30), date(2026, 10, 10)),
        ("repair accept", "accept_repair", date(2026, 9, 29), date(2026, 10, 8)),
        ("repair decide RS2025", "decide_repair", date(2026, 10, 8), date(2026, 10, 16)),
    ],
)
def test_vector(case, deadline, event_day, due):
    assert due_on(RS2025.deadlines[deadline], event_day, CALENDAR) == due, case


def test_vector_repair_decide_rs2021():
    assert due_on(RS2021.deadlines["decide_repair"], date(2026, 10, 8), CALENDAR) == date(2026, 10, 28)


def test_vector_r4_second_letter_window():
    assert letter_window(date(2026, 3, 2), RS2025) == (date(2026, 3, 17), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("case", "start", "months", "due"),
    [
        ("month clamp +3", date(2025, 11, 30), 3, date(2026, 2, 28)),
        ("month clamp +6", date(2026, 8, 31), 6, date(2027, 2, 28)),
        ("leap +12", date(2024, 2, 29), 12, date(2025, 2, 28)),
        ("leap +36", date(2024, 2, 29), 36, date(2027, 2, 28)),
    ],
)
def test_vector_of_months(case, start, months, due):
    assert add_months(start, months) == due, case


def test_vector_60_day_reminder():
    assert long_stay(date(2024, 1, 10), RS2014) == (date(2026, 11, 11), date(2027, 1, 10))


def test_a_removal_runs_from_the_application_or_from_verification():
    days = {"applied_on": date(2026, 9, 23), "rule_set": RS2025, "calendar": CALENDAR}
    assert removal_due_on(R1, verified_on=None, **days) == date(2026, 10, 8)
    assert removal_due_on(R3, verified_on=None, **days) is None
    assert removal_due_on(R3, verified_on=date(2026, 9, 28), **days) == date(2026, 10, 10)
    assert removal_due_on(R3, verified_on=date(2026, 9, 28), household=True, **days) == date(2026, 10, 10)


def test_the_last_day_is_in_time_and_the_next_is_not():
    order = RS2025.deadlines["order_to_publish"]
    assert is_in_time(order, date(2026, 9, 15), date(2026, 9, 28), CALENDAR)
    assert not is_in_time(order, date(2026, 9, 15), date(2026, 9, 29), CALENDAR)


def test_months_for_acting_end_on_a_working_day():
    court = RS2025.deadlines["go_to_court"]
    assert due_on(court, date(2026, 4, 3), CALENDAR) == date(2026, 10, 8)  # 3 October lies in the holidays
    assert due_on(court, date(2026, 3, 11), CALENDAR) == date(2026, 9, 11)


@pytest.mark.parametrize("rule_set", all_sets(), ids=lambda each: each.name)
def test_every_deadline_refuses_to_run_into_a_year_that_is_not_loaded(rule_set):
    for deadline in rule_set.deadlines.values():
        with pytest.raises(CalendarYearMissing):
            due_on(deadline, date(2026, 12, 31), CALENDAR)


@given(
    st.builds(
        Deadline,
        st.integers(1, 60),
        st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]),
        st.just(Event.RECEIPT),
        st.just("…"),
    ),
    st.dates(date(2024, 1, 1), date(2026, 9, 1)),
)
def test_a_deadline_ends_on_a_working_day_after_its_event(deadline, event_day):
    due = due_on(deadline, event_day, CALENDAR)
    assert CALENDAR.is_working(due)
    assert (due - event_day).days >= deadline.amount
