"""The platform API's answers against kept examples: members and words that callers rely on never change or go.

An example shows an answer whole; record numbers, which are drawn at random, stand as `<record>`. A member may be added to an
answer and to its example. One that changes here is a new version of the API.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
import time_machine
from flask import Flask

from models import FormerName, db
from registry.app import create_app
from registry.rules import names
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.database import cloned_database, close
from tests.factories import make_authority, make_operator, make_penalty, make_uscc, make_violation_listing
from tests.integration.blueprints.api_v1.conftest import Platform, enrol

EXAMPLES = Path(__file__).parent / "examples"
RECORD = re.compile(r"130100\.[a-z_]+\.[0-9a-f-]{36}")
LISTED, CLEAR, UNKNOWN = (make_uscc(serial=880_000 + number) for number in range(3))
ORGAN = make_uscc("11", serial=880_003)


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """A platform on a node with two operators, one of them listed, at a fixed moment."""
    with time_machine.travel("2026-11-24T12:00:00+08:00", tick=False), cloned_database() as settings:
        app: Flask = create_app(settings)
        with app.app_context(), transaction():
            authority = make_authority()
            authority.uscc = ORGAN
            listed = make_operator(name="石家庄瑞祥商贸有限公司", code=LISTED, registration_no="130100000000001")
            db.session.add(
                FormerName(
                    operator=listed,
                    name="石家庄旧名食品店",
                    folded_name=names.fold("石家庄旧名食品店"),
                    used_until=None,
                )
            )
            make_violation_listing(listed, authority, decision_no="石长市监列严〔2026〕第1号")
            make_penalty(listed, authority, document_no="石长市监罚〔2026〕1号", decided_on=date(2026, 3, 2))
            make_operator(name="石家庄（清白）商贸有限公司", code=CLEAR)
        yield enrol(app, "platform", Scope.CHECK, Scope.SEARCH, per_minute=1_000)
        close(app)


def kept(name: str) -> Any:
    """An example."""
    return orjson.loads((EXAMPLES / f"{name}.json").read_bytes())


def shown(text: str) -> Any:
    """An answer as an example holds it."""
    return orjson.loads(RECORD.sub("<record>", text))


ADDRESSES = {
    "status_listed": f"/operators/{LISTED}/status",
    "status_clear_english": f"/operators/{CLEAR}/status?lang=en",
    "status_unknown": f"/operators/{UNKNOWN}/status",
    "status_masked": "/operators/91130102******0007/status",
    "search": "/search?q=商贸",
    "search_too_short": "/search?q=商&limit=0",
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_answer_is_as_the_example(platform: Platform, name: str) -> None:
    assert shown(platform.get(ADDRESSES[name]).text) == kept(name)


def test_a_batch_is_answered_as_the_example(platform: Platform) -> None:
    answer = platform.check(
        {"uscc": LISTED, "name": "石家庄别家商贸有限公司"},
        {"uscc": CLEAR, "name": "石家庄(清白)商贸有限公司"},
        {"name": "石家庄旧名食品店"},
        {"uscc": UNKNOWN},
    )
    assert shown(answer.text) == kept("checks")


def test_a_faulty_batch_is_refused_as_the_example(platform: Platform) -> None:
    assert shown(platform.check({"uscc": "1"}, {}).text) == kept("checks_faulty")
