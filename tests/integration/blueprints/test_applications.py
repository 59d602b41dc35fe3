"""The pages on which the public applies, objects, reports and follows, as a browser without JavaScript sees them."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import func, select

from models import AccessLog, Evidence, LedgerEntry, Proceeding, db
from registry.clock import now, today
from registry.queries import proceedings as queries
from registry.rules.calendar import add_months
from registry.rules.clue_procedure import Action as ClueAction
from registry.rules.inspections import ResultCode
from registry.rules.objection_procedure import Action as ObjectionAction
from registry.rules.proceedings import Procedure
from registry.rules.repair_procedure import Action
from registry.services.query_codes import digest_of
from registry.transaction import transaction
from tests.applications import PDF, REPAIR_FORM, decide, step
from tests.factories import (
    make_authority,
    make_inspection_result,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.integration.blueprints.signed_in import csrf_of
from tests.unit.reports.samples import text_of

pytestmark = pytest.mark.usefixtures("database")
LANGUAGES = ("zh", "en")


@pytest.fixture(autouse=True)
def on_a_fixed_day():
    """Whatever day it is: clocks that are counted from here stay within the calendar of the year."""
    with time_machine.travel("2026-11-24T02:00:00Z", tick=False):
        yield


def decided(days_ago, **columns):
    """A penalty decided so many days ago."""
    day = today() - timedelta(days=days_ago)
    with transaction():
        return make_penalty(
            make_operator(), make_authority(), decided_on=day, public_until=add_months(day, 12), **columns
        )


@pytest.fixture
def penalty():
    return decided(200)


def later(**passed):
    """So much later."""
    return time_machine.travel(now() + timedelta(**passed), tick=False)


def pdf(name="缴款凭证.pdf", content=PDF):
    return (BytesIO(content), name)


def form_of(client, address, **cells):
    """What a browser sends with the form of a page."""
    page = client.get(address).text
    token = re.search(r'name="token" value="([^"]+)"', page)
    return {"csrf_token": csrf_of(client, address), **({"token": token[1]} if token else {}), **cells}


def send(client, address, **cells):
    return client.post(address, data=form_of(client, address, **cells), content_type="multipart/form-data")


def apply_on_page(client, record, **cells):
    return send(client, f"/repairs/{record.record_id}", **{**REPAIR_FORM, "proof": pdf(), **cells})


def code_in(answer):
    return re.search(r'class="query-code">\s*([0-9A-Z-]+)', answer.text)[1]


def follow(client, code):
    return client.post("/applications", data={"csrf_token": csrf_of(client, "/applications"), "code": code})


def cases():
    return list(db.session.execute(select(Proceeding)).scalars())


@pytest.mark.parametrize("typed", ["瑞祥", "code", "number"])
def test_a_record_is_found_by_name_code_or_document_number(client, penalty, typed):
    asked = {"code": penalty.operator.uscc, "number": penalty.document_no}.get(typed, typed)
    for page in ("/repairs", "/objections"):
        answer = client.get(page, query_string={"q": asked})
        assert f"{page}/{penalty.record_id}" in answer.text
    assert str(add_months(penalty.decided_on, 3)) in client.get("/repairs", query_string={"q": asked}).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_without_a_hit_says_so(client, language):
    for page in ("/repairs", "/objections", "/clues"):
        assert 'role="status"' in client.get(page, query_string={"q": "没有这家", "lang": language}).text


def test_the_record_and_its_operator_lead_to_the_forms(client, penalty):
    record = client.get(f"/records/{penalty.record_id}").text
    assert f"/repairs/{penalty.record_id}" in record
    assert f"/objections/{penalty.record_id}" in record
    operator = client.get(f"/operators/{penalty.operator.uscc}").text
    assert f"/clues/{penalty.operator.uscc}" in operator
    assert "/repairs?q=" in operator


def test_before_the_earliest_day_there_is_no_form_and_none_is_taken_in(client):
    penalty = decided(30)
    page = client.get(f"/repairs/{penalty.record_id}").text
    assert str(add_months(penalty.decided_on, 3)) in page
    assert 'name="commitment"' not in page
    other = form_of(client, f"/repairs/{decided(200).record_id}", **REPAIR_FORM, proof=pdf())
    answer = client.post(f"/repairs/{penalty.record_id}", data=other, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert cases() == []


def test_what_never_ends_early_says_so(client):
    penalty = decided(200, rule_set="samr-2021-09-01", kinds=["downgrading"])
    page = client.get(f"/repairs/{penalty.record_id}", query_string={"lang": "en"}).text
    assert "cannot be repaired early" in page
    assert 'name="commitment"' not in page


def test_an_application_is_handed_in_and_followed(client, penalty):
    answer = apply_on_page(client, penalty)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    code = code_in(answer)
    (case,) = cases()
    assert case.query_code == digest_of(code)
    assert case.authority_id == penalty.authority_id
    assert db.session.execute(select(func.count()).select_from(Evidence)).scalar_one() == 1
    assert follow(client, code.lower()).status_code == 303
    progress = client.get("/applications", query_string={"lang": "en"}).text
    assert "waits for acceptance" in progress
    assert str(case.due_on) in progress


def test_the_same_form_sent_twice_is_one_application_and_the_same_page(client, penalty):
    address = f"/repairs/{penalty.record_id}"
    form = form_of(client, address, **REPAIR_FORM)
    first = client.post(address, data={**form, "proof": pdf()}, content_type="multipart/form-data")
    again = client.post(address, data={**form, "proof": pdf()}, content_type="multipart/form-data")
    assert code_in(first) == code_in(again)
    assert len(cases()) == 1
    assert db.session.execute(select(func.count()).select_from(Evidence)).scalar_one() == 1


def test_a_second_application_for_the_record_is_led_to_the_authority(client, penalty):
    apply_on_page(client, penalty)
    answer = apply_on_page(client, penalty)
    assert answer.status_code == 422
    assert len(cases()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_is_told_at_its_field_and_nothing_is_kept(client, penalty, language):
    client.get("/", query_string={"lang": language})
    answer = send(client, f"/repairs/{penalty.record_id}", through_agent="yes", contact="x", statement="说明<b>")
    assert answer.status_code == 422
    for field in ("applicant", "contact", "proof", "agent", "authorisation", "commitment"):
        assert f'id="fault-{field}"' in answer.text
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    assert "说明&lt;b&gt;" in answer.text
    assert cases() == []
    assert f'lang="{"en" if language == "en" else "zh-CN"}"' in answer.text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.pdf", b""),
        ("a.pdf", b"<script>alert(1)</script>"),
        ("../../a.pdf", PDF),
        ("<img src=x>.pdf", PDF),
    ],
)
def test_a_bad_file_is_refused_with_words_and_nothing_is_stored(client, penalty, name, content):
    answer = apply_on_page(client, penalty, proof=pdf(name, content))
    assert answer.status_code == 422
    assert 'id="fault-proof"' in answer.text
    assert "<img src=x>" not in answer.text
    assert cases() == []
    assert db.session.execute(select(func.count()).select_from(Evidence)).scalar_one() == 0


def test_more_than_the_node_takes_in_at_all_is_refused(client, penalty):
    answer = client.post(
        f"/repairs/{penalty.record_id}", data=bytes(33 * 1024 * 1024), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert cases() == []


def test_a_form_without_its_token_or_from_elsewhere_is_not_taken_in(client, app, penalty):
    address = f"/repairs/{penalty.record_id}"
    form = form_of(client, address, **REPAIR_FORM)
    old = {**form, "token": "forged", "proof": pdf()}
    assert client.post(address, data=old, content_type="multipart/form-data").status_code == 422
    with later(hours=2):
        late = form_of(client, address, **REPAIR_FORM) | {"token": form["token"], "proof": pdf()}
        assert client.post(address, data=late, content_type="multipart/form-data").status_code == 422
    without = {name: value for name, value in form.items() if name != "csrf_token"} | {"proof": pdf()}
    assert client.post(address, data=without, content_type="multipart/form-data").status_code == 400
    assert cases() == []


def test_nothing_personal_stands_in_ledger_log_address_or_public_page(client, penalty):
    code = code_in(apply_on_page(client, penalty))
    follow(client, code)
    entries = db.session.execute(select(LedgerEntry.payload)).scalars().all()
    lines = [repr(line) for line in db.session.execute(select(AccessLog.actor, AccessLog.purpose)).all()]
    shown = client.get("/applications").text
    for secret in (REPAIR_FORM["applicant"], REPAIR_FORM["contact"], REPAIR_FORM["statement"], "缴款凭证"):
        assert not any(secret.encode() in entry for entry in entries)
        assert not any(secret in line for line in lines)
        assert secret not in shown
        assert secret not in client.get(f"/records/{penalty.record_id}").text
    assert not any(code in line or code.replace("-", "") in line for line in lines)


def test_a_wrong_code_opens_nothing(client, penalty):
    apply_on_page(client, penalty)
    answer = follow(client, "AAAAA-BBBBB-CCCCC-DDDDD")
    assert answer.status_code == 422
    assert 'id="fault-code"' in answer.text
    assert 'id="code"' in client.get("/applications").text


def test_a_code_is_forgotten_when_asked_or_after_a_while(client, penalty):
    code = code_in(apply_on_page(client, penalty))
    follow(client, code)
    client.post("/applications/close", data={"csrf_token": csrf_of(client, "/applications")})
    assert 'name="code"' in client.get("/applications").text
    follow(client, code)
    with later(hours=1):
        assert 'name="code"' in client.get("/applications").text


def test_what_is_asked_for_is_handed_in_on_the_progress_page(client, penalty):
    code = code_in(apply_on_page(client, penalty))
    (case,) = cases()
    step(case, Action.ASK_FOR_MORE, missing="1. 缴款凭证原件\n2. 整改照片")
    follow(client, code)
    page = client.get("/applications").text
    assert "整改照片" in page
    cells = {"csrf_token": csrf_of(client, "/applications"), "revision": case.revision}
    assert client.post("/applications/supplement", data=cells).status_code == 422
    for _ in range(2):
        answer = client.post(
            "/applications/supplement", data={**cells, "proof": pdf("原件.pdf")}, content_type="multipart/form-data"
        )
        assert answer.status_code == 303
    assert "整改照片" not in client.get("/applications").text
    assert len(queries.evidence_of(case.id)) == 2


def test_the_decision_is_read_as_pdf_by_who_has_the_code_only(client, app, penalty):
    code = code_in(apply_on_page(client, penalty))
    (case,) = cases()
    step(case, Action.ACCEPT, materials_complete=True)
    step(case, Action.VERIFY, verified_on=str(today()), duties_performed=True)
    decide(case, Action.GRANT)
    document = queries.documents_of(case.id)[-1]
    address = f"/applications/documents/{document.id}"
    assert client.get(address).status_code == 404
    follow(client, code)
    assert address in client.get("/applications").text
    answer = client.get(address)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "准予信用修复" in text_of(answer.data)
    assert client.get(f"/records/{penalty.record_id}").status_code == 410
    assert client.get(f"/repairs/{penalty.record_id}").status_code == 303


def test_an_objection_is_handed_in_and_shown_beside_the_record(client, penalty):
    answer = send(
        client,
        f"/objections/{penalty.record_id}",
        kind="penalty_data",
        standing="other",
        applicant="李四光",
        contact="a@b.cn",
        statement="金额有误",
        proof=pdf(),
    )
    code = code_in(answer)
    (case,) = cases()
    assert case.procedure is Procedure.OBJECTION
    assert "Objection pending" in client.get(f"/records/{penalty.record_id}", query_string={"lang": "en"}).text
    step(case, ObjectionAction.NOT_ACCEPT, reason="未提供新证据")
    follow(client, code)
    assert "Not accepted" in client.get("/applications", query_string={"lang": "en"}).text


def test_the_last_day_to_object_is_told(client):
    with transaction():
        listing = make_violation_listing(make_operator(), make_authority(), listed_on=date(2026, 9, 2))
    assert "2026-10-08" in client.get(f"/objections/{listing.record_id}").text


def test_a_clue_needs_no_name_and_its_answer_is_read_with_the_code(client, penalty):
    code = code_in(send(client, f"/clues/{penalty.operator.uscc}", statement="已人去楼空"))
    (case,) = cases()
    assert set(case.personal) == {"statement"}
    step(case, ClueAction.TAKE_UP)
    step(case, ClueAction.ANSWER, finding="confirmed", answer="经核实，该单位已搬离。")
    follow(client, code)
    page = client.get("/applications", query_string={"lang": "en"}).text
    assert "经核实，该单位已搬离。" in page
    assert "was confirmed" in page


def test_where_no_bureau_is_known_the_hotline_is_named(client):
    with transaction():
        operator = make_operator(region="110105")
    page = client.get(f"/clues/{operator.uscc}").text
    assert "12315" in page
    assert 'name="statement"' not in page


@pytest.mark.parametrize(
    "path", ["/repairs/x", "/objections/%00", "/repairs/130100.administrative_penalty.none", "/clues/1"]
)
def test_what_is_no_record_is_not_there(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_negative_result_of_an_inspection_is_found_repaired_and_gone(client, language):
    with transaction():
        operator = make_operator(name="石家庄瑞祥商贸有限公司")
        result = make_inspection_result(operator, make_authority(), result_code=ResultCode.FAILED)
        make_inspection_result(operator, result.authority, result_code=ResultCode.PASSED, task="无关的抽查")
    address = f"/repairs/{result.record_id}"
    found = client.get(f"/repairs?q={operator.uscc}&lang={language}").text
    assert f'href="{address}"' in found
    assert "无关的抽查" not in found
    assert f'href="{address}"' in client.get(f"/records/{result.record_id}").text
    assert result.task in client.get(address).text
    assert apply_on_page(client, result).status_code == 200
    (case,) = cases()
    step(case, Action.ACCEPT, materials_complete=True)
    step(case, Action.VERIFY, verified_on=str(today()), duties_performed=True)
    decide(case, Action.GRANT)
    assert client.get(f"/records/{result.record_id}").status_code == 410
    assert client.get(address).status_code == 303
    assert f'href="{address}"' not in client.get(f"/repairs?q={operator.uscc}").text


def test_a_result_without_fault_is_nothing_to_be_repaired(client):
    with transaction():
        result = make_inspection_result(make_operator(), make_authority(), result_code=ResultCode.PASSED)
    assert client.get(f"/repairs/{result.record_id}").status_code == 303
