"""Finding the header of a file and what its columns are: bound by their text, in any order, never by position."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from registry.services.imports.cells import Binding
from registry.services.imports.columns import IGNORED, Layout
from registry.services.imports.faults import FileRefused
from registry.services.imports.layouts import OLD_COLUMNS, layouts_of

SEARCHED = 30
"""Rows from the top among which the header is looked for: templates put titles, table codes and legends above it."""

_DROPPED = re.compile(r"[\s_\-:*·.、()\[\]{}〔〕【】<>《》\"'“”‘’﹡]|必填|选填")
_LEGENDS = ("表格说明", "填表说明", "填报说明", "填写说明", "说明:", "说明：", "备注说明", "示例", "注:", "注：")

_LEGEND_STARTS = frozenset(legend[0] for legend in _LEGENDS)
_LONGEST_HEADER = 40


def fold_header(text: str) -> str:
    """The form in which headers are compared: width, blanks, brackets, underscores, case and marks do not count."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())


@cache
def _names(layout: Layout) -> dict[str, str]:
    """Folded header text to column key."""
    return {fold_header(name): column.key for column in layout.columns for name in column.names}


@cache
def _known(kind: str) -> frozenset[str]:
    return frozenset(name for layout in layouts_of(kind) for name in _names(layout)) | _old(kind)


@cache
def _old(kind: str) -> frozenset[str]:
    return frozenset(fold_header(name) for name in OLD_COLUMNS.get(kind, ()))


@cache
def _ignored() -> frozenset[str]:
    return frozenset(fold_header(name) for name in IGNORED)


def recognised(rows: Iterable[Sequence[str]], kind: str) -> int:
    """How many columns the best header row among these rows has, counting names that a layout of this kind knows."""
    known = _known(kind)
    return max((len(known & {fold_header(cell) for cell in row}) for row in rows), default=0)


@dataclass(frozen=True, slots=True)
class Headings:
    """The header of a file: its row, its texts, the binding, and the columns that nobody knows."""

    line: int
    cells: tuple[str, ...]
    layout: Layout
    binding: Binding
    unknown: tuple[str, ...]
    known: frozenset[str] = field(repr=False)  # every folded name that a header of this layout may hold

    @classmethod
    def find(cls, rows: Iterator[tuple[int, list[str]]], kind: str) -> "Headings":
        """Look for the header among the first rows. Raises FileRefused with what is missing, doubled or outdated."""
        known = _known(kind)
        line, header, best = 0, [""], 0
        for number, cells in islice(rows, SEARCHED):
            score = len(known & {fold_header(cell) for cell in cells})
            if score > best:
                line, header, best = number, cells, score
        if best == 0:
            raise FileRefused("no_header", kind=kind)
        while header and not header[-1].strip():
            header = header[:-1]
        folded = [fold_header(cell) for cell in header]
        old = [cell for cell, name in zip(header, folded, strict=True) if name in _old(kind)]
        if old:
            raise FileRefused("old_layout", columns="、".join(old))
        layout = max(layouts_of(kind), key=lambda each: _fit(each, folded))
        return cls._bind(line, header, folded, layout)

    @classmethod
    def _bind(cls, line: int, header: list[str], folded: list[str], layout: Layout) -> "Headings":
        names = _names(layout)
        positions: dict[str, int] = {}
        headers: dict[str, str] = {}
        unknown = []
        for position, (cell, name) in enumerate(zip(header, folded, strict=True)):
            key = names.get(name)
            if key is None:
                if name and name not in _ignored():
                    unknown.append(cell.strip())
                continue
            if key in positions:
                raise FileRefused("doubled_column", first=headers[key], second=cell.strip())
            positions[key] = position
            headers[key] = cell.strip()
        missing = [column.names[0] for column in layout.columns if column.required and column.key not in positions]
        missing += [
            " / ".join(layout.column(key).names[0] for key in group)
            for group in layout.one_of
            if not any(key in positions for key in group)
        ]
        if missing:
            raise FileRefused(
                "columns_missing", columns="、".join(missing), unknown="、".join(unknown) or "-", layout=layout.name
            )
        binding = Binding(layout.name, positions, headers, len(header))
        return cls(line, tuple(header), layout, binding, tuple(unknown), _all_names(layout))

    def is_noise(self, cells: Sequence[str]) -> bool:
        """Whether a row below the header is no data: a legend, a table code, or the header again in other words."""
        first = cells[0].strip() or next((cell.strip() for cell in cells if cell.strip()), "")
        if first[0] in _LEGEND_STARTS and first.startswith(_LEGENDS):
            return True
        if first[0] == "[" and first[-1] == "]":
            return True
        if len(first) > _LONGEST_HEADER or fold_header(first) not in self.known:
            return False
        filled = {fold_header(cell) for cell in cells if cell.strip()}
        return len(filled & self.known) * 2 > len(filled)


@cache
def _all_names(layout: Layout) -> frozenset[str]:
    return frozenset(_names(layout)) | _ignored()


def _fit(layout: Layout, folded: list[str]) -> tuple[int, int]:
    """How well a layout fits a header: required columns it finds less those it misses, then all it knows."""
    names = _names(layout)
    found = {names[name] for name in folded if name in names}
    required = {column.key for column in layout.columns if column.required}
    return len(found & required) - 2 * len(required - found), len(found)
