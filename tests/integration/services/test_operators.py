"""Changing one operator: entering, renaming, its status, its successor."""

from datetime import date

import pytest
from sqlalchemy import select

from models import LedgerEntry, db
from registry.queries.operators import current_operator, get_operator
from registry.rules import names
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services import operators
from registry.services.operators import OperatorExists, OwnSuccessor
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
