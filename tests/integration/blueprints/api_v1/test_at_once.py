"""The short way before Flask answers as the view does, and leaves everything else to it, counted once."""

import pytest
from flask import Flask

from blueprints.api_v1 import at_once
from registry.services import operators
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.factories import ACTOR, make_authority, make_operator, make_penalty, make_uscc, make_violation_listing
from tests.integration.blueprints.api_v1.conftest import Platform, enrol

pytestmark = pytest.mark.usefixtures("noon")
MOVING = {"X-Request-Id", "RateLimit-Remaining"}


@pytest.fixture
def code(node: Flask) -> str:
    """A code of an operator with two findings."""
    with node.app_context(), transaction():
        operator, authority = make_operator(), make_authority()
        make_penalty(operator, authority)
        make_violation_listing(operator, authority)
        assert operator.uscc
        return operator.uscc


def test_both_ways_answer_alike(node: Flask, platform: Platform, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short = platform.get(f"/operators/{code}/status")
    monkeypatch.setattr(at_once, "_BEFORE", "/nowhere/")
    long = platform.get(f"/operators/{code}/status")
    assert short.status_code == long.status_code == 200
    assert short.data == long.data
    told = {name: value for name, value in long.headers.items() if name not in MOVING}
    assert {name: value for name, value in short.headers.items() if name not in MOVING} == told
    assert int(short.headers["RateLimit-Remaining"]) == int(long.headers["RateLimit-Remaining"]) + 1


def test_the_short_way_is_taken(platform: Platform, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    told = at_once.StatusAtOnce._told
    monkeypatch.setattr(at_once.StatusAtOnce, "_told", lambda self, found: taken.append(code) or told(self, found))
    platform.get(f"/operators/{code}/status")
    platform.get(f"/operators/{code}/status?lang=en")
    platform.get(f"/operators/{code}/status", If_None_Match='"x"')
    assert taken == [code]


def test_what_fails_is_counted_and_logged_once(node: Flask) -> None:
    asking = enrol(node, "fails once", Scope.CHECK, per_minute=3)
    absent, wrong = make_uscc(), "91130105107743680X"
    assert asking.get(f"/operators/{absent}/status").status_code == 404
    refused = asking.get(f"/operators/{wrong}/status")
    assert (refused.status_code, refused.json["code"]) == (422, "uscc_invalid")
    assert asking.get(f"/operators/{absent}/status").headers["RateLimit-Remaining"] == "0"
    over = asking.get(f"/operators/{absent}/status")
    assert (over.status_code, over.headers["RateLimit-Remaining"]) == (429, "0")
    logged = asking.rows(
        "SELECT l.status FROM access_log l JOIN api_client c ON c.id = l.client_id WHERE c.name = 'fails once' ORDER BY l.id"
    )
    assert [status for (status,) in logged] == [404, 422, 404, 429]
    assert over.headers["X-Request-Id"] in {number for (number,) in asking.rows("SELECT request_id FROM access_log")}


def test_a_key_without_the_scope_and_no_key_are_refused(node: Flask, code: str) -> None:
    other = enrol(node, "searches only", Scope.SEARCH)
    assert other.get(f"/operators/{code}/status").status_code == 403
    assert node.test_client().get(f"/api/v1/operators/{code}/status").status_code == 401
    wrong = node.test_client().get(f"/api/v1/operators/{code}/status", headers={"Authorization": "Bearer nobodys"})
    assert wrong.status_code == 401


def test_a_corrected_code_leads_on_and_notes_who_was_read(node: Flask) -> None:
    asking = enrol(node, "follows", Scope.CHECK)
    with node.app_context(), transaction():
        first, second, last = make_operator(), make_operator(), make_operator(name="石家庄后继商贸有限公司")
        make_penalty(last, make_authority())
        operators.lead_to(first, successor=second, actor=ACTOR)
        operators.lead_to(second, successor=last, actor=ACTOR)
        code, last_id = first.uscc, last.id
    status = asking.get(f"/operators/{code}/status").json
    assert (status["name"], len(status["findings"])) == ("石家庄后继商贸有限公司", 1)
    read = asking.rows(
        "SELECT r.operator_id FROM client_reading r JOIN api_client c ON c.id = r.client_id WHERE c.name = 'follows'"
    )
    assert read == [(last_id,)]
