"""Checking a report by its number or by the file."""

from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from models import CreditReport, db
from models.credit_report import ReportKind
from registry.clock import now
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty

FILE = b"%PDF-1.7 a report"
NO = "2026112410000012AB34CD"


@pytest.fixture
def issued(client: FlaskClient) -> None:
    """A report of an operator without records."""
    with transaction():
        operator = make_operator()
    report = CreditReport(
        report_no=NO,
        kind=ReportKind.FULL,
        operator_id=operator.id,
        subject_name=operator.name,
        subject_code=operator.uscc,
        scope={},
        issued_at=now(),
        ledger_seq=10**9,
        content_digest=bytes(32),
        sha256=sha256(FILE).digest(),
    )
    db.session.add(report)
    db.session.commit()


@pytest.mark.usefixtures("issued")
def test_a_valid_number_shows_subject_moment_and_hash(client: FlaskClient) -> None:
    answer = client.get(f"/verify/{NO}")
    assert answer.status_code == 200
    assert '<h2 id="verdict">有效</h2>' in answer.text
    assert "石家庄瑞祥商贸有限公司" in answer.text
    assert sha256(FILE).hexdigest() in answer.text


@pytest.mark.usefixtures("issued")
def test_the_form_leads_to_the_number_as_it_is_printed_in_groups(client: FlaskClient) -> None:
    answer = client.get("/verify", query_string={"report_no": " 20261124100000 12ab34cd "})
    assert (answer.status_code, answer.location) == (303, f"/verify/{NO}")


@pytest.mark.usefixtures("issued")
def test_the_very_file_is_known_without_any_cookie(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"file": (BytesIO(FILE), "report.pdf")})
    assert answer.status_code == 200
    assert '<h2 id="verdict">有效</h2>' in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("issued")
def test_an_altered_file_is_unknown(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"file": (BytesIO(FILE + b"\n"), "report.pdf")})
    assert '<h2 id="verdict">查无此报告</h2>' in answer.text
    assert "石家庄瑞祥商贸有限公司" not in answer.text


@pytest.mark.usefixtures("issued")
def test_a_superseded_report_says_since_when(client: FlaskClient) -> None:
    report = db.session.get(CreditReport, NO)
    assert report is not None
    report.ledger_seq = 1  # issued when only the operator had been entered
    operator = report.operator
    with transaction():
        make_penalty(operator, make_authority(), public_until=date(2099, 1, 1))
    assert "起已被更新" in client.get(f"/verify/{NO}").text


@pytest.mark.parametrize("number", ["<b>1", "%00", "9" * 500, "二〇二六"])
def test_an_unknown_number_is_404_and_shown_as_text(client: FlaskClient, number: str) -> None:
    answer = client.get(f"/verify/{number}")
    assert answer.status_code == 404
    assert "查无此报告" in answer.text
    assert "<b>1" not in answer.text


def test_no_file_is_told_at_the_field_and_on_top(client: FlaskClient) -> None:
    answer = client.post("/verify", data={})
    assert answer.status_code == 422
    assert '<a href="#file">请先选择PDF文件。</a>' in answer.text
