"""Category of a party against its codes: the whole table of standards.md 1.5, cell by cell."""

import pytest

from registry.rules import uscc
from tests.import_rows import ENTERPRISE, HOUSEHOLD, code, flags, identity_number, penalty_row, refusals

CATEGORY = "行政相对人类别"
CODE_1 = "行政相对人代码_1(统一社会信用代码)"
CODE_2 = "行政相对人代码_2(工商注册号)"
CODE_3 = "行政相对人代码_3(组织机构代码)"
CODE_4 = "行政相对人代码_4(税务登记号)"
CODE_5 = "行政相对人代码_5(事业单位证书号)"
CODE_6 = "行政相对人代码_6(社会组织登记证号)"
REPRESENTATIVE = ("法定代表人", "法定代表人证件类型", "法定代表人证件号码")
DOCUMENT = ("证件类型", "证件号码")
NUMBER = "130100600000014"
FILLED = {
    CODE_1: ENTERPRISE, CODE_2: NUMBER, CODE_3: "10774368-0", CODE_4: "130100000000001", CODE_5: "113010000123",
    CODE_6: "51130100000001", "法定代表人": "张三丰", "法定代表人证件类型": "身份证",
    "法定代表人证件号码": identity_number(serial="501"), "证件类型": "身份证", "证件号码": identity_number(serial="503"),
}  # fmt: skip
ORGANISATION = {CATEGORY: "法人及非法人组织", CODE_1: ENTERPRISE}
HOUSEHOLDS = {CATEGORY: "个体工商户", CODE_1: HOUSEHOLD}
PERSON = {CATEGORY: "自然人", **{name: FILLED[name] for name in DOCUMENT}}


def row(*given):
    """A row with every column of the party, empty but for these."""
    cells = {**penalty_row(), **dict.fromkeys(FILLED, "")}
    for each in given:
        cells |= each
    return cells


@pytest.mark.parametrize("prefix", ["91", "93", "11", "12", "19", "31", "51", "52", "81", "A1", "N1", "N2", "N3", "Y1"])
def test_organisations_have_codes_of_every_department_but_92(prefix):
    assert refusals("penalties", row(ORGANISATION, {CODE_1: code(prefix + "130102MA0000001")})) == set()
    faults = refusals("penalties", row(HOUSEHOLDS, {CODE_1: code(prefix + "130102MA0000001")}))
    assert faults == {(CODE_1, "code_against_category"), (CATEGORY, "category_against_code")}


@pytest.mark.parametrize(
    ("category", "empty"),
    [
        (ORGANISATION, DOCUMENT),
        (HOUSEHOLDS, (*DOCUMENT, CODE_5, CODE_6)),
        (PERSON, (CODE_1, CODE_2, CODE_3, CODE_4, CODE_5, CODE_6, *REPRESENTATIVE)),
    ],
    ids=["organisation", "household", "person"],
)
def test_what_must_be_empty_is_named_and_what_may_be_filled_is_taken(category, empty):
    assert refusals("penalties", row(category)) == set()
    for name, cell in FILLED.items():
        if name in category:
            continue
        faults = refusals("penalties", row(category, {name: cell}))
        if name in empty:
            assert (name, "must_be_empty") in faults
        else:
            assert all(field != name or fault != "must_be_empty" for field, fault in faults)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ((ORGANISATION, {CODE_1: ""}), {(CODE_1, "missing")}),
        ((ORGANISATION, {CODE_1: "", CODE_2: NUMBER}), {(CODE_1, "missing")}),
        ((ORGANISATION, {CODE_1: uscc.PLACEHOLDER, CODE_2: NUMBER}), {(CODE_1, "uscc_placeholder")}),
        ((HOUSEHOLDS, {CODE_1: uscc.PLACEHOLDER, CODE_2: NUMBER}), set()),
        ((HOUSEHOLDS, {CODE_1: "", CODE_2: NUMBER}), set()),
        ((HOUSEHOLDS, {CODE_1: uscc.PLACEHOLDER}), {(CODE_2, "placeholder_without_registration_no")}),
        ((HOUSEHOLDS, {CODE_1: ""}), {(CODE_2, "no_identifier")}),
        ((PERSON, {"证件号码": ""}), {("证件号码", "missing")}),
        ((PERSON, {"证件类型": ""}), {("证件类型", "missing")}),
        ((PERSON, {"证件号码": "130102199003071230"}), {("证件号码", "identity_number_check")}),
        ((PERSON, {"证件号码": "130***********1234"}), {("证件号码", "number_masked")}),
        ((PERSON, {"证件类型": "军官证"}), {("证件类型", "unknown_value")}),
        ((PERSON, {"证件类型": "护照号", "证件号码": "E12345678"}), set()),
        ((PERSON, {"证件类型": "其他-军官证", "证件号码": "冀字第0001号"}), set()),
        ((PERSON, {CATEGORY: "个人"}), {(CATEGORY, "unknown_value")}),
        ((PERSON, {CATEGORY: ""}), {(CATEGORY, "missing")}),
    ],
)
def test_what_must_be_filled(given, faults):
    assert refusals("penalties", row(*given)) == faults


def test_a_document_of_the_representative_is_checked_and_never_forbids_the_row():
    document = {"法定代表人": "张三丰", "法定代表人证件类型": "身份证", "法定代表人证件号码": "130102199003071230"}
    assert flags("penalties", row(ORGANISATION, document)) == {("法定代表人证件号码", "identity_number_check")}


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        ("112130000401704594G", "uscc_length"),
        ("9113013059247024402", "uscc_length"),
        ("91350203M0001QKT19", "uscc_check"),
        ("91130102**********", "uscc_masked"),
        ("9.11301E+17", "number_cell"),
        (identity_number(serial="505"), "uscc_identity_number"),
        ("91130102MAOOOOOO17", "uscc_alphabet"),
    ],
)
def test_codes_as_real_notices_misprint_them(printed, fault):
    ((field, found),) = refusals("penalties", row(ORGANISATION, {CODE_1: printed}))
    assert field == CODE_1
    assert found.startswith(fault)
