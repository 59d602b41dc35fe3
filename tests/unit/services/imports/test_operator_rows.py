"""Rows of the registration layout."""

import json
from datetime import date

import pytest

from registry.ledger.content import content_from
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.imports.operator_batch import new_content
from registry.services.imports.operator_rows import status_of
from tests.import_rows import ENTERPRISE, HOUSEHOLD, flags, operator_row, read, read_cells, refusals, wrong

CODE = "统一社会信用代码"


def test_a_sound_row_has_no_faults():
    assert refusals("operators", operator_row()) == set()
    assert flags("operators", operator_row()) == set()


def test_all_faults_of_a_row_are_told_at_once():
    row = operator_row(企业名称="", 统一社会信用代码="9113010O", 注册日期="2024-02-30")
    assert refusals("operators", row) == {("企业名称", "missing"), (CODE, "uscc_length"), ("注册日期", "not_a_day")}


def test_check_2_eighteen_zeros_are_refused_although_they_pass_the_check():
    assert refusals("operators", operator_row(统一社会信用代码="0" * 18)) == {(CODE, "uscc_all_zeros")}


def test_check_4_a_wrong_check_character_is_refused_unless_a_reason_is_given():
    doubtful = wrong(ENTERPRISE)
    ((field, fault),) = refusals("operators", operator_row(统一社会信用代码=doubtful))
    assert field == CODE
    assert fault.startswith("uscc_check")
    row = operator_row(统一社会信用代码=doubtful, 存疑原因="营业执照所载即为此码")
    assert flags("operators", row) == {(CODE, "uscc_doubtful")}
    ((prepared),) = read("operators", row)
    assert prepared.uscc == doubtful


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        ("92**********6F", "uscc_masked"),
        (ENTERPRISE + "2", "uscc_length"),
        (ENTERPRISE[:10] + "O" + ENTERPRISE[11:], "uscc_alphabet"),
        ("00000000000000000X", "placeholder_without_registration_no"),
    ],
)
def test_misprinted_codes_are_refused_for_the_right_reason(printed, fault):
    assert refusals("operators", operator_row(统一社会信用代码=printed)) == {(CODE, fault)}


@pytest.mark.parametrize("printed", [ENTERPRISE.lower(), f" {ENTERPRISE[:9]} {ENTERPRISE[9:]} ", "９" + ENTERPRISE[1:]])
def test_lower_case_blanks_and_full_width_are_no_faults(printed):
    (prepared,) = read("operators", operator_row(统一社会信用代码=printed))
    assert prepared.uscc == ENTERPRISE


def test_an_old_registration_number_with_a_wrong_check_digit_is_flagged():
    good = {**operator_row(统一社会信用代码=""), "注册号": "130100000363655"}
    assert flags("operators", good) == set()
    assert flags("operators", {**good, "注册号": "330100000001101"}) == {("注册号", "registration_no_check")}


def test_a_registration_number_in_the_column_of_codes_is_taken_as_one():
    (prepared,) = read("operators", operator_row(统一社会信用代码="130100000363655"))
    assert (prepared.uscc, prepared.registration_no) == (None, "130100000363655")


def test_the_kind_follows_from_the_code():
    def kind(**cells):
        (prepared,) = read("operators", operator_row(**cells))
        return json.loads(prepared.payload)["kind"]

    assert kind() == OperatorKind.ENTERPRISE
    assert kind(统一社会信用代码=HOUSEHOLD) == OperatorKind.HOUSEHOLD


def test_a_household_code_with_another_kind_is_refused():
    row = {**operator_row(统一社会信用代码=HOUSEHOLD), "主体类型": "企业"}
    assert refusals("operators", row) == {("主体类型", "kind_against_code")}


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        ("存续（在营、开业、在册）", RegistrationStatus.ACTIVE),
        ("在业", RegistrationStatus.ACTIVE),
        ("吊销，未注销", RegistrationStatus.REVOKED),
        ("吊销，已注销", RegistrationStatus.CANCELLED),
        ("注销", RegistrationStatus.CANCELLED),
        ("歇业", RegistrationStatus.SUSPENDED),
        ("休眠", None),
    ],
)
def test_states_of_registration(printed, status):
    assert status_of(printed) is status


def test_an_unknown_state_is_refused():
    assert refusals("operators", {**operator_row(), "登记状态": "休眠"}) == {("登记状态", "unknown_value")}


@pytest.mark.parametrize("blank", ["/", "-", "", "NULL"])
def test_check_22_cells_that_say_nothing(blank):
    (prepared,) = read("operators", operator_row(注册资金=blank))
    assert b'"registered_capital":null' in prepared.payload


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2024/2/29", "2024-02-29"), ("45351", "2024-02-29"), ("2024年2月29日", "2024-02-29"), ("20240229", "2024-02-29")],
)
def test_check_24_days(cell, day):
    (prepared,) = read("operators", operator_row(注册日期=cell))
    assert f'"established_on":"{day}"'.encode() in prepared.payload


@pytest.mark.parametrize(("cell", "fault"), [("2024-02-30", "not_a_day"), ("2099/12/31", "date_future")])
def test_check_24_days_that_cannot_be(cell, fault):
    assert refusals("operators", operator_row(注册日期=cell)) == {("注册日期", fault)}


def test_torn_rows_are_refused():
    sound = list(operator_row().values())
    for cells, fault in ((sound[:-1], "too_few_cells"), ([*sound, "又一格"], "too_many_cells")):
        (prepared,) = read_cells("operators", list(operator_row()), cells)
        assert [each.code for each in prepared.faults] == [fault]


def test_a_number_that_the_spreadsheet_rounded_is_refused():
    assert ("企业名称", "number_cell") in refusals("operators", operator_row(企业名称="9.11301E+17"))


def test_the_short_way_to_new_content_gives_the_same_content():
    columns = {
        "name": "石家庄瑞祥商贸有限公司",
        "kind": OperatorKind.ENTERPRISE,
        "uscc": ENTERPRISE,
        "established_on": date(2019, 3, 2),
        "registration_status": RegistrationStatus.REVOKED,
        "status_on": date(2024, 2, 29),
    }
    by_the_book = content_from("operator", columns, successor=None, former_names=[], online_presences=[])
    assert new_content(columns, []) == by_the_book


@pytest.mark.parametrize(("code", "company_type"), [(ENTERPRISE, "个体工商户"), (HOUSEHOLD, "有限责任公司")])
def test_a_company_type_of_another_kind_than_the_code_is_flagged(code, company_type):
    row = operator_row(统一社会信用代码=code, 企业类型=company_type)
    assert ("企业类型", "company_type_against_code") in flags("operators", row)


@pytest.mark.parametrize("note", ["(已注销)", "（吊销，未注销）", "(原：石家庄旧日商贸有限公司)", "（曾用名：旧日）"])
def test_a_note_behind_a_name_is_flagged_and_the_name_kept_as_printed(note):
    row = operator_row(企业名称=f"石家庄瑞祥商贸有限公司{note}")
    assert ("企业名称", "note_in_name") in flags("operators", row)


@pytest.mark.parametrize(
    "name", ["瑞祥(石家庄)商贸有限公司", "石家庄瑞祥企业管理中心（有限合伙）", "石家庄原野(集团)有限公司"]
)
def test_brackets_that_belong_to_a_name_are_not_flagged(name):
    assert flags("operators", operator_row(企业名称=name)) == set()


def test_a_district_that_repeats_the_province_is_not_printed_twice():
    (prepared,) = read("operators", operator_row(所在省份="河北省", 地区="河北省石家庄市长安区"))
    assert "河北省石家庄市长安区".encode() in prepared.tail
    assert "河北省河北省".encode() not in prepared.tail
