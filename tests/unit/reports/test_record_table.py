"""Where the table of a record may be torn, and what stays together or on one line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.reports.credit_report import render
from registry.reports.model import ReportSection, SectionKind
from tests.unit.reports.samples import make_item, make_report, make_subject, opened


@settings(max_examples=40)
@given(lengths=st.lists(st.integers(1, 900), min_size=3, max_size=14))
def test_the_number_of_a_record_never_stands_alone_on_a_page(lengths: list[int]) -> None:
    items = tuple(
        make_item(
            rows=(("处罚类别", "罚款"), ("违法事实", "事" * length), ("处罚内容", "罚款 20,000.00 元（2 万元）")),
            source=f"第{number:03d}号市场监督管理局",
            record_id=f"130100.administrative_penalty.00000000-0000-4000-8000-{number:012d}",
        )
        for number, length in enumerate(lengths)
    )
    pdf = render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, items),)), None)
    pages = [page.get_text() for page in opened(pdf)]
    for number, item in enumerate(items):
        (page,) = [page for page in pages if item.record_id in page]
        assert f"第{number:03d}号市场监督管理局" in page


def test_a_short_table_that_has_no_room_goes_to_the_next_page_whole() -> None:
    rows = (("处罚类别", "罚款"), ("处罚内容", "没收" * 40))
    for count in range(1, 40):
        items = tuple(
            make_item(title=f"文号{number:02d}", rows=rows, source=f"机关{number:02d}") for number in range(count)
        )
        pdf = render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, items),)), None)
        pages = [page.get_text() for page in opened(pdf)]
        for number in range(count):
            assert [f"文号{number:02d}" in page for page in pages] == [f"机关{number:02d}" in page for page in pages]


def test_the_longest_usual_label_stands_on_one_line() -> None:
    label = "法定代表人（负责人）"
    pdf = render(make_report(subject=make_subject(rows=((label, "赵瑞禾"),))), None)
    assert label in opened(pdf)[0].get_text().split("\n")


def test_a_heading_without_items_is_not_drawn_along_with_the_closing_notes() -> None:
    stays = []
    for count in range(1, 12):
        items = tuple(make_item(rows=(("处罚内容", "没收" * 40),)) for _ in range(count))
        pdf = render(make_report(sections=(ReportSection(SectionKind.ADMINISTRATION, items),)), None)
        (closing,) = [page.get_text() for page in opened(pdf) if "报告说明" in page.get_text()]
        stays.append("九、其他" not in closing)
    assert any(stays)
