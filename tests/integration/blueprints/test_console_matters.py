"""Penalties in the console, as officers of two districts and two parts work on them through forms."""

import io
import zipfile
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models import AccessLog, Authority, Matter, Penalty, db
from registry.queries.calendar import working_calendar
from registry.queries.records import get_record
from registry.rules.operator import OperatorKind
from registry.rules.penalty_procedure import Action, MatterState
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.services.matters.deadlines import clocks
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.matters import penalty_form

BOTH = ("report_upward", "publish_penalty")


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


def post(browser: FlaskClient, address: str, **fields):
    return browser.post(address, data={"csrf_token": csrf_of(browser), **fields})


def enter(browser: FlaskClient, then: str = "submit", **cells) -> Matter:
    answer = post(browser, "/console/penalties/new", **penalty_form(make_operator(), **cells), then=then)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.execute(select(Matter).order_by(Matter.id.desc()).limit(1)).scalar_one()


def decide(browser: FlaskClient, matter: Matter, action: Action, revision: int | None = None, reason: str = "同意"):
    address = f"/console/matters/{matter.id}/{action}"
    seen = matter.revision if revision is None else revision
    answer = post(browser, address, revision=seen, reason=reason)
    db.session.expire_all()
    return answer


def test_two_officers_publish_a_penalty(browsers, client):
    first, second = browsers("zhang", Role.ENTRY), browsers("li", Role.REVIEW)
    matter = enter(first)
    inbox = second.get("/console/inbox?lang=en").get_data(as_text=True)
    assert "Review and decide" in inbox
    assert "3 working days late" in inbox
    page = second.get(f"/console/matters/{matter.id}?lang=en").get_data(as_text=True)
    assert "Everybody sees the record at once" in page
    assert decide(second, matter, Action.PUBLISH).status_code == 303
    assert get_record(matter.record_id).state is RecordState.IN_FORCE
    assert client.get(f"/records/{matter.record_id}").status_code == 200


def test_a_second_officer_never_decides_their_own_entry_by_a_crafted_request(browsers):
    both = browsers("zhang", Role.ENTRY, Role.REVIEW)
    matter = enter(both)
    page = both.get(f"/console/matters/{matter.id}").get_data(as_text=True)
    assert f"/console/matters/{matter.id}/publish" not in page
    assert decide(both, matter, Action.PUBLISH).status_code == 403
    assert get_record(matter.record_id).state is RecordState.PENDING


def test_all_faults_come_back_at_once_with_the_form(browsers):
    first = browsers("zhang", Role.ENTRY)
    form = penalty_form(make_operator(), document_no="", decided_on="2027-01-01", fine="", told="")
    answer = post(first, "/console/penalties/new", **form, then="submit")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for key in ("document_no", "decided_on", "fine", "told"):
        assert f'href="#{key}"' in page
        assert f'id="fault-{key}"' in page
    assert "当事人虚构交易评价。" in page, "what was typed is kept"
    assert db.session.execute(select(Penalty)).first() is None


def test_a_draft_is_kept_and_taken_up_again(browsers):
    first = browsers("zhang", Role.ENTRY)
    matter = enter(first, then="save", document_no="", facts="只写了一半")
    assert matter.state is MatterState.DRAFT
    assert "只写了一半" in first.get(f"/console/matters/{matter.id}/form").get_data(as_text=True)


def test_only_the_fields_of_the_category_are_asked_for(browsers):
    first = browsers("zhang", Role.ENTRY)
    person = first.get("/console/penalties/new?category=自然人").get_data(as_text=True)
    organisation = first.get("/console/penalties/new").get_data(as_text=True)
    assert ('name="id_number"' in person, 'name="uscc"' in person) == (True, False)
    assert ('name="id_number"' in organisation, 'name="uscc"' in organisation) == (False, True)


@pytest.mark.parametrize("bracketed", ["石长市监罚[2026]21号", "石长市监罚（2026）21号", "石长市监罚 〔2026〕21号"])
def test_duplicates_show_while_the_number_is_typed(browsers, bracketed):
    first = browsers("zhang", Role.ENTRY)
    matter = enter(first)
    found = first.get("/console/penalties/duplicates", query_string={"document_no": bracketed}).get_data(as_text=True)
    assert f"/console/records/{matter.record_id}" in found


def test_an_officer_of_another_district_neither_sees_nor_acts(browsers):
    first, second = browsers("zhang", Role.ENTRY), browsers("li", Role.REVIEW)
    matter = enter(first)
    record_id = matter.record_id
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    elsewhere.region = "130104"
    db.session.flush()
    stranger = browsers("wang", Role.ENTRY, Role.REVIEW, at=elsewhere)
    for address in (
        f"/console/matters/{matter.id}",
        f"/console/matters/{matter.id}/form",
        f"/console/records/{record_id}",
    ):
        assert stranger.get(address).status_code == 404, address
    for action in (Action.PUBLISH, Action.SEND_BACK, Action.DISCARD):
        assert decide(stranger, matter, action).status_code == 404, action
    assert post(stranger, f"/console/matters/{matter.id}/form", revision=matter.revision).status_code == 404
    for proposal in ("correction", "withdrawal"):
        assert post(stranger, f"/console/records/{record_id}/{proposal}", statement="x").status_code == 404
    assert "21号" not in stranger.get("/console/penalties").get_data(as_text=True)
    assert "21号" not in stranger.get("/console/inbox").get_data(as_text=True)
    assert decide(second, matter, Action.PUBLISH).status_code == 303


def test_the_later_of_two_officers_is_told_what_happened(browsers):
    first, second, third = browsers("zhang", Role.ENTRY), browsers("li", Role.REVIEW), browsers("zhao", Role.REVIEW)
    matter = enter(first)
    seen = matter.revision
    assert decide(second, matter, Action.SEND_BACK, reason="金额与决定书不符").status_code == 303
    answer = decide(third, matter, Action.PUBLISH, revision=seen)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "金额与决定书不符" in page
    assert "li" in page


def test_a_decision_needs_a_fresh_code(browsers, app, authority):
    matter = enter(browsers("zhang", Role.ENTRY))
    browser = Browser(app, app.response_class, use_cookies=True)
    sign_in(browser, "li", Role.REVIEW, authority=authority, stepped_up=False)
    assert 'name="otp"' in browser.get(f"/console/matters/{matter.id}").get_data(as_text=True)
    answer = decide(browser, matter, Action.PUBLISH)
    assert answer.status_code == 403
    assert get_record(matter.record_id).state is RecordState.PENDING


def test_no_step_without_the_token_of_the_form(browsers):
    matter = enter(browsers("zhang", Role.ENTRY))
    second = browsers("li", Role.REVIEW)
    answer = second.post(f"/console/matters/{matter.id}/publish", data={"revision": matter.revision, "reason": "同意"})
    assert answer.status_code == 400
    assert get_record(matter.record_id).state is RecordState.PENDING


def test_a_correction_is_shown_to_the_second_officer_and_told_to_the_public(browsers, client):
    first, second = browsers("zhang", Role.ENTRY), browsers("li", Role.REVIEW)
    matter = enter(first)
    decide(second, matter, Action.PUBLISH)
    record_id = matter.record_id
    answer = post(first, f"/console/records/{record_id}/correction")
    assert answer.status_code == 303
    opened = db.session.execute(select(Matter).order_by(Matter.id.desc()).limit(1)).scalar_one()
    operator = get_record(record_id).operator
    form = penalty_form(operator, content="罚款25000元", fine="2.5")
    form_address = f"/console/matters/{opened.id}/form"
    unreasoned = post(first, form_address, **form, revision=opened.revision, then="submit")
    assert unreasoned.status_code == 422
    db.session.expire_all()
    answer = post(first, form_address, **form, revision=opened.revision, then="submit", reason="录入有误")
    assert answer.status_code == 303
    db.session.expire_all()
    page = second.get(f"/console/matters/{opened.id}").get_data(as_text=True)
    assert "<del>20,000 元（2 万元）</del>" in page
    assert "<ins>25,000 元（2.5 万元）</ins>" in page
    assert "《市场监督管理行政处罚信息公示规定》第十二条" in page
    before = client.get(f"/records/{record_id}?lang=en").get_data(as_text=True)
    assert decide(second, opened, Action.CORRECT).status_code == 303
    assert str(get_record(record_id).fine) == "25000.00"
    public = client.get(f"/records/{record_id}?lang=en").get_data(as_text=True)
    assert "This record was corrected on 20" in public
    assert "was corrected" not in before
    assert "25,000" in public
    assert "20,000" not in public, "the old value stays in the history"


def test_a_withdrawn_record_tells_the_public_the_reason(browsers, client):
    first, second = browsers("zhang", Role.ENTRY), browsers("li", Role.REVIEW)
    matter = enter(first)
    decide(second, matter, Action.PUBLISH)
    record_id = matter.record_id
    assert post(first, f"/console/records/{record_id}/withdrawal", statement=" ").status_code == 422
    fields = {"statement": "处罚决定被依法撤销", "end_reason": "decision_revoked", "since": "2026-11-23"}
    assert post(first, f"/console/records/{record_id}/withdrawal", **fields).status_code == 303
    proposed = db.session.execute(select(Matter).order_by(Matter.id.desc()).limit(1)).scalar_one()
    assert decide(second, proposed, Action.WITHDRAW).status_code == 303
    page = client.get(f"/records/{record_id}").get_data(as_text=True)
    assert "处罚决定被依法撤销" in page
    assert "虚假宣传" not in page


@pytest.mark.parametrize("sort", ["", "number", "-number", "party", "-decided", "facts; DROP TABLE penalty"])
def test_pages_of_the_list_follow_each_other_without_gaps(browsers, authority, sort):
    first = browsers("zhang", Role.ENTRY)
    operator = make_operator()
    with transaction():
        for number in range(60):
            make_penalty(operator, authority, document_no=f"石长市监罚〔2026〕1{number:03d}号")
    page = first.get("/console/penalties", query_string={"sort": sort}).get_data(as_text=True)
    if sort in ("number", "-number"):
        assert ("1000号" in page, "1059号" in page) == ((True, False) if sort == "number" else (False, True))
    numbers = {number for number in range(60) if f"1{number:03d}号" in page}
    (older,) = [part.split('"')[0] for part in page.split('href="') if "before=" in part.split('"')[0]]
    rest = first.get(older.replace("&amp;", "&")).get_data(as_text=True)
    others = {number for number in range(60) if f"1{number:03d}号" in rest}
    assert (len(numbers), numbers | others, numbers & others) == (50, set(range(60)), set())


def test_an_export_holds_the_own_area_and_stands_in_the_access_log(browsers, authority):
    first = browsers("zhang", Role.ENTRY)
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    elsewhere.region = "130104"
    with transaction():
        make_penalty(make_operator(), authority, document_no="石长市监罚〔2026〕501号")
        make_penalty(make_operator(), elsewhere, document_no="石西市监罚〔2026〕502号")
    assert post(first, "/console/penalties/export", reason=" ").status_code == 422
    answer = post(first, "/console/penalties/export", reason="向市局报送")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert ("501号" in text, "502号" in text) == (True, False)
    logged = db.session.execute(select(AccessLog.actor, AccessLog.purpose).where(AccessLog.event == "export.penalties"))
    assert logged.all() == [("officer:zhang", "向市局报送")]


def test_kinds_ticked_as_boxes_become_the_cell_of_the_standard(browsers):
    first = browsers("zhang", Role.ENTRY)
    form = penalty_form(make_operator(), kinds="", content="警告，罚款20000元")
    boxes = {"kinds_by_boxes": "1", "kind": ["fine", "warning"], "kind_other": "责令公开道歉"}
    answer = post(first, "/console/penalties/new", **form, **boxes, then="submit")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    penalty = db.session.execute(select(Penalty)).scalar_one()
    assert penalty.kinds_printed == "警告;罚款;其他-责令公开道歉"
    assert penalty.kinds == ["warning", "fine", "other"]


def test_a_printed_cell_stays_as_it_is_while_its_boxes_are_not_touched(browsers):
    first = browsers("zhang", Role.ENTRY)
    printed = "罚款、吊销许可证、执照"
    form = penalty_form(make_operator(), kinds=printed, licence_affected="食品经营许可证 JY1")
    boxes = {"kinds_by_boxes": "1", "kind": ["revocation_of_licence", "fine"], "kind_other": ""}
    assert post(first, "/console/penalties/new", **form, **boxes, then="submit").status_code == 303
    assert db.session.execute(select(Penalty)).scalar_one().kinds_printed == printed


def test_a_change_of_category_keeps_what_was_typed(browsers):
    first = browsers("zhang", Role.ENTRY)
    form = penalty_form(make_operator(), category="自然人", facts="只写了一半")
    page = post(first, "/console/penalties/fields", **form).get_data(as_text=True)
    assert "只写了一半" in page
    assert ('name="id_number"' in page, 'name="uscc"' in page) == (True, False)
    assert db.session.execute(select(Matter)).first() is None, "nothing is kept by looking"


def test_an_operator_is_offered_by_name_and_code_and_fills_the_party(browsers):
    first = browsers("zhang", Role.ENTRY)
    shop = make_operator(name="石家庄市新华区老张家电维修部", kind=OperatorKind.HOUSEHOLD, responsible_person="张建国")
    for typed in ({"name": "老张家电"}, {"uscc": f" {shop.uscc[:6]} {shop.uscc[6:]}"}):
        offered = first.get("/console/penalties/parties", query_string=typed).get_data(as_text=True)
        assert f'value="{shop.uscc}"' in offered, typed
    page = post(first, "/console/penalties/fields", chosen=shop.uscc, facts="已写").get_data(as_text=True)
    assert '<option value="个体工商户" selected>' in page
    for filled in (shop.name, shop.uscc, "张建国", "已写"):
        assert filled in page, filled


@pytest.mark.parametrize(
    ("typed", "told"),
    [("2", "20,000 元（2 万元）"), ("0.0545", "545 元（0.0545 万元）"), ("两万", "不是以万元为单位的金额")],
)
def test_an_amount_is_told_in_both_units_while_it_is_typed(browsers, typed, told):
    page = browsers("zhang", Role.ENTRY).get("/console/penalties/amount", query_string={"fine": typed})
    assert told in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("decided_on", "left", "alarming"),
    [("2026-11-20", (5, 18), ()), ("2026-11-17", (2, 15), ("report_upward",)), ("2026-11-03", (-8, 5), BOTH)],
)
def test_a_clock_alarms_before_its_day(browsers, decided_on, left, alarming):
    matter = enter(browsers("zhang", Role.ENTRY), decided_on=decided_on)
    found = clocks(matter, working_calendar(), date(2026, 11, 24))
    assert (tuple(one.left for one in found), tuple(one.name for one in found if one.alarming)) == (left, alarming)
