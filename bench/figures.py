"""What a benchmark hands back, and the table at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is ours to theirs in the sense that `target` speaks of; `met` None: no target."""

    work: str
    ours: str
    against: str
    ratio: str
    target: str
    met: bool | None


HEADINGS = ("work", "ours", "measured against", "ratio", "target", "met?")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 < share <= 1) of the values does not exceed (nearest rank)."""
    if not values or not 0 < share <= 1:
        raise ValueError("A percentile needs values, and a share above 0 and at most 1.")
    return sorted(values)[ceil(share * len(values)) - 1]


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned columns under headings, for a terminal."""
    rows = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cells(figure: Figure) -> tuple[str, ...]:
    met = "" if figure.met is None else "yes" if figure.met else "NO"
    return figure.work, figure.ours, figure.against, figure.ratio, figure.target, met
