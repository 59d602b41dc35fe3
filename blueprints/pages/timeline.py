"""The drawn timeline of what is public: places and widths in per cent of the picture, so that it fits every screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

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
_LABEL, _ROW, _GAP, _AXIS = 22, 14, 8, 26
"""Heights in pixels: the words above a lane, one bar, the room between lanes, the years below."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One finding: where its bar begins and how wide it is, in per cent; `open`: no end is set, or it lies outside.

    `top` counts pixels from the upper edge of the picture.
    """

    finding: PublicFinding
    start: float
    width: float
    open: bool
    top: int


@dataclass(frozen=True, slots=True)
class Lane:
    """All bars of one kind below one label, so that an operator with many records is still seen at a glance."""

    kind: FindingType
    top: int
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Tick:
    """A first of January on the axis."""

    year: int
    at: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture; `today` in per cent, `height` in pixels with the years below."""

    lanes: list[Lane]
    ticks: list[Tick]
    today: float
    height: int
    axis: int


def timeline_of(findings: Sequence[PublicFinding], today: date) -> Timeline | None:
    """The picture of these findings, which come kind by kind; None where there is nothing to draw."""
    drawn = [finding for finding in findings if finding.type in SHOWN]
    if not drawn:
        return None
    first = min(finding.public_from for finding in drawn) - _MARGIN
    ends = [finding.public_until for finding in drawn if finding.public_until is not None]
    last = min(max([*ends, today + _MARGIN]) + _MARGIN, today + _LONGEST_AHEAD)
    span = (last - first).days

    def at(day: date) -> float:
        return round(100 * (day - first).days / span, 2)

    lanes: list[Lane] = []
    top = 0
    for kind, of_kind in groupby(drawn, key=lambda finding: finding.type):
        lane = Lane(kind, top, [])
        top += _LABEL
        for finding in of_kind:
            end = finding.public_until
            is_open = end is None or end > last
            start = at(finding.public_from)
            width = round(at(last if end is None else min(end, last)) - start, 2)
            lane.bars.append(Bar(finding, start, width, is_open, top))
            top += _ROW
        lanes.append(lane)
        top += _GAP
    years = range(first.year + 1, last.year + 1)
    step = -(-len(years) // _MOST_TICKS) if len(years) else 1
    ticks = [Tick(year, at(date(year, 1, 1))) for year in years[::step]]
    return Timeline(lanes, ticks, at(today), top + _AXIS, top)
