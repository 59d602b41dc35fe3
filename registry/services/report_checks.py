"""Whether a printed report is ours, and whether the register still says what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import select

from models import CreditReport, LedgerEntry, db
from registry.clock import BEIJING
from registry.ledger.public_view import public_view

View = dict[str, Any] | None


class Verdict(StrEnum):
    """What can be said of a report."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """A verdict; `since` is the moment from which the register says something else than the report."""

    verdict: Verdict
    report: CreditReport | None = None
    since: datetime | None = None


def check_number(report_no: str, at: datetime) -> ReportCheck:
    """What can be said at this moment of the report with this number."""
    return _check(db.session.get(CreditReport, report_no), at)


def check_file(digest: bytes, at: datetime) -> ReportCheck:
    """The same for a file by its SHA-256: only the very file that was issued is known."""
    issued = select(CreditReport).where(CreditReport.sha256 == digest).order_by(CreditReport.report_no).limit(1)
    return _check(db.session.execute(issued).scalar_one_or_none(), at)


def _check(report: CreditReport | None, at: datetime) -> ReportCheck:
    if report is None:
        return ReportCheck(Verdict.UNKNOWN)
    changes = [change for change in _changes(report, at) if change is not None]
    if changes:
        return ReportCheck(Verdict.SUPERSEDED, report, min(changes))
    return ReportCheck(Verdict.VALID, report)


def _changes(report: CreditReport, at: datetime) -> Iterator[datetime | None]:
    """For each record of the subject: from when on it looks different in public than when the report was issued."""
    entries = db.session.execute(
        select(
            LedgerEntry.record_id,
            LedgerEntry.record_type,
            LedgerEntry.seq,
            LedgerEntry.recorded_at,
            LedgerEntry.payload,
        )
        .where(LedgerEntry.operator_id == report.operator_id, LedgerEntry.recorded_at <= at)
        .order_by(LedgerEntry.record_id, LedgerEntry.seq)
    )
    histories: dict[str, tuple[View, list[tuple[datetime, View]]]] = {}
    for record_id, record_type, seq, recorded_at, payload in entries:
        before, later = histories.get(record_id, (None, []))
        view = public_view(record_type, orjson.loads(payload))
        if seq <= report.ledger_seq:
            before = view
        else:
            later.append((recorded_at, view))
        histories[record_id] = before, later
    for before, later in histories.values():
        yield _first_difference(before, later, report.issued_at, at)


def _first_difference(
    before: View, later: list[tuple[datetime, View]], issued_at: datetime, at: datetime
) -> datetime | None:
    """When what the public sees first left what it saw at `issued_at`; None when both are the same at `at`.

    Something that was never public in between is no difference: a pending record must not show through here.
    """
    printed = _shown(before, _day(issued_at))
    latest = later[-1][1] if later else before
    if _shown(latest, _day(at)) == printed:
        return None
    moments = dict(later)
    view = before
    for moment in sorted({*moments, *_midnights([before, *moments.values()], issued_at, at)}):
        view = moments.get(moment, view)
        if _shown(view, _day(moment)) != printed:
            return moment
    return at


def _midnights(views: list[View], issued_at: datetime, at: datetime) -> Iterator[datetime]:
    """Beginnings of the days between the two moments on which one of the views appears or vanishes."""
    for view in views:
        for name in ("public_from", "public_until"):
            if view is not None and view.get(name):
                midnight = datetime.combine(date.fromisoformat(view[name]), time(), BEIJING)
                if issued_at < midnight <= at:
                    yield midnight


def _shown(view: View, day: date) -> View:
    """What the public sees of a record on a day. The interval is half-open; an operator's own record has none."""
    if view is None or "public_from" not in view:
        return view
    starts, ends = view["public_from"], view["public_until"]
    if starts is None or day < date.fromisoformat(starts) or (ends is not None and day >= date.fromisoformat(ends)):
        return None
    return view


def _day(moment: datetime) -> date:
    return moment.astimezone(BEIJING).date()
