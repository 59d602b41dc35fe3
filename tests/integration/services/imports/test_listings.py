"""Lists, marks, licences and online presences from files."""

from datetime import date

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, ImportRow, Licence, Operator, ViolationListing, db
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.rules.record import EndReason, RecordState
from tests.factories import make_uscc
from tests.import_rows import abnormal_row, licence_row, operator_row, violation_row

CODE_1 = "行政相对人代码_1(统一社会信用代码)"


def counts(report):
    return (report.counts.read, report.counts.applied, report.counts.unchanged, report.counts.rejected)


def faults(report):
    rows = db.session.execute(
        select(ImportRow).where(ImportRow.run_id == report.run_id).order_by(ImportRow.line)
    ).scalars()
    return [(fault["field"], fault["code"]) for row in rows for fault in row.faults]


def only(model, code):
    return db.session.execute(
        select(model).join(Operator).where(Operator.uscc == code), execution_options={"populate_existing": True}
    ).scalar_one()


def test_an_enterprise_is_listed_and_a_household_marked(take):
    enterprise, household = make_uscc("91"), make_uscc("92")
    marked = abnormal_row(统一社会信用代码=household, 主体名称="长安区小米饭店", 列入决定书文号="")
    assert counts(take("abnormal-listings", abnormal_row(统一社会信用代码=enterprise), marked)) == (2, 2, 0, 0)
    listing = only(AbnormalListing, enterprise)
    assert (listing.reason, listing.report_year, listing.state) == (AbnormalReason.R1, 2025, RecordState.IN_FORCE)
    assert (listing.public_from, listing.public_until) == (date(2026, 7, 8), None)
    assert only(HouseholdMark, household).report_year == 2025


def test_a_listing_needs_its_decision(take):
    report = take("abnormal-listings", abnormal_row(统一社会信用代码=make_uscc(), 列入决定书文号=""))
    assert faults(report) == [("列入决定书文号", "missing")]


def test_a_removal_ends_the_stay(take):
    code = make_uscc()
    take("abnormal-listings", abnormal_row(统一社会信用代码=code))
    removed = abnormal_row(统一社会信用代码=code, 移出日期="2026-08-03", 移出原因="已补报未报年份的年度报告并公示")
    assert counts(take("abnormal-listings", removed)) == (1, 1, 0, 0)
    listing = only(AbnormalListing, code)
    assert (listing.state, listing.end_reason, listing.revision) == (RecordState.ENDED, EndReason.REPAIRED, 2)
    assert counts(take("abnormal-listings", removed)) == (1, 0, 1, 0)


def test_the_reason_is_read_from_its_words(take):
    code = make_uscc()
    words = "通过登记的住所或者经营场所无法联系"
    take("abnormal-listings", abnormal_row(统一社会信用代码=code, 列入原因类型="", 列入原因=words, 年报年度=""))
    assert only(AbnormalListing, code).reason is AbnormalReason.R4


def test_an_authority_known_by_name_needs_no_code(take):
    take("abnormal-listings", abnormal_row(统一社会信用代码=make_uscc()))
    code = make_uscc()
    take("abnormal-listings", abnormal_row(统一社会信用代码=code, 作出决定机关统一社会信用代码=""))
    assert only(AbnormalListing, code).authority.name == "石家庄市长安区市场监督管理局"
    stranger = abnormal_row(统一社会信用代码=make_uscc(), 作出决定机关="某局", 作出决定机关统一社会信用代码="")
    assert faults(take("abnormal-listings", stranger)) == [("作出决定机关", "authority_code_missing")]


def test_a_violation_listing_ends_by_itself(take):
    code = make_uscc()
    take("violation-listings", violation_row(统一社会信用代码=code))
    listing = only(ViolationListing, code)
    assert (listing.reason, listing.public_until) == (ViolationReason.FOOD, date(2029, 7, 8))


def test_check_33_a_violation_listing_cannot_be_declared_longer_than_the_law(take):
    row = {**violation_row(统一社会信用代码=make_uscc()), "公示截止期": "2033-07-08"}
    assert faults(take("violation-listings", row)) == [("公示截止期", "publicity_too_long")]


def test_a_licence_is_public_while_it_is_valid(take):
    code = make_uscc()
    assert counts(take("licences", licence_row(**{CODE_1: code}))) == (1, 1, 0, 0)
    licence = only(Licence, code)
    assert (licence.public_from, licence.public_until) == (date(2026, 1, 5), date(2031, 1, 5))
    invalid = make_uscc()
    take("licences", licence_row(**{CODE_1: invalid}, 当前状态="2"))
    assert only(Licence, invalid).state is RecordState.NOT_PUBLISHABLE


def test_a_licence_row_is_checked_as_a_whole(take):
    row = licence_row(**{CODE_1: make_uscc()}, 许可类别="随便", 有效期至="2025-01-01", 当前状态="9")
    assert set(faults(take("licences", row))) == {
        ("许可类别", "unknown_value"),
        ("有效期至", "date_order"),
        ("当前状态", "unknown_value"),
    }


def presence(code, **cells):
    return {"统一社会信用代码": code, "类型": "网店", "名称": "瑞祥旗舰店", "网址": "https://shop1.example.cn/",
            "平台": "京东", "ICP备案号": "", **cells}  # fmt: skip


def test_presences_belong_to_the_operators_record(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    site = presence(code, 类型="网站", 名称="官网", 网址="www.example.cn", 平台="")
    assert counts(take("online-presences", presence(code), site)) == (2, 2, 0, 0)
    operator = db.session.execute(select(Operator).where(Operator.uscc == code)).scalar_one()
    assert sorted((each.type.value, each.url) for each in operator.online_presences) == [
        ("shop", "https://shop1.example.cn/"),
        ("website", "http://www.example.cn"),
    ]
    assert operator.revision == 3
    db.session.rollback()
    assert counts(take("online-presences", presence(code), site)) == (2, 0, 2, 0)
    assert counts(take("online-presences", presence(code, ICP备案号="冀ICP备2026000001号"))) == (1, 1, 0, 0)
    assert len(operator.online_presences) == 2


def test_a_presence_of_nobody_is_refused(take):
    report = take("online-presences", presence(make_uscc()), presence("", 类型="烽火台"))
    assert faults(report) == [
        ("统一社会信用代码", "operator_unknown"),
        ("类型", "unknown_value"),
    ]


def test_presences_that_contradict_each_other_in_one_file_are_refused(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code))
    rows = [presence(code, ICP备案号="冀ICP备1号"), presence(code, ICP备案号="冀ICP备2号")]
    assert counts(take("online-presences", *rows)) == (2, 1, 0, 1)
    assert counts(take("online-presences", *rows)) == (2, 0, 1, 1)


def test_a_removal_in_a_row_of_its_own_completes_the_listing(take):
    code = make_uscc()
    rows = [abnormal_row(统一社会信用代码=code), abnormal_row(统一社会信用代码=code, 移出日期="2026-08-03")]
    assert counts(take("abnormal-listings", *rows)) == (2, 2, 0, 0)
    assert counts(take("abnormal-listings", *rows)) == (2, 0, 2, 0)
