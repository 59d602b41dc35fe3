"""Signed receipts of status lookups, checked years later by anybody, and here against what is public now."""

from datetime import date

import orjson
import pytest
from flask import Flask
from joserfc import jws
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from registry import signing_keys
from registry.clock import today
from registry.queries.operators import get_operator
from registry.rules.record import EndReason
from registry.services import publicity
from registry.transaction import transaction
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_operator, make_penalty, make_uscc
from tests.integration.blueprints.api_v1.conftest import Platform
from tests.integration.blueprints.api_v1.test_status import operator_with

pytestmark = pytest.mark.usefixtures("noon")


def signed(platform: Platform, receipt: str) -> dict[str, object]:
    """What a stranger reads from a receipt with the published keys alone."""
    published = platform.app.test_client().get("/.well-known/jwks.json").json
    found = jws.deserialize_compact(receipt, KeySet.import_key_set(published), algorithms=["Ed25519"])
    assert found.headers()["typ"] == "status-receipt"
    return dict(orjson.loads(found.payload))


def verify(platform: Platform, receipt: str) -> TestResponse:
    return platform.app.test_client().post("/verify/receipt?lang=en", data={"receipt": receipt})


def test_a_receipt_signs_the_whole_answer_with_who_asked_what_for_and_when(node: Flask, platform: Platform) -> None:
    code = operator_with(node, make_penalty)
    answer = platform.get(f"/operators/{code}/status?receipt=1&purpose=onboarding")
    body = answer.json
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    receipt = body.pop("receipt")
    told = signed(platform, receipt)
    number = told.pop("receipt_no")
    assert told == {
        **body,
        "client": "platform",
        "purpose": "onboarding",
        "issued_at": "2026-11-24T12:00:00+08:00",
    }
    assert str(number).startswith("20261124120000")


def test_the_answer_is_the_one_without_a_receipt_and_counted_once(node: Flask, platform: Platform) -> None:
    code = operator_with(node, make_penalty)
    plain = platform.get(f"/operators/{code}/status")
    left = int(plain.headers["RateLimit-Remaining"])
    answer = platform.get(f"/operators/{code}/status?receipt=1", If_None_Match=plain.headers["ETag"])
    assert answer.status_code == 200
    assert {**answer.json, "receipt": None} == plain.json
    assert int(answer.headers["RateLimit-Remaining"]) == left - 1


def test_that_nobody_was_found_is_receipted_too(platform: Platform) -> None:
    code = make_uscc()
    answer = platform.get(f"/operators/{code}/status?receipt=1")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    told = signed(platform, body.pop("receipt"))
    assert (told["code"], told["id"], told["client"]) == ("operator_not_found", code, "platform")
    assert body.items() <= told.items()


def test_a_code_that_is_none_gets_no_receipt(platform: Platform) -> None:
    answer = platform.get("/operators/91130102MA0000000X/status?receipt=1")
    assert answer.status_code == 422
    assert "receipt" not in answer.json


def test_a_receipt_that_still_holds_is_told_so_wherever_it_was_broken_into_lines(
    node: Flask, platform: Platform
) -> None:
    receipt = platform.get(f"/operators/{operator_with(node, make_penalty)}/status?receipt=1").json["receipt"]
    page = verify(platform, receipt[:40] + "\n" + receipt[40:])
    assert page.status_code == 200
    assert "still right" in page.text
    assert "platform" in page.text


def test_what_came_is_linked_and_of_what_ended_only_the_number_is_said(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        operator, authority = make_operator(), make_authority()
        penalty = make_penalty(operator, authority, unlawful_act="使用未经检定的秤")
        code, record_id = str(operator.uscc), penalty.record_id
    receipt = platform.get(f"/operators/{code}/status?receipt=1").json["receipt"]
    with node.app_context(), transaction():
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=today(), actor=ACTOR)
        listing = make_abnormal_listing(get_operator(code), make_authority(), listed_on=date(2026, 11, 20))
        listed_id = listing.record_id
    page = verify(platform, receipt)
    assert "something has changed since" in page.text
    assert f"/records/{listed_id}" in page.text
    assert "1 finding of the receipt is no longer public." in page.text
    assert "使用未经检定的秤" not in page.text
    assert record_id not in page.text


def test_another_content_of_the_same_record_and_another_name_are_changes(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        penalty = make_penalty(operator := make_operator(), make_authority())
        code, record_id = str(operator.uscc), penalty.record_id
    receipt = platform.get(f"/operators/{code}/status?receipt=1").json["receipt"]
    with node.app_context(), transaction():
        publicity.mark_objection(record_id, actor=ACTOR)
        get_operator(code).name = "石家庄改名商贸有限公司"
    page = verify(platform, receipt)
    assert "Public now with other contents" in page.text
    assert f"/records/{record_id}" in page.text
    assert "Registration items that differ: Name" in page.text


def test_a_code_that_came_later_is_a_change_for_a_receipt_of_nobody(node: Flask, platform: Platform) -> None:
    code = make_uscc()
    receipt = platform.get(f"/operators/{code}/status?receipt=1").json["receipt"]
    assert "still right" in verify(platform, receipt).text
    with node.app_context(), transaction():
        make_operator(code=code)
    assert "has an operator with this code or number now" in verify(platform, receipt).text


@pytest.mark.parametrize(
    "change", [lambda text: text[:-2], lambda text: text.replace(".", ".e", 1), lambda _: "x" * 70_000]
)
def test_a_receipt_that_was_altered_is_none_of_ours(node: Flask, platform: Platform, change: object) -> None:
    receipt = platform.get(f"/operators/{operator_with(node)}/status?receipt=1").json["receipt"]
    assert "No receipt of this register" in verify(platform, change(receipt)).text  # type: ignore[operator]


def test_a_signed_head_of_the_ledger_is_no_receipt(node: Flask, platform: Platform) -> None:
    keys = signing_keys.load_or_create(node.extensions["registry_settings"].key_dir)
    assert "No receipt of this register" in verify(platform, keys.sign(b'{"id": "1"}', kind="ledger-head")).text


def test_an_empty_form_says_what_is_missing(platform: Platform) -> None:
    page = verify(platform, " ")
    assert page.status_code == 422
    assert "Please paste a receipt first." in page.text
