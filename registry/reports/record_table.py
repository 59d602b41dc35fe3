"""One record as a table of labels and values that may go on over pages, with its heading repeated."""

from dataclasses import dataclass, replace
from typing import Self

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.model import Tone
from registry.reports.page import (
    BOTTOM,
    CONTENT_WIDTH,
    GREY,
    INK,
    LATER_TOP,
    MARGIN,
    PAPER_TINT,
    RULE,
    TONE_INK,
    TONE_TINT,
)
from registry.reports.typesetting import Line, TextStyle, draw_line, draw_lines, line_of, lines_of
from registry.reports.wording import CONTINUED, NOT_PUBLISHED

_LABEL = TextStyle(8.5, 13, GREY)
_VALUE = TextStyle(9, 13, INK)
_PADDING = 1.35 * mm
_SIDE = 2.2 * mm
_LABEL_WIDTH = 35 * mm  # ten characters: 法定代表人（负责人）
_HALF = CONTENT_WIDTH / 2
_LEAST_LINES = 3  # of a long value that is torn, on either page
_LEAST_ROWS = 2  # of a table that is torn, on either page


@dataclass(frozen=True, slots=True)
class _Cell:
    """A label and its value, set in lines; `x` and `width` from the left edge of the table."""

    label: tuple[Line, ...]
    value: tuple[Line, ...]
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class _Row:
    """One cell over the whole width, or two beside each other."""

    cells: tuple[_Cell, ...]

    @property
    def lines(self) -> int:
        return max(max(len(cell.label), len(cell.value)) for cell in self.cells)

    @property
    def height(self) -> float:
        return self.lines * _VALUE.leading + 2 * _PADDING

    def split(self, room: float) -> "tuple[_Row, _Row] | None":
        count = int((room - 2 * _PADDING) // _VALUE.leading)
        if count < _LEAST_LINES or self.lines - count < _LEAST_LINES:
            return None
        first = tuple(replace(cell, value=cell.value[:count]) for cell in self.cells)
        rest = tuple(replace(cell, value=cell.value[count:]) for cell in self.cells)
        return _Row(first), _Row(rest)


class RecordTable:
    """The table of one record. `title=""` leaves the heading out."""

    keeps_with_next = False
    space_before = 3 * mm

    def __init__(
        self, title: str, rows: tuple[tuple[str, str], ...], *, remark: str = "", tone: Tone = Tone.NEUTRAL
    ) -> None:
        self._tone = tone
        self._style = TextStyle(9.5, 14, TONE_INK[tone], bold=True)
        self._remark_style = TextStyle(8, 14, TONE_INK[tone])
        self._remark = line_of(remark, self._remark_style)
        self._text = title
        self._title = self._set_title(title)
        self._rows = _set_rows(rows)

    @property
    def _head(self) -> float:
        return len(self._title) * self._style.leading + 2 * _PADDING if self._title else 0.0

    @property
    def height(self) -> float:
        return self._head + sum(row.height for row in self._rows)

    @property
    def least_height(self) -> float:
        first = sum(row.height for row in self._rows[:_LEAST_ROWS])
        return self._head + min(first, _LEAST_LINES * _VALUE.leading + 2 * _PADDING)

    def split(self, room: float) -> tuple[Self, Self] | None:
        left = room - self._head
        for index, row in enumerate(self._rows):
            if row.height <= left:
                left -= row.height
                continue
            torn = row.split(left)
            if torn:
                return self._part((*self._rows[:index], torn[0])), self._continued((torn[1], *self._rows[index + 1 :]))
            cut = self._cut_before(index)
            return (self._part(self._rows[:cut]), self._continued(self._rows[cut:])) if cut else None
        return None

    def draw(self, canvas: Canvas, top: float) -> None:
        bottom = top - self.height
        y = top
        if self._title:
            canvas.setFillColor(TONE_TINT[self._tone])
            canvas.rect(MARGIN, top - self._head, CONTENT_WIDTH, self._head, stroke=0, fill=1)
            draw_lines(canvas, self._title, self._style, MARGIN + _SIDE, top - _PADDING)
            x = MARGIN + CONTENT_WIDTH - _SIDE - self._remark.width
            draw_line(canvas, self._remark, self._remark_style, x, top - _PADDING - 10)
            y -= self._head
        for row in self._rows:
            _draw_row(canvas, row, y)
            y -= row.height
        canvas.setLineWidth(0.5)
        canvas.setStrokeColor(RULE)
        canvas.rect(MARGIN, bottom, CONTENT_WIDTH, top - bottom, stroke=1, fill=0)
        if self._title:
            canvas.setFillColor(TONE_INK[self._tone])
            canvas.rect(MARGIN, top - 0.4 * mm, CONTENT_WIDTH, 0.4 * mm, stroke=0, fill=1)

    def _cut_before(self, index: int) -> int:
        """Where to tear a table whose row `index` has no room: before it, or earlier so that its last rows stay together.

        0 where the table goes to the next page as a whole.
        """
        if index < _LEAST_ROWS:
            return 0
        cut = min(index, len(self._rows) - _LEAST_ROWS)
        if cut >= _LEAST_ROWS:
            return cut
        return 0 if self.height <= LATER_TOP - BOTTOM else index

    def _set_title(self, title: str) -> tuple[Line, ...]:
        if not title:
            return ()
        return lines_of(title, self._style, CONTENT_WIDTH - 2 * _SIDE - self._remark.width - 4 * mm)

    def _part(self, rows: tuple[_Row, ...]) -> Self:
        part = type(self)("", (), tone=self._tone)
        part._text, part._title, part._remark, part._rows = self._text, self._title, self._remark, rows
        return part

    def _continued(self, rows: tuple[_Row, ...]) -> Self:
        part = self._part(rows)
        if self._title and not self._text.endswith(CONTINUED):
            part._text = self._text + CONTINUED
            part._title = part._set_title(part._text)
        return part


def _set_rows(rows: tuple[tuple[str, str], ...]) -> tuple[_Row, ...]:
    """Short values stand two beside each other, long ones over the whole width."""
    narrow = _HALF - _LABEL_WIDTH - 2 * _SIDE
    placed: list[_Row] = []
    waiting: tuple[str, str] | None = None
    for label, value in [(label, value if value.strip() else NOT_PUBLISHED) for label, value in rows]:
        if len(lines_of(value, _VALUE, narrow)) > 1:
            if waiting:
                placed.append(_Row((_cell(*waiting, 0, CONTENT_WIDTH),)))
                waiting = None
            placed.append(_Row((_cell(label, value, 0, CONTENT_WIDTH),)))
        elif waiting:
            placed.append(_Row((_cell(*waiting, 0, _HALF), _cell(label, value, _HALF, _HALF))))
            waiting = None
        else:
            waiting = (label, value)
    if waiting:
        placed.append(_Row((_cell(*waiting, 0, CONTENT_WIDTH),)))
    return tuple(placed)


def _cell(label: str, value: str, x: float, width: float) -> _Cell:
    return _Cell(
        lines_of(label, _LABEL, _LABEL_WIDTH - 2 * _SIDE),
        lines_of(value, _VALUE, width - _LABEL_WIDTH - 2 * _SIDE),
        x,
        width,
    )


def _draw_row(canvas: Canvas, row: _Row, top: float) -> None:
    for cell in row.cells:
        x = MARGIN + cell.x
        canvas.setFillColor(PAPER_TINT)
        canvas.rect(x, top - row.height, _LABEL_WIDTH, row.height, stroke=0, fill=1)
        draw_lines(canvas, cell.label, _LABEL, x + _SIDE, top - _PADDING)
        draw_lines(canvas, cell.value, _VALUE, x + _LABEL_WIDTH + _SIDE, top - _PADDING)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, top - row.height, MARGIN + CONTENT_WIDTH, top - row.height)
