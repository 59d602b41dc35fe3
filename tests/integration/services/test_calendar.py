"""Loading and amending the working-day calendar."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from models import CalendarDay, db
from registry.queries.calendar import days_of, working_calendar
from registry.rules.calendar import CalendarYearMissing
from registry.services import calendar as calendars
from registry.services.calendar import CalendarRefused

pytestmark = pytest.mark.usefixtures("database")


def year_file(path: Path, year: int, *, encoding: str = "utf-8", marks: tuple[str, str] = ("1", "0"), **other: str):
    """A whole year in which weekdays are worked; `other` are marks of single days, as d0101."""
    first = date(year, 1, 1)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["day", "is_working", "note"])
        for number in range((date(year + 1, 1, 1) - first).days):
            day = first + timedelta(days=number)
            mark = other.get(f"d{day:%m%d}", marks[day.weekday() >= 5])
            if mark:
                writer.writerow([day.isoformat(), mark, "元旦" if day == first else ""])
    return path


def test_a_new_register_knows_the_years_from_the_first_rules_to_the_present():
    assert working_calendar().years == frozenset(range(2014, 2027))
    assert working_calendar().add_working_days(date(2026, 6, 30), 10) == date(2026, 7, 14)


def test_preparing_again_adds_nothing_and_amends_nothing():
    amended = db.session.execute(select(CalendarDay).where(CalendarDay.day == date(2026, 7, 1))).scalar_one()
    amended.is_working = False
    db.session.flush()
    assert calendars.load_packaged_years() == 0
    db.session.expire_all()
    assert not working_calendar().is_working(date(2026, 7, 1))


def test_a_year_that_lost_a_day_is_made_whole_again():
    db.session.execute(delete(CalendarDay).where(CalendarDay.day == date(2026, 7, 1)))
    with pytest.raises(CalendarYearMissing):
        working_calendar().add_working_days(date(2026, 6, 30), 10)
    assert calendars.load_packaged_years() == 1
    assert working_calendar().add_working_days(date(2026, 6, 30), 10) == date(2026, 7, 14)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("marks", [("1", "0"), ("工作日", "休息日"), ("TRUE", "false"), ("working", "rest")])
def test_a_year_beyond_the_package_is_loaded_from_a_file(tmp_path, encoding, marks):
    path = year_file(tmp_path / "2027.csv", 2027, encoding=encoding, marks=marks, d0101=marks[1])
    assert calendars.load_file(path) == 365
    assert working_calendar().add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert days_of(2027)[0].note == "元旦"


def test_loading_again_amends(tmp_path):
    calendars.load_file(year_file(tmp_path / "2027.csv", 2027))
    calendars.load_file(year_file(tmp_path / "again.csv", 2027, d0104="0"))
    assert not working_calendar().is_working(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"d0301": ""}, "2027 lacks 1 days"),
        ({"d0301": "maybe", "d0302": "half"}, "line 61"),
    ],
)
def test_a_file_that_is_no_calendar_changes_nothing(tmp_path, changes, words):
    path = year_file(tmp_path / "2027.csv", 2027, **changes)
    with pytest.raises(CalendarRefused, match=words):
        calendars.load_file(path)
    assert days_of(2027) == []


@pytest.mark.parametrize("content", [b"", b"day,is_working\n", b"a,b\n1,2\n", "日期\n".encode("gb18030")])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CalendarRefused):
        calendars.load_file(path)
