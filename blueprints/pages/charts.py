"""Column charts by month: places in per cent across and in pixels down, so that a picture fits every screen.

Drawn by `templates/macros/charts.html`. The chart libraries put styles and scripts into their pictures, which the
content security policy of these pages refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

PLOT = 150  # pixels from the ground line to the highest column
_LABELS = 6
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `series` counts from 0 and chooses its colour."""

    series: int
    at: float
    width: float
    top: float
    height: float
    month: str
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole picture. `labels` are months with their place, `ticks` values with theirs; `months` all months shown."""

    columns: list[Column]
    labels: list[tuple[str, float]]
    ticks: list[tuple[int, float]]
    months: list[str]
    series: Sequence[Mapping[str, int | None]]

    @property
    def is_empty(self) -> bool:
        """Nothing was counted in any month shown."""
        return not any(column.value for column in self.columns)


def last_months(day: date, number: int) -> list[str]:
    """`2026-11` and the months before it, oldest first."""
    newest = day.year * 12 + day.month - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(newest - number + 1, newest + 1)]


def columns_by_month(months: list[str], *series: Mapping[str, int | None]) -> Chart:
    """Columns side by side for each month; months without an entry, or with a sum that is not told (None), draw none."""
    highest = _ceiling(max((counted.get(month) or 0 for counted in series for month in months), default=0))
    group = 100 / len(months)
    width = group * 0.76 / len(series)
    columns = []
    for place, month in enumerate(months):
        for number, counted in enumerate(series):
            value = counted.get(month) or 0
            height = round(PLOT * value / highest, 1)
            at = round(group * (place + 0.12) + width * number, 3)
            columns.append(Column(number, at, round(width, 3), round(PLOT - height, 1), height, month, value))
    step = -(-len(months) // _LABELS)
    labels = [(month, round(group * (place + 0.5), 3)) for place, month in enumerate(months) if place % step == 0]
    parts = min(_TICKS, highest)
    ticks = [
        (highest * part // parts, round(PLOT - PLOT * (highest * part // parts) / highest, 1))
        for part in range(parts + 1)
    ]
    return Chart(columns, labels, ticks, months, series)


def _ceiling(value: int) -> int:
    """A round number at or above `value`: what the highest line of the picture stands for."""
    if value <= _TICKS:
        return max(value, 1)
    size: int = 10 ** (len(str(value)) - 1)
    for leading in (1, 2, 4, 6, 8):
        if value <= leading * size:
            return leading * size
    return 10 * size
