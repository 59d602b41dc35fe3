"""A record that is said anew, by an officer or a file, keeps what a correction has no say in (SM-A to SM-D, scenario 15)."""

from datetime import date

import pytest
from sqlalchemy import select

from models import AbnormalListing, ImportRow, Operator, Penalty, ViolationListing, db
from registry.queries.public_findings import finding_of_record
from registry.rules import penalty_procedure
from registry.rules.record import RecordState
from registry.rules.repair_procedure import Action
from registry.services import day as days
from registry.services import publicity
from registry.services.matters import deciding, drafting
from registry.services.matters.faults import FormRefused
from registry.transaction import transaction
from tests.applications import apply_for, decide, on, step
from tests.factories import ACTOR, make_uscc
from tests.import_rows import abnormal_row, penalty_row, violation_row
from tests.matters import DESK, FIRST, SECOND, THIRD
from tests.rule_sets import TOMORROWS_DAY, tomorrows_set

PARTY = "行政相对人代码_1(统一社会信用代码)"
NUMBER = "行政处罚决定书文号"
FROM, UNTIL = date(2026, 10, 12), date(2027, 10, 12)


def fine(code, **cells):
    return penalty_row(
        **{PARTY: code, NUMBER: f"石长市监罚〔2026〕{code[-5:]}号", "处罚决定日期": "2026/03/02", **cells}
    )


def only(model, code):
    found = select(model).join(Operator, model.operator_id == Operator.id).where(Operator.uscc == code)
    return db.session.execute(found, execution_options={"populate_existing": True}).scalar_one()


def restored(record, *, granted, revoked):
    """The record after a repair that was granted to it, and revoked for fraud."""
    with on(granted):
        proceeding = step(apply_for(record), Action.ACCEPT, materials_complete=True)
        step(proceeding, Action.VERIFY, verified_on=granted, duties_performed=True)
        decide(proceeding, Action.GRANT)
    with on(revoked):
        decide(proceeding, Action.REVOKE, by=THIRD, reason="凭证系伪造", serious_fraud_found=True)
    return record


@pytest.fixture
def code():
    return make_uscc()


@pytest.fixture
def penalty(take, code):
    with on("2026-03-02"):
        take("penalties", fine(code))
    return restored(only(Penalty, code), granted="2026-06-10", revoked=str(FROM))


def corrected(penalty, **cells):
    """The record after two officers corrected it, the form filled with what it says now."""
    with transaction():
        matter = drafting.open_correction(penalty, desk=DESK, actor=FIRST)
        form = {**drafting.cells_of(penalty, DESK), **cells}
        drafting.save(matter, form, revision=matter.revision, desk=DESK, actor=FIRST)
        drafting.submit(matter, revision=matter.revision, reason="笔误", desk=DESK, actor=FIRST)
    with transaction():
        action = penalty_procedure.Action.CORRECT
        deciding.decide(matter, action, revision=matter.revision, reason="核对无误", desk=DESK, actor=SECOND)


def interval(record):
    db.session.refresh(record)
    return record.state, record.period_basis_on, record.public_from, record.public_until


def rebuild_is_equal(node):
    with node.app_context():
        return node.test_cli_runner().invoke(args=["ledger", "rebuild", "--check"]).exit_code == 0


def test_15_an_officers_correction_keeps_the_period_that_was_begun_anew(penalty, node):
    corrected(penalty, facts="当事人虚构交易评价三百条。")
    assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, UNTIL)
    assert penalty.facts == "当事人虚构交易评价三百条。"
    assert finding_of_record(penalty.record_id, date(2027, 10, 11)) is not None
    assert finding_of_record(penalty.record_id, UNTIL) is None
    assert rebuild_is_equal(node)


def test_15_a_correction_that_makes_it_a_serious_one_lengthens_the_period_from_the_same_day(penalty):
    corrected(penalty, kinds="罚款;限制从业", content="罚款20000元，限制从业", restriction_until="2027-06-01")
    assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, date(2029, 10, 12))


def test_15_an_earlier_end_of_the_first_period_is_over_with_it(take, code):
    with on("2026-03-02"):
        take("penalties", fine(code, 公示截止期="2026/12/01"))
    penalty = restored(only(Penalty, code), granted="2026-06-10", revoked=str(FROM))
    corrected(penalty, facts="当事人虚构交易评价三百条。")
    assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, UNTIL)


def test_15_an_earlier_end_that_a_correction_hands_in_wins(penalty):
    corrected(penalty, declared_until="2027-08-01")
    assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, date(2027, 8, 1))
    corrected(penalty, facts="又一处笔误。")
    assert penalty.public_until == date(2027, 8, 1)


def test_15_a_files_correction_keeps_the_period_that_was_begun_anew(penalty, take, code, node):
    report = take("penalties", fine(code, 违法事实="当事人虚构交易评价三百条。"))
    assert report.counts.applied == 1
    assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, UNTIL)
    printed = fine(code, 违法事实="当事人虚构交易评价。", 公示截止期="2027/10/12")  # as our own export prints the end
    assert take("penalties", printed).counts.applied == 1
    assert penalty.public_until == UNTIL
    assert rebuild_is_equal(node)


def test_15_a_new_set_counts_its_period_from_the_restoration_before_and_after_a_correction(
    penalty, code, node, monkeypatch
):
    tomorrows_set(monkeypatch)
    with on(str(TOMORROWS_DAY)):
        days.run(TOMORROWS_DAY, DESK, progress=lambda _: None)
        penalty = only(Penalty, code)
        assert interval(penalty)[3] == date(2027, 4, 12)
        corrected(penalty, facts="当事人虚构交易评价三百条。")
        assert interval(penalty) == (RecordState.IN_FORCE, FROM, FROM, date(2027, 4, 12))
        done = days.run(TOMORROWS_DAY, DESK, progress=lambda _: None)
        assert done.recomputed["administrative_penalty"] == 0
    assert rebuild_is_equal(node)


def test_a_correction_keeps_the_earlier_end_that_a_later_set_brought(take, code, monkeypatch):
    with on("2026-09-10"):
        take("penalties", fine(code, 处罚决定日期="2026/09/10"))
    tomorrows_set(monkeypatch)
    with on(str(TOMORROWS_DAY)):
        days.run(TOMORROWS_DAY, DESK, progress=lambda _: None)
        penalty = only(Penalty, code)
        assert penalty.public_until == date(2027, 3, 10)
        take("penalties", fine(code, 处罚决定日期="2026/09/10", 违法事实="当事人虚构交易评价三百条。"))
        assert interval(penalty)[3] == date(2027, 3, 10)


def test_15_a_stay_on_the_violation_list_keeps_its_new_period_and_its_place(take, code):
    row = violation_row(
        统一社会信用代码=code, 列入日期="2025-03-03", 列入决定书文号=f"石长市监列严〔2025〕{code[-5:]}号"
    )
    with on("2025-03-03"):
        take("violation-listings", row)
    listing = restored(only(ViolationListing, code), granted="2026-04-01", revoked="2026-05-06")
    assert take("violation-listings", {**row, "列入原因": "使用病死肉生产食品"}).counts.applied == 1
    expected = (RecordState.IN_FORCE, date(2026, 5, 6), date(2026, 5, 6), date(2029, 5, 6))
    assert interval(listing) == expected
    old_news = {**row, "列入原因": "使用病死肉生产食品", "移出日期": "2026-04-01", "移出原因": "信用修复"}
    report = take("violation-listings", old_news)
    told = db.session.execute(select(ImportRow.faults).where(ImportRow.run_id == report.run_id)).scalar_one()
    assert [fault["code"] for fault in told] == ["removal_revoked"]
    assert interval(listing) == expected


def test_15_a_stay_on_the_abnormal_list_is_public_from_the_restoration_still(take, code):
    row = abnormal_row(统一社会信用代码=code, 列入决定书文号=f"石长市监异入〔2026〕第{code[-5:]}号")
    with on("2026-07-08"):
        take("abnormal-listings", row)
    listing = restored(only(AbnormalListing, code), granted="2026-08-03", revoked="2026-09-10")
    assert take("abnormal-listings", {**row, "列入原因": "未按规定公示年度报告"}).counts.applied == 1
    assert interval(listing) == (RecordState.IN_FORCE, date(2026, 9, 10), date(2026, 9, 10), None)


def test_a_files_correction_leaves_the_mark_of_an_objection(take, code):
    take("penalties", fine(code))
    penalty = only(Penalty, code)
    with transaction():
        publicity.mark_objection(penalty.record_id, actor=ACTOR)
    assert take("penalties", fine(code, 违法事实="当事人虚构交易评价三百条。")).counts.applied == 1
    assert only(Penalty, code).under_objection


def test_15_a_correction_that_would_hide_a_restored_record_is_refused(penalty):
    with pytest.raises(FormRefused) as refusal:
        corrected(penalty, kinds="警告", content="警告", fine="")
    assert [fault.code for fault in refusal.value.faults] == ["correction_hides"]
