"""Reading the cells of one row: each answer is clean or None, and what is wrong is noted, all of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.rules import table_dates
from registry.services.imports.faults import Fault

BLANKS = frozenset(
    {
        *("", "/", "／", "-", "--", "—", "——", "\\", "无", "暂无", "空"),
        *("null", "(null)", "<null>", "\\n", "none", "nan", "nat", "n/a", "#n/a"),
    }
)
"""Cells that say nothing, in lower case: a slash or 无 where there is nothing to say, and what programs write for it."""

_LONGEST_BLANK = max(map(len, BLANKS)) + 1
_NUMBER_CELL = re.compile(r"\d(\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BAD_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
_REPLACED = "\ufffd"  # stands where a program could not read a character; Python counts it as printable
_GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r")


def is_rounded_number(cell: str) -> bool:
    """Whether a spreadsheet has made a number of a code and shortened it: 9.11301E+17."""
    return _NUMBER_CELL.fullmatch(cell) is not None


@dataclass(frozen=True, slots=True)
class Binding:
    """Where the columns of a layout stand in one file: `{key: position}`, and the header texts as printed."""

    layout: str
    positions: dict[str, int]
    headers: dict[str, str]
    width: int


@dataclass(slots=True)
class RowCells:
    """The cells of one row, asked for by the key of their column."""

    line: int
    cells: Sequence[str]
    binding: Binding
    today: date
    refused: list[Fault] = field(default_factory=list)
    flagged: list[Fault] = field(default_factory=list)
    printable: bool = False

    def __post_init__(self) -> None:
        text = "".join(self.cells)  # once for all cells: nearly every row is printable
        self.printable = text.isprintable() and _REPLACED not in text

    def refuse(self, key: str, code: str, **params: Any) -> None:
        """Note what forbids the row."""
        self.refused.append(Fault(self._header(key), code, params))

    def flag(self, key: str, code: str, **params: Any) -> None:
        """Note what somebody should look at; the row is taken in all the same."""
        self.flagged.append(Fault(self._header(key), code, params))

    def has(self, key: str) -> bool:
        """Whether the file has this column."""
        return key in self.binding.positions

    def raw(self, key: str) -> str:
        """The cell without surrounding blanks and invisible characters; empty where column or content is missing."""
        position = self.binding.positions.get(key)
        if position is None or position >= len(self.cells):
            return ""
        cell = self.cells[position].strip()
        if not self.printable and not cell.isprintable():
            cell = _INVISIBLE.sub("", cell).strip()
        return "" if len(cell) < _LONGEST_BLANK and cell.lower() in BLANKS else cell

    def text(self, key: str, *, required: bool = False, longest: int = 500, lines: bool = False) -> str | None:
        """The text of a cell. Line breaks stay only where `lines`; the formula guard of our exports is taken off."""
        cell = self.raw(key)
        if not cell:
            if required:
                self.refuse(key, "missing")
            return None
        if cell[0] == "'" and cell.startswith(_GUARDED):
            cell = cell[1:]
        if not self.printable and (not cell.isprintable() or _REPLACED in cell):
            if _BAD_CHARACTERS.search(cell):
                self.refuse(key, "bad_characters")
                return None
            cell = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
            if not lines:
                cell = " ".join(cell.split())
        if len(cell) > longest:
            self.refuse(key, "too_long", longest=longest, length=len(cell))
            return None
        if "+" in cell and is_rounded_number(cell):
            self.refuse(key, "number_cell")
            return None
        return cell

    def day(self, key: str, *, required: bool = False, past: bool = False) -> date | None:
        """The day in a cell; `past` refuses a day after today."""
        cell = self.raw(key)
        if not cell or cell.startswith("0000-00-00"):  # what MySQL writes for no day
            if required:
                self.refuse(key, "missing")
            return None
        day = table_dates.parse(cell)
        if day is None:
            self.refuse(key, "not_a_day")
            return None
        if past and day > self.today:
            self.refuse(key, "date_future")
            return None
        return day

    def _header(self, key: str) -> str:
        return self.binding.headers.get(key, key)
