"""Loading and amending the working-day calendar (notices of the State Council General Office, one each year)."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy.dialects.postgresql import insert

from models import CalendarDay, db
from registry.errors import RuleViolation
from registry.queries.calendar import working_calendar
from registry.rules.calendar import CalendarYearMissing, default_days
from registry.rules.rule_sets import all_sets


class CalendarRefused(RuleViolation):
    """The file is not a calendar of whole years; nothing was changed."""

    code = "calendar_refused"


WORKING = {
    "1": True,
    "true": True,
    "working": True,
    "工作日": True,
    "0": False,
    "false": False,
    "rest": False,
    "休息日": False,
}


def load_defaults(years: Iterable[int]) -> int:
    """Load years from the packaged table, without touching days that already stand. Answer: days added."""
    rows = [
        {"day": day, "is_working": is_working, "note": note}
        for year in years
        for day, is_working, note in default_days(year)
    ]
    if not rows:
        return 0
    added = db.session.execute(insert(CalendarDay).on_conflict_do_nothing().returning(CalendarDay.day), rows)
    return len(added.all())


def load_packaged_years() -> int:
    """Load the years that the packaged table knows, from the first rule set on. Answer: days added. The caller commits.

    Years that stand already are left alone, whoever loaded them; a year that the package does not know stays missing.
    """
    loaded = working_calendar().years
    added = 0
    first = min(rule_set.in_force_from.year for rule_set in all_sets())
    for year in count(first):
        try:
            added += 0 if year in loaded else load_defaults([year])
        except CalendarYearMissing:
            return added
    raise AssertionError("the packaged table has an end")


def load_file(path: Path) -> int:
    """Load whole years from a csv with the columns `day`, `is_working`, `note`; replaces days. Answer: days loaded.

    Raises CalendarRefused, naming every bad line, when a line cannot be read or a year is not whole.
    """
    try:
        rows, faults = _read(path)
    except UnicodeDecodeError as error:
        raise CalendarRefused("the file is not UTF-8") from error
    faults += _missing_days({row["day"] for row in rows})
    if faults:
        raise CalendarRefused("; ".join(faults))
    if not rows:
        raise CalendarRefused("the file has no days")
    statement = insert(CalendarDay)
    statement = statement.on_conflict_do_update(
        index_elements=[CalendarDay.day],
        set_={"is_working": statement.excluded.is_working, "note": statement.excluded.note},
    )
    db.session.execute(statement, rows)
    return len(rows)


def _read(path: Path) -> tuple[list[dict[str, date | bool | str | None]], list[str]]:
    rows: list[dict[str, date | bool | str | None]] = []
    faults = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"day", "is_working"} <= set(reader.fieldnames or ()):
            return [], ["the columns day and is_working are needed"]
        for number, row in enumerate(reader, 2):
            try:
                day = date.fromisoformat(row["day"].strip())
                is_working = WORKING[row["is_working"].strip().lower()]
            except (ValueError, KeyError, AttributeError):
                faults.append(f"line {number} is not a day and a working mark")
                continue
            rows.append({"day": day, "is_working": is_working, "note": row.get("note") or None})
    return rows, faults


def _missing_days(days: set[date | bool | str | None]) -> list[str]:
    faults = []
    years = sorted({day.year for day in days if isinstance(day, date)})
    for year in years:
        start = date(year, 1, 1)
        whole = {start + timedelta(days=n) for n in range((date(year + 1, 1, 1) - start).days)}
        missing = len(whole - days)
        if missing:
            faults.append(f"{year} lacks {missing} days")
    return faults
