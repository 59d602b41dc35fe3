"""Reminders before legal deadlines and alarms after them: each from its own day, each once."""

from datetime import date

import pytest
from sqlalchemy import select

from models import Matter, Proceeding, Reminder, db
from registry.clock import now
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.penalty_procedure import MatterKind, MatterState, Subject
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.services.day.reminding import Raised, remind
from tests.factories import make_abnormal_listing, make_authority, make_operator

REMOVAL = {"deadline": "remove_abnormal", "due_on": date(2026, 10, 8)}  # five working days from 23 September


def make_case(**columns):
    values = {
        "record_id": "130100.proceeding.00000000-0000-4000-8000-000000000001",
        "recorded_at": now(),
        "procedure": Procedure.ABNORMAL_LISTING,
        "stage": "A6",
        "authority": make_authority(),
        "operator": make_operator(),
        "facts": {},
        "personal": {},
        "hands": [],
        "asked_of": Actor.REVIEWER,
        "opened_on": date(2026, 9, 23),
        **REMOVAL,
        **columns,
    }
    case = Proceeding(**values)
    db.session.add(case)
    db.session.flush()
    return case


def make_matter(**columns):
    matter = Matter(
        name="M-1",
        subject=Subject.PENALTIES,
        kind=MatterKind.ENTRY,
        state=MatterState.DRAFT,
        authority=make_authority(),
        opened_by="officer:zhang",
        opened_at=now(),
        changed_at=now(),
        **columns,
    )
    db.session.add(matter)
    db.session.flush()
    return matter


def raised_by(day):
    remind(day)
    rows = db.session.execute(select(Reminder).order_by(Reminder.raised_on, Reminder.deadline)).scalars()
    return [(each.deadline, str(each.kind), each.due_on, each.raised_on) for each in rows]


@pytest.mark.usefixtures("database")
class TestProceedings:
    def test_a_reminder_stands_from_the_last_quarter_of_the_time_and_an_alarm_after_its_end(self):
        make_case()
        assert raised_by(date(2026, 9, 29)) == []
        reminder = ("remove_abnormal", "reminder", date(2026, 10, 8), date(2026, 9, 30))  # the working day before
        assert raised_by(date(2026, 9, 30)) == [reminder]
        assert raised_by(date(2026, 10, 8)) == [reminder]
        alarm = ("remove_abnormal", "alarm", date(2026, 10, 8), date(2026, 10, 9))
        assert raised_by(date(2026, 10, 9)) == [reminder, alarm]

    def test_a_run_a_week_late_raises_the_same_and_a_second_one_nothing(self):
        make_case()
        late = raised_by(date(2026, 10, 16))
        assert [(kind, day) for _, kind, _, day in late] == [
            ("reminder", date(2026, 9, 30)),
            ("alarm", date(2026, 10, 9)),
        ]
        assert remind(date(2026, 10, 16)) == Raised(0, 0, set())
        assert raised_by(date(2026, 10, 17)) == late

    def test_another_day_of_the_same_clock_is_another_deadline(self):
        case = make_case()
        remind(date(2026, 10, 9))
        case.due_on = date(2026, 10, 20)
        db.session.flush()
        assert remind(date(2026, 10, 21)) == Raised(1, 1, set())

    def test_a_closed_case_is_not_spoken_of(self):
        make_case(asked_of=None, closed_on=date(2026, 9, 30))
        assert remind(date(2026, 10, 30)) == Raised(0, 0, set())

    def test_a_year_without_calendar_is_told_and_stops_nothing_else(self):
        make_case(due_on=date(2031, 1, 2))
        make_operator(registration_status=RegistrationStatus.REVOKED, status_on=date(2026, 1, 5))
        found = remind(date(2031, 1, 3))
        assert found.years_missing == {2031}
        assert found.reminders == 1


@pytest.mark.usefixtures("database")
class TestPenalties:
    def test_the_report_upward_alarms_on_its_fifth_working_day(self):
        make_matter(decided_on=date(2026, 9, 10), due_on=date(2026, 9, 20))
        assert raised_by(date(2026, 9, 16)) == []
        urgent = ("report_upward_alarm", "alarm", date(2026, 9, 17), date(2026, 9, 17))
        assert raised_by(date(2026, 9, 17)) == [urgent]
        late = ("report_upward", "alarm", date(2026, 9, 20), date(2026, 9, 21))  # the 20th is worked
        assert raised_by(date(2026, 9, 21)) == [urgent, late]
        published = ("publish_penalty", "reminder", date(2026, 10, 14), date(2026, 10, 8))
        assert raised_by(date(2026, 10, 7)) == [urgent, late]
        assert raised_by(date(2026, 10, 8)) == [urgent, late, published]

    def test_a_correction_has_the_clock_it_was_begun_with(self):
        make_matter(decided_on=None, due_on=None)
        assert raised_by(date(2026, 9, 30)) == []


@pytest.mark.usefixtures("database")
class TestLongStates:
    def test_three_years_on_the_list_are_told_sixty_days_before(self):
        """The vector of domain.md 4: listed 2024-01-10, full 2027-01-10, opens 2026-11-11. Enterprises only."""
        bureau = make_authority()
        make_abnormal_listing(make_operator(), bureau, listed_on=date(2024, 1, 10))
        make_abnormal_listing(make_operator(kind=OperatorKind.COOPERATIVE), bureau, listed_on=date(2024, 1, 10))
        make_abnormal_listing(
            make_operator(), bureau, listed_on=date(2024, 1, 10), state=RecordState.ENDED, end_reason="repaired"
        )
        assert raised_by(date(2026, 11, 10)) == []
        assert raised_by(date(2026, 11, 11)) == [("long_stay", "reminder", date(2027, 1, 10), date(2026, 11, 11))]

    def test_a_suspension_ends_after_three_years(self):
        make_authority()
        make_operator(registration_status=RegistrationStatus.SUSPENDED, status_on=date(2023, 3, 2))
        rows = raised_by(date(2026, 3, 3))
        assert rows == [
            ("end_suspension", "reminder", date(2026, 3, 2), date(2026, 1, 1)),
            ("end_suspension", "alarm", date(2026, 3, 2), date(2026, 3, 3)),
        ]

    def test_a_revoked_operator_not_dissolved_in_six_months_is_marked_also_after_many_years(self):
        make_authority()
        make_operator(registration_status=RegistrationStatus.REVOKED, status_on=date(2008, 5, 5))
        make_operator(registration_status=RegistrationStatus.CANCELLED, status_on=date(2008, 5, 5))
        make_operator(registration_status=RegistrationStatus.ANNULLED, status_on=date(2026, 6, 1))
        assert raised_by(date(2026, 11, 25)) == [
            ("mark_undissolved", "reminder", date(2008, 11, 5), date(2008, 11, 6)),
        ]

    def test_the_bureau_of_the_registration_is_told_before_that_of_the_district(self):
        make_authority()
        named = make_authority(name="石家庄市市场监督管理局")
        make_operator(
            registration_status=RegistrationStatus.REVOKED,
            status_on=date(2026, 1, 5),
            registrar_name="石家庄市市场监督管理局",
        )
        make_operator(registration_status=RegistrationStatus.REVOKED, status_on=date(2026, 1, 5), region="430100")
        remind(date(2026, 11, 25))
        assert db.session.execute(select(Reminder.authority_id)).scalars().all() == [named.id]
