"""Penalties from files (standards.md 6, checks 4, 5, 7, 8, 27, 31, 33)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from models import Authority, ImportRow, LedgerEntry, Operator, Penalty, PersonalValue, Proceeding, PublicFinding, db
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState
from registry.rules.rule_sets import Regime
from tests.factories import make_uscc
from tests.import_rows import VAULT, identity_number, operator_row, penalty_row, person_row

CODE_1 = "行政相对人代码_1(统一社会信用代码)"
NUMBER = "行政处罚决定书文号"


def counts(report):
    return (report.counts.read, report.counts.applied, report.counts.unchanged, report.counts.rejected)


def penalties_on(code):
    return list(
        db.session.execute(
            select(Penalty).join(Operator).where(Operator.uscc == code).order_by(Penalty.id),
            execution_options={"populate_existing": True},
        ).scalars()
    )


def notes(report):
    rows = db.session.execute(
        select(ImportRow).where(ImportRow.run_id == report.run_id).order_by(ImportRow.line)
    ).scalars()
    return {row.line: [fault["code"] for fault in row.faults] for row in rows}


def row(code, **cells):
    return penalty_row(**{CODE_1: code, **cells})


def test_a_fine_is_published_by_the_rules_at_once(take):
    code = make_uscc()
    report = take("penalties", row(code))
    (penalty,) = penalties_on(code)
    assert (penalty.state, penalty.rule_set) == (RecordState.IN_FORCE, "samr-2025-12-25")
    assert (penalty.fine, penalty.kinds) == (Decimal("20000.00"), ["fine"])
    assert (penalty.published_on, penalty.public_from) == (date(2026, 11, 24), date(2026, 11, 24))
    assert (penalty.period_basis_on, penalty.public_until) == (date(2026, 11, 10), date(2027, 11, 10))
    actions = db.session.execute(
        select(LedgerEntry.action, LedgerEntry.actor).where(LedgerEntry.record_id == penalty.record_id)
    ).all()
    assert actions == [("administrative_penalty.published", f"import:{report.run_id}")]
    assert db.session.execute(
        select(PublicFinding.level).where(PublicFinding.record_id == penalty.record_id)
    ).scalar_one()


def test_an_operator_nobody_registered_is_entered_from_the_row(take):
    code = make_uscc("92")
    take("penalties", row(code, 行政相对人类别="个体工商户", 行政相对人名称="长安区小米饭店"))
    operator = db.session.execute(select(Operator).where(Operator.uscc == code)).scalar_one()
    assert (operator.kind, operator.name, operator.region) == (OperatorKind.HOUSEHOLD, "长安区小米饭店", None)
    assert operator.responsible_person == "张三丰"


def test_a_refused_penalty_leaves_no_operator_behind(take):
    code = make_uscc()
    report = take("penalties", row(code, 公示截止期="2033/11/10"))
    assert counts(report) == (1, 0, 0, 1)
    assert db.session.execute(select(Operator).where(Operator.uscc == code)).scalar_one_or_none() is None


def test_an_authority_that_only_the_file_names_is_noted_to_be_confirmed(take):
    samr, ndrc = make_uscc("11"), make_uscc("11")
    decided = {"处罚机关": "赵县市场监督管理局", "处罚机关统一社会信用代码": samr}
    take("penalties", row(make_uscc(), **decided))
    take("penalties", row(make_uscc(), 处罚机关="石家庄市农业农村局", 处罚机关统一社会信用代码=ndrc))
    found = {a.uscc: a for a in db.session.execute(select(Authority)).scalars()}
    assert (found[samr].regime, found[samr].confirmed) == (Regime.SAMR, False)
    assert (found[ndrc].regime, found[ndrc].confirmed) == (Regime.NDRC, False)


def test_check_7_one_number_and_two_parties_are_two_records(take):
    one, other = make_uscc(), make_uscc()
    assert counts(take("penalties", row(one), row(other))) == (2, 2, 0, 0)
    assert penalties_on(one)[0].document_no == penalties_on(other)[0].document_no


def test_check_7_the_same_decision_again_is_the_same_record_and_tells_when_it_came_first(take):
    code = make_uscc()
    report = take("penalties", row(code), row(code))
    assert counts(report) == (2, 1, 1, 0)
    assert len(penalties_on(code)) == 1
    (noted,) = db.session.execute(select(ImportRow).where(ImportRow.run_id == report.run_id)).scalars()
    assert (noted.line, noted.refused, noted.faults[0]["code"]) == (3, False, "duplicate_record")
    assert noted.faults[0]["params"]["first"].startswith("2026-11-24 10:0")
    assert counts(take("penalties", row(code))) == (1, 0, 1, 0)


@pytest.mark.parametrize("variant", ["石长市监罚[2026]21号", "石长市监罚（2026）21号", "石长市监罚 ［2026］ 21号"])
def test_check_8_variants_of_a_number_find_the_same_record(take, variant):
    code = make_uscc()
    take("penalties", row(code))
    take("penalties", row(code, **{NUMBER: variant}))
    (penalty,) = penalties_on(code)
    assert penalty.document_no == variant
    assert penalty.document_no_key == "石长市监罚〔2026〕21号"


@pytest.mark.parametrize("variant", ["石长市监罚[2026]21号", "石长市监罚（2026）21号"])
def test_check_8_other_brackets_in_one_file_are_a_repeated_row_and_no_contradiction(take, variant):
    code = make_uscc()
    report = take("penalties", row(code), row(code, **{NUMBER: variant}))
    assert counts(report) == (2, 1, 1, 0)
    assert notes(report)[3] == ["duplicate_record"]
    (penalty,) = penalties_on(code)
    assert penalty.document_no == "石长市监罚〔2026〕21号"


def test_contradicting_rows_of_one_file_are_refused(take):
    code = make_uscc()
    report = take("penalties", row(code), row(code, **{"罚款金额（万元）": "3"}))
    assert counts(report) == (2, 1, 0, 1)
    assert notes(report)[3] == ["contradicts_file"]
    again = take("penalties", row(code), row(code, **{"罚款金额（万元）": "3"}))
    assert counts(again) == (2, 0, 1, 1)


def test_a_correction_raises_the_revision(take):
    code = make_uscc()
    take("penalties", row(code))
    assert counts(take("penalties", row(code, 违法事实="当事人虚构交易评价三次。"))) == (1, 1, 0, 0)
    (penalty,) = penalties_on(code)
    assert (penalty.revision, penalty.facts) == (2, "当事人虚构交易评价三次。")


def test_check_27_a_name_that_differs_from_the_register_is_flagged(take):
    code = make_uscc()
    take("operators", operator_row(统一社会信用代码=code, 企业名称="石家庄瑞祥商贸有限公司"))
    assert notes(take("penalties", row(code, 行政相对人名称="河北瑞祥实业有限公司"))) == {2: ["name_differs"]}
    bracketed = row(code, 行政相对人名称="石家庄 瑞祥商贸有限公司", **{NUMBER: "石长市监罚〔2026〕22号"})
    assert notes(take("penalties", bracketed)) == {}


def test_check_31_a_change_never_moves_the_end_of_publicity(take):
    code = make_uscc()
    take("penalties", row(code))
    with time_machine.travel("2027-03-01T02:00:00Z"):
        take("penalties", row(code, 备注="更正错别字"))
    (penalty,) = penalties_on(code)
    assert penalty.revision == 2
    assert (penalty.published_on, penalty.public_until) == (date(2026, 11, 24), date(2027, 11, 10))


def test_check_31_no_column_of_the_register_writes_a_legal_date_by_itself(take):
    del take
    defaulted = db.session.execute(
        db.text(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ANY(ARRAY['penalty', 'licence',"
            " 'abnormal_listing', 'household_mark', 'violation_listing']) AND data_type = 'date'"
            " AND column_default IS NOT NULL"
        )
    ).all()
    assert defaulted == []


def test_check_33_an_end_beyond_the_legal_maximum_is_refused(take):
    report = take("penalties", row(make_uscc(), 公示截止期="2033/11/10"))
    (noted,) = db.session.execute(select(ImportRow).where(ImportRow.run_id == report.run_id)).scalars()
    assert noted.faults == [{"field": "公示截止期", "code": "publicity_too_long", "params": {"until": "2027-11-10"}}]


def test_an_earlier_end_that_was_handed_in_wins(take):
    code = make_uscc()
    take("penalties", row(code, 公示截止期="2027/03/01"))
    assert penalties_on(code)[0].public_until == date(2027, 3, 1)


def test_an_old_decision_is_history_published_when_it_was_decided(take):
    code = make_uscc()
    take("penalties", row(code, 处罚决定日期="2024-01-10"))
    (penalty,) = penalties_on(code)
    assert (penalty.published_on, penalty.rule_set) == (date(2024, 1, 10), "samr-2021-09-01")


def test_a_warning_is_kept_and_not_shown(take):
    code = make_uscc()
    take("penalties", row(code, 处罚类别="警告", 处罚内容="警告", **{"罚款金额（万元）": ""}))
    (penalty,) = penalties_on(code)
    assert (penalty.state, penalty.public_from) == (RecordState.NOT_PUBLISHABLE, None)
    assert db.session.execute(select(PublicFinding).where(PublicFinding.record_id == penalty.record_id)).first() is None


def test_a_natural_person_is_known_by_a_keyed_hash_and_cannot_be_searched_for(take):
    number = identity_number(serial="207")
    report = take("penalties", person_row(证件号码=number))
    assert (report.layout, report.counts.applied) == ("penalty.person", 1)
    key = VAULT.person_key("身份证", number)
    operator = db.session.execute(select(Operator).where(Operator.person_key == key)).scalar_one()
    assert (operator.kind, operator.search_terms, operator.folded_name) == (OperatorKind.NATURAL_PERSON, [], "")
    assert operator.name != "欧阳建国"
    penalty = db.session.execute(select(Penalty).where(Penalty.operator_id == operator.id)).scalar_one()
    assert VAULT.read(penalty.record_id, "name", penalty.personal["name"]) == "欧阳建国"
    assert counts(take("penalties", person_row(证件号码=number))) == (1, 0, 1, 0)


def test_no_personal_value_stands_anywhere_but_encrypted(take):
    number = identity_number(serial="209")
    take("penalties", person_row(行政相对人名称="诸葛孔亮", 证件号码=number, 违法事实="诸葛孔亮销售假药。"))
    payloads = b"".join(db.session.execute(select(LedgerEntry.payload)).scalars())
    ciphers = b"".join(c for c in db.session.execute(select(PersonalValue.ciphertext)).scalars() if c)
    for value in ("诸葛孔亮", number):
        assert value.encode() not in payloads
        assert value.encode() not in ciphers


def test_a_decision_on_a_minor_is_not_shown(take):
    number = identity_number(born="20100101")
    take("penalties", person_row(证件号码=number))
    key = VAULT.person_key("身份证", number)
    penalty = db.session.execute(select(Penalty).join(Operator).where(Operator.person_key == key)).scalar_one()
    assert penalty.state is RecordState.NOT_PUBLISHABLE


def test_a_record_that_was_ended_is_not_revived_by_the_same_file(take):
    from registry.ledger import Actor
    from registry.rules.record import EndReason
    from registry.services import publicity
    from registry.transaction import transaction

    code = make_uscc()
    take("penalties", row(code))
    record_id = penalties_on(code)[0].record_id
    with transaction():
        publicity.end_publicity(
            record_id, reason=EndReason.REPAIRED, on=date(2026, 11, 24), actor=Actor("system", "test")
        )
    assert counts(take("penalties", row(code))) == (1, 0, 1, 0)
    report = take("penalties", row(code, 违法事实="另一说法"))
    assert notes(report)[2] == ["record_closed"]
    assert penalties_on(code)[0].state is RecordState.ENDED


def test_the_authority_that_hands_in_fills_what_the_row_leaves_blank(take):
    from registry.services import authorities
    from registry.transaction import transaction

    organ, code = make_uscc("11"), make_uscc()
    with transaction():
        authorities.create(organ, "正定县市场监督管理局", regime=Regime.SAMR, region="130123")
    blank = dict.fromkeys(("处罚机关", "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码"), "")
    take("penalties", row(code, **blank), authority=organ)
    (penalty,) = penalties_on(code)
    assert (penalty.authority.uscc, penalty.source_uscc) == (organ, organ)


def test_a_low_fine_is_what_the_deciding_authority_has_set(take):
    from registry.services import authorities
    from registry.transaction import transaction

    decided = {"处罚决定日期": "2024-01-10", "罚款金额（万元）": "2", "处罚内容": "罚款20000元"}
    ends = {}
    for low_fine in (None, "20000", "20000.01"):
        organ, code = make_uscc("11"), make_uscc()
        with transaction():
            authorities.create(organ, "赵县市场监督管理局", regime=Regime.SAMR, region="130133")
            authorities.set_local(organ, {"low_fine_organisation": low_fine})
        take("penalties", row(code, **decided, 处罚机关统一社会信用代码=organ, 公示日期="2024-01-10"))
        ends[low_fine] = penalties_on(code)[0].public_until
    assert ends == {None: date(2024, 4, 10), "20000": date(2027, 1, 10), "20000.01": date(2024, 4, 10)}


@pytest.mark.parametrize(("decided_on", "assessed"), [("2026-11-10", True), ("2026-06-10", False)])
def test_a_fine_for_rotten_food_sold_online_is_assessed_for_the_violation_list_unless_it_is_history(
    take, decided_on, assessed
):
    code = make_uscc()
    cells = {
        "违法行为类型": "经营超过保质期的食品",
        "违法事实": "当事人通过网店销售过期食品。",
        "处罚决定日期": decided_on,
    }
    take("penalties", row(code, **cells))
    (penalty,) = penalties_on(code)
    found = db.session.execute(select(Proceeding.stage, Proceeding.part).where(Proceeding.basis == penalty.record_id))
    assert found.all() == ([("C0", "system")] if assessed else [])
