"""Breaking Chinese text into lines, and drawing the lines.

Chinese breaks between any two characters, except that a line neither begins with closing punctuation nor ends with an
opening one; words and numbers in Latin letters stay whole where they fit on a line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from registry.reports.typefaces import Glyph, glyphs_of

_NOT_FIRST = frozenset("，。、；：！？）》」』】〕〉”’％…—·,.;:!?)]}%")
_NOT_LAST = frozenset("（《「『【〔〈“‘([{￥¥")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f_%@#&+=~/.,:'\-]+|.", re.DOTALL)
_BLANKS = " \t\r\n"  # an ideographic space is the indent of a paragraph and stays
_FONTS_WITHOUT_BOLD = frozenset({"HanaMinB", "HanaMinA"})


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How text looks; sizes in points. `leading` is the distance between base lines."""

    size: float
    leading: float
    color: Color
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of glyphs that fits its width, and how wide it is, in points."""

    glyphs: tuple[Glyph, ...]
    width: float


def line_of(text: str, style: TextStyle) -> Line:
    """The text as one line, however long."""
    glyphs = tuple(glyphs_of(text, bold=style.bold))
    return Line(glyphs, sum(glyph.width for glyph in glyphs) * style.size / 1000)


def shortened_line(text: str, style: TextStyle, width: float) -> Line:
    """The text as one line of at most `width` points, with an ellipsis where it had to be cut."""
    line = line_of(text, style)
    while line.width > width and text:
        text = text[:-1]
        line = line_of(text + "…", style)
    return line


def lines_of(text: str, style: TextStyle, width: float) -> tuple[Line, ...]:
    """The text broken to `width` points; line breaks in it are kept. At least one line."""
    return _broken(text.strip(_BLANKS), style.bold, style.size, width)


@lru_cache(maxsize=512)  # labels and standing texts come back in every report
def _broken(text: str, bold: bool, size: float, width: float) -> tuple[Line, ...]:
    limit = width * 1000 / size
    lines = [line for paragraph in text.split("\n") for line in _fill(paragraph, bold, limit)]
    return tuple(Line(tuple(glyphs), length * size / 1000) for glyphs, length in lines)


def _fill(paragraph: str, bold: bool, limit: float) -> Iterator[tuple[list[Glyph], float]]:
    line: list[Glyph] = []
    length = 0.0
    for glyphs, piece in _pieces(paragraph, bold, limit):
        if line and length + piece > limit + 0.01:
            yield line, length
            line, length = [], 0.0
            if all(glyph.character == " " for glyph in glyphs):
                continue
        line.extend(glyphs)
        length += piece
    yield line, length


def _pieces(paragraph: str, bold: bool, limit: float) -> Iterator[tuple[list[Glyph], float]]:
    """What may not be torn apart, with its width: a character or word with the punctuation that clings to it."""
    pieces: list[list[Glyph]] = []
    clings = False
    for token in _WORD.findall(paragraph):
        glyphs = glyphs_of(token, bold=bold)
        if pieces and (clings or token[0] in _NOT_FIRST):
            pieces[-1].extend(glyphs)
        else:
            pieces.append(glyphs)
        clings = token in _NOT_LAST
    for glyphs in pieces:
        length = sum(glyph.width for glyph in glyphs)
        if length <= limit:
            yield glyphs, length
        else:  # longer than a line: an address, a row of dots
            yield from (([glyph], glyph.width) for glyph in glyphs)


def draw_line(canvas: Canvas, line: Line, style: TextStyle, x: float, baseline: float) -> None:
    """Draw a line with its left end at `x`."""
    if not line.glyphs:
        return
    canvas.setFillColor(style.color)
    text = canvas.beginText(x, baseline)
    for font_name, glyphs in groupby(line.glyphs, key=lambda glyph: glyph.font_name):
        emboldened = style.bold and font_name in _FONTS_WITHOUT_BOLD
        if emboldened:
            canvas.setStrokeColor(style.color)
            canvas.setLineWidth(style.size * 0.03)
            text.setTextRenderMode(2)
        text.setFont(font_name, style.size)
        text.textOut("".join(glyph.character for glyph in glyphs))
        if emboldened:
            text.setTextRenderMode(0)
    canvas.drawText(text)


def draw_lines(canvas: Canvas, lines: tuple[Line, ...], style: TextStyle, x: float, top: float) -> None:
    """Draw lines under each other; `top` is the upper edge of the first one's leading."""
    baseline = top - (style.leading + style.size * 0.76) / 2  # Chinese glyphs stand between -0.12 and 0.88 of the size
    for line in lines:
        draw_line(canvas, line, style, x, baseline)
        baseline -= style.leading
