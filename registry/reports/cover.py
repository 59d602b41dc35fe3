"""The upper half of the first page: whom the report is about, its number and moment, how to check it, the counts."""

import segno
from reportlab.lib.colors import white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.reports.blocks import SMALL, Unsplit
from registry.reports.model import CreditReportData, ReportTag, SectionKind, Tone
from registry.reports.page import BLUE, CONTENT_WIDTH, GREY, INK, MARGIN, PAPER_TINT, RULE, TONE_INK, TONE_TINT
from registry.reports.typesetting import TextStyle, draw_line, draw_lines, line_of, lines_of
from registry.reports.wording import NOT_COLLECTED, SECTION_TITLES, count_words, grouped_code, moment_words

_NAME = TextStyle(19, 26, INK, bold=True)
_CODE = TextStyle(12.5, 18, BLUE, bold=True)
_CODE_LABEL = TextStyle(9, 18, GREY)
_TAG = TextStyle(8.5, 13, INK)
_FACT_LABEL = TextStyle(8.5, 15, GREY)
_FACT = TextStyle(9.5, 15, INK)
_FIGURE = TextStyle(16, 20, BLUE, bold=True)
_QR_SIZE = 30 * mm
_TAG_HEIGHT = 5.6 * mm
_TEXT_WIDTH = CONTENT_WIDTH - _QR_SIZE - 10 * mm


class Cover(Unsplit):
    """Subject, code, tags, number, moment and unit on the left, the QR code on the right."""

    def __init__(self, report: CreditReportData) -> None:
        self._report = report
        subject = report.subject
        self._name = lines_of(subject.name, _NAME, _TEXT_WIDTH)
        self._tag_rows = _tag_rows(subject.tags)
        self._facts = tuple(
            (line_of(label, _FACT_LABEL), lines_of(value, _FACT, _TEXT_WIDTH - 22 * mm))
            for label, value in (
                ("报告编号", report.report_no),
                ("生成时间", f"{moment_words(report.issued_at)}（北京时间）"),
                ("出具单位", report.issuer),
                ("数据截至", f"{moment_words(report.data_as_of)}（北京时间）"),
            )
        )
        text = (
            len(self._name) * _NAME.leading
            + _CODE.leading
            + 2 * mm
            + len(self._tag_rows) * (_TAG_HEIGHT + 1.5 * mm)
            + 2 * mm
            + sum(len(value) for _, value in self._facts) * _FACT.leading
        )
        self.height = max(text, _QR_SIZE + 12 * mm)

    def draw(self, canvas: Canvas, top: float) -> None:
        y = top
        draw_lines(canvas, self._name, _NAME, MARGIN, y)
        y -= len(self._name) * _NAME.leading
        self._draw_code(canvas, y)
        y -= _CODE.leading + 2 * mm
        for row in self._tag_rows:
            x = MARGIN
            for tag in row:
                x += _draw_tag(canvas, tag, x, y) + 2 * mm
            y -= _TAG_HEIGHT + 1.5 * mm
        y -= 2 * mm
        for label, value in self._facts:
            draw_lines(canvas, (label,), _FACT_LABEL, MARGIN, y)
            draw_lines(canvas, value, _FACT, MARGIN + 22 * mm, y)
            y -= len(value) * _FACT.leading
        self._draw_qr(canvas, top)

    def _draw_code(self, canvas: Canvas, top: float) -> None:
        subject = self._report.subject
        label = line_of(subject.code_label, _CODE_LABEL)
        draw_lines(canvas, (label,), _CODE_LABEL, MARGIN, top)
        x = MARGIN + label.width + 3 * mm
        for group in grouped_code(subject.code):
            line = line_of(group, _CODE)
            draw_lines(canvas, (line,), _CODE, x, top)
            x += line.width + 1.6 * mm

    def _draw_qr(self, canvas: Canvas, top: float) -> None:
        url = self._report.verify_url
        frame = 1.5 * mm
        left, outer = MARGIN + CONTENT_WIDTH - _QR_SIZE - frame, _QR_SIZE + 2 * frame
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.setFillColor(white)
        canvas.roundRect(left - frame, top - outer + frame, outer, outer, 1.5 * mm, fill=1)
        canvas.setFillColor(INK)
        _draw_matrix(canvas, _matrix(url), left, top)
        canvas.linkURL(url, (left, top - _QR_SIZE, left + _QR_SIZE, top))
        caption = line_of("扫码核验本报告", SMALL)
        draw_line(canvas, caption, SMALL, left + (_QR_SIZE - caption.width) / 2, top - _QR_SIZE - 6 * mm)


class Counts(Unsplit):
    """The eight figures of the overview, beside each other."""

    space_before = 4 * mm
    height = 17 * mm

    def __init__(self, report: CreditReportData) -> None:
        self._figures = [(SECTION_TITLES[kind], count_words(report.section(kind)), _tone(kind)) for kind in SectionKind]

    def draw(self, canvas: Canvas, top: float) -> None:
        width = CONTENT_WIDTH / len(self._figures)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        for index, (title, words, tone) in enumerate(self._figures):
            x = MARGIN + index * width
            found = words not in ("0", NOT_COLLECTED)
            canvas.setFillColor(TONE_TINT[tone] if found and tone is not Tone.NEUTRAL else PAPER_TINT)
            canvas.rect(x, top - self.height, width, self.height, stroke=1, fill=1)
            style = SMALL if words == NOT_COLLECTED else _FIGURE
            if words != NOT_COLLECTED:
                style = TextStyle(_FIGURE.size, _FIGURE.leading, TONE_INK[tone] if found else GREY, bold=True)
            figure, label = line_of(words, style), line_of(title, SMALL)
            draw_line(canvas, figure, style, x + (width - figure.width) / 2, top - 8.4 * mm)
            draw_line(canvas, label, SMALL, x + (width - label.width) / 2, top - 13.8 * mm)


def _tone(kind: SectionKind) -> Tone:
    tones = {SectionKind.SERIOUS_BREACH: Tone.VIOLATION, SectionKind.ABNORMAL_OPERATION: Tone.ABNORMAL}
    return tones.get(kind, Tone.NEUTRAL)


def _tag_rows(tags: tuple[ReportTag, ...]) -> list[list[ReportTag]]:
    rows: list[list[ReportTag]] = []
    room = 0.0
    for tag in tags:
        width = _tag_width(tag) + 2 * mm
        if not rows or width > room:
            rows.append([])
            room = _TEXT_WIDTH
        rows[-1].append(tag)
        room -= width
    return rows


def _tag_width(tag: ReportTag) -> float:
    return line_of(tag.text, _TAG).width + 6 * mm


def _draw_tag(canvas: Canvas, tag: ReportTag, x: float, top: float) -> float:
    """Draw a tag, its tone also shown by a mark (square, triangle, disc); its width."""
    width = _tag_width(tag)
    color = TONE_INK[tag.tone]
    canvas.setFillColor(TONE_TINT[tag.tone])
    canvas.setStrokeColor(color)
    canvas.setLineWidth(0.5)
    canvas.roundRect(x, top - _TAG_HEIGHT, width, _TAG_HEIGHT, 1.2 * mm, fill=1)
    canvas.setFillColor(color)
    middle, left, size = top - _TAG_HEIGHT / 2, x + 1.8 * mm, 1.7 * mm
    if tag.tone is Tone.NEUTRAL:
        canvas.rect(left, middle - size / 2, size, size, stroke=0, fill=1)
    elif tag.tone is Tone.ABNORMAL:
        path = canvas.beginPath()
        path.moveTo(left - 0.1 * mm, middle - size / 2)
        path.lineTo(left + size + 0.1 * mm, middle - size / 2)
        path.lineTo(left + size / 2, middle + size / 2)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    else:
        canvas.circle(left + size / 2, middle, size / 2, stroke=0, fill=1)
    style = TextStyle(_TAG.size, _TAG.leading, color)
    draw_lines(canvas, (line_of(tag.text, style),), style, x + 4.4 * mm, middle + style.leading / 2)
    return width


def _matrix(url: str) -> tuple[bytes, ...]:
    return tuple(bytes(row) for row in segno.make_qr(url, error="m").matrix)


def _draw_matrix(canvas: Canvas, matrix: tuple[bytes, ...], left: float, top: float) -> None:
    """The dark modules as one path of horizontal bars, so that no hairlines show between them."""
    module = _QR_SIZE / len(matrix)
    path = canvas.beginPath()
    for index, row in enumerate(matrix):
        y = top - (index + 1) * module
        start = row.find(1)
        while start >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            path.rect(left + start * module, y, (end - start) * module, module)
            start = row.find(1, end)
    canvas.drawPath(path, stroke=0, fill=1)
