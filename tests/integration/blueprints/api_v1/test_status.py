"""A merchant's status: what it shows, to whom, and from when until when."""

from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask

from models import db
from registry.queries.operators import get_operator
from registry.rules.listing import EndReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.record import RecordState
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_licence,
    make_operator,
    make_penalty,
    make_uscc,
    make_violation_listing,
)
from tests.integration.blueprints.api_v1.conftest import Platform, enrol

pytestmark = pytest.mark.usefixtures("noon")


def operator_with(node: Flask, *makers: Any, **columns: Any) -> str:
    """Code of a new operator with records made by `makers(operator, authority)`."""
    with node.app_context(), transaction():
        operator, authority = make_operator(**columns), make_authority()
        for make in makers:
            make(operator, authority)
        return operator.uscc or operator.registration_no


def test_a_merchant_without_findings_is_clear(node: Flask, platform: Platform) -> None:
    code = operator_with(node, name="石家庄清白商贸有限公司")
    status = platform.get(f"/operators/{code}/status").json
    assert (status["level"], status["findings"], status["name"]) == ("clear", [], "石家庄清白商贸有限公司")
    assert (status["kind"], status["registration_status"], status["scope"]) == ("enterprise", "active", ["130100"])
    assert status["advice"] == "在覆盖范围内未查询到公示的失信信息；不作为守法合规证明。"
    assert status["receipt"] is None


def test_findings_come_gravest_first_and_the_heaviest_gives_the_level(node: Flask, platform: Platform) -> None:
    code = operator_with(node, make_penalty, make_licence, make_abnormal_listing, make_violation_listing)
    status = platform.get(f"/operators/{code}/status?lang=en").json
    assert [each["type"] for each in status["findings"]] == [
        "violation_listing",
        "abnormal_listing",
        "penalty",
        "licence",
    ]
    assert status["level"] == "high"
    listing = status["findings"][0]
    assert listing["measures"][0]["code"] == "44-15-2"
    assert listing["url"] == f"http://registry.test/records/{listing['record_id']}"
    assert (listing["public_from"], listing["public_until"]) == ("2026-03-02", "2029-03-02")
    assert status["advice"].startswith("Serious breach of law")


def test_a_revoked_operator_is_barred(node: Flask, platform: Platform) -> None:
    code = operator_with(node, registration_status=RegistrationStatus.REVOKED, status_on=date(2026, 5, 1))
    status = platform.get(f"/operators/{code}/status").json
    assert (status["level"], status["findings"][0]["type"]) == ("barred", "registration_status")


@pytest.mark.parametrize(
    "state",
    [state for state in RecordState if state is not RecordState.IN_FORCE],
    ids=lambda state: state.value,
)
def test_nothing_that_is_not_in_force_shows(node: Flask, platform: Platform, state: RecordState) -> None:
    def hidden(operator: Any, authority: Any) -> None:
        ended = {"ended_on": date(2026, 11, 1), "end_statement": "x", "end_reason": EndReason.DECISION_REVOKED}
        closed = state in {RecordState.ENDED, RecordState.WITHDRAWN, RecordState.SHIELDED}
        for make in (make_penalty, make_abnormal_listing, make_violation_listing):
            make(operator, authority, state=state, **(ended if closed else {}))

    code = operator_with(node, hidden)
    status = platform.get(f"/operators/{code}/status").json
    assert (status["level"], status["findings"]) == ("clear", [])
    assert platform.check({"uscc": code}, request_no=state.value).json["items"][0]["status"]["findings"] == []


def test_it_is_right_at_midnight_without_any_job(node: Flask, platform: Platform, noon: time_machine.Traveller) -> None:
    def short(operator: Any, authority: Any) -> None:
        make_penalty(operator, authority, decided_on=date(2026, 11, 26), public_until=date(2026, 12, 1))

    code = operator_with(node, short)
    shown = {}
    for moment in (
        "2026-11-25T23:59:59+08:00",
        "2026-11-26T00:00:00+08:00",
        "2026-11-30T15:59:59+00:00",
        "2026-11-30T16:00:00+00:00",
    ):
        noon.move_to(moment)
        single = platform.get(f"/operators/{code}/status").json
        batch = platform.check({"uscc": code}, request_no=f"midnight {moment}").json["items"][0]["status"]
        assert single["findings"] == batch["findings"]
        shown[moment] = len(single["findings"])
    assert list(shown.values()) == [0, 1, 1, 0]


def test_it_is_right_at_the_commit(node: Flask, platform: Platform) -> None:
    code = operator_with(node)
    before = platform.get(f"/operators/{code}/status")
    with node.app_context(), transaction():
        listing = make_abnormal_listing(get_operator(code), make_authority())
        db.session.flush()
        during = platform.get(f"/operators/{code}/status")
        record_id = listing.record_id
    after = platform.get(f"/operators/{code}/status").json
    assert before.json["findings"] == during.json["findings"] == []
    assert [each["record_id"] for each in after["findings"]] == [record_id]
    assert after["ledger_seq"] > before.json["ledger_seq"]


def test_a_corrected_code_leads_to_its_successor(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        newest = make_operator(name="石家庄新码商贸有限公司")
        middle = make_operator(successor_id=newest.id)
        oldest = make_operator(successor_id=middle.id)
        old, new = oldest.uscc, newest.uscc
    assert platform.get(f"/operators/{old}/status").json["uscc"] == new
    item = platform.check({"uscc": old}, request_no="successor").json["items"][0]
    assert (item["match"], item["status"]["uscc"]) == ("exact", new)


def test_a_registration_number_and_odd_writing_lead_there_too(node: Flask, platform: Platform) -> None:
    code = operator_with(node, registration_no="130102000000017")
    assert platform.get("/operators/130102000000017/status").json["uscc"] == code
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert platform.get(f"/operators/{wide}/status").json["uscc"] == code


def test_a_natural_person_is_not_found(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        person = make_operator(name="王*", kind=OperatorKind.NATURAL_PERSON, person_key="ef" * 32)
        code = person.uscc
    answer = platform.get(f"/operators/{code}/status")
    assert (answer.status_code, answer.json["code"]) == (404, "operator_not_found")
    items = platform.check({"uscc": code}, {"name": "王*"}, request_no="person").json["items"]
    assert [item["match"] for item in items] == ["none", "none"]


def test_an_impossible_code_is_told_apart_from_an_unknown_one(platform: Platform) -> None:
    unknown = make_uscc(serial=999_999)
    assert platform.get(f"/operators/{unknown}/status").json["code"] == "operator_not_found"
    wrong = unknown[:-1] + ("1" if unknown[-1] != "1" else "2")
    answer = platform.get(f"/operators/{wrong}/status")
    assert (answer.status_code, answer.json["code"]) == (422, "uscc_invalid")
    assert answer.json["errors"][0]["code"] == "uscc_check"
    number = platform.get("/operators/130102199003071230/status")
    assert number.status_code == 422
    assert "130102199003071230" not in number.text


def test_an_unchanged_answer_is_not_sent_again(node: Flask, platform: Platform) -> None:
    code = operator_with(node)
    first = platform.get(f"/operators/{code}/status")
    operator_with(node)  # moves ledger_seq, which the tag leaves out
    again = platform.get(f"/operators/{code}/status", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    english = platform.get(f"/operators/{code}/status?lang=en", If_None_Match=first.headers["ETag"])
    assert english.status_code == 200


def test_every_answer_has_a_number_and_the_limit(node: Flask, platform: Platform) -> None:
    code = operator_with(node)
    for answer in (
        platform.get(f"/operators/{code}/status"),
        platform.get("/operators/1/status"),
        platform.get("/search?q=x"),
    ):
        assert len(answer.headers["X-Request-Id"]) == 16
        assert answer.headers["RateLimit-Limit"] == "10000"
        assert int(answer.headers["RateLimit-Remaining"]) < 10_000
        assert answer.headers["RateLimit-Reset"] == "60"
    nowhere = platform.get("/nowhere")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "not_found")
    assert nowhere.headers["X-Request-Id"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
def test_without_a_key_there_is_no_answer(node: Flask, header: dict[str, str]) -> None:
    for address in ("/api/v1/operators/1/status", "/api/v1/search?q=ab"):
        answer = node.test_client().get(address, headers=header)
        assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
        assert answer.headers["RateLimit-Limit"] == "120"
    assert node.test_client().post("/api/v1/checks", json={}, headers=header).status_code == 401


def test_a_key_without_the_scope_and_a_disabled_one_are_refused(node: Flask) -> None:
    other = enrol(node, "searches only", Scope.SEARCH)
    assert other.get("/operators/1/status").json["code"] == "scope_missing"
    assert other.check({"name": "x"}).status_code == 403
    with node.app_context(), transaction():
        api_clients.disable("searches only")
    assert other.get("/search?q=ab").status_code == 401


def test_who_looked_at_whom_is_kept(node: Flask) -> None:
    reader = enrol(node, "reader", Scope.CHECK)
    clear, listed = operator_with(node), operator_with(node, make_abnormal_listing)
    numbers = [
        reader.get(f"/operators/{code}/status?purpose=onboarding").headers["X-Request-Id"] for code in (clear, listed)
    ]
    reader.get(f"/operators/{make_uscc(serial=999_998)}/status")
    logged = reader.rows(
        "SELECT o.uscc, l.status, l.purpose, l.request_id FROM access_log l JOIN api_client c ON c.id = l.client_id"
        " LEFT JOIN operator o ON o.id = l.operator_id WHERE c.name = 'reader' ORDER BY l.id"
    )
    assert logged == [
        (clear, 200, "onboarding", numbers[0]),
        (listed, 200, "onboarding", numbers[1]),
        (None, 404, None, logged[2][3]),
    ]
    shown = reader.rows(
        "SELECT o.uscc FROM client_reading r JOIN api_client c ON c.id = r.client_id JOIN operator o"
        " ON o.id = r.operator_id WHERE c.name = 'reader'"
    )
    assert shown == [(listed,)]
