"""Which reminders and alarms still stand: of open subjects, the alarm in place of its reminder."""

from datetime import date

import pytest

from models import ReminderKind, db
from registry.queries import reminders
from registry.rules.operator import RegistrationStatus
from registry.rules.penalty_procedure import MatterState
from registry.rules.record import EndReason, RecordState
from registry.services.day.reminding import remind
from tests.factories import make_abnormal_listing, make_authority, make_operator
from tests.integration.services.day.test_reminding import make_case, make_matter

pytestmark = pytest.mark.usefixtures("database")

LATE = date(2026, 10, 30)


def told(*authorities, **terms):
    return [
        (each.reminder.deadline, each.reminder.kind)
        for each in reminders.standing([one.id for one in authorities], **terms)
    ]


def test_the_alarm_stands_in_place_of_its_reminder_until_the_case_is_closed():
    case = make_case()
    remind(LATE)
    assert told(case.authority) == [("remove_abnormal", ReminderKind.ALARM)]
    assert (reminders.alarms_standing(), reminders.cases_over_deadline(LATE)) == (1, 1)
    (one,) = reminders.standing([case.authority_id])
    assert one.proceeding is case
    case.asked_of, case.closed_on = None, LATE
    db.session.flush()
    assert told(case.authority) == []
    assert (reminders.alarms_standing(), reminders.cases_over_deadline(LATE)) == (0, 0)


def test_another_day_of_the_clock_leaves_the_old_alarm_behind():
    case = make_case()
    remind(LATE)
    case.due_on = date(2026, 12, 1)
    db.session.flush()
    assert told(case.authority) == []


def test_a_late_report_stands_for_the_warning_before_it():
    matter = make_matter(decided_on=date(2026, 9, 10), due_on=date(2026, 9, 20))
    remind(date(2026, 9, 17))
    assert told(matter.authority) == [("report_upward_alarm", ReminderKind.ALARM)]
    remind(date(2026, 9, 21))
    assert told(matter.authority) == [("report_upward", ReminderKind.ALARM)]
    matter.state = MatterState.DISCARDED
    db.session.flush()
    assert told(matter.authority) == []


def test_alarms_come_first_and_other_areas_are_not_told():
    bureau, other = make_authority(), make_authority(name="别处局")
    listing = make_abnormal_listing(make_operator(region=None), bureau, listed_on=date(2023, 11, 1))
    make_case(authority=bureau)
    make_case(authority=other, record_id="130100.proceeding.00000000-0000-4000-8000-000000000002")
    remind(LATE)
    assert told(bureau) == [("remove_abnormal", ReminderKind.ALARM), ("long_stay", ReminderKind.REMINDER)]
    assert told(bureau, kind=ReminderKind.REMINDER) == [("long_stay", ReminderKind.REMINDER)]
    assert told(bureau, limit=1) == [("remove_abnormal", ReminderKind.ALARM)]
    (long_stay,) = reminders.standing([bureau.id], kind=ReminderKind.REMINDER)
    assert long_stay.operator is listing.operator
    listing.state, listing.end_reason = RecordState.ENDED, EndReason.REPAIRED
    db.session.flush()
    assert told(bureau, kind=ReminderKind.REMINDER) == []


def test_an_operator_that_trades_again_or_is_dissolved_is_not_told_of():
    bureau = make_authority()
    operator = make_operator(registration_status=RegistrationStatus.SUSPENDED, status_on=date(2023, 3, 2))
    remind(LATE)
    assert told(bureau) == [("end_suspension", ReminderKind.ALARM)]
    operator.registration_status = RegistrationStatus.ACTIVE
    db.session.flush()
    assert told(bureau) == []
