"""POST /checks: the match table, all faults at once, a repeat counted once."""

from typing import Any

import psycopg
import pytest
from flask import Flask

from blueprints.api_v1.checks import _is_sound
from blueprints.schemas.merchant_status import ChecksIn
from models import FormerName, db
from registry.queries.operators import get_operator
from registry.rules import names
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_uscc
from tests.integration.blueprints.api_v1.conftest import Platform, enrol

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture(scope="module")
def known(node: Flask) -> dict[str, str]:
    """Codes of a few operators by a word."""
    with node.app_context(), transaction():
        authority = make_authority()
        first = make_operator(name="石家庄（独一）商贸有限公司", registration_no="130100000000001")
        make_abnormal_listing(first, authority)
        twins = [make_operator(name="石家庄双生商贸有限公司") for _ in range(2)]
        renamed = make_operator(name="石家庄今名商贸有限公司")
        former = "石家庄旧名商贸有限公司"
        db.session.add(FormerName(operator=renamed, name=former, folded_name=names.fold(former), used_until=None))
        return {"first": first.uscc, "twin": twins[0].uscc, "renamed": renamed.uscc}


@pytest.mark.parametrize(
    ("item", "match", "status", "candidates"),
    [
        ({"uscc": "first"}, "exact", True, 0),
        ({"uscc": "first", "name": "石家庄(獨一)商贸有限公司 "}, "exact", True, 0),
        ({"uscc": "first", "name": "石家庄别家商贸有限公司"}, "mismatch", True, 0),
        ({"registration_no": "130100000000001"}, "exact", True, 0),
        ({"uscc": "unknown", "registration_no": "130100000000001"}, "exact", True, 0),
        ({"uscc": "twin", "registration_no": "130100000000001"}, "ambiguous", False, 2),
        ({"name": "石家庄独一商贸有限公司"}, "candidate", False, 1),
        ({"name": "石家庄旧名商贸有限公司"}, "candidate", False, 1),
        ({"uscc": "renamed", "name": "石家庄旧名商贸有限公司"}, "mismatch", True, 0),
        ({"name": "石家庄双生商贸有限公司"}, "ambiguous", False, 2),
        ({"uscc": "unknown", "name": "石家庄独一商贸有限公司"}, "candidate", False, 1),
        ({"uscc": "unknown"}, "none", False, 0),
        ({"name": "独一"}, "none", False, 0),
    ],
)
def test_the_match_table(
    platform: Platform, known: dict[str, str], item: dict[str, str], match: str, status: bool, candidates: int
) -> None:
    codes = {**known, "unknown": make_uscc(serial=999_997)}
    asked = {**item, **({"uscc": codes[item["uscc"]]} if "uscc" in item else {})}
    answer = platform.check(asked, request_no=f"{match} {item}"[:64]).json["items"][0]
    assert answer["match"] == match
    assert (answer["status"] is not None) is status
    assert len(answer["candidates"]) == candidates
    for candidate in answer["candidates"]:
        assert candidate.keys() == {"uscc", "name", "region", "score", "agreement", "why"}


def test_the_status_is_the_one_of_the_single_lookup(platform: Platform, known: dict[str, str]) -> None:
    batch = platform.check({"uscc": known["first"]}, request_no="same").json["items"][0]["status"]
    assert batch == platform.get(f"/operators/{known['first']}/status").json
    assert batch["level"] == "medium"


def test_an_old_code_is_answered_by_the_operator_that_holds_now(node: Flask, platform: Platform) -> None:
    with node.app_context(), transaction():
        now = make_operator(name="石家庄新号商贸有限公司")
        make_abnormal_listing(now, make_authority())
        between = make_operator(successor_id=now.id)
        old = make_operator(name="石家庄老号商贸有限公司", successor_id=between.id)
        codes = [each.uscc for each in (old, between, now)]
    answer = platform.check(*({"uscc": code} for code in codes), {"name": "石家庄老号商贸有限公司"}, request_no="old")
    *by_code, by_name = answer.json["items"]
    assert {each["status"]["uscc"] for each in by_code} == {codes[-1]}
    assert [each["status"]["level"] for each in by_code] == ["medium"] * 3
    assert [candidate["uscc"] for candidate in by_name["candidates"]] == [codes[-1]]


def test_each_status_of_a_batch_is_the_one_of_the_single_lookup_byte_for_byte(
    platform: Platform, known: dict[str, str]
) -> None:
    codes = [known[word] for word in ("twin", "renamed", "first", "twin")]
    batch = platform.check(*({"uscc": code} for code in codes), request_no="bytes").get_data()
    at = 0
    for code in codes:
        at = batch.index(b'"status":' + platform.get(f"/operators/{code}/status").get_data() + b',"candidates":[]', at)
        at += 1


def test_a_misprinted_code_that_nobody_has_is_named(platform: Platform) -> None:
    code = make_uscc(serial=999_996)
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    answer = platform.check({"uscc": wrong}, request_no="misprint").json["items"][0]
    assert (answer["match"], answer["fault"]) == ("none", "uscc_check")


def test_all_faults_are_told_at_once(platform: Platform) -> None:
    answer = platform.check({"uscc": "1"}, {}, {"name": "x"}, {"uscc": "9113010******0007H"})
    assert answer.status_code == 422
    told = [(fault["field"], fault["code"]) for fault in answer.json["errors"]]
    assert told == [("items.0.uscc", "uscc_length"), ("items.1", "nothing_to_match"), ("items.3.uscc", "uscc_masked")]
    form = platform.check({"uscc": 1}, {"name": "x", "nmae": "y"}, request_no="")
    assert {fault["field"] for fault in form.json["errors"]} == {"request_no", "items.0.uscc", "items.1.nmae"}


@pytest.mark.parametrize(
    "body",
    [
        {"request_no": "1", "purpose": "p", "items": [{"name": "x"}]},
        {"request_no": "1", "purpose": "p", "items": [{"name": None, "uscc": "x" * 64}] * 1000},
        {"request_no": "", "purpose": "p", "items": [{"name": "x"}]},
        {"request_no": "x" * 65, "purpose": "p", "items": [{"name": "x"}]},
        {"request_no": "1", "items": [{"name": "x"}]},
        {"request_no": "1", "purpose": "p", "items": []},
        {"request_no": "1", "purpose": "p", "items": [{"name": "x"}] * 1001},
        {"request_no": "1", "purpose": "p", "items": [{"name": "x" * 201}]},
        {"request_no": "1", "purpose": "p", "items": [{"uscc": "x" * 65}]},
        {"request_no": "1", "purpose": "p", "items": [{"uscc": 1}]},
        {"request_no": "1", "purpose": "p", "items": [1]},
        {"request_no": 1, "purpose": "p", "items": [{"name": "x"}], "other": 1},
        [],
    ],
)
def test_the_quick_look_and_the_schema_agree(body: Any) -> None:
    assert _is_sound(body) is (ChecksIn().validate(body) == {})


def test_a_repeat_counts_once_and_is_computed_anew(node: Flask, known: dict[str, str]) -> None:
    one = enrol(node, "repeats", Scope.CHECK)
    first = one.check({"uscc": known["twin"]}, request_no="7")
    again = one.check({"uscc": known["twin"]}, request_no="7")
    assert first.headers["RateLimit-Remaining"] == again.headers["RateLimit-Remaining"] == "9999"
    with node.app_context(), transaction():
        make_abnormal_listing(get_operator(known["twin"]), make_authority())
    assert one.check({"uscc": known["twin"]}, request_no="7").json["items"][0]["status"]["level"] == "medium"
    other = one.check({"uscc": known["first"]}, request_no="7")
    assert (other.status_code, other.json["code"]) == (409, "request_no_used")
    assert one.check({"uscc": known["first"]}, request_no="8").headers["RateLimit-Remaining"] == "9998"


def test_a_number_that_met_the_limit_is_not_remembered(node: Flask) -> None:
    small = enrol(node, "small", Scope.CHECK, per_minute=1)
    assert small.check({"name": "甲"}, request_no="1").status_code == 200
    assert [small.check({"name": "甲"}, request_no="2").status_code for _ in range(2)] == [429, 429]


def test_many_items_take_as_many_statements_as_one(
    node: Flask, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with node.app_context(), transaction():
        codes = [make_operator().uscc for _ in range(40)]
    statements: list[Any] = []
    execute = psycopg.Connection.execute

    def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        statements.append(query)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Connection, "execute", counted)
    counts = []
    for items in (codes[:1], codes[:1], codes):  # the first may have to learn the sources anew
        statements.clear()
        answer = platform.check(*({"uscc": code} for code in items), request_no=f"many {len(counts)}")
        assert [item["match"] for item in answer.json["items"]] == ["exact"] * len(items)
        counts.append(len(statements))
    assert counts[1] == counts[2] < 10


def test_findings_shown_in_a_batch_are_noted(platform: Platform, known: dict[str, str]) -> None:
    platform.check({"uscc": known["first"]}, {"name": "石家庄双生商贸有限公司"}, request_no="noted")
    rows = platform.rows("SELECT o.uscc FROM client_reading r JOIN operator o ON o.id = r.operator_id")
    assert (known["first"],) in rows


def test_what_is_no_json_is_refused(platform: Platform) -> None:
    answer = platform.app.test_client().post("/api/v1/checks", data=b"{", headers=platform.authorization)
    assert (answer.status_code, answer.json["code"]) == (400, "no_json")
