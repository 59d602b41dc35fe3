"""The description is true: what it promises is what is answered, whatever is asked."""

import orjson
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprints.schemas.merchant_status import ChecksOut, SearchOut, StatusOut
from registry.transaction import transaction
from tests.factories import make_authority, make_licence, make_operator, make_penalty, make_violation_listing
from tests.integration.blueprints.api_v1.conftest import Platform

ADDRESSES = (
    ("GET", "/api/v1/operators/{identifier}/status"),
    ("POST", "/api/v1/checks"),
    ("GET", "/api/v1/search"),
    ("GET", "/api/v1/ledger/head"),
    ("GET", "/api/v1/ledger/proof/inclusion"),
    ("GET", "/api/v1/ledger/proof/consistency"),
)


def test_every_address_is_described_with_its_errors(node: Flask) -> None:
    document = node.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    for method, address in ADDRESSES:
        operation = document["paths"][address][method.lower()]
        assert "application/problem+json" in operation["responses"]["429"]["content"]
    assert document["components"]["schemas"]["ProblemOut"]["required"] == ["code", "status", "title", "type"]


def test_the_page_needs_no_inline_script_and_nobody_else(node: Flask) -> None:
    client: FlaskClient = node.test_client()
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!DOCTYPE", "")
    assert "<style" not in page.text
    assert " on" not in page.text.replace(" content", "")
    for part in page.text.split('"'):
        if part.startswith("/"):
            with client.get(part) as answer:
                assert answer.status_code == 200


def test_answers_have_the_shape_that_is_described(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        operator, authority = make_operator(name="石家庄合约商贸有限公司"), make_authority()
        for make in (make_penalty, make_licence, make_violation_listing):
            make(operator, authority)
        code = operator.uscc
    assert StatusOut().validate(platform.get(f"/operators/{code}/status").json) == {}
    checked = platform.check({"uscc": code}, {"name": "石家庄合约商贸有限公司"}, request_no="shape").json
    assert ChecksOut().validate(checked) == {}
    assert SearchOut().validate(platform.get("/search?q=合约").json) == {}


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_nothing_that_is_asked_breaks_it(node: Flask, platform: Platform, method: str, address: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", node)
    operation = schema[address][method]

    @given(case=operation.as_strategy())
    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(headers=platform.authorization)
        case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error])
        if answer.status_code >= 400 and answer.status_code != 404:
            body = orjson.loads(answer.content)
            assert body["code"]
            assert body["status"] == answer.status_code

    ask()


@given(typed=st.text(max_size=40))
@settings(max_examples=60)
def test_no_text_breaks_the_search(platform: Platform, typed: str) -> None:
    answer = platform.app.test_client().get("/api/v1/search", query_string={"q": typed}, headers=platform.authorization)
    assert answer.status_code in {200, 422}
