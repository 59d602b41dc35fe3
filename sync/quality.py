"""Quality of what was reported upward in a month, from facts that are kept, so that any month can be computed again.

Measured over the decisions of a month. 合规率: taken without a fault, of those reported. 及时率 and 迟报率: reported within the
deadline or after it, of those reported. Numbers missing in a series of document numbers are candidates for 瞒报, no more:
somebody has to look (standards.md 3.7).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, text

from models import db
from registry.clock import BEIJING
from registry.queries.calendar import working_calendar
from registry.rules import document_numbers
from registry.rules.calendar import CalendarYearMissing, add_months
from registry.rules.deadlines import due_on
from registry.rules.rule_sets import Regime, UnknownRuleSet, rule_set_for

SHOWN_GAPS = 100
LEAST_OF_A_SERIES = 3  # fewer numbers are no series in which one could be missing

_DECISIONS = text(
    "WITH decision AS ("
    " SELECT record_id, decided_on, authority_id FROM penalty WHERE decided_on >= :first AND decided_on < :after"
    " UNION ALL"
    " SELECT record_id, decided_on, authority_id FROM licence WHERE decided_on >= :first AND decided_on < :after)"
    " SELECT d.decided_on, a.regime, b.receipted_at,"
    "  EXISTS (SELECT FROM exchange_problem q WHERE q.record_id = d.record_id AND q.peer_id = :peer"
    "   AND q.direction = 'out') AS faulty"
    " FROM decision d JOIN authority a ON a.id = d.authority_id"
    " JOIN LATERAL (SELECT min(seq) AS seq FROM ledger_entry e WHERE e.record_id = d.record_id) f ON true"
    " LEFT JOIN LATERAL (SELECT s.receipted_at FROM sent_batch s WHERE s.peer_id = :peer AND s.chain = 'bulk'"
    "  AND s.state = 'receipted' AND s.to_seq >= f.seq ORDER BY s.id LIMIT 1) b ON true"
    " WHERE starts_with(d.record_id, :own)"
)
_NUMBERS = text(
    "SELECT a.name, p.document_no FROM penalty p JOIN authority a ON a.id = p.authority_id"
    " WHERE p.decided_on >= :first AND p.decided_on < :after AND starts_with(p.record_id, :own)"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing in an authority's series of a year; `numbers` are at most SHOWN_GAPS of them."""

    authority: str
    series: str
    numbers: Sequence[int]
    missing: int


@dataclass(frozen=True, slots=True)
class MonthOfReporting:
    """Decisions of a month: how many were reported, of these without a fault, late, in time; how many are owed.

    `overdue`: not reported and over the deadline. `uncounted`: decided where no calendar or rule set tells the deadline.
    """

    first: date
    decided: int
    reported: int
    compliant: int
    late: int
    in_time: int
    overdue: int
    uncounted: int

    def rate(self, part: int) -> float | None:
        """A part of what was reported, 0 to 1; None where nothing was."""
        return part / self.reported if self.reported else None


def month_of(first: date, *, peer_id: int, node: str, today: date) -> MonthOfReporting:
    """The figures of the month that begins on `first`, for what goes to this peer."""
    asked = {"first": first, "after": add_months(first, 1), "peer": peer_id, "own": f"{node}."}
    rows = db.session.execute(_DECISIONS, asked).all()
    reported = [row for row in rows if row.receipted_at is not None]
    ends = _deadlines()
    lateness = [_is_late(row, ends, today) for row in rows]
    late = sum(1 for row, each in zip(rows, lateness, strict=True) if each and row.receipted_at is not None)
    unknown = sum(1 for row, each in zip(rows, lateness, strict=True) if each is None and row.receipted_at is not None)
    return MonthOfReporting(
        first=first,
        decided=len(rows),
        reported=len(reported),
        compliant=sum(not row.faulty for row in reported),
        late=late,
        in_time=len(reported) - late - unknown,
        overdue=sum(1 for row, each in zip(rows, lateness, strict=True) if each and row.receipted_at is None),
        uncounted=sum(each is None for each in lateness),
    )


def gaps(year: int, *, node: str) -> list[Gap]:
    """Missing numbers between the first and the last of each authority's series of a year."""
    asked = {"first": date(year, 1, 1), "after": date(year + 1, 1, 1), "own": f"{node}."}
    seen: dict[tuple[str, str], set[int]] = defaultdict(set)
    for authority, printed in db.session.execute(_NUMBERS, asked):
        told = document_numbers.series(printed)
        if told is not None and told[1] == year:
            seen[authority, told[0]].add(told[2])
    found = []
    for (authority, series), numbers in sorted(seen.items()):
        if len(numbers) < LEAST_OF_A_SERIES:
            continue
        missing = [number for number in range(min(numbers), max(numbers)) if number not in numbers]
        if missing:
            found.append(Gap(authority, series, missing[:SHOWN_GAPS], len(missing)))
    return found


def _is_late(row: Row[Any], ends: Any, today: date) -> bool | None:
    """Whether a decision was reported, or still waits, after its deadline; None where nothing tells the deadline."""
    end = ends(Regime(row.regime), row.decided_on)
    if end is None:
        return None
    day = row.receipted_at.astimezone(BEIJING).date() if row.receipted_at is not None else today
    return bool(day > end)


def _deadlines() -> Any:
    calendar = working_calendar()

    @cache
    def end(regime: Regime, decided_on: date) -> date | None:
        try:
            return due_on(rule_set_for(regime, decided_on).deadlines["report_upward"], decided_on, calendar)
        except (CalendarYearMissing, UnknownRuleSet):
            return None

    return end
