"""Operators from files: entered, changed, unchanged, refused."""

import csv

from sqlalchemy import select

from models import ImportRow, LedgerEntry, Operator, db
from registry.rules.operator import RegistrationStatus
from registry.services.imports.correction_file import write_rejected
from tests.factories import make_uscc
from tests.import_rows import operator_row, wrong


def counts(report):
    return (report.counts.read, report.counts.applied, report.counts.unchanged, report.counts.rejected)


def operator_of(code):
    return db.session.execute(
        select(Operator).where(Operator.uscc == code), execution_options={"populate_existing": True}
    ).scalar_one()


def entries_of(record_id):
    return db.session.execute(
        select(LedgerEntry.action, LedgerEntry.actor)
        .where(LedgerEntry.record_id == record_id)
        .order_by(LedgerEntry.revision)
    ).all()


def test_a_new_operator_is_entered_with_one_ledger_entry(take):
    code = make_uscc()
    report = take("operators", operator_row(统一社会信用代码=code, 曾用名="石家庄旧名商贸有限公司"))
    assert counts(report) == (1, 1, 0, 0)
    operator = operator_of(code)
    assert (operator.name, operator.registration_status) == ("石家庄瑞祥商贸有限公司", RegistrationStatus.ACTIVE)
    assert [former.name for former in operator.former_names] == ["石家庄旧名商贸有限公司"]
    assert entries_of(operator.record_id) == [("operator.entered", f"import:{report.run_id}")]


def test_the_same_rows_again_change_nothing(take):
    rows = [operator_row(统一社会信用代码=make_uscc()) for _ in range(3)]
    take("operators", *rows)
    size = db.session.execute(select(db.func.max(LedgerEntry.seq))).scalar_one()
    assert counts(take("operators", *rows)) == (3, 0, 3, 0)
    assert db.session.execute(select(db.func.max(LedgerEntry.seq))).scalar_one() == size


def test_a_changed_name_moves_the_old_one_to_the_former_names(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    report = take("operators", operator_row(统一社会信用代码=code, 企业名称="石家庄瑞祥电子商务有限公司"))
    operator = operator_of(code)
    assert (operator.name, operator.revision) == ("石家庄瑞祥电子商务有限公司", 2)
    assert [former.name for former in operator.former_names] == ["石家庄瑞祥商贸有限公司"]
    assert entries_of(operator.record_id)[-1] == ("operator.changed", f"import:{report.run_id}")
    assert "瑞祥" in operator.search_terms


def test_check_27_bracket_width_makes_no_former_name_and_is_kept(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code, 企业名称="瑞祥(石家庄)商贸有限公司"))
    take("operators", operator_row(统一社会信用代码=code, 企业名称="瑞祥（石家庄）商贸有限公司"))
    operator = operator_of(code)
    assert operator.name == "瑞祥（石家庄）商贸有限公司"
    assert operator.former_names == []


def test_check_27_one_name_with_two_codes_is_two_operators(take):
    one, other = make_uscc(), make_uscc()
    assert counts(take("operators", *(operator_row(统一社会信用代码=code) for code in (one, other)))) == (2, 2, 0, 0)
    assert operator_of(one).id != operator_of(other).id


def test_one_code_with_two_names_in_one_file_is_refused_the_second_time(take):
    code = make_uscc()
    report = take(
        "operators",
        operator_row(统一社会信用代码=code),
        operator_row(统一社会信用代码=code, 企业名称="河北别家有限公司"),
    )
    assert counts(report) == (2, 1, 0, 1)
    (refused,) = db.session.execute(select(ImportRow).where(ImportRow.run_id == report.run_id)).scalars()
    assert (refused.line, [fault["code"] for fault in refused.faults]) == (3, ["contradicts_file"])


def test_a_file_that_contradicts_itself_comes_to_rest(take):
    code = make_uscc()
    rows = [operator_row(统一社会信用代码=code), operator_row(统一社会信用代码=code, 注册地址="石家庄市长安区别处2号")]
    assert counts(take("operators", *rows)) == (2, 1, 0, 1)
    assert counts(take("operators", *rows)) == (2, 0, 1, 1)
    assert operator_of(code).address == "石家庄市长安区中山路1号"


def test_rows_of_one_file_may_complete_each_other(take):
    code = make_uscc()
    rows = [operator_row(统一社会信用代码=code, 注册地址=""), operator_row(统一社会信用代码=code)]
    assert counts(take("operators", *rows)) == (2, 2, 0, 0)
    assert operator_of(code).address == "石家庄市长安区中山路1号"
    assert counts(take("operators", *rows)) == (2, 0, 2, 0)


def test_bracket_width_within_one_file_is_no_contradiction(take):
    code = make_uscc()
    rows = [
        operator_row(统一社会信用代码=code, 企业名称=name)
        for name in ("瑞祥(石家庄)有限公司", "瑞祥（石家庄）有限公司")
    ]
    assert counts(take("operators", *rows)) == (2, 1, 1, 0)
    assert counts(take("operators", *rows)) == (2, 0, 2, 0)


def test_contradictions_are_seen_across_batches(take, monkeypatch):
    from registry.services.imports import running

    monkeypatch.setattr(running, "BATCH", 1)
    code = make_uscc()
    rows = [operator_row(统一社会信用代码=code), operator_row(统一社会信用代码=code, 注册资金="9万元")]
    assert counts(take("operators", *rows)) == (2, 1, 0, 1)


def test_a_row_twice_in_one_file_counts_once(take):
    row = operator_row(统一社会信用代码=make_uscc())
    assert counts(take("operators", row, row)) == (2, 1, 1, 0)


def test_a_blank_cell_does_not_erase(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    assert counts(take("operators", operator_row(统一社会信用代码=code, 注册资金="/"))) == (1, 0, 1, 0)
    assert operator_of(code).registered_capital == "100万元人民币"


def test_a_file_without_a_state_leaves_the_state_alone(take):
    code = make_uscc()
    take("operators", {**operator_row(统一社会信用代码=code), "登记状态": "吊销"})
    assert counts(take("operators", operator_row(统一社会信用代码=code))) == (1, 0, 1, 0)
    assert operator_of(code).registration_status is RegistrationStatus.REVOKED


def test_a_household_that_receives_a_code_stays_the_same_operator(take):
    number = "130100600000015"
    first = operator_row(企业名称="长安区小米饭店", 统一社会信用代码="")
    take("operators", {**first, "注册号": number})
    code = make_uscc("92")
    take("operators", {**first, "统一社会信用代码": code, "注册号": number})
    operator = operator_of(code)
    assert (operator.registration_no, operator.revision) == (number, 2)


def test_check_26_the_county_is_never_read_from_the_code(take):
    code = make_uscc(region="130109")
    take("operators", operator_row(统一社会信用代码=code, 所在省份="", 地区=""))
    assert operator_of(code).region is None


def test_rejected_rows_come_back_with_their_reasons_and_can_be_corrected(take, importer, tmp_path):
    good, bad = make_uscc(), make_uscc()
    rows = [operator_row(统一社会信用代码=good), operator_row(统一社会信用代码=wrong(bad), 注册日期="2024-02-30")]
    report = take("operators", *rows)
    assert counts(report) == (2, 1, 0, 1)
    path = tmp_path / "rejected.csv"
    assert write_rejected(report.run_id, report.source, path) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        (back,) = csv.DictReader(file)
    assert back["原行号"] == "3"
    assert back["统一社会信用代码"] == wrong(bad)
    assert all(header in back["错误原因"] for header in ("统一社会信用代码", "注册日期"))
    corrected = {**back, "统一社会信用代码": bad, "注册日期": "2024-02-29"}
    again = take("operators", corrected)
    assert counts(again) == (1, 1, 0, 0)
    assert again.unknown == ()


def test_the_register_keeps_faults_and_no_values_of_a_refused_row(take):
    report = take("operators", operator_row(统一社会信用代码=wrong(make_uscc()), 法人代表="绝无此人"))
    (row,) = db.session.execute(select(ImportRow).where(ImportRow.run_id == report.run_id)).scalars()
    assert "绝无此人" not in str(row.faults)


def test_a_row_that_the_database_refuses_does_not_harm_its_neighbours(take, monkeypatch):
    from registry.services.imports import preparing

    codes = [make_uscc() for _ in range(5)]
    real = preparing.READERS["operators"]

    def spoilt(row, record_id, given):
        ready = real(row, record_id, given)
        if row.line == 4:
            return ready._replace(tail=ready.tail.replace(b"enterprise", b"no_such_kind"))
        return ready

    monkeypatch.setitem(preparing.READERS, "operators", spoilt)
    report = take("operators", *(operator_row(统一社会信用代码=code) for code in codes))
    assert counts(report) == (5, 4, 0, 1)
    (row,) = db.session.execute(select(ImportRow).where(ImportRow.run_id == report.run_id)).scalars()
    assert (row.line, row.faults[0]["code"]) == (4, "database_refused")
