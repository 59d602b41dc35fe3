"""What a printed report says, and how it stands on its pages."""

from datetime import timedelta

import pytest
import segno

from registry.reports.credit_report import render
from registry.reports.model import ReportSection, SectionKind, Tone
from registry.reports.page import BOTTOM, HEIGHT, WIDTH
from tests.unit.reports.samples import (
    CODE,
    MOMENT,
    REPORT_NO,
    make_item,
    make_report,
    make_special_report,
    make_subject,
    opened,
    text_of,
    traced,
)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(make_report(), None) == render(make_report(), None)
    assert render(make_report(), None) != render(make_report(issued_at=MOMENT + timedelta(seconds=1)), None)


def test_the_cover_says_who_when_and_by_whom() -> None:
    first = opened(render(make_report(), None))[0].get_text()
    for words in ("经营主体公共信用信息报告", "石家庄海港面馆有限公司", REPORT_NO, "2026-11-23 10:00:05（北京时间）"):
        assert words in first
    assert "石家庄市市场监督管理局" in first
    assert "失信惩戒对象" in first
    assert CODE in first.replace(" ", "")


def test_all_nine_sections_stand_in_order() -> None:
    text = text_of(render(make_report(), None))
    titles = ["基本信息", "行政管理", "诚实守信", "严重失信", "经营异常", "信用承诺", "信用评价", "司法判决", "其他"]
    places = [text.index(f"{numeral}、{title}") for numeral, title in zip("一二三四五六七八九", titles, strict=True)]
    assert places == sorted(places)


def test_nothing_found_and_not_collected_are_told_apart() -> None:
    text = text_of(render(make_report(), None))
    assert "本系统范围内未发现公示中的经营异常信息" in text
    assert "未发现公示中的诚实守信信息" not in text
    assert text.count("本系统未归集此类信息，不等于没有记录") == 5


def test_each_item_names_its_source_and_its_end() -> None:
    item = make_item(source="石家庄市长安区市场监督管理局", ends="公示至 2027-01-05", record_id="130100.penalties.1")
    text = text_of(render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, (item,)),)), None))
    for words in (
        "数据来源单位石家庄市长安区市场监督管理局",
        "公示期限公示至 2027-01-05",
        "记录编号130100.penalties.1",
    ):
        assert words in text


def test_an_objection_and_a_blank_value_are_said_in_words() -> None:
    item = make_item(rows=(("没收金额", " "),), under_objection=True)
    text = text_of(render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, (item,)),)), None))
    assert "没收金额未公示" in text
    assert "异议处理中" in text


@pytest.mark.parametrize(
    ("serious", "abnormal", "words"),
    [
        (1, 1, "该主体现被列入严重违法失信名单（1条），现有经营异常信息1条。"),
        (0, 2, "该主体现有经营异常信息2条。"),
        (0, 0, "本系统范围内未发现该主体公示中的严重违法失信名单、经营异常信息。"),
    ],
)
def test_the_sentence_on_top_follows_the_sections(serious: int, abnormal: int, words: str) -> None:
    sections = (
        ReportSection(SectionKind.SERIOUS_BREACH, (make_item(),) * serious),
        ReportSection(SectionKind.ABNORMAL_OPERATION, (make_item(),) * abnormal),
    )
    assert words in text_of(render(make_report(sections=sections), None))


def test_a_list_that_was_not_looked_up_is_not_called_clear() -> None:
    text = text_of(render(make_report(sections=()), None))
    assert "未发现该主体" not in text


def test_the_closing_page_tells_verification_and_remedies() -> None:
    text = text_of(render(make_report(), None))
    for words in (
        "不评分、不评级",
        f"https://credit.example.cn/verify/{REPORT_NO}",
        "六十日内",
        "六个月内",
        "本级人民政府",
    ):
        assert words in text


def test_a_special_report_says_what_was_found_in_scope_and_no_more() -> None:
    text = text_of(render(make_special_report(), None))
    assert "经营主体专项信用信息报告" in text
    assert "有无违法违规记录证明版" in text
    assert "2023年11月23日至2026年11月22日" in text
    assert "市场监管在查询范围内未发现记录" in text
    assert "在市场监管、知识产权领域和2023年11月23日至2026年11月22日期间，本系统范围内未发现记录。" in text
    assert "生态环境本系统未归集此类信息，不等于没有记录" in text
    assert "无违法违规行为" not in text
    assert "严重失信" not in text


def test_a_special_report_lists_what_it_found() -> None:
    text = text_of(render(make_special_report(make_item(), make_item(title="石市监罚处〔2025〕7号")), None))
    assert "发现记录2条" in text
    assert "知识产权在查询范围内未发现记录" in text
    assert "2. 行政处罚　石市监罚处〔2025〕7号" in text


def test_a_record_longer_than_a_page_goes_on_under_its_heading() -> None:
    facts = "".join(f"第{number}项事实：当事人销售的食品不符合标准，货值金额{number}元。" for number in range(400))
    item = make_item(rows=(("处罚类别", "罚款"), ("违法事实", facts)))
    pdf = render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, (item,)),)), None)
    pages = [page.get_text() for page in opened(pdf)]
    going_on = [page for page in pages if "货值金额" in page][1:]
    assert len(going_on) >= 3
    assert all("石市监罚处〔2026〕12号（续）" in page for page in going_on)
    text = "".join(pages).replace("\n", "")
    assert all(f"货值金额{number}元" in text for number in (0, 199, 399))


def test_pages_are_numbered_and_nothing_runs_over_an_edge() -> None:
    sections = (ReportSection(SectionKind.ADMINISTRATION, tuple(make_item() for _ in range(40))),)
    document = opened(render(make_report(sections=sections), None))
    assert len(document) > 4
    for number, page in enumerate(document, start=1):
        assert f"第 {number} 页 共 {len(document)} 页" in page.get_text()
        assert REPORT_NO in page.get_text()
        for left, top, right, bottom, words, *_ in page.get_text("words"):
            assert left >= 0
            assert right <= WIDTH
            assert top >= 0
            assert bottom <= HEIGHT - BOTTOM + 4 or bottom > HEIGHT - 50, words


@pytest.mark.parametrize("length", [1, 60, 400])
def test_names_of_any_length_find_room(length: int) -> None:
    name = "石家庄海港" * (length // 5) or "石"
    text = text_of(render(make_report(subject=make_subject(name=name)), None))
    assert name in text


def test_rare_characters_in_a_name_are_printed_by_real_glyphs() -> None:
    name = "石家庄𠮷㐂䶮𫖯𡋾餐饮店"
    pdf = render(make_report(subject=make_subject(name=name)), None)
    drawn = traced(pdf)
    assert name in text_of(pdf)
    assert all(glyph != 0 for character, glyph in drawn if character != " ")


def test_the_qr_code_leads_to_the_verification_page() -> None:
    report = make_report()
    page = opened(render(report, None))[0]
    assert [link["uri"] for link in page.get_links()] == [report.verify_url]
    matrix = segno.make_qr(report.verify_url, error="m").matrix
    area = page.get_links()[0]["from"]
    image = page.get_pixmap(clip=area, dpi=300, colorspace="gray")
    step = image.width / len(matrix)
    read = [
        [image.pixel(int((column + 0.5) * step), int((row + 0.5) * step))[0] < 128 for column in range(len(matrix))]
        for row in range(len(matrix))
    ]
    assert read == [[bool(module) for module in row] for row in matrix]


def test_the_document_describes_itself() -> None:
    document = opened(render(make_report(), None))
    assert document.metadata["title"] == "经营主体公共信用信息报告 · 石家庄海港面馆有限公司"
    assert CODE in document.metadata["subject"]
    assert document.metadata["author"] == "石家庄市市场监督管理局"
    assert document.metadata["creationDate"] == "D:20261123100005+08'00'"
    assert document.xref_get_key(document.pdf_catalog(), "Lang") == ("string", "zh-CN")
    assert [title for _, title, _ in document.get_toc()][1] == "二、行政管理"


def test_all_fonts_are_embedded() -> None:
    document = opened(render(make_report(), None))
    fonts = {font for page in document for font in page.get_fonts()}
    assert fonts
    assert all(kind == "Type0" and extension == "ttf" and "+" in name for _, extension, kind, name, *_ in fonts)


def test_only_the_two_lists_are_amber_and_red() -> None:
    def colours(tone: Tone) -> set[int]:
        sections = (ReportSection(SectionKind.ADMINISTRATION, (make_item(tone=tone),)),)
        pdf = render(make_report(sections=sections, subject=make_subject(tags=())), None)
        blocks = (block for page in opened(pdf) for block in page.get_text("dict")["blocks"])
        return {span["color"] for block in blocks for line in block["lines"] for span in line["spans"]}

    assert colours(Tone.NEUTRAL).isdisjoint({0xB3261E, 0x9A5B00})
    assert 0xB3261E in colours(Tone.VIOLATION)
    assert 0x9A5B00 in colours(Tone.ABNORMAL)
