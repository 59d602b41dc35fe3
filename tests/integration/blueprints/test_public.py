"""The lookup site: what it shows, and above all what it does not."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from models import Authority, FormerName, Operator, db
from registry.rules import names
from registry.rules.listing import EndReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.record import RecordState
from registry.transaction import transaction
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)

MAKERS: dict[str, Callable[..., Any]] = {
    "penalty": make_penalty,
    "licence": make_licence,
    "abnormal": make_abnormal_listing,
    "mark": make_household_mark,
    "violation": make_violation_listing,
}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The day of all pages here, and no figures left from another test."""
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def fresh_figures(app: Any) -> None:
    """Counted figures are kept for a minute; every test counts anew."""
    app.extensions.pop("home_figures", None)


def listed() -> tuple[Operator, Authority]:
    return make_operator(), make_authority()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


def test_one_sentence_says_that_nothing_was_found(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator()
    shown = page(client, f"/operators/{operator.uscc}")
    assert "截至2026-11-24 10:00，本系统范围内未发现该主体公示中的失信记录。" in shown
    assert "不作为守法合规证明" in shown


def test_one_sentence_says_on_which_list_until_when_and_why(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_violation_listing(operator, authority)
    shown = page(client, f"/operators/{operator.uscc}")
    assert (
        "该主体现被列入严重违法失信名单，公示至2029-03-02（不含当日）；"
        "依据：《市场监督管理严重违法失信名单管理办法》第五条。" in shown
    )
    assert "answer-violation" in shown
    assert "最早可以申请信用修复的日期：2027-03-02" in shown


def test_red_belongs_to_the_violation_list_and_amber_to_the_abnormal_list(client: FlaskClient) -> None:
    with transaction():
        fined, authority = listed()
        make_penalty(fined, authority)
        abnormal = make_operator()
        make_abnormal_listing(abnormal, authority)
    assert re.findall(r"(?:answer|chip|record)-(?:violation|abnormal)", page(client, f"/operators/{fined.uscc}")) == []
    colours = set(
        re.findall(r"(?:answer|chip|record)-(violation|abnormal)", page(client, f"/operators/{abnormal.uscc}"))
    )
    assert colours == {"abnormal"}


def test_amounts_have_separators_and_large_ones_are_also_in_ten_thousands(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_penalty(operator, authority)
    assert "20,000 元（2 万元）" in page(client, f"/operators/{operator.uscc}")
    assert "CNY 20,000" in page(client, f"/operators/{operator.uscc}?lang=en")


def test_a_code_is_copied_whole(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator()
    code = operator.uscc or ""
    shown = page(client, f"/operators/{code}")
    (grouped,) = set(re.findall(r'<span class="code" translate="no">(.*?)</span></span>', shown))
    assert re.sub(r"<[^>]*>", "", grouped) == code


def test_an_old_code_leads_to_its_successor(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator(name="石家庄新瑞祥商贸有限公司")
        old = make_operator(successor_id=operator.id)
    answer = client.get(f"/operators/{old.uscc}")
    assert (answer.status_code, answer.location) == (301, f"/operators/{operator.uscc}")


def test_a_registration_number_is_an_address_too(client: FlaskClient) -> None:
    with transaction():
        household = make_operator(kind=OperatorKind.HOUSEHOLD, registration_no="130102600000014", name="长安区老王饭店")
        household.uscc = None
    assert "长安区老王饭店" in page(client, "/operators/130102600000014")


def test_a_lower_case_code_leads_to_the_address(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator()
    answer = client.get(f"/operators/{(operator.uscc or '').lower()}")
    assert (answer.status_code, answer.location) == (301, f"/operators/{operator.uscc}")


def test_an_unknown_code_is_a_page_that_helps(client: FlaskClient) -> None:
    answer = client.get("/operators/911301020000000000")
    assert answer.status_code == 404
    assert "没有找到该页面" in answer.text


def test_a_status_that_is_not_active_is_said_on_top(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator(registration_status=RegistrationStatus.REVOKED, status_on=date(2026, 5, 6))
    assert "该主体登记状态：吊销，未注销，依法不得从事经营活动。" in page(client, f"/operators/{operator.uscc}")


HIDDEN: dict[str, dict[str, Any]] = {
    "pending": {"state": RecordState.PENDING},
    "ended": {"state": RecordState.ENDED, "end_reason": EndReason.REPAIRED, "ended_on": date(2026, 11, 1)},
    "withdrawn": {
        "state": RecordState.WITHDRAWN,
        "end_reason": EndReason.DECISION_REVOKED,
        "end_statement": "复议机关撤销原决定",
        "ended_on": date(2026, 11, 1),
    },
    "shielded": {"state": RecordState.SHIELDED, "end_reason": EndReason.SHIELDED, "ended_on": date(2026, 11, 1)},
    "expired": {"public_until": date(2026, 11, 24)},
    "future": {"public_from": date(2026, 11, 25)},
}


@pytest.mark.parametrize("state", HIDDEN)
@pytest.mark.parametrize("kind", MAKERS)
def test_nothing_shows_through_of_what_is_not_public(client: FlaskClient, kind: str, state: str) -> None:
    with transaction():
        operator = make_operator(
            name="石家庄瑞祥商贸有限公司", kind=OperatorKind.HOUSEHOLD if kind == "mark" else OperatorKind.ENTERPRISE
        )
        secret = {"unlawful_act": "秘密", "facts": "秘密", "content": "秘密"} if kind == "penalty" else {}
        secret |= {"content": "秘密", "certificate_name": "秘密"} if kind == "licence" else {}
        secret |= {"reason_text": "秘密"} if kind in ("abnormal", "mark", "violation") else {}
        record = MAKERS[kind](operator, make_authority(), **{**secret, **HIDDEN[state]})
    shown = page(client, f"/operators/{operator.uscc}")
    assert "未发现该主体公示中的失信记录" in shown
    assert record.record_id not in shown
    assert "秘密" not in shown
    assert "chip-abnormal" not in page(client, "/search?q=瑞祥")
    assert "chip-violation" not in page(client, "/search?q=瑞祥")
    answer = client.get(f"/records/{record.record_id}")
    assert "秘密" not in answer.text
    assert operator.name not in answer.text
    expected = {"pending": 404, "future": 404, "withdrawn": 200}.get(state, 410)
    assert answer.status_code == expected


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_public_is_shown_with_its_stable_address(client: FlaskClient, kind: str) -> None:
    with transaction():
        operator = make_operator(kind=OperatorKind.HOUSEHOLD if kind == "mark" else OperatorKind.ENTERPRISE)
        record = MAKERS[kind](operator, make_authority())
    assert f"/records/{record.record_id}" in page(client, f"/operators/{operator.uscc}")
    assert operator.name in page(client, f"/records/{record.record_id}")


def test_a_record_vanishes_at_midnight_without_a_job(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_violation_listing(operator, authority, public_until=date(2026, 11, 25))
    assert "answer-violation" in page(client, f"/operators/{operator.uscc}")
    with time_machine.travel("2026-11-25T00:00:00+08:00", tick=False):
        assert "answer-violation" not in page(client, f"/operators/{operator.uscc}")


def test_an_open_objection_is_said(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_abnormal_listing(operator, authority, under_objection=True)
    assert "异议处理中" in page(client, f"/operators/{operator.uscc}")


def test_names_are_text_and_never_markup(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator(name="<script>alert(1)</script>瑞祥")
        operator.former_names.append(
            FormerName(name="<img src=x>康达", folded_name=names.fold("<img src=x>康达"), used_until=None)
        )
        db.session.flush()
    for address in ("/search?q=瑞祥", f"/operators/{operator.uscc}", "/suggestions?q=瑞祥", "/search?q=<b>瑞祥</b>"):
        shown = page(client, address)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<b>瑞祥" not in shown


def test_search_says_which_character_of_a_code_fails(client: FlaskClient) -> None:
    with transaction():
        operator = make_operator()
    code = operator.uscc or ""
    wrong = code[:17] + ("1" if code[17] != "1" else "2")
    shown = page(client, f"/search?q={wrong}")
    assert f"第18位应为{code[17]}，而不是{wrong[17]}" in shown
    assert "可能的原因" in shown


def test_search_shows_the_lists_of_today(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_abnormal_listing(operator, authority)
    shown = page(client, "/search?q=瑞祥")
    assert "<mark>瑞祥</mark>" in shown
    assert "chip-abnormal" in shown


def test_search_is_narrowed_and_each_choice_says_what_it_would_give(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_abnormal_listing(operator, authority)
        make_operator(name="瑞祥便利店", kind=OperatorKind.HOUSEHOLD)
    shown = page(client, "/search?q=瑞祥&kind=household")
    assert shown.count('class="card-body"') == 1
    assert "企业 (1)" in shown
    assert "个体工商户 (1)" in shown
    assert "经营异常名录 (" not in shown
    assert "chip-abnormal" in page(client, "/search?q=瑞祥&list=abnormal_listing")
    assert "chip-abnormal" in page(client, f"/search?q={operator.uscc}&kind=nonsense")
    assert "没有主体符合" in page(client, f"/search?q={operator.uscc}&kind=household")


def test_one_character_gets_a_helpful_answer(client: FlaskClient) -> None:
    assert "请至少输入两个字符" in page(client, "/search?q=瑞")


def test_home_leads_to_both_lists(client: FlaskClient) -> None:
    main = page(client, "/").partition("<main")[2].partition("</main>")[0]
    assert 'href="/lists/violations"' in main
    assert 'href="/lists/abnormal"' in main


def test_a_province_bears_its_own_name(client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "石家庄市经营主体信用信息公示平台" in client.get("/?lang=zh").get_data(as_text=True)
    monkeypatch.setitem(app.jinja_env.globals, "site_area", lambda: "河北省")
    for address in ("/", "/about", "/search?q=nobody"):
        page = client.get(f"{address}{'&' if '?' in address else '?'}lang=zh").get_data(as_text=True)
        assert "河北省经营主体信用信息公示平台" in page
        assert "石家庄" not in page.partition("<main")[2].partition("</main>")[0]


def test_home_counts_what_is_public(client: FlaskClient) -> None:
    with transaction():
        operator, authority = listed()
        make_violation_listing(operator, authority)
        make_penalty(operator, authority, state=RecordState.PENDING)
    shown = page(client, "/")
    assert re.findall(r"<dd>\s*([\d,]+)\s*</dd>", shown) == ["1", "1", "0", "0"]
    assert "统计时间：2026-11-24 10:00。" in shown
