"""A report to print, and what a reader sees of it."""

from datetime import UTC, date, datetime
from typing import Any

import pymupdf

from registry.reports.model import (
    CreditReportData,
    ReportItem,
    ReportSection,
    ReportSubject,
    ReportTag,
    SectionKind,
    SpecialField,
    SpecialScope,
    Tone,
)

MOMENT = datetime(2026, 11, 23, 2, 0, 5, tzinfo=UTC)  # 10:00:05 in Beijing
REPORT_NO = "2026112310000550859D39"
CODE = "91130105107743680U"


def make_item(**changes: Any) -> ReportItem:
    values: dict[str, Any] = {
        "kind": "行政处罚",
        "title": "石市监罚处〔2026〕12号",
        "rows": (("处罚类别", "罚款"), ("处罚内容", "罚款 20,000.00 元（2 万元）")),
        "source": "石家庄市市场监督管理局",
        "ends": "公示至 2029-03-02（不含当日）",
    }
    return ReportItem(**{**values, **changes})


def make_subject(**changes: Any) -> ReportSubject:
    values: dict[str, Any] = {
        "name": "石家庄海港面馆有限公司",
        "code": CODE,
        "code_label": "统一社会信用代码",
        "rows": (("名称", "石家庄海港面馆有限公司"), ("成立日期", "2018-06-01")),
        "source": "石家庄市行政审批局",
        "tags": (ReportTag("存续"), ReportTag("失信惩戒对象", Tone.VIOLATION)),
    }
    return ReportSubject(**{**values, **changes})


def make_report(**changes: Any) -> CreditReportData:
    values: dict[str, Any] = {
        "report_no": REPORT_NO,
        "issued_at": MOMENT,
        "data_as_of": MOMENT,
        "ledger_seq": 123456,
        "issuer": "石家庄市市场监督管理局",
        "scope_name": "石家庄市登记注册的经营主体",
        "verify_url": f"https://credit.example.cn/verify/{REPORT_NO}",
        "subject": make_subject(),
        "sections": (
            ReportSection(SectionKind.ADMINISTRATION, (make_item(),)),
            ReportSection(SectionKind.SERIOUS_BREACH, (make_item(kind="列入严重违法失信名单", tone=Tone.VIOLATION),)),
            ReportSection(SectionKind.ABNORMAL_OPERATION, ()),
        ),
    }
    return CreditReportData(**{**values, **changes})


def make_special_report(*items: ReportItem) -> CreditReportData:
    fields = (SpecialField("市场监管", items), SpecialField("知识产权", ()), SpecialField("生态环境", None))
    return make_report(sections=(), special=SpecialScope(fields, date(2023, 11, 23), date(2026, 11, 22)))


def opened(pdf: bytes) -> Any:
    return pymupdf.open(stream=pdf, filetype="pdf")


def text_of(pdf: bytes) -> str:
    """The words as a reader copies them, without the line breaks of the layout."""
    return "".join(page.get_text() for page in opened(pdf)).replace("\n", "")


def traced(pdf: bytes) -> list[tuple[str, int]]:
    """Each drawn character with the glyph id that draws it; 0 is the empty box.

    An emboldened character is filled and outlined at one place, and counts once.
    """
    drawn = {
        (number, origin): (chr(code), glyph)
        for number, page in enumerate(opened(pdf))
        for span in page.get_texttrace()
        for code, glyph, origin, _ in span["chars"]
    }
    return list(drawn.values())
