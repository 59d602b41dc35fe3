"""The operator's page in the console: what an officer of which area reads of it, and what the entry officer changes."""

import re
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models import AccessLog, Authority, LedgerEntry, Matter, OnlinePresence, Operator, db
from registry.rules.operator import OperatorKind, PresenceType, RegistrationStatus
from registry.rules.record import RecordState
from registry.rules.roles import BUSINESS, Role
from registry.services import operators, publicity
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_licence,
    make_operator,
    make_penalty,
)
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.matters import penalty_form

SECRET = "石长市监罚〔2026〕内部7号"
SHOP = {
    "type": "shop",
    "name": "瑞祥旗舰店",
    "platform": "某平台",
    "url": "https://shop.example/ruixiang",
    "icp_no": "",
}
WHY = {"reason": "企业年报填报"}


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        yield


@pytest.fixture
def authority(database) -> Authority:
    return make_authority()


@pytest.fixture
def browsers(app: Flask, authority: Authority):
    """A browser for each officer that a test names."""

    def signed_in(name: str, *roles: Role, at: Authority = authority) -> FlaskClient:
        browser = Browser(app, app.response_class, use_cookies=True)
        sign_in(browser, name, *roles, authority=at)
        return browser

    return signed_in


@pytest.fixture
def elsewhere(database) -> Authority:
    """The same office of another district."""
    other = make_authority(name="石家庄市桥西区市场监督管理局")
    other.region = "130104"
    db.session.flush()
    return other


@pytest.fixture
def operator(database) -> Operator:
    with transaction():
        return make_operator(established_on=date(2015, 5, 4))


def page_of(browser: FlaskClient, operator: Operator, language: str = "en") -> str:
    answer = browser.get(f"/console/operators/{operator.id}?lang={language}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def post(browser: FlaskClient, operator: Operator, tail: str, revision: int | None = None, **fields):
    seen = operator.revision if revision is None else revision
    data = {"csrf_token": csrf_of(browser), "revision": seen, **fields}
    answer = browser.post(f"/console/operators/{operator.id}/{tail}", data=data)
    db.session.expire_all()
    return answer


def history(operator: Operator) -> list[tuple[str, str]]:
    entries = select(LedgerEntry.action, LedgerEntry.actor).where(LedgerEntry.record_id == operator.record_id)
    return [(action, actor) for action, actor in db.session.execute(entries.order_by(LedgerEntry.revision))]


def card_of(page: str, words: str) -> str:
    """The record's part of the page."""
    return next(part for part in re.findall(r"<article.*?</article>", page, re.DOTALL) if words in part)


@pytest.mark.parametrize("typed", ["瑞祥", "91{rest}", "旧招牌", "130100600000014"])
def test_an_operator_is_found_by_name_code_former_name_and_number(browsers, operator, typed):
    operator.registration_no = "130100600000014"
    with transaction():
        operators.rename(operator, name="石家庄旧招牌有限公司", on=date(2026, 1, 1), actor=ACTOR)
        operators.rename(operator, name="石家庄瑞祥商贸有限公司", on=date(2026, 2, 1), actor=ACTOR)
    page = browsers("zhang", Role.EXCHANGE).get(
        "/console/operators", query_string={"q": typed.format(rest=operator.uscc[2:])}
    )
    assert f'href="/console/operators/{operator.id}"' in page.get_data(as_text=True)


def test_a_mistyped_code_is_explained(browsers, operator):
    wrong = operator.uscc[:17] + ("A" if operator.uscc[17] != "A" else "B")
    page = browsers("zhang", Role.ENTRY).get(f"/console/operators?q={wrong}&lang=en").get_data(as_text=True)
    assert "The code fails its check" in page


@pytest.mark.parametrize("role", sorted(BUSINESS))
def test_every_business_role_reads_and_only_entry_may_change(browsers, operator, role):
    browser = browsers("zhang", role)
    assert ("/name" in page_of(browser, operator)) is (role is Role.ENTRY)
    answer = post(browser, operator, "name", name="石家庄新名有限公司", on="2026-11-01", **WHY)
    assert answer.status_code == (303 if role is Role.ENTRY else 403)


def test_one_page_holds_everything_and_tells_internal_from_public(browsers, authority, operator):
    first = browsers("zhang", Role.ENTRY)
    with transaction():
        old = make_operator(name="石家庄瑞祥老店")
        operators.lead_to(old, successor=operator, actor=ACTOR)
        operators.add_presence(operator, SHOP, actor=ACTOR)
        shown = make_penalty(operator, authority)
        make_penalty(operator, authority, document_no=SECRET, state=RecordState.PENDING)
        make_penalty(operator, authority, document_no="过期1号", public_until=date(2026, 11, 24))
        make_licence(operator, authority)
        make_abnormal_listing(operator, authority)
    assert first.post(
        "/console/penalties/new", data={"csrf_token": csrf_of(first), **penalty_form(operator), "then": "save"}
    ).location
    page = page_of(first, operator)
    assert card_of(page, shown.document_no).count("chip-public") == 1
    assert "Entered, not public" in card_of(page, SECRET)
    assert "publicity has run out on 2026-11-24" in card_of(page, "过期1号")
    for words in ("石家庄瑞祥老店", "瑞祥旗舰店", "石长市监罚〔2026〕21号", "the system (test)"):
        assert words in page
    matter = db.session.execute(select(Matter)).scalar_one()
    for address in (
        f"/console/operators/{old.id}",
        f"/console/matters/{matter.id}",
        f"/console/records/{shown.record_id}",
        f"/operators/{operator.uscc}",
    ):
        assert f'href="{address}"' in page
    assert f'href="/console/operators/{operator.id}"' in page_of(first, old), "its successor"


def test_the_pages_of_a_record_and_a_matter_lead_to_the_operator(browsers, authority, operator):
    first = browsers("zhang", Role.ENTRY)
    with transaction():
        penalty = make_penalty(operator, authority)
    link = f'href="/console/operators/{operator.id}"'
    assert link in first.get(f"/console/records/{penalty.record_id}").get_data(as_text=True)
    first.post(f"/console/records/{penalty.record_id}/correction", data={"csrf_token": csrf_of(first)})
    matter = db.session.execute(select(Matter)).scalar_one()
    assert link in first.get(f"/console/matters/{matter.id}").get_data(as_text=True)


def test_reading_stands_in_the_access_log(browsers, operator):
    page_of(browsers("zhang", Role.LEGAL), operator)
    line = db.session.execute(select(AccessLog).where(AccessLog.event == "operator.read")).scalar_one()
    assert (line.actor, line.operator_id) == ("officer:zhang", operator.id)


def test_another_district_sees_what_the_public_sees_and_nothing_more(browsers, authority, elsewhere, operator):
    stranger = browsers("wang", Role.ENTRY, Role.REVIEW, at=elsewhere)
    with transaction():
        shown = make_penalty(operator, authority)
        make_penalty(operator, authority, document_no=SECRET, state=RecordState.PENDING)
        hidden_listing = make_abnormal_listing(operator, authority, decision_no="屏蔽1号")
        publicity.shield(hidden_listing.record_id, on=date(2026, 11, 20), actor=ACTOR)
        own = make_penalty(operator, elsewhere, document_no="石西市监罚〔2026〕3号", state=RecordState.PENDING)
    first = browsers("zhang", Role.ENTRY)
    first.post("/console/penalties/new", data={"csrf_token": csrf_of(first), **penalty_form(operator), "then": "save"})
    page = page_of(stranger, operator)
    assert f'href="/records/{shown.record_id}"' in page
    assert own.document_no in page, "a record of the own authority, wherever its party is registered"
    for hidden in (
        SECRET,
        "屏蔽1号",
        "石长市监罚〔2026〕21号",
        f"/console/records/{shown.record_id}",
        "/console/matters/",
    ):
        assert hidden not in page
    assert page.count("the system (test)") == 1, "only the history of the own record tells who acted"


@pytest.mark.parametrize(
    ("tail", "fields"),
    [
        ("name", {"name": "石家庄新名有限公司", "on": "2026-11-01"}),
        ("status", {"status": "cancelled", "on": "2026-11-01"}),
        ("presences", SHOP),
        ("presences/{presence}", SHOP),
        ("presences/{presence}/remove", {}),
    ],
)
def test_another_district_changes_nothing_by_a_crafted_request(browsers, elsewhere, operator, tail, fields):
    with transaction():
        operators.add_presence(operator, {**SHOP, "url": "https://old.example/"}, actor=ACTOR)
    before = history(operator)
    stranger = browsers("wang", Role.ENTRY, at=elsewhere)
    address = tail.format(presence=operator.online_presences[0].id)
    assert post(stranger, operator, address, **fields, **WHY).status_code == 403
    assert history(operator) == before
    assert post(browsers("zhang", Role.ENTRY), operator, address, **fields, **WHY).status_code == 303


@pytest.mark.parametrize(("region", "district", "city"), [("130102", 303, 303), ("130104", 403, 303), (None, 403, 303)])
def test_what_names_no_district_is_for_the_city(browsers, authority, operator, region, district, city):
    operator.region = region
    above = make_authority(name="石家庄市市场监督管理局")
    above.region = "130100"
    db.session.commit()
    for name, at, status in (("zhang", authority, district), ("li", above, city)):
        answer = post(
            browsers(name, Role.ENTRY, at=at), operator, "presences", **{**SHOP, "name": name, "url": ""}, **WHY
        )
        assert answer.status_code == status


def test_a_natural_person_is_there_only_for_who_has_a_record(browsers, authority, elsewhere, database):
    with transaction():
        person = operators.enter(
            node="130100", name="欧**", kind=OperatorKind.NATURAL_PERSON, actor=ACTOR, person_key="k"
        )
        make_penalty(person, authority, party_key="person:k", state=RecordState.PENDING)
    first = browsers("zhang", Role.ENTRY)
    assert "欧**" in page_of(first, person)
    assert post(first, person, "name", name="某某", on="2026-11-01", **WHY).status_code == 403
    stranger = browsers("wang", Role.ENTRY, at=elsewhere)
    assert stranger.get(f"/console/operators/{person.id}").status_code == 404
    assert stranger.get("/console/operators/999999").status_code == 404


def test_a_new_name_and_a_new_status_are_an_entry_each_with_actor_and_reason(browsers, operator):
    first = browsers("zhang", Role.ENTRY)
    assert post(first, operator, "name", name="石家庄新名有限公司", on="2026-11-01", **WHY).status_code == 303
    assert (
        post(first, operator, "status", status="revoked", on="2026-11-02", reason="吊销，电话13812345678").status_code
        == 303
    )
    assert [former.name for former in operator.former_names] == ["石家庄瑞祥商贸有限公司"]
    assert (operator.registration_status, operator.status_on) == (RegistrationStatus.REVOKED, date(2026, 11, 2))
    assert history(operator)[1:] == [
        ("operator.renamed", "officer:zhang"),
        ("operator.status_changed", "officer:zhang"),
    ]
    reasons = list(db.session.scalars(select(AccessLog.purpose).where(AccessLog.event == "operator.edited")))
    assert any("企业年报填报" in reason for reason in reasons)
    assert not any("13812345678" in reason for reason in reasons), "a reason can say anything of anybody"
    page = page_of(first, operator)
    assert "Renamed" in page
    assert "Registration status changed" in page


def test_online_presences_are_added_changed_and_removed(browsers, operator):
    first = browsers("zhang", Role.ENTRY)
    assert post(first, operator, "presences", **SHOP, **WHY).status_code == 303
    (shop,) = operator.online_presences
    assert (shop.type, shop.name, shop.icp_no) == (PresenceType.SHOP, "瑞祥旗舰店", None)
    assert post(first, operator, f"presences/{shop.id}", **{**SHOP, "name": "瑞祥专营店"}, **WHY).status_code == 303
    assert operator.online_presences[0].name == "瑞祥专营店"
    assert post(first, operator, f"presences/{shop.id}/remove", **WHY).status_code == 303
    assert operator.online_presences == []
    assert [action for action, _ in history(operator)[1:]] == [
        "operator.presence_added",
        "operator.presence_changed",
        "operator.presence_removed",
    ]


def test_a_presence_of_another_operator_is_not_there(browsers, operator):
    with transaction():
        other = make_operator()
        operators.add_presence(other, SHOP, actor=ACTOR)
    number = other.online_presences[0].id
    first = browsers("zhang", Role.ENTRY)
    for tail in (f"presences/{number}", f"presences/{number}/remove"):
        assert post(first, operator, tail, **SHOP, **WHY).status_code == 404
    assert db.session.execute(select(OnlinePresence)).scalar_one().id == number


@pytest.mark.parametrize(
    ("tail", "fields", "faulty"),
    [
        ("name", {}, {"name", "on", "reason"}),
        ("name", {"name": "石家庄瑞祥商贸有限公司", "on": "2027-01-01"}, {"name", "on", "reason"}),
        ("name", {"name": "石家庄新名有限公司", "on": "2001-01-01", **WHY}, {"on"}),
        ("status", {}, {"status", "on", "reason"}),
        ("status", {"status": "active", "on": "2014-01-01"}, {"status", "on", "reason"}),
        ("status", {"status": "nonsense", "on": "x", **WHY}, {"status", "on"}),
        (
            "presences",
            {"type": "no such", "url": "ftp://x", "platform": "长" * 101},
            {"type", "url", "platform", "reason"},
        ),
        ("presences", {"type": "shop", **WHY}, {"name"}),
    ],
)
def test_all_faults_of_a_form_come_back_at_once_with_what_was_typed(browsers, operator, tail, fields, faulty):
    answer = post(browsers("zhang", Role.ENTRY), operator, tail, **fields)
    page = answer.get_data(as_text=True)
    form = {"presences": "presence"}.get(tail, tail)
    assert answer.status_code == 422
    assert set(re.findall(rf'id="fault-{form}-(\w+)"', page)) == faulty
    assert set(re.findall(rf'href="#{form}-(\w+)"', page)) == faulty
    assert re.search(r'<details class="card" open>', page)
    for name in fields.keys() - {"type", "status"}:
        assert fields[name] in page
    assert len(history(operator)) == 1


def test_the_same_presence_twice_is_refused(browsers, operator):
    first = browsers("zhang", Role.ENTRY)
    assert post(first, operator, "presences", **SHOP, **WHY).status_code == 303
    again = post(first, operator, "presences", **{**SHOP, "url": "https://shop.example/RUIXIANG/"}, **WHY)
    assert again.status_code == 422
    assert 'id="fault-presence-url"' in again.get_data(as_text=True)


def test_of_two_officers_the_second_is_told_what_the_first_did(browsers, operator):
    first, second = browsers("zhang", Role.ENTRY), browsers("wu", Role.ENTRY)
    seen = operator.revision
    assert post(first, operator, "name", name="石家庄新名有限公司", on="2026-11-01", **WHY).status_code == 303
    late = post(second, operator, "presences?lang=en", revision=seen, **SHOP, **WHY)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "Renamed" in page
    assert "zhang" in page
    assert operator.online_presences == []


def test_who_leads_elsewhere_is_not_changed_any_more(browsers, operator):
    with transaction():
        operators.lead_to(operator, successor=make_operator(), actor=ACTOR)
    answer = post(browsers("zhang", Role.ENTRY), operator, "name", name="某某", on="2026-11-01", **WHY)
    assert answer.status_code == 403
