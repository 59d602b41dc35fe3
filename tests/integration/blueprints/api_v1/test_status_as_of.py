"""`?as_of=DATE`: in legal effect on that day, among findings that are public today."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from registry.ledger import Actor
from registry.rules.record import EndReason, RecordState
from registry.services import publicity
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_penalty
from tests.integration.blueprints.api_v1.conftest import Platform

pytestmark = pytest.mark.usefixtures("noon")

REPAIR = Actor("officer", "repairs")


def register(node: Flask) -> tuple[str, Any]:
    """A fine of March, public from April; a closure until September; a stay since July; one repaired in October."""
    with node.app_context(), transaction():
        operator, authority = make_operator(), make_authority()
        make_penalty(operator, authority, decided_on=date(2026, 3, 2), public_from=date(2026, 4, 1))
        make_penalty(
            operator,
            authority,
            decided_on=date(2026, 6, 1),
            kinds=["suspension_of_business"],
            restriction_until=date(2026, 9, 1),
            severity="serious",
            public_until=date(2029, 6, 1),
        )
        make_abnormal_listing(operator, authority, listed_on=date(2026, 7, 8))
        repaired = make_abnormal_listing(operator, authority, listed_on=date(2026, 2, 2), report_year=2024)
        publicity.end_publicity(repaired.record_id, reason=EndReason.REPAIRED, on=date(2026, 10, 9), actor=REPAIR)
        assert repaired.state is RecordState.ENDED
        return operator.uscc or "", operator.id


def types_on(platform: Platform, code: str, day: str) -> tuple[str, list[str]]:
    status = platform.get(f"/operators/{code}/status?as_of={day}").json
    assert status["as_of"] == day
    return status["level"], [each["type"] for each in status["findings"]]


def test_each_day_has_what_was_in_effect_on_it_and_is_public_still(node: Flask, platform: Platform) -> None:
    code, _ = register(node)
    assert types_on(platform, code, "2026-03-01") == ("clear", [])
    assert types_on(platform, code, "2026-03-02") == ("low", ["penalty"])  # decided, not published yet
    assert types_on(platform, code, "2026-06-01") == ("barred", ["penalty", "penalty"])
    assert types_on(platform, code, "2026-08-31") == ("barred", ["abnormal_listing", "penalty", "penalty"])
    assert types_on(platform, code, "2026-09-01") == ("high", ["abnormal_listing", "penalty", "penalty"])


def test_today_is_the_plain_answer(node: Flask, platform: Platform) -> None:
    code, _ = register(node)
    plain = platform.get(f"/operators/{code}/status").json
    asked = platform.get(f"/operators/{code}/status?as_of=2026-11-24").json
    assert asked.pop("as_of") == "2026-11-24"
    assert asked == plain


@pytest.mark.parametrize("day", ["2026-11-25", "tomorrow", "2026-02-30", ""])
def test_a_day_to_come_or_none_at_all_is_refused(node: Flask, platform: Platform, day: str) -> None:
    code, _ = register(node)
    answer = platform.get(f"/operators/{code}/status?as_of={day}")
    assert (answer.status_code, answer.json["code"]) == (422, "as_of_invalid")


def test_without_a_key_nothing_is_told_of_the_day(node: Flask) -> None:
    assert node.test_client().get("/api/v1/operators/1/status?as_of=tomorrow").status_code == 401


def test_the_receipt_is_over_the_day_too(node: Flask, platform: Platform) -> None:
    code, _ = register(node)
    answer = platform.get(f"/operators/{code}/status?as_of=2026-03-02&receipt=1").json
    assert answer["as_of"] == "2026-03-02"
    assert answer["receipt"].count(".") == 2
