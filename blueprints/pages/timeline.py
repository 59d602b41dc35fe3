"""The drawn timeline of what is public: places and widths in per cent of the picture, so that it fits every screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models import PublicFinding
from registry.rules.merchant_status import FindingType

SHOWN = frozenset(
    {
        FindingType.VIOLATION_LISTING,
        FindingType.ABNORMAL_LISTING,
        FindingType.HOUSEHOLD_MARK,
        FindingType.PENALTY,
        FindingType.LICENCE,
    }
)
_LONGEST_AHEAD = timedelta(days=3 * 366)
_MARGIN = timedelta(days=60)
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Bar:
    """One finding: where its bar begins and how wide it is, in per cent; `open`: no end is set, or it lies outside."""

    finding: PublicFinding
    start: float
    width: float
    open: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A first of January on the axis."""

    year: int
    at: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture; `today` in per cent."""

    bars: list[Bar]
    ticks: list[Tick]
    today: float


def timeline_of(findings: Sequence[PublicFinding], today: date) -> Timeline | None:
    """The picture of these findings; None where there is nothing to draw."""
    drawn = [finding for finding in findings if finding.type in SHOWN]
    if not drawn:
        return None
    first = min(finding.public_from for finding in drawn) - _MARGIN
    ends = [finding.public_until for finding in drawn if finding.public_until is not None]
    last = min(max([*ends, today + _MARGIN]) + _MARGIN, today + _LONGEST_AHEAD)
    span = (last - first).days

    def at(day: date) -> float:
        return round(100 * (day - first).days / span, 2)

    bars = []
    for finding in drawn:
        end = finding.public_until
        is_open = end is None or end > last
        start = at(finding.public_from)
        bars.append(Bar(finding, start, round(at(last if end is None else min(end, last)) - start, 2), is_open))
    years = range(first.year + 1, last.year + 1)
    step = -(-len(years) // _MOST_TICKS) if len(years) else 1
    ticks = [Tick(year, at(date(year, 1, 1))) for year in years[::step]]
    return Timeline(bars, ticks, at(today))
