"""The parts that a report is set from, top to bottom: headings, paragraphs, notices."""

from collections.abc import Sequence
from typing import Protocol, Self

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.model import Tone
from registry.reports.page import BLUE, CONTENT_WIDTH, GREY, INK, MARGIN, PAPER_TINT, RULE, TONE_INK, TONE_TINT
from registry.reports.typesetting import TextStyle, draw_line, draw_lines, line_of, lines_of

BODY = TextStyle(9, 14, INK)
SMALL = TextStyle(8, 12, GREY)
_HEADING = TextStyle(12.5, 18, BLUE, bold=True)
_NOTE_TITLE = TextStyle(9, 14, INK, bold=True)
_SIGNED = TextStyle(8, 12, INK)
_NOTICE = TextStyle(10.5, 16.5, INK)


class Block(Protocol):
    """A part with a fixed width. Heights and room in points."""

    space_before: float
    keeps_with_next: bool

    @property
    def height(self) -> float:
        """How high the whole block is."""

    @property
    def least_height(self) -> float:
        """How much room its first part needs when it is split; the whole height when it cannot be."""

    def split(self, room: float) -> "tuple[Block, Block] | None":
        """What fits into `room`, and what is left; None when it must not be split there."""

    def draw(self, canvas: Canvas, top: float) -> None:
        """Draw it with its upper edge at `top`."""


class Unsplit:
    """A block that stays in one piece."""

    space_before = 0.0
    keeps_with_next = False
    height: float

    @property
    def least_height(self) -> float:
        return self.height

    def split(self, room: float) -> None:  # noqa: ARG002
        return None


class Heading(Unsplit):
    """A section's heading with a mark, and a remark on the right; entered in the outline of the document.

    `alone`: nothing stands under it, so it need not stay with what comes next.
    """

    space_before = 6 * mm

    def __init__(self, text: str, remark: str = "", *, alone: bool = False) -> None:
        self.keeps_with_next = not alone
        self._text = text
        self._remark = line_of(remark, SMALL)
        self.height = _HEADING.leading

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.bookmarkHorizontal(self._text, 0, top)
        canvas.addOutlineEntry(self._text, self._text)
        canvas.setFillColor(BLUE)
        canvas.rect(MARGIN, top - _HEADING.leading + 2.6, 1.1 * mm, _HEADING.leading - 5.2, stroke=0, fill=1)
        draw_lines(canvas, (line_of(self._text, _HEADING),), _HEADING, MARGIN + 3 * mm, top)
        draw_line(canvas, self._remark, SMALL, MARGIN + CONTENT_WIDTH - self._remark.width, top - 12.5)


class Paragraph:
    """Running text, optionally numbered or titled; may be split between lines."""

    keeps_with_next = False

    def __init__(self, text: str, *, title: str = "", style: TextStyle = BODY, space_before: float = 1.8 * mm) -> None:
        self.space_before = space_before
        self._style = style
        self._title = line_of(title, _NOTE_TITLE)
        self._indent = 24 * mm if title else 0.0
        self._lines = lines_of(text, style, CONTENT_WIDTH - self._indent)

    @property
    def height(self) -> float:
        return len(self._lines) * self._style.leading

    @property
    def least_height(self) -> float:
        return min(2, len(self._lines)) * self._style.leading

    def split(self, room: float) -> tuple[Self, Self] | None:
        count = int(room // self._style.leading)
        if count < 2 or len(self._lines) - count < 2:
            return None
        return self._part(slice(None, count), title=True), self._part(slice(count, None), title=False)

    def _part(self, lines: slice, *, title: bool) -> Self:
        part = type(self)("", style=self._style, space_before=self.space_before if title else 0.0)
        part._title = self._title if title else part._title
        part._indent, part._lines = self._indent, self._lines[lines]
        return part

    def draw(self, canvas: Canvas, top: float) -> None:
        draw_lines(canvas, (self._title,), _NOTE_TITLE, MARGIN, top)
        draw_lines(canvas, self._lines, self._style, MARGIN + self._indent, top)


class Notice(Unsplit):
    """The sentence on top that a shopkeeper understands, in a box of its tone."""

    space_before = 5 * mm

    def __init__(self, text: str, tone: Tone) -> None:
        self._tone = tone
        self._lines = lines_of(text, _NOTICE, CONTENT_WIDTH - 12 * mm)
        self.height = len(self._lines) * _NOTICE.leading + 5 * mm

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setFillColor(TONE_TINT[self._tone])
        canvas.rect(MARGIN, top - self.height, CONTENT_WIDTH, self.height, stroke=0, fill=1)
        canvas.setFillColor(TONE_INK[self._tone])
        canvas.rect(MARGIN, top - self.height, 1.4 * mm, self.height, stroke=0, fill=1)
        draw_lines(canvas, self._lines, _NOTICE, MARGIN + 6 * mm, top - 2.5 * mm)


class Together(Unsplit):
    """Blocks that stand on one page."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self.space_before = blocks[0].space_before
        self.height = sum(block.height + block.space_before for block in blocks) - self.space_before

    def draw(self, canvas: Canvas, top: float) -> None:
        top += self.space_before
        for block in self._blocks:
            top -= block.space_before
            block.draw(canvas, top)
            top -= block.height


class SignaturePanel(Unsplit):
    """Who issues the report, and by which certificate its file is signed."""

    space_before = 7 * mm
    _label_width = 24 * mm

    def __init__(self, rows: tuple[tuple[str, str], ...]) -> None:
        self._rows = [
            (
                lines_of(label, SMALL, self._label_width),
                lines_of(value, SMALL, CONTENT_WIDTH - self._label_width - 10 * mm),
            )
            for label, value in rows
        ]
        self.height = sum(len(value) for _, value in self._rows) * (SMALL.leading + 2) + 6 * mm

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setStrokeColor(BLUE)
        canvas.setLineWidth(0.8)
        canvas.rect(MARGIN, top - self.height, CONTENT_WIDTH, self.height, stroke=1, fill=0)
        canvas.setLineWidth(0.3)
        canvas.rect(MARGIN + 2, top - self.height + 2, CONTENT_WIDTH - 4, self.height - 4, stroke=1, fill=0)
        y = top - 3 * mm
        for label, value in self._rows:
            draw_lines(canvas, label, SMALL, MARGIN + 5 * mm, y)
            draw_lines(canvas, value, _SIGNED, MARGIN + 5 * mm + self._label_width, y)
            y -= len(value) * (SMALL.leading + 2)


class EmptyNote(Unsplit):
    """What an empty section means, in a quiet box."""

    space_before = 2 * mm

    def __init__(self, text: str) -> None:
        self._lines = lines_of(text, SMALL, CONTENT_WIDTH - 8 * mm)
        self.height = len(self._lines) * SMALL.leading + 3.2 * mm

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setFillColor(PAPER_TINT)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.4)
        canvas.rect(MARGIN, top - self.height, CONTENT_WIDTH, self.height, stroke=1, fill=1)
        draw_lines(canvas, self._lines, SMALL, MARGIN + 4 * mm, top - 1.6 * mm)
