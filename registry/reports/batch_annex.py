"""The annex of a batch's document on paper: the list with a head on each page, the pages numbered through all volumes.

A long list is bound in volumes: each is made on its own, so that no more than its rows are held at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.credit_report import describe
from registry.reports.page import CONTENT_WIDTH, GREY, HEIGHT, INK, MARGIN, PAPER_TINT, RULE, WIDTH
from registry.reports.typefaces import REGULAR_FONTS, font_named
from registry.reports.typesetting import TextStyle, draw_line, line_of, shortened_line

ROWS_A_PAGE = 40
ROWS_A_VOLUME = 2_000

_TITLE = TextStyle(14, 20, INK, bold=True)
_SMALL = TextStyle(8.5, 13, GREY)
_HEAD = TextStyle(9, 14, INK, bold=True)
_CELL = TextStyle(8.5, 13, INK)
_SMALLEST = 5.5
_ROW = 5.8 * mm
_TOP = HEIGHT - 36 * mm
_COLUMNS = ((0.0, 14 * mm), (14 * mm, 40 * mm), (54 * mm, 72 * mm), (126 * mm, CONTENT_WIDTH - 126 * mm))
"""Left edge and width of each column, in points from the margin."""
_PAD = 1.2 * mm


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume of an annex: `number` of `count`, from 1; `pages` of all of them. `rows`: place, code, name, outcome.

    `source` is the number of the document that it belongs to, else the authority.
    """

    title: str
    source: str
    headings: tuple[str, str, str, str]
    rows: Sequence[tuple[str, str, str, str]]
    number: int
    count: int
    pages: int
    moment: datetime


def pages_of(rows: int) -> int:
    """How many pages a list of so many rows has."""
    return -(-rows // ROWS_A_PAGE)


def volumes_of(rows: int) -> int:
    """How many volumes a list of so many rows has."""
    return -(-rows // ROWS_A_VOLUME)


def render(volume: Volume) -> bytes:
    """The volume as a PDF; the same rows give the same bytes."""
    font_named(REGULAR_FONTS[0])
    output = BytesIO()
    options: Any = {"initialFontName": REGULAR_FONTS[0]}  # the stubs say float
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="zh-CN", **options)
    describe(canvas, title=volume.title, subject="", author=volume.source, moment=volume.moment)
    before = (volume.number - 1) * ROWS_A_VOLUME // ROWS_A_PAGE
    for page in range(pages_of(len(volume.rows))):
        _furniture(canvas, volume, before + page + 1)
        for place, row in enumerate(volume.rows[page * ROWS_A_PAGE : (page + 1) * ROWS_A_PAGE], start=1):
            _row(canvas, row, _TOP - place * _ROW, _CELL, tinted=place % 2 == 0)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _furniture(canvas: Canvas, volume: Volume, page: int) -> None:
    title = shortened_line(volume.title, _TITLE, CONTENT_WIDTH)
    draw_line(canvas, title, _TITLE, (WIDTH - title.width) / 2, HEIGHT - 22 * mm)
    draw_line(canvas, line_of(volume.source, _SMALL), _SMALL, MARGIN, HEIGHT - 29 * mm)
    if volume.count > 1:
        bound = line_of(f"第 {volume.number} 册 共 {volume.count} 册", _SMALL)
        draw_line(canvas, bound, _SMALL, WIDTH - MARGIN - bound.width, HEIGHT - 29 * mm)
    _row(canvas, volume.headings, _TOP, _HEAD, tinted=True)
    foot = line_of(f"第 {page} 页 共 {volume.pages} 页", _SMALL)
    draw_line(canvas, foot, _SMALL, WIDTH - MARGIN - foot.width, 11.5 * mm)


def _row(canvas: Canvas, cells: Sequence[str], bottom: float, style: TextStyle, *, tinted: bool) -> None:
    if tinted:
        canvas.setFillColor(PAPER_TINT)
        canvas.rect(MARGIN, bottom, CONTENT_WIDTH, _ROW, stroke=0, fill=1)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.3)
    canvas.line(MARGIN, bottom, MARGIN + CONTENT_WIDTH, bottom)
    for text, (left, width) in zip(cells, _COLUMNS, strict=True):
        room = width - 2 * _PAD
        line = line_of(text, style)
        fitted = style
        if line.width > room:  # a name is not cut as long as it can be read
            size = max(_SMALLEST, style.size * room / line.width)
            fitted = TextStyle(size, style.leading, style.color, bold=style.bold)
            line = shortened_line(text, fitted, room)
        draw_line(canvas, line, fitted, MARGIN + left + _PAD, bottom + 1.9 * mm)
