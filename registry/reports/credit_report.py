"""The credit report: `render(report, signer)` gives the PDF."""

import time
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from registry.clock import BEIJING
from registry.reports import wording
from registry.reports.blocks import SMALL, Block, EmptyNote, Heading, Notice, Paragraph, SignaturePanel, Together
from registry.reports.cover import Counts, Cover
from registry.reports.model import CreditReportData, ReportItem, SectionKind, SpecialScope, Tone
from registry.reports.page import HEIGHT, WIDTH, Furniture
from registry.reports.pagination import set_pages
from registry.reports.record_table import RecordTable
from registry.reports.signing import SigningIdentity
from registry.reports.typefaces import REGULAR_FONTS, font_named

rl_config.useA85 = 0  # page contents as they are: the text form is a quarter longer

_PRODUCER = "operator-credit-registry"


def render(report: CreditReportData, signer: SigningIdentity | None) -> bytes:
    """The report as a PDF file; signed (PAdES B-B) when there is a signer.

    Without one the same report gives the same bytes.
    """
    pdf = _print(report, signer)
    return signer.sign(pdf, reason=f"出具{_title(report)} {report.report_no}") if signer else pdf


def _title(report: CreditReportData) -> str:
    return wording.SPECIAL_TITLE if report.special else wording.FULL_TITLE


def _print(report: CreditReportData, signer: SigningIdentity | None) -> bytes:
    title = _title(report)
    furniture = Furniture(
        title=title,
        subtitle=wording.SPECIAL_SUBTITLE if report.special else wording.FULL_SUBTITLE,
        issuer=report.issuer,
        subject_name=report.subject.name,
        report_no=report.report_no,
        verify_url=report.verify_url,
    )
    pages = set_pages([*_overview(report), *_body(report), *_closing(report, signer)])
    font_named(REGULAR_FONTS[0])
    output = BytesIO()
    options: Any = {"initialFontName": REGULAR_FONTS[0]}  # the stubs say float
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="zh-CN", **options)
    describe(
        canvas,
        title=f"{title} · {report.subject.name}",
        subject=f"{report.subject.code_label} {report.subject.code}，报告编号 {report.report_no}",
        author=report.issuer,
        moment=report.issued_at,
    )
    for number, page in enumerate(pages, start=1):
        furniture.draw(canvas, number, len(pages))
        for block, top in page:
            block.draw(canvas, top)
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def _overview(report: CreditReportData) -> list[Block]:
    blocks: list[Block] = [Cover(report), Notice(report.conclusion or wording.conclusion(report), _tone(report))]
    if not report.special:
        blocks.append(Counts(report))
    return blocks


def _tone(report: CreditReportData) -> Tone:
    if report.special:
        return Tone.NEUTRAL
    for kind, tone in ((SectionKind.SERIOUS_BREACH, Tone.VIOLATION), (SectionKind.ABNORMAL_OPERATION, Tone.ABNORMAL)):
        section = report.section(kind)
        if section and section.items:
            return tone
    return Tone.NEUTRAL


def _body(report: CreditReportData) -> list[Block]:
    subject = report.subject
    blocks: list[Block] = [
        Heading(f"{wording.NUMERALS[0]}、{wording.REGISTRATION}"),
        RecordTable("", (*subject.rows, (wording.SOURCE, subject.source))),
    ]
    return blocks + (_special_sections(report.special) if report.special else _sections(report))


def _sections(report: CreditReportData) -> list[Block]:
    blocks: list[Block] = []
    for numeral, kind in zip(wording.NUMERALS[1:], SectionKind, strict=True):
        section = report.section(kind)
        items = section.items if section else ()
        remark = wording.NOT_COLLECTED_NOTE if section is None else f"共 {len(items)} 条"
        blocks.append(Heading(f"{numeral}、{wording.SECTION_TITLES[kind]}", remark, alone=section is None))
        blocks += _tables(items)
        if section and not items:
            blocks.append(EmptyNote(wording.nothing_found(kind, report)))
    return blocks


def _special_sections(scope: SpecialScope) -> list[Block]:
    days = f"{wording.day_words(scope.from_on)}至{wording.day_words(scope.to_on)}"
    results = tuple((field.name, wording.special_result(field)) for field in scope.fields)
    blocks: list[Block] = [
        Heading(f"{wording.NUMERALS[1]}、{wording.SPECIAL_RESULT}"),
        RecordTable("", (("查询期间", f"{days}（含首尾两日）"), *results)),
    ]
    if scope.items:
        remark = f"共 {len(scope.items)} 条"
        blocks += [Heading(f"{wording.NUMERALS[2]}、{wording.SPECIAL_ITEMS}", remark), *_tables(scope.items)]
    return blocks


def _tables(items: tuple[ReportItem, ...]) -> list[RecordTable]:
    tables = []
    for number, item in enumerate(items, start=1):
        rows = [*item.rows, (wording.ENDS, item.ends), (wording.SOURCE, item.source)]
        if item.record_id:
            rows.append((wording.RECORD_ID, item.record_id))
        remark = wording.UNDER_OBJECTION if item.under_objection else ""
        tables.append(RecordTable(f"{number}. {item.kind}　{item.title}", tuple(rows), remark=remark, tone=item.tone))
    return tables


def _closing(report: CreditReportData, signer: SigningIdentity | None) -> list[Block]:
    blocks: list[Block] = [Heading(wording.NOTES)]
    blocks += [Paragraph(text, title=title) for title, text in wording.notes(report)]
    blocks.append(Paragraph(wording.ADVICE, style=SMALL, space_before=5 * mm))
    blocks.append(SignaturePanel(wording.issued_by(report, signer)))
    return [Together(blocks)]


def describe(canvas: Canvas, *, title: str, subject: str, author: str, moment: datetime) -> None:
    """Properties of a printed document: its language, whom it is about, and its moment in place of the time of printing."""
    document: Any = vars(canvas)["_doc"]
    canvas.setTitle(title)
    canvas.setSubject(subject)
    canvas.setAuthor(author)
    canvas.setCreator(_PRODUCER)
    canvas.setProducer(_PRODUCER)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    document._timeStamp = _Moment(moment)


class _Moment:
    """The report's moment in the shape in which reportlab keeps a document's time."""

    def __init__(self, moment: datetime) -> None:
        local = moment.astimezone(BEIJING)
        self.t = moment.timestamp()
        self.lt = local.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh, self.dmm = 8, 0
        self.tzname = "CST"
        self.asctime = time.asctime(self.lt)
