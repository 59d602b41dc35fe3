"""The upload templates (standards.md 6, checks 4, 5, 25)."""

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models import AccessLog, Penalty, db
from registry.rules import uscc
from registry.services.exports import export
from registry.services.imports.undo import undo
from registry.services.table_cells import guarded
from registry.transaction import transaction
from tests.factories import make_uscc
from tests.import_rows import VAULT, identity_number, licence_row, penalty_row, person_row, wrong

CODE_1 = "行政相对人代码_1(统一社会信用代码)"


def written(tmp_path, what, layout):
    path = tmp_path / f"{what}.xlsx"
    with transaction():
        export(what, layout, path, vault=VAULT, actor="officer:1", purpose="上报信用河北")
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return path, [dict(zip(header, row, strict=True)) for row in rows]


@pytest.fixture
def one(take):
    runs = []

    def taken(*rows, kind="penalties"):
        runs.append(take(kind, *rows).run_id)

    yield taken
    for run_id in reversed(runs):
        undo(run_id)


def test_the_template_has_the_official_headers_days_and_amounts(one, tmp_path):
    one(penalty_row(**{CODE_1: make_uscc(), "罚款金额（万元）": "0.0545"}, 处罚内容="罚款545元"))
    _, (row,) = written(tmp_path, "penalties", "organisation")
    assert list(row)[:5] == [
        "行政相对人名称",
        "行政相对人类别",
        "行政相对人代码_1(统一社会信用代码)",
        "行政相对人代码_2(工商注册号)",
        "行政相对人代码_3(组织机构代码)",
    ]
    assert (row["罚款金额(万元)"], row["处罚决定日期"], row["处罚有效期"]) == ("0.0545", "2026/11/10", "2099/12/31")


@pytest.mark.parametrize("wan", ["0.0545", "123456.789012", "2"])
def test_check_5_amounts_survive_both_directions(one, take, tmp_path, wan):
    code = make_uscc()
    one(penalty_row(**{CODE_1: code, "罚款金额（万元）": wan}))
    _, (row,) = written(tmp_path, "penalties", "organisation")
    assert row["罚款金额(万元)"] == wan


def test_check_4_a_doubtful_code_is_exported_with_its_flag_and_comes_back(one, importer, tmp_path):
    code = wrong(make_uscc())
    one({**penalty_row(**{CODE_1: code}, 公示截止期="2027/11/10"), "存疑原因": "执照即为此码"})
    path, (row,) = written(tmp_path, "penalties", "organisation")
    assert (row[CODE_1], row["备注"]) == (code, "〔代码存疑：执照即为此码〕")
    report = importer.take_in("penalties", path)
    assert (report.counts.unchanged, report.counts.rejected) == (1, 0)


def test_check_25_formulas_are_neutralised_and_come_back(one, importer, tmp_path):
    one(
        penalty_row(
            **{CODE_1: make_uscc()},
            违法事实='=HYPERLINK("http://x","y")',
            违法行为类型="@SUM(1)",
            公示截止期="2027/11/10",
        )
    )
    path, (row,) = written(tmp_path, "penalties", "organisation")
    assert row["违法事实"].startswith("'=")
    assert not any(str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    assert importer.take_in("penalties", path).counts.unchanged == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_check_25_every_start_of_a_formula(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded("1+1") == "1+1"


def test_a_household_without_a_code_goes_out_with_the_placeholder(one, tmp_path):
    cells = {CODE_1: uscc.PLACEHOLDER, "行政相对人代码_2(工商注册号)": "130100600000023"}
    one(penalty_row(**cells, 行政相对人类别="个体工商户"))
    _, (row,) = written(tmp_path, "penalties", "organisation")
    assert (row[CODE_1], row["行政相对人代码_2(工商注册号)"]) == (uscc.PLACEHOLDER, "130100600000023")


def test_the_layout_of_persons_holds_clear_values_and_is_logged(one, tmp_path):
    number = identity_number(serial="411")
    one(person_row(证件号码=number))
    _, (row,) = written(tmp_path, "penalties", "person")
    assert (row["行政相对人名称"], row["证件号码"]) == ("欧阳建国", number)
    logged = db.session.execute(select(AccessLog.event, AccessLog.actor, AccessLog.purpose)).all()
    assert ("export.penalties.person", "officer:1", "上报信用河北") in logged
    _, organisations = written(tmp_path, "penalties", "organisation")
    assert organisations == []


def test_licences_go_out(one, tmp_path):
    one(licence_row(**{CODE_1: make_uscc()}), kind="licences")
    _, (row,) = written(tmp_path, "licences", "organisation")
    assert (row["有效期至"], row["当前状态"]) == ("2031/01/04", "1")


def test_only_records_in_force_go_out(one, tmp_path):
    one(penalty_row(**{CODE_1: make_uscc()}, 处罚类别="警告", 处罚内容="警告", **{"罚款金额（万元）": ""}))
    assert db.session.execute(select(Penalty)).first() is not None
    db.session.rollback()
    assert written(tmp_path, "penalties", "organisation")[1] == []
