"""The credit report for platforms: the site's own report, issued in the platform's name."""

from hashlib import sha256

import pytest
import time_machine
from flask import Flask

from registry.rules.operator import OperatorKind
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.blueprints.api_v1.conftest import Platform, enrol
from tests.unit.reports.samples import text_of

SPECIAL = "type=special&fields=market,fire&from=2025-01-01&to=2026-11-01"


@pytest.fixture
def code(node: Flask) -> str:
    """The code of an operator with a penalty."""
    with node.app_context(), transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), document_no="石长市监罚〔2026〕平台号")
        assert operator.uscc is not None
        return operator.uscc


def reports_of(platform: Platform, code: str) -> list[tuple[str, str, str]]:
    """Kind, client and event of every report of an operator, in the order of issue."""
    return [
        (kind, client, event)
        for kind, client, event in platform.rows(
            "SELECT r.kind, c.name, l.event FROM credit_report r JOIN access_log l ON l.purpose = r.report_no"
            f" JOIN api_client c ON c.id = l.client_id WHERE r.subject_code = '{code}' ORDER BY l.id"
        )
    ]


def test_a_report_is_issued_in_the_platforms_name_and_verifies(platform: Platform, code: str) -> None:
    answer = platform.get(f"/operators/{code}/report.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert (answer.headers["Cache-Control"], answer.headers["RateLimit-Limit"]) == ("no-store", "10000")
    assert "平台号" in text_of(answer.data)
    assert reports_of(platform, code) == [("full", platform.name, "report.full")]
    ((number,),) = platform.rows(f"SELECT report_no FROM credit_report WHERE subject_code = '{code}'")
    assert sha256(answer.data).hexdigest() in platform.app.test_client().get(f"/verify/{number}").text


@pytest.mark.usefixtures("noon")
def test_a_special_report_takes_the_parameters_of_the_site(platform: Platform, code: str) -> None:
    answer = platform.get(f"/operators/{code}/report.pdf?{SPECIAL}")
    assert "有无违法违规记录证明版" in text_of(answer.data)
    assert reports_of(platform, code) == [("special", platform.name, "report.special")]


def test_faults_of_a_question_are_told_at_once_and_nothing_is_issued(
    platform: Platform, code: str, noon: time_machine.Traveller
) -> None:
    del noon
    answer = platform.get(f"/operators/{code}/report.pdf?type=special&fields=alchemy&from=yesterday&to=2999-01-01")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert {fault["field"] for fault in answer.json["errors"]} == {"fields", "from", "to"}
    assert reports_of(platform, code) == []


def test_the_head_issues_nothing(platform: Platform, code: str) -> None:
    answer = platform.app.test_client().head(f"/api/v1/operators/{code}/report.pdf", headers=platform.authorization)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert reports_of(platform, code) == []


def test_a_key_with_the_scope_is_needed(node: Flask, code: str) -> None:
    address = f"/api/v1/operators/{code}/report.pdf"
    assert node.test_client().get(address).status_code == 401
    searcher = enrol(node, f"searcher of {code}", Scope.SEARCH)
    assert node.test_client().get(address, headers=searcher.authorization).json["code"] == "scope_missing"


def test_who_has_no_report_is_told_so(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        person = make_operator(name="王小明", kind=OperatorKind.NATURAL_PERSON, person_key="ef" * 32).uscc
    assert platform.get(f"/operators/{person}/report.pdf").json["code"] == "operator_not_found"
    assert platform.get("/operators/911301050000000000/report.pdf").json["code"] == "uscc_invalid"


def test_it_is_described(node: Flask) -> None:
    document = node.test_client().get("/api/v1/openapi.json").json
    operation = document["paths"]["/api/v1/operators/{identifier}/report.pdf"]["get"]
    assert "application/pdf" in operation["responses"]["200"]["content"]
    assert {"type", "fields", "from", "to"} <= {each["name"] for each in operation["parameters"]}
