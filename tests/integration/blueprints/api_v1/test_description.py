"""The description is true: what it promises is what is answered, whatever is asked."""

import gzip
import re
from collections.abc import Iterator
from typing import Any

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


def words_of(document: Any, place: str = "") -> Iterator[tuple[str, str | None]]:
    """What must be told, and how it is: every parameter, answer, subject, operation and member of an object."""
    if isinstance(document, dict):
        for name, inner in document.items():
            if name == "properties":
                for member, schema in inner.items():
                    yield f"{place}.{member}", schema.get("description")
            elif name == "parameters":
                for parameter in inner:
                    yield f"{place} {parameter['name']}", parameter.get("description")
            elif name == "responses" and place.startswith(".paths"):
                for status, answer in inner.items():
                    yield f"{place} {status}", answer.get("description")
            elif name in {"get", "post"}:
                yield f"{place} {name}", inner.get("summary")
            yield from words_of(inner, f"{place}.{name}")


def test_everything_is_told_in_both_languages(node: Flask) -> None:
    client = node.test_client()
    documents = [client.get(f"/api/v1/openapi.json?lang={language}").json for language in ("zh", "en")]
    chinese, english = ([*words_of(document), *tagged(document)] for document in documents)
    assert [place for place, words in chinese if not words] == []
    assert [place for place, _ in chinese] == [place for place, _ in english]
    assert len(english) > 100
    assert [place for place, words in chinese if not re.search("[\u4e00-\u9fff]", words or "")] == []
    assert [place for place, words in english if re.search("[\u4e00-\u9fff]", words or "")] == []


def tagged(document: Any) -> Iterator[tuple[str, str | None]]:
    """The title, and the words on each subject."""
    yield "title", document["info"]["title"]
    yield "about", document["info"]["description"]
    for tag in document["tags"]:
        yield tag["name"], tag["description"]


def test_parameters_of_a_path_are_told_once(node: Flask) -> None:
    document = node.test_client().get("/api/v1/openapi.json").json
    for methods in document["paths"].values():
        for told in (methods.get(method, {}) for method in ("get", "post")):
            names = [each["name"] for each in [*methods.get("parameters", []), *told.get("parameters", [])]]
            assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "按代码或者注册号查询商家状态"), ("en", "Status of a merchant by code")]
)
def test_the_page_writes_the_description_out(node: Flask, language: str, words: str) -> None:
    client: FlaskClient = node.test_client()
    page = client.get(f"/api/docs?lang={language}")
    assert page.status_code == 200
    assert words in page.text
    for _, address in ADDRESSES:
        assert address in page.text
    anchors = re.findall(r'href="#([^"]+)"', page.text)
    assert len(anchors) > len(ADDRESSES)
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page.text] == []
    assert len(gzip.compress(page.data)) < 30_000


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
