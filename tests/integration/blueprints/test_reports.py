"""The report's address and the form of a special one."""

from hashlib import sha256
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models import CreditReport, db
from registry.rules.operator import OperatorKind
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.unit.reports.samples import text_of

SPECIAL = {"type": "special", "from": "2025-01-01", "to": "2026-11-01"}


@pytest.fixture
def address(client: FlaskClient) -> str:
    """An operator's address; it has a penalty."""
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority())
        return f"/operators/{operator.uscc}"


def test_the_pdf_is_shown_under_a_chinese_name_and_kept_by_nobody(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address}/report.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("inline; filename=")
    assert "石家庄瑞祥商贸有限公司-信用信息报告-" in unquote(disposition.split("filename*=UTF-8''")[1])
    number = db.session.execute(select(CreditReport.report_no)).scalar_one()
    assert sha256(answer.data).hexdigest() in client.get(f"/verify/{number}").text
    assert '<h2 id="verdict">有效</h2>' in client.post("/verify", data={"file": (BytesIO(answer.data), "r.pdf")}).text


def test_a_special_report_takes_fields_one_by_one_or_with_commas(client: FlaskClient, address: str) -> None:
    for fields in (["market", "fire"], ["market,fire"]):
        answer = client.get(f"{address}/report.pdf", query_string={**SPECIAL, "fields": fields})
        assert answer.content_type == "application/pdf"
        assert "有无违法违规记录证明版" in text_of(answer.data)
    scopes = db.session.execute(select(CreditReport.scope)).scalars().all()
    assert [scope["fields"] for scope in scopes] == [["market", "fire"]] * 2


def test_all_faults_are_told_at_once_in_the_form_and_nothing_is_issued(client: FlaskClient, address: str) -> None:
    asked = {"type": "special", "fields": "alchemy", "from": "yesterday", "to": "2999-01-01"}
    answer = client.get(f"{address}/report.pdf", query_string=asked)
    assert answer.status_code == 422
    for fault in ("没有这样的领域：alchemy。", "请填写日期，例如 2026-11-23。", "该日期尚未到来。"):
        assert answer.text.count(fault) == 2  # on top, and at the field
    assert db.session.execute(select(func.count()).select_from(CreditReport)).scalar_one() == 0


@pytest.mark.parametrize("query", ["type=odd", "fields=market", "type=full&from=2026-01-01"])
def test_a_scope_without_its_kind_is_refused(client: FlaskClient, address: str, query: str) -> None:
    assert client.get(f"{address}/report.pdf?{query}").status_code == 422


def test_the_operator_page_leads_to_both_reports(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert f'href="{address}/report.pdf"' in page
    assert f'href="{address}/special-report"' in page
    assert 'value="intellectual_property"' in client.get(f"{address}/special-report").text


def test_natural_persons_have_no_report(client: FlaskClient) -> None:
    with transaction():
        person = make_operator(name="王小明", kind=OperatorKind.NATURAL_PERSON, person_key="ab" * 32)
    for page in ("report.pdf", "special-report"):
        assert client.get(f"/operators/{person.uscc}/{page}").status_code == 404


def test_a_lower_case_code_leads_to_the_report_with_its_question(client: FlaskClient, address: str) -> None:
    answer = client.get(f"{address.replace('/91', '/%EF%BC%991')}/report.pdf?type=special&fields=market&fields=fire")
    assert answer.status_code == 301
    assert answer.location == f"{address}/report.pdf?type=special&fields=market&fields=fire"


@pytest.mark.parametrize("query", ["", "?type=special&fields=market&from=2025-01-01&to=2026-11-01"])
def test_asking_for_the_head_issues_nothing(client: FlaskClient, address: str, query: str) -> None:
    answer = client.head(f"{address}/report.pdf{query}")
    assert (answer.status_code, answer.content_type, answer.data) == (200, "application/pdf", b"")
    assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.execute(select(func.count()).select_from(CreditReport)).scalar_one() == 0
