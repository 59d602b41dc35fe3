"""The checks of standards.md section 6 that the importer, the exporter and the calendar answer for, by their numbers.

Each drives the command line with files made on the spot: csv in UTF-8, with a byte order mark and in GB18030, and xlsx.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from xlsxwriter import Workbook

from models import ImportRow, LedgerEntry, Operator, Penalty, PublicFinding, db
from registry.app import create_app
from registry.rules import uscc
from registry.rules.record import RecordState
from registry.services.imports.faults import sentence
from tests.database import cloned_database, close
from tests.factories import make_uscc
from tests.import_rows import abnormal_row, identity_number, operator_row, penalty_row, person_row, wrong

CATEGORY = "行政相对人类别"
CODE_1 = "行政相对人代码_1(统一社会信用代码)"
CODE_2 = "行政相对人代码_2(工商注册号)"
NUMBER = "行政处罚决定书文号"
FINE = "罚款金额（万元）"
FORMATS = ("utf-8", "utf-8-sig", "gb18030", "xlsx")

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command said: exit status, counts, the notes of each line as sentences, the refused rows as they came back."""

    status: int
    read: int
    applied: int
    unchanged: int
    rejected: int
    notes: dict[int, list[str]]
    returned: list[dict[str, str]]
    words: str

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.read, self.applied, self.unchanged, self.rejected


HandIn = Callable[..., Answer]


@pytest.fixture(scope="module")
def node() -> Iterator[Flask]:
    with cloned_database() as settings:
        application = create_app(settings)
        with application.app_context():
            yield application
        close(application)


@pytest.fixture(autouse=True)
def on_a_fixed_day() -> Iterator[None]:
    with time_machine.travel("2026-11-24T02:00:00Z"):
        yield
    db.session.rollback()


def write_table(path: Path, table: Sequence[Sequence[object]], form: str) -> Path:
    """Rows of cells as a file of one of the FORMATS; a workbook keeps numbers and days as such."""
    if form == "xlsx":
        with Workbook(str(path), {"default_date_format": "yyyy/m/d", "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            for number, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell)
                    else:
                        sheet.write(number, column, cell)
    else:
        with path.open("w", encoding=form, newline="") as file:
            csv.writer(file).writerows(table)
    return path


@pytest.fixture
def hand_in(node: Flask, tmp_path: Path) -> HandIn:
    """`import KIND FILE --errors OUT --json` with rows, or with a whole table as it stands in the file."""

    def handed(kind: str, *rows: Row, table: Sequence[Sequence[object]] = (), form: str = "utf-8") -> Answer:
        header = list(rows[0]) if rows else []
        cells = table or [header, *([row[name] for name in header] for row in rows)]
        path = write_table(tmp_path / f"file.{'xlsx' if form == 'xlsx' else 'csv'}", cells, form)
        errors = tmp_path / "errors.csv"
        errors.unlink(missing_ok=True)
        result = node.test_cli_runner().invoke(args=["import", kind, str(path), "--errors", str(errors), "--json"])
        assert "Traceback" not in result.output
        db.session.expire_all()
        if result.exit_code == 1:
            return Answer(1, 0, 0, 0, 0, {}, [], result.stderr)
        counts = json.loads(result.stdout.splitlines()[-1])
        noted = db.session.execute(select(ImportRow).where(ImportRow.run_id == counts["run"])).scalars()
        returned = []
        if errors.exists():
            with errors.open(encoding="utf-8-sig", newline="") as file:
                returned = list(csv.DictReader(file))
        return Answer(
            result.exit_code,
            *(counts[name] for name in ("read", "applied", "unchanged", "rejected")),
            {row.line: [sentence(fault) for fault in row.faults] for row in noted},
            returned,
            result.output,
        )

    return handed


@pytest.fixture
def exported(node: Flask, tmp_path: Path) -> Callable[[str, str], list[dict[str, str]]]:
    """`export WHAT --layout LAYOUT OUT.xlsx`, read back."""

    def rows(what: str, layout: str) -> list[dict[str, str]]:
        out = tmp_path / f"{what}.xlsx"
        result = node.test_cli_runner().invoke(args=["export", what, "--layout", layout, str(out), "--purpose", "上报"])
        assert result.exit_code == 0, result.output
        header, *cells = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, header), map(str, row), strict=True)) for row in cells]

    return rows


def penalties_on(code: str) -> list[Penalty]:
    found = select(Penalty).join(Operator, Operator.id == Penalty.operator_id).where(Operator.uscc == code)
    return list(db.session.execute(found.order_by(Penalty.id)).scalars())


def operator_of(code: str) -> Operator | None:
    return db.session.execute(select(Operator).where(Operator.uscc == code)).scalar_one_or_none()


def ledger_size() -> int:
    return db.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()


@pytest.mark.parametrize("form", FORMATS)
def test_check_01_code_and_category_must_agree_and_the_field_is_named(hand_in, form):
    household, enterprise = make_uscc("92"), make_uscc()
    answer = hand_in(
        "penalties",
        penalty_row(**{CODE_1: household}),
        penalty_row(**{CODE_1: enterprise, CATEGORY: "个体工商户"}),
        form=form,
    )
    assert (answer.status, answer.counts) == (3, (2, 0, 0, 2))
    for line in (2, 3):
        assert any(each.startswith(f"{CODE_1}：与行政相对人类别不符") for each in answer.notes[line])
        assert any(each.startswith(f"{CATEGORY}：与统一社会信用代码不符") for each in answer.notes[line])
    assert operator_of(household) is None
    assert operator_of(enterprise) is None


def test_check_02_the_placeholder_is_for_households_with_a_registration_number_and_18_zeros_for_nobody(hand_in):
    placeholder = {CODE_1: uscc.PLACEHOLDER}
    household = {CATEGORY: "个体工商户", "行政相对人名称": "长安区小米饭店"}
    answer = hand_in(
        "penalties",
        penalty_row(**household, **placeholder, **{CODE_2: "130100600000014"}),
        penalty_row(**household, **placeholder),
        penalty_row(**placeholder, **{CODE_2: "130100600000014"}),
        penalty_row(**{CODE_1: "0" * 18}),
    )
    assert answer.counts == (4, 1, 0, 3)
    assert "必须填写工商注册号" in answer.notes[3][0]
    assert "只能用于" in answer.notes[4][0]
    assert "全部为0" in answer.notes[5][0]
    assert uscc.check_character("0" * 17) == "0"
    (penalty,) = db.session.execute(select(Penalty).where(Penalty.party_key == "reg:130100600000014")).scalars()
    assert penalty.operator.uscc is None


def test_check_03_a_natural_person_with_any_code_of_an_organisation_is_refused(hand_in):
    codes = {
        CODE_1: make_uscc(),
        CODE_2: "130100600000014",
        "行政相对人代码_3(组织机构代码)": "10774368-0",
        "行政相对人代码_4(税务登记号)": "130100000000001",
        "行政相对人代码_5(事业单位证书号)": "113010000123",
        "行政相对人代码_6(社会组织登记证号)": "51130100000001",
    }
    blank = {**penalty_row(), **dict.fromkeys(codes, ""), "法定代表人": "", CATEGORY: "自然人"}
    person = {**blank, "行政相对人名称": "张三丰", "证件类型": "身份证", "证件号码": identity_number(serial="311")}
    answer = hand_in("penalties", person, *({**person, name: code} for name, code in codes.items()))
    assert answer.counts == (7, 1, 0, 6)
    for line, name in enumerate(codes, 3):
        assert [each.split("：")[0] for each in answer.notes[line]] == [name]


def test_check_04_a_wrong_check_character_needs_a_reason_and_the_doubt_is_exported(hand_in, exported):
    doubtful = wrong(make_uscc())
    refused = hand_in("penalties", penalty_row(**{CODE_1: doubtful}))
    assert (refused.status, refused.counts) == (3, (1, 0, 0, 1))
    assert "校验码不符" in refused.returned[0]["错误原因"]
    row = {**penalty_row(**{CODE_1: doubtful}), "存疑原因": "营业执照所载即为此码"}
    accepted = hand_in("penalties", row)
    assert accepted.counts == (1, 1, 0, 0)
    assert "存疑代码" in accepted.notes[2][0]
    operator = operator_of(doubtful)
    assert operator is not None
    assert operator.uscc_doubt == "营业执照所载即为此码"
    (out,) = [each for each in exported("penalties", "organisation") if each[CODE_1] == doubtful]
    assert "代码存疑：营业执照所载即为此码" in out["备注"]


def test_check_05_fines_and_kinds_demand_each_other_and_amounts_are_exact_both_ways(hand_in, exported):
    small, large = make_uscc(), make_uscc()
    answer = hand_in(
        "penalties",
        penalty_row(**{CODE_1: make_uscc(), FINE: ""}),
        penalty_row(**{CODE_1: make_uscc(), "处罚类别": "警告", "处罚内容": "警告"}),
        penalty_row(**{CODE_1: small, FINE: "0.0545", "处罚内容": "罚款545元"}),
        penalty_row(**{CODE_1: large, FINE: "123456.789012", "处罚内容": "罚款"}),
        penalty_row(**{CODE_1: make_uscc(), FINE: "0.0000001"}),
    )
    assert answer.counts == (5, 2, 0, 3)
    assert "必须填写金额" in answer.notes[2][0]
    assert "没有对应的种类" in answer.notes[3][0]
    assert "最多六位小数" in answer.notes[6][0]
    assert penalties_on(small)[0].fine == Decimal("545.00")
    assert penalties_on(large)[0].fine == Decimal("1234567890.12")
    out = {each[CODE_1]: each["罚款金额(万元)"] for each in exported("penalties", "organisation")}
    assert (out[small], out[large]) == ("0.0545", "123456.789012")


def test_check_06_yuan_in_a_field_of_ten_thousands_are_flagged(hand_in):
    code = make_uscc()
    answer = hand_in("penalties", penalty_row(**{CODE_1: code, FINE: "60000", "处罚内容": "罚款陆万元整"}))
    assert answer.counts == (1, 1, 0, 0)
    assert answer.notes[2][0].startswith(f"{FINE}：单位疑为“元”，本栏单位是“万元”")
    right = hand_in("penalties", penalty_row(**{CODE_1: make_uscc(), FINE: "6", "处罚内容": "罚款陆万元整"}))
    assert right.notes == {}


def test_check_07_one_number_and_two_parties_are_two_records_and_the_same_again_is_one(hand_in):
    one, other = make_uscc(), make_uscc()
    rows = [penalty_row(**{CODE_1: code, NUMBER: "石长市监罚〔2026〕7号"}) for code in (one, other)]
    assert hand_in("penalties", *rows).counts == (2, 2, 0, 0)
    assert penalties_on(one)[0].record_id != penalties_on(other)[0].record_id
    answer = hand_in("penalties", rows[0], {**rows[0], "备注": ""})
    assert answer.counts == (2, 0, 2, 0)
    twice = hand_in("penalties", *[penalty_row(**{CODE_1: make_uscc()})] * 2)
    assert twice.counts == (2, 1, 1, 0)
    assert "2026-11-24 10:0" in twice.notes[3][0]


@pytest.mark.parametrize("form", FORMATS)
def test_check_08_variants_of_a_number_find_the_same_record_and_the_printed_form_is_kept(hand_in, form):
    code = make_uscc()
    hand_in("penalties", penalty_row(**{CODE_1: code, NUMBER: "石环罚〔2026〕8号"}), form=form)
    for printed in ("石环罚[2026]8号", "石环罚（2026）8号", "石环罚［2026］ 8号", "石环罚【２０２６】8号"):
        assert hand_in("penalties", penalty_row(**{CODE_1: code, NUMBER: printed}), form=form).rejected == 0
        (penalty,) = penalties_on(code)
        assert (penalty.document_no, penalty.document_no_key) == (printed, "石环罚〔2026〕8号")


@pytest.mark.parametrize("number", ["石环不罚决〔2026〕无极-38号", "石长市监不予罚〔2026〕3号"])
def test_check_09_a_decision_not_to_punish_cannot_enter_as_a_penalty(hand_in, number):
    code = make_uscc()
    answer = hand_in("penalties", penalty_row(**{CODE_1: code, NUMBER: number}))
    assert (answer.status, answer.counts) == (3, (1, 0, 0, 1))
    assert answer.notes[2] == [f"{NUMBER}：文号为不予行政处罚决定，不能作为行政处罚录入。"]
    assert operator_of(code) is None


def test_check_10_deadlines_follow_the_calendar_and_a_year_not_loaded_is_refused(node):
    run = node.test_cli_runner().invoke
    assert run(args=["calendar", "add", "2024-09-29", "7"]).stdout == "2024-10-14\n"
    assert run(args=["calendar", "add", "2026-10-03", "3"]).stdout == "2026-10-10\n"  # decided on a day of rest
    refused = run(args=["calendar", "add", "2026-12-29", "7"])
    assert (refused.exit_code, "2027" in refused.stderr) == (1, True)


@pytest.mark.parametrize(
    ("authority", "decided", "published", "rule_set", "basis_on", "until"),
    [
        ("石家庄市农业农村局", "2023-04-30", "2023-05-10", "ndrc-2019-07-01", "2023-04-30", "2024-04-30"),
        ("石家庄市农业农村局", "2023-05-01", "2023-05-10", "ndrc-2023-05-01", "2023-05-01", "2026-05-01"),
        ("石家庄市农业农村局", "2026-03-31", "2026-04-10", "ndrc-2023-05-01", "2026-03-31", "2029-03-31"),
        ("石家庄市农业农村局", "2026-04-01", "2026-04-10", "ndrc-2026-04-01", "2026-04-01", "2027-04-01"),
        ("赵县市场监督管理局", "2024-02-28", "2024-02-29", "samr-2021-09-01", "2024-02-29", "2027-02-28"),
        ("赵县市场监督管理局", "2025-12-25", "2025-12-30", "samr-2025-12-25", "2025-12-25", "2026-12-25"),
    ],
)
def test_check_11_the_end_of_publicity_follows_the_rule_set_and_its_basis(
    hand_in, authority, decided, published, rule_set, basis_on, until
):
    code, organ = make_uscc(), make_uscc("11")
    cells = {
        CODE_1: code, FINE: "50", "处罚内容": "罚款50万元", "处罚决定日期": decided, "公示日期": published,
        "处罚机关": authority, "处罚机关统一社会信用代码": organ,
    }  # fmt: skip
    assert hand_in("penalties", {**penalty_row(), **cells}).rejected == 0
    (penalty,) = penalties_on(code)
    found = (penalty.rule_set, str(penalty.period_basis_on), str(penalty.public_until))
    assert found == (rule_set, basis_on, until)


def shuffled(rows: Sequence[Row], seed: int) -> list[list[object]]:
    """A table of these rows with its columns in another order."""
    header = list(rows[0])
    Random(seed).shuffle(header)
    return [header, *([row[name] for name in header] for row in rows)]


SPELLINGS = {
    CODE_1: "行政相对人代码＿1 （统一社会信用代码） ",
    CODE_2: "行政相对人代码_2(工商注册号)\t",
    FINE: "罚款金额 (万元):",
    "没收违法所得、没收非法财物的金额（万元）": "没收违法所得、没收非法财物的金额(万元)",
    "行政相对人名称": " *行政相对人名称（必填）",
    NUMBER: "CF_WSH",
    "违法事实": "cfSy",
}


@pytest.mark.parametrize("form", FORMATS)
def test_check_22_columns_are_bound_by_header_text_and_legends_are_no_rows(hand_in, form):
    code = make_uscc()
    row = {**penalty_row(**{CODE_1: code, CODE_2: "/", "备注": "/"}), "办案人员评语": "无"}
    header, cells = shuffled([{SPELLINGS.get(name, name): cell for name, cell in row.items()}], seed=len(form))
    width = len(header)
    table = [
        ["行政处罚信息上报表", *[""] * (width - 1)],
        ["[L_SGSXZCF]", *[""] * (width - 1)],
        header,
        ["表格说明：红色为必填项，没有内容的填“/”。", *[""] * (width - 1)],
        cells,
    ]
    answer = hand_in("penalties", table=table, form=form)
    assert (answer.status, answer.counts) == (0, (1, 1, 0, 0)), answer.notes
    assert "办案人员评语" in answer.words
    (penalty,) = penalties_on(code)
    assert (penalty.document_no, penalty.fine, penalty.remark) == (row[NUMBER], Decimal("20000.00"), None)
    assert "registration_no" not in penalty.party_codes


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("second", "third"),
    [
        ("行政相对人代码_2(组织机构代码)", "行政相对人代码_3(工商登记码)"),
        ("CF_XDR_ZDM", "CF_XDR_GSDJ"),
        ("行政相对人代码_2", "行政相对人代码_3"),
    ],
)
def test_check_23_the_layout_of_2015_is_refused_and_never_misfiled(hand_in, form, second, third):
    code, before = make_uscc(), ledger_size()
    row = {name: cell for name, cell in penalty_row(**{CODE_1: code}).items() if name != CODE_2}
    answer = hand_in("penalties", {**row, second: "10774368-0", third: "130100600000014"}, form=form)
    assert answer.status == 1
    assert "2015年版模板" in answer.words
    assert (ledger_size(), operator_of(code)) == (before, None)


@pytest.mark.parametrize("form", FORMATS)
def test_check_24_encodings_rare_characters_and_days_survive_the_round_trip(hand_in, exported, form):
    code, name = make_uscc(), "石家庄𠮷䶮㙍商贸有限公司"
    days: tuple[object, ...] = ("46336", "2026/11/10", "2026年11月10日", "20261110")
    if form == "xlsx":
        days = (date(2026, 11, 10), 46336, *days[1:])
    rows = [
        penalty_row(**{CODE_1: code, "行政相对人名称": name, NUMBER: f"石长市监罚〔2026〕{n}号"})
        | {"处罚决定日期": day}
        for n, day in enumerate(days, 1)
    ]
    bad = [
        penalty_row(**{CODE_1: make_uscc(), "处罚决定日期": "2024-02-30"}),
        penalty_row(**{CODE_1: make_uscc(), "处罚决定日期": "2026/11/25"}),
    ]
    leap = penalty_row(
        **{CODE_1: make_uscc(), "处罚决定日期": "2024/2/29", "公示截止期": "", "处罚有效期": "2099/12/31"}
    )
    answer = hand_in("penalties", *rows, *bad, leap, form=form)
    assert answer.counts == (len(rows) + 3, len(rows) + 1, 0, 2), answer.notes
    assert "不是有效日期" in answer.notes[len(rows) + 2][0]
    assert "不能晚于今天" in answer.notes[len(rows) + 3][0]
    assert {penalty.decided_on for penalty in penalties_on(code)} == {date(2026, 11, 10)}
    assert {penalty.valid_until for penalty in penalties_on(code)} == {date(2099, 12, 31)}
    out = [each for each in exported("penalties", "organisation") if each[CODE_1] == code]
    assert [each["行政相对人名称"] for each in out] == [name] * len(rows)
    assert hand_in("penalties", *out, form=form).counts == (len(rows), 0, len(rows), 0)


def test_check_25_cells_that_are_formulas_leave_as_text_and_come_back_unchanged(hand_in, exported):
    code = make_uscc()
    nasty = {"违法事实": '=HYPERLINK("http://x.test")', "备注": "@SUM(A1)", "处罚依据": "+86", "违法行为类型": "-2+3"}
    assert hand_in("penalties", penalty_row(**{CODE_1: code}, **nasty)).rejected == 0
    (out,) = [each for each in exported("penalties", "organisation") if each[CODE_1] == code]
    for name, cell in nasty.items():
        assert out[name] == f"'{cell}"
    assert hand_in("penalties", out).counts == (1, 0, 1, 0)
    refused = hand_in("operators", operator_row(统一社会信用代码="x", 企业名称="=1+1"))
    assert refused.returned[0]["企业名称"] == "'=1+1"


def test_check_26_the_county_is_read_from_the_columns_and_never_from_the_code(hand_in):
    regions = {
        "130102": "130102",
        "石家庄市藁城市": "130109",
        "130182": "130109",
        "石家庄高新技术产业开发区": "130171",
        "正定新区": "1301A1",
        "循环化工园区": "130172",
        "石家庄综合保税区": "1301A2",
    }
    codes = {printed: make_uscc(region="130133") for printed in regions}
    silent = make_uscc(region="130182")
    rows = [operator_row(统一社会信用代码=codes[printed], 地区=printed, 注册地址="") for printed in regions]
    answer = hand_in("operators", *rows, operator_row(统一社会信用代码=silent, 所在省份="", 地区="", 注册地址=""))
    assert answer.rejected == 0
    for printed, region in regions.items():
        operator = operator_of(codes[printed])
        assert operator is not None
        assert (operator.region, printed in (operator.region_text or "")) == (region, True)
    assert (operator_of(silent) or Operator(region="?")).region is None


def test_check_27_homonyms_stay_apart_and_bracket_width_alone_is_no_difference(hand_in, node):
    here, there, twin = make_uscc(), make_uscc(), make_uscc()
    name = "瑞祥（桥西）商贸有限公司"
    answer = hand_in(
        "operators",
        operator_row(统一社会信用代码=here, 企业名称=name, 地区="石家庄市桥西区", 注册地址=""),
        operator_row(统一社会信用代码=there, 企业名称=name, 地区="张家口市桥西区", 注册地址=""),
        operator_row(统一社会信用代码=twin, 企业名称=name, 地区="桥西区", 注册地址="自强路1号"),
    )
    assert answer.counts == (3, 3, 0, 0)
    found = [operator_of(code) for code in (here, there, twin)]
    assert [each and each.region for each in found] == ["130104", None, None]
    assert len({each and each.id for each in found}) == 3
    half = operator_row(统一社会信用代码=here, 企业名称="瑞祥(桥西)商贸有限公司", 地区="石家庄市桥西区", 注册地址="")
    assert hand_in("operators", half).counts == (1, 1, 0, 0)
    operator = operator_of(here)
    assert operator is not None
    assert (operator.name, operator.former_names) == ("瑞祥(桥西)商贸有限公司", [])
    page = node.test_client().get("/search", query_string={"q": "瑞祥(桥西)商贸"}).text
    assert all(code in page for code in (here, there, twin))


def test_check_31_no_default_and_no_edit_of_a_record_writes_a_legal_date(hand_in):
    code = make_uscc()
    row = penalty_row(**{CODE_1: code})
    hand_in("penalties", row)
    first = penalties_on(code)[0]
    legal = (first.decided_on, first.published_on, first.public_from, first.public_until, first.period_basis_on)
    with time_machine.travel("2027-03-01T02:00:00Z"):
        assert hand_in("penalties", {**row, "备注": "更正错别字"}).counts == (1, 1, 0, 0)
    changed = penalties_on(code)[0]
    assert changed.revision == 2
    assert legal == (
        changed.decided_on, changed.published_on, changed.public_from, changed.public_until, changed.period_basis_on,
    )  # fmt: skip
    defaults = db.session.execute(
        db.text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type = 'date' AND column_default IS NOT NULL"
        )
    )
    assert defaults.all() == []


@pytest.mark.parametrize("seed", range(3))
def test_check_32_every_value_lands_in_its_own_column_in_whatever_order_they_stand(hand_in, exported, seed):
    code = make_uscc()
    row = {
        **penalty_row(),
        CODE_1: code,
        CODE_2: "130100600000014",
        "行政相对人代码_3(组织机构代码)": "10774368-0",
        "行政相对人代码_4(税务登记号)": "税-4",
        "行政相对人代码_5(事业单位证书号)": "事-5",
        "行政相对人代码_6(社会组织登记证号)": "社-6",
        "法定代表人": "甲某",
        NUMBER: f"乙〔2026〕{seed}号",
        "违法行为类型": "丙",
        "违法事实": "丁",
        "处罚依据": "戊",
        "处罚类别": "罚款;没收违法所得;吊销许可证件",
        "处罚内容": "己",
        FINE: "1.5",
        "没收违法所得、没收非法财物的金额（万元）": "2.5",
        "暂扣或吊销证照名称及编号": "庚",
        "处罚决定日期": "2026/11/10",
        "处罚有效期": "2030/1/2",
        "公示截止期": "2029/1/3",
        "数据来源单位": "辛",
        "数据来源单位统一社会信用代码": make_uscc("11"),
        "备注": "壬",
    }
    assert hand_in("penalties", table=shuffled([row], seed)).counts == (1, 1, 0, 0)
    (out,) = [each for each in exported("penalties", "organisation") if each[CODE_1] == code]
    back = {name.replace("（", "(").replace("）", ")"): cell for name, cell in row.items()}
    back |= {"处罚有效期": "2030/01/02", "公示截止期": "2029/01/03"}
    same = {name for name in back.keys() & out.keys() if out[name] == back[name]}
    assert {name: (back[name], out[name]) for name in back.keys() & out.keys() - same if back[name]} == {}
    assert len(same) >= 20


@pytest.mark.parametrize("form", FORMATS)
def test_check_33_a_default_of_seven_years_is_above_the_legal_maximum_and_refused(hand_in, form):
    code = make_uscc()
    answer = hand_in("penalties", penalty_row(**{CODE_1: code, "公示截止期": "2033/11/10"}), form=form)
    assert (answer.status, answer.counts) == (3, (1, 0, 0, 1))
    assert answer.notes[2] == ["公示截止期：超过法定最长公示期（最晚至2027-11-10）。"]
    assert operator_of(code) is None


def test_check_12_what_entered_is_what_the_public_sees_until_its_last_day(hand_in, node):
    code = make_uscc()
    hand_in("penalties", penalty_row(**{CODE_1: code}))
    (penalty,) = penalties_on(code)
    assert penalty.state is RecordState.IN_FORCE
    finding = db.session.execute(select(PublicFinding).where(PublicFinding.record_id == penalty.record_id)).scalar_one()
    assert (finding.public_from, finding.public_until) == (date(2026, 11, 24), date(2027, 11, 10))
    for moment, status in (("2027-11-09T15:59:59Z", 200), ("2027-11-09T16:00:01Z", 410)):
        with time_machine.travel(moment):
            assert node.test_client().get(f"/records/{penalty.record_id}").status_code == status


def test_households_on_the_abnormal_list_become_marks(hand_in):
    code = make_uscc("92")
    hand_in("operators", operator_row(统一社会信用代码=code, 企业名称="长安区小米饭店", 企业类型="个体工商户"))
    answer = hand_in("abnormal-listings", abnormal_row(统一社会信用代码=code, 主体名称="长安区小米饭店"))
    assert answer.counts == (1, 1, 0, 0)
    finding = select(PublicFinding.type).join(Operator, Operator.id == PublicFinding.operator_id)
    assert db.session.execute(finding.where(Operator.uscc == code)).scalar_one() == "household_mark"


def test_a_decision_on_a_natural_person_comes_in_by_its_own_layout(hand_in, exported):
    number = identity_number(serial="411")
    assert hand_in("penalties", person_row(证件号码=number), form="xlsx").counts == (1, 1, 0, 0)
    (out,) = [each for each in exported("penalties", "person") if number in each.values()]
    assert out["行政相对人名称"] == "欧阳建国"
