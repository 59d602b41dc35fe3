"""Rows of the 双公示 penalty layouts (standards.md 6, checks 1 to 6 and 9)."""

from decimal import Decimal

import pytest

from registry.rules import uscc
from tests.import_rows import (
    ENTERPRISE,
    HOUSEHOLD,
    flags,
    identity_number,
    penalty_row,
    person_row,
    read,
    refusals,
    wrong,
)

CATEGORY = "行政相对人类别"
CODE_1 = "行政相对人代码_1(统一社会信用代码)"
CODE_2 = "行政相对人代码_2(工商注册号)"
FINE = "罚款金额（万元）"
CONFISCATED = "没收违法所得、没收非法财物的金额（万元）"


def penalty(**cells):
    (prepared,) = read("penalties", penalty_row(**cells))
    return prepared


def test_a_sound_row_has_no_faults():
    assert refusals("penalties", penalty_row()) == set()
    assert flags("penalties", penalty_row()) == set()


def test_check_1_a_household_code_with_the_category_of_organisations_is_refused():
    faults = refusals("penalties", penalty_row(**{CODE_1: HOUSEHOLD}))
    assert (CODE_1, "code_against_category") in faults
    assert (CATEGORY, "category_against_code") in faults


def test_check_1_an_enterprise_code_with_the_category_of_households_is_refused():
    assert (CODE_1, "code_against_category") in refusals("penalties", penalty_row(**{CATEGORY: "个体工商户"}))


def test_check_1_what_a_category_leaves_empty_must_be_empty():
    row = penalty_row(证件类型="身份证", 证件号码=identity_number())
    assert refusals("penalties", row) == {("证件类型", "must_be_empty"), ("证件号码", "must_be_empty")}
    household = {CATEGORY: "个体工商户", CODE_1: HOUSEHOLD, "行政相对人代码_5(事业单位证书号)": "113010000123"}
    assert refusals("penalties", penalty_row(**household)) == {("行政相对人代码_5(事业单位证书号)", "must_be_empty")}


def test_check_2_the_placeholder_is_for_households_with_a_registration_number():
    household = {CATEGORY: "个体工商户", CODE_1: uscc.PLACEHOLDER}
    accepted = penalty_row(**household, **{CODE_2: "130100000363655"})
    assert refusals("penalties", accepted) == set()
    (prepared,) = read("penalties", accepted)
    assert prepared.party.key == "reg:130100000363655"
    assert refusals("penalties", penalty_row(**household)) == {(CODE_2, "placeholder_without_registration_no")}
    assert refusals("penalties", penalty_row(**{CODE_1: uscc.PLACEHOLDER})) == {(CODE_1, "uscc_placeholder")}
    assert refusals("penalties", penalty_row(**{CATEGORY: "个体工商户", CODE_1: "0" * 18})) == {
        (CODE_1, "uscc_all_zeros")
    }


@pytest.mark.parametrize("code", [CODE_1, CODE_2, "行政相对人代码_5(事业单位证书号)"])
def test_check_3_a_natural_person_with_any_code_is_refused(code):
    person = {CATEGORY: "自然人", CODE_1: "", "法定代表人": "", "证件类型": "身份证", "证件号码": identity_number()}
    assert refusals("penalties", penalty_row(**person)) == set()
    assert refusals("penalties", penalty_row(**{**person, code: ENTERPRISE})) == {(code, "must_be_empty")}


def test_check_4_a_doubtful_code_needs_a_reason():
    doubtful = {**penalty_row(**{CODE_1: wrong(ENTERPRISE)}), "存疑原因": ""}
    ((field, fault),) = refusals("penalties", doubtful)
    assert (field, fault[:10]) == (CODE_1, "uscc_check")
    (prepared,) = read("penalties", {**doubtful, "存疑原因": "决定书与执照均为此码"})
    assert prepared.party.uscc_doubt == "决定书与执照均为此码"


def test_check_5_a_fine_needs_its_amount_and_an_amount_its_kind():
    assert refusals("penalties", penalty_row(**{FINE: ""})) == {(FINE, "amount_missing")}
    assert refusals("penalties", penalty_row(**{FINE: "0"})) == {(FINE, "amount_missing")}
    assert refusals("penalties", penalty_row(处罚类别="警告")) == {(FINE, "amount_without_kind")}
    assert refusals("penalties", penalty_row(处罚类别="罚款;没收违法所得")) == {(CONFISCATED, "amount_missing")}
    assert refusals("penalties", penalty_row(处罚类别="罚款;没收非法财物")) == set()
    assert refusals("penalties", penalty_row(**{CONFISCATED: "1"})) == {(CONFISCATED, "amount_without_kind")}
    assert refusals("penalties", penalty_row(处罚类别="罚款;吊销许可证件")) == {
        ("暂扣或吊销证照名称及编号", "licence_missing")
    }


@pytest.mark.parametrize(
    ("cell", "yuan"), [("0.0545", "545.00"), ("123456.789012", "1234567890.12"), ("2", "20000.00")]
)
def test_check_5_amounts_are_exact(cell, yuan):
    assert penalty(**{FINE: cell}).columns["fine"] == Decimal(yuan)


@pytest.mark.parametrize("cell", ["两万元", "-2", "1.2345678"])
def test_an_amount_is_digits(cell):
    assert refusals("penalties", penalty_row(**{FINE: cell})) == {(FINE, "amount_format")}


def test_check_6_yuan_in_a_field_of_ten_thousand_yuan_are_suspected():
    row = penalty_row(处罚内容="罚款陆万元整", **{FINE: "60000"})
    assert flags("penalties", row) == {(FINE, "unit_suspect")}
    assert flags("penalties", penalty_row(处罚内容="罚款陆万元整", **{FINE: "6"})) == set()
    assert flags("penalties", penalty_row(处罚内容="罚款伍万元整", **{FINE: "6"})) == {(FINE, "amount_disagrees")}


@pytest.mark.parametrize("number", ["石环不罚决〔2025〕无极-38号", "石市监不予罚〔2026〕1号"])
def test_check_9_a_decision_not_to_punish_is_no_penalty(number):
    assert refusals("penalties", penalty_row(行政处罚决定书文号=number)) == {("行政处罚决定书文号", "not_a_penalty")}


def test_a_garbled_document_number_is_flagged():
    assert flags("penalties", penalty_row(行政处罚决定书文号="监处罚〔202321")) == {
        ("行政处罚决定书文号", "document_no_form")
    }


def test_unknown_kinds_are_named():
    row = penalty_row(处罚类别="罚款;打板子")
    (prepared,) = read("penalties", row)
    assert [(f.code, f.params) for f in prepared.faults] == [("kinds_unknown", {"words": "打板子"})]


def test_days_follow_each_other():
    assert refusals("penalties", penalty_row(处罚决定日期="2026-11-25")) == {("处罚决定日期", "date_future")}
    assert refusals("penalties", penalty_row(公示截止期="2026/11/10")) == {("公示截止期", "date_order")}
    assert refusals("penalties", penalty_row(处罚有效期="2026/11/09")) == {("处罚有效期", "date_order")}


def test_a_persons_name_and_number_stay_apart_from_the_record():
    (prepared,) = read("penalties", person_row(违法事实="欧阳建国在其网店销售假药。"))
    number = identity_number()
    assert prepared.personal == {"name": "欧阳建国", "id_number": number}
    stored = repr(prepared.columns) + repr(prepared.party)
    assert "欧阳建国" not in stored
    assert number not in stored
    assert prepared.party.key.startswith("person:")


def test_a_wrong_identity_number_is_refused():
    number = identity_number()
    changed = number[:17] + ("1" if number[17] != "1" else "2")
    assert refusals("penalties", person_row(证件号码=changed)) == {("证件号码", "identity_number_check")}


def test_a_minor_is_recognised_by_the_day_of_birth():
    (grown,) = read("penalties", person_row())
    (minor,) = read("penalties", person_row(证件号码=identity_number(born="20100101")))
    assert (grown.party_under_age, minor.party_under_age) == (False, True)


def test_codes_of_authority_and_source_must_pass_their_check():
    row = penalty_row()
    row["处罚机关统一社会信用代码"] = wrong(row["处罚机关统一社会信用代码"])
    ((field, fault),) = refusals("penalties", row)
    assert (field, fault[:10]) == ("处罚机关统一社会信用代码", "uscc_check")


@pytest.mark.parametrize("kinds", ["其他-不予行政处罚", "不予处罚", "其他-免予处罚"])
def test_check_9_kinds_that_say_not_to_punish_are_refused_whatever_the_number_looks_like(kinds):
    row = penalty_row(处罚类别=kinds, 处罚内容="责令改正", **{FINE: ""})
    assert refusals("penalties", row) == {("处罚类别", "not_to_punish")}


def test_check_9_a_content_that_says_not_to_punish_is_refused_where_no_kind_is_named():
    row = penalty_row(处罚类别="其他", 处罚内容="依法决定不予行政处罚", **{FINE: ""})
    assert refusals("penalties", row) == {("处罚内容", "not_to_punish")}


def test_check_9_a_content_that_leaves_one_act_unpunished_beside_a_penalty_is_flagged():
    row = penalty_row(处罚类别="警告", 处罚内容="对标签瑕疵不予处罚；对未查验行为给予警告", **{FINE: ""})
    assert refusals("penalties", row) == set()
    assert ("处罚内容", "not_to_punish_beside") in flags("penalties", row)
