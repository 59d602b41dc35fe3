"""An official document on paper: red head, number, title, party, paragraphs, who signs, place of the seal (GB/T 9704-2012).

Everything it prints comes from the body that was fixed when the document was issued.
"""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.blocks import Block, Paragraph, Unsplit
from registry.reports.credit_report import describe
from registry.reports.page import BLUE, CONTENT_WIDTH, GREY, HEIGHT, INK, MARGIN, WIDTH
from registry.reports.pagination import set_pages
from registry.reports.signing import SigningIdentity
from registry.reports.typefaces import REGULAR_FONTS, font_named
from registry.reports.typesetting import TextStyle, draw_line, draw_lines, line_of, lines_of
from registry.reports.wording import day_words

RED = HexColor(0xC8102E)
_BODY = TextStyle(12, 22, INK)
_TITLE = TextStyle(19, 30, INK, bold=True)
_HEAD = TextStyle(23, 34, RED, bold=True)
_NUMBER = TextStyle(11, 18, INK)
_SMALL = TextStyle(8.5, 13, GREY)
_INDENT = "\u3000\u3000"


class _Head(Unsplit):
    """The authority in red over a red line, then number and title."""

    def __init__(self, authority: str, number: str, title: str) -> None:
        self._authority = lines_of(authority, _HEAD, CONTENT_WIDTH)
        self._number = line_of(number, _NUMBER)
        self._title = lines_of(title, _TITLE, CONTENT_WIDTH)
        self.height = len(self._authority) * _HEAD.leading + len(self._title) * _TITLE.leading + 26 * mm

    def draw(self, canvas: Canvas, top: float) -> None:
        for line in self._authority:
            _centred(canvas, line, _HEAD, top)
            top -= _HEAD.leading
        top -= 6 * mm
        _centred(canvas, self._number, _NUMBER, top)
        top -= 7 * mm
        canvas.setFillColor(RED)
        canvas.rect(MARGIN, top, CONTENT_WIDTH, 0.7 * mm, stroke=0, fill=1)
        top -= 9 * mm
        for line in self._title:
            _centred(canvas, line, _TITLE, top)
            top -= _TITLE.leading


class _SignOff(Unsplit):
    """Place of the seal, authority and day on the right; the two officers on the left."""

    space_before = 12 * mm
    height = 44 * mm

    def __init__(self, authority: str, on: date, prepared: str | None, decided: str | None) -> None:
        self._right = [line_of(authority, _BODY), line_of(day_words(on), _BODY)]
        named = (("承办", prepared), ("审核", decided))
        self._left = [line_of(f"{label}：{name}", _NUMBER) for label, name in named if name]

    def draw(self, canvas: Canvas, top: float) -> None:
        centre = MARGIN + CONTENT_WIDTH - 38 * mm
        canvas.setStrokeColor(RED)
        canvas.setDash(2, 2)
        canvas.setLineWidth(0.6)
        canvas.circle(centre, top - 20 * mm, 19 * mm, stroke=1, fill=0)
        canvas.setDash()
        seal = line_of("（印章）", _SMALL)
        draw_line(canvas, seal, _SMALL, centre - seal.width / 2, top - 34 * mm)
        y = top - 12 * mm
        for line in self._right:
            draw_line(canvas, line, _BODY, min(centre - line.width / 2, MARGIN + CONTENT_WIDTH - line.width), y)
            y -= _BODY.leading
        y = top - 12 * mm
        for line in self._left:
            draw_line(canvas, line, _NUMBER, MARGIN, y)
            y -= _BODY.leading


def render(
    body: Mapping[str, Any], *, title: str, issued_at: datetime, signer: SigningIdentity | None, annex: str = ""
) -> bytes:
    """The document as a PDF; signed (PAdES B-B) when there is a signer, else the same body gives the same bytes.

    `annex` is a remark under the last line, for a document that is one of a batch.
    """
    blocks: list[Block] = [_Head(str(body["authority"]), str(body["number"]), title)]
    if body.get("to"):
        code = f"（{body['to_no']}）" if body.get("to_no") else ""
        blocks.append(Paragraph(f"{body['to']}{code}：", style=_BODY, space_before=4 * mm))
    blocks += [Paragraph(_INDENT + text, style=_BODY, space_before=1 * mm) for text in body["paragraphs"]]
    signed = body["signed"]
    on = date.fromisoformat(body["on"])
    blocks.append(_SignOff(str(body["authority"]), on, signed["prepared"], signed["decided"]))
    if annex:
        blocks.append(Paragraph(annex, style=_SMALL, space_before=6 * mm))
    pages = set_pages(blocks)
    font_named(REGULAR_FONTS[0])
    output = BytesIO()
    options: Any = {"initialFontName": REGULAR_FONTS[0]}  # the stubs say float
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="zh-CN", **options)
    describe(canvas, title=f"{title} {body['number']}", subject=str(body.get("to") or ""), author=str(body["authority"]),
             moment=issued_at)  # fmt: skip
    for number, page in enumerate(pages, start=1):
        foot = line_of(f"{body['number']}　第 {number} 页 共 {len(pages)} 页", _SMALL)
        draw_line(canvas, foot, _SMALL, WIDTH - MARGIN - foot.width, 11.5 * mm)
        canvas.setFillColor(BLUE)
        for block, top in page:
            block.draw(canvas, top)
        canvas.showPage()
    canvas.save()
    pdf = output.getvalue()
    return signer.sign(pdf, reason=f"制发{title} {body['number']}") if signer else pdf


def _centred(canvas: Canvas, line: Any, style: TextStyle, top: float) -> None:
    draw_lines(canvas, (line,), style, (WIDTH - line.width) / 2, top)
