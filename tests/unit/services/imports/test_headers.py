"""Columns are bound by header text (standards.md 6, checks 22, 23, 32)."""

from itertools import permutations

import pytest

from registry.services.imports.faults import FileRefused
from registry.services.imports.headers import Headings, fold_header
from registry.services.imports.layouts import kinds, layouts_of
from registry.services.imports.messages import LAYOUTS
from tests.import_rows import bound, operator_row, penalty_row, read

CODE_1 = "行政相对人代码_1(统一社会信用代码)"


@pytest.mark.parametrize(
    "printed",
    [
        "行政相对人代码_1 (统一社会信用代码)",
        "行政相对人代码_1（统一社会信用代码）",
        "行政相对人代码＿1(统一社会信用代码)  ",
        " 行政相对人代码_1(统一社会信用代码)：",
        "*行政相对人代码_1(统一社会信用代码)(必填)",
        "CF_XDR_SHXYM",
        "cf_xdr_shxym",
        "cfXdrShxym",
        "ＣＦ＿ＸＤＲ＿ＳＨＸＹＭ",
        "行政相对人代码_1\n(统一社会信用代码)",
    ],
)
def test_check_22_all_variants_of_a_header_bind_the_same_column(printed):
    header = [printed if name == CODE_1 else name for name in penalty_row()]
    assert bound("penalties", header)["uscc"] == printed.strip()


@pytest.mark.parametrize(
    "amount", ["罚款金额 (万元)", "罚款金额（万元）", "罚款金额(万元):", "CF_NR_FK", "罚款金额(万元)(必填)"]
)
def test_check_22_variants_of_the_amount(amount):
    header = [amount if name.startswith("罚款金额") else name for name in penalty_row()]
    assert "fine" in bound("penalties", header)


def test_check_22_an_unknown_column_is_named():
    header = [*operator_row(), "幸运数字"]
    assert Headings.find(iter([(1, header)]), "operators").unknown == ("幸运数字",)


def test_check_22_legends_table_codes_and_repeated_headers_are_no_rows():
    codes = ["CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", *[""] * (len(penalty_row()) - 3)]
    headings = Headings.find(
        iter([(1, ["[YW_L_SGSXZCF]"]), (2, ["[0015]"]), (3, list(penalty_row())), (4, codes)]), "penalties"
    )
    assert headings.line == 3
    assert headings.is_noise(codes)
    assert headings.is_noise(["表格说明：日期格式为YYYY/MM/DD", ""])
    assert headings.is_noise(["[YW_L_SGSXZCF]"])
    assert not headings.is_noise(list(penalty_row().values()))


def test_check_32_values_follow_their_header_in_any_order():
    row = penalty_row()
    for order in list(permutations(list(row)[:4]))[:8]:
        shuffled = {name: row[name] for name in [*list(row)[4:], *order]}
        (prepared,) = read("penalties", shuffled)
        assert prepared.columns["document_no"] == "石长市监罚〔2026〕21号"
        assert prepared.party.name == "石家庄瑞祥商贸有限公司"


@pytest.mark.parametrize(
    "old",
    [
        "CF_XDR_ZDM",
        "CF_XDR_GSDJ",
        "行政相对人代码_2(组织机构代码)",
        "行政相对人代码_3(工商登记码)",
        "处罚结果",
        "CF_CFLB1",
        "行政相对人代码_2",
    ],
)
def test_check_23_the_layout_of_2015_is_refused_with_words(old):
    with pytest.raises(FileRefused) as refusal:
        bound("penalties", [*penalty_row(), old])
    assert refusal.value.reason == "old_layout"
    assert old in refusal.value.params["columns"]


def test_a_doubled_column_is_refused():
    with pytest.raises(FileRefused) as refusal:
        bound("operators", [*operator_row(), "企业名称 "])
    assert refusal.value.reason == "doubled_column"


def test_missing_columns_are_named():
    with pytest.raises(FileRefused) as refusal:
        bound("penalties", [name for name in penalty_row() if name not in ("处罚机关", "处罚类别")])
    assert refusal.value.reason == "columns_missing"
    assert refusal.value.params["columns"] == "处罚类别、处罚机关"


def test_a_file_of_another_kind_is_refused():
    with pytest.raises(FileRefused) as refusal:
        bound("licences", list(operator_row()))
    assert refusal.value.reason in {"no_header", "columns_missing"}


def test_an_amount_in_yuan_is_not_bound_as_wan():
    header = ["罚款金额(元)" if name.startswith("罚款金额") else name for name in penalty_row()]
    assert "fine" not in bound("penalties", header)
    assert "fine_yuan" in bound("penalties", header)


def test_folding_keeps_words_apart():
    assert fold_header("处罚机关") != fold_header("处罚机关统一社会信用代码")


def test_every_layout_has_words_for_officers():
    assert {layout.name for kind in kinds() for layout in layouts_of(kind)} == set(LAYOUTS)


def test_a_refusal_names_the_layout_in_words(app):
    with app.test_request_context():
        told = str(FileRefused("columns_missing", columns="处罚类别", unknown="-", layout="penalty.organisation"))
    assert "penalty.organisation" not in told
