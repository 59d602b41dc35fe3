"""Changing one operator: entering, renaming, its status, its successor."""

from datetime import date

import pytest
from sqlalchemy import select, text

from models import LedgerEntry, db
from registry.queries.operators import current_operator, get_operator
from registry.rules import names
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services import operators
from registry.services.operators import OperatorExists, OperatorMoved, OwnSuccessor, PresenceStands
from registry.transaction import transaction
from tests.factories import ACTOR, make_operator, make_uscc

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2026, 11, 24)


def enter(**columns):
    given = {"name": "石家庄瑞祥商贸有限公司", "kind": OperatorKind.ENTERPRISE, "uscc": make_uscc(), **columns}
    return operators.enter(node="130100", actor=ACTOR, **given)


def actions(operator):
    entries = select(LedgerEntry.action).where(LedgerEntry.record_id == operator.record_id)
    return list(db.session.execute(entries.order_by(LedgerEntry.revision)).scalars())


def test_a_new_operator_is_active_and_can_be_searched_for():
    with transaction():
        operator = enter()
    assert operator.registration_status is RegistrationStatus.ACTIVE
    assert operator.record_id.startswith("130100.operator.")
    assert operator.folded_name == names.fold(operator.name)
    assert set(operator.search_terms) == set(names.search_terms(operator.name, []))
    assert actions(operator) == ["operator.entered"]
    assert get_operator(operator.uscc) is operator


def test_one_code_is_one_operator():
    code = make_uscc()
    with transaction():
        enter(uscc=code)
    with pytest.raises(OperatorExists), transaction():
        enter(uscc=code, name="河北别家有限公司")


def test_one_number_is_one_operator_as_long_as_it_has_no_code():
    household = {"uscc": None, "registration_no": "130100600000014", "kind": OperatorKind.HOUSEHOLD}
    with transaction():
        enter(**household)
    with pytest.raises(OperatorExists), transaction():
        enter(**household)
    with transaction():
        enter(registration_no="130100600000014")


def test_an_old_name_stays_findable_and_is_kept_once():
    with transaction():
        operator = enter(name="甲乙有限公司")
    for name in ("丙丁有限公司", "甲乙有限公司", "丙丁有限公司"):
        with transaction():
            operators.rename(operator, name=name, on=DAY, actor=ACTOR)
    assert operator.name == "丙丁有限公司"
    assert sorted(former.name for former in operator.former_names) == ["丙丁有限公司", "甲乙有限公司"]
    assert {"甲乙", "丙丁"} <= set(operator.search_terms)
    assert actions(operator) == ["operator.entered", *["operator.renamed"] * 3]


def test_a_status_has_its_day():
    with transaction():
        operator = enter()
    with transaction():
        operators.change_status(operator, status=RegistrationStatus.REVOKED, on=DAY, actor=ACTOR)
    assert (operator.registration_status, operator.status_on) == (RegistrationStatus.REVOKED, DAY)
    assert actions(operator)[-1] == "operator.status_changed"


def test_an_old_code_leads_to_its_successor_over_several_steps():
    with transaction():
        first, second, third = (make_operator() for _ in range(3))
    with transaction():
        operators.lead_to(first, successor=second, actor=ACTOR)
        operators.lead_to(second, successor=third, actor=ACTOR)
    assert current_operator(get_operator(first.uscc)) is third
    assert actions(first)[-1] == "operator.succeeded"


def test_nobody_succeeds_itself_not_even_round_a_corner():
    with transaction():
        one, two, three = (make_operator() for _ in range(3))
        operators.lead_to(one, successor=two, actor=ACTOR)
        operators.lead_to(two, successor=three, actor=ACTOR)
    for operator, successor in ((one, one), (three, three), (two, one), (three, one), (three, two)):
        with pytest.raises(OwnSuccessor), transaction():
            operators.lead_to(operator, successor=successor, actor=ACTOR)


SHOP = {"type": "shop", "name": "瑞祥旗舰店", "url": None, "platform": "某平台", "icp_no": None}


def test_a_presence_is_a_change_of_its_operator_even_within_one_tick_of_the_clock(monkeypatch):
    with transaction():
        operator = enter()
    monkeypatch.setattr(operators, "now", lambda: operator.recorded_at)
    with transaction():
        operators.add_presence(operator, SHOP, actor=ACTOR)
    assert operator.revision == 2
    assert actions(operator) == ["operator.entered", "operator.presence_added"]


def test_the_database_refuses_a_presence_that_stands():
    with transaction():
        operator = enter()
        operators.add_presence(operator, SHOP, actor=ACTOR)
    with pytest.raises(PresenceStands), transaction():
        operators.add_presence(operator, SHOP, actor=ACTOR)


def test_who_comes_second_between_looking_and_writing_is_told():
    with transaction():
        operator = enter()
    assert operator.revision == 1
    db.session.execute(text("UPDATE operator SET revision = revision + 1"))
    with pytest.raises(OperatorMoved), transaction():
        operators.rename(operator, name="石家庄新名有限公司", on=DAY, actor=ACTOR)
