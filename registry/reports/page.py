"""The sheet: A4, its margins and colours, the band on top of the first page, running heads and feet."""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.model import Tone
from registry.reports.typesetting import TextStyle, draw_line, line_of, shortened_line

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
CONTENT_WIDTH = WIDTH - 2 * MARGIN
BAND_HEIGHT = 35 * mm
FIRST_TOP = HEIGHT - BAND_HEIGHT - 8 * mm
LATER_TOP = HEIGHT - 23 * mm
BOTTOM = 22 * mm

BLUE = HexColor(0x0B3D91)
BLUE_TINT = HexColor(0xE8EEF7)
INK = HexColor(0x1B2430)
GREY = HexColor(0x5A6472)
RULE = HexColor(0xC8D0DB)
PAPER_TINT = HexColor(0xF5F7FA)
TONE_INK = {Tone.NEUTRAL: BLUE, Tone.ABNORMAL: HexColor(0x9A5B00), Tone.VIOLATION: HexColor(0xB3261E)}
TONE_TINT = {Tone.NEUTRAL: BLUE_TINT, Tone.ABNORMAL: HexColor(0xFDF1DC), Tone.VIOLATION: HexColor(0xFBE9E7)}

_BAND_TITLE = TextStyle(23, 30, white, bold=True)
_BAND_SMALL = TextStyle(9.5, 14, HexColor(0xD5E0F3))
_RUNNING = TextStyle(8, 12, GREY)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page beside its content."""

    title: str
    subtitle: str
    issuer: str
    subject_name: str
    report_no: str
    verify_url: str

    def draw(self, canvas: Canvas, number: int, count: int) -> None:
        """Draw head and foot of page `number` of `count`."""
        if number == 1:
            self._band(canvas)
        else:
            self._running_head(canvas)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, 16 * mm, WIDTH - MARGIN, 16 * mm)
        baseline = 11.5 * mm
        draw_line(canvas, line_of(f"报告编号 {self.report_no}", _RUNNING), _RUNNING, MARGIN, baseline)
        pages = line_of(f"第 {number} 页 共 {count} 页", _RUNNING)
        draw_line(canvas, pages, _RUNNING, WIDTH - MARGIN - pages.width, baseline)

    def _band(self, canvas: Canvas) -> None:
        canvas.setFillColor(BLUE)
        canvas.rect(0, HEIGHT - BAND_HEIGHT, WIDTH, BAND_HEIGHT, stroke=0, fill=1)
        canvas.setFillColor(HexColor(0x9DB7E0))
        canvas.rect(0, HEIGHT - BAND_HEIGHT - 1.2 * mm, WIDTH, 0.5 * mm, stroke=0, fill=1)
        draw_line(canvas, line_of(self.issuer, _BAND_SMALL), _BAND_SMALL, MARGIN, HEIGHT - 13 * mm)
        draw_line(canvas, line_of(self.title, _BAND_TITLE), _BAND_TITLE, MARGIN, HEIGHT - 25 * mm)
        subtitle = line_of(self.subtitle, _BAND_SMALL)
        draw_line(canvas, subtitle, _BAND_SMALL, WIDTH - MARGIN - subtitle.width, HEIGHT - 25 * mm)

    def _running_head(self, canvas: Canvas) -> None:
        baseline = HEIGHT - 14 * mm
        canvas.setFillColor(BLUE)
        canvas.rect(MARGIN, HEIGHT - 17.2 * mm, CONTENT_WIDTH, 0.35 * mm, stroke=0, fill=1)
        title = line_of(self.title, _RUNNING)
        draw_line(canvas, title, _RUNNING, MARGIN, baseline)
        name = shortened_line(self.subject_name, _RUNNING, CONTENT_WIDTH - title.width - 10 * mm)
        draw_line(canvas, name, _RUNNING, WIDTH - MARGIN - name.width, baseline)
