"""What the public may see of a record is the same at the node that it came to, but for the origin that is named there."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models import PublicFinding, db
from registry.rules.operator import OperatorKind
from registry.transaction import transaction
from sync import outbound
from tests.exchange_wire import Pair, pair
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    with pair(monkeypatch) as nodes:
        yield nodes


def findings() -> dict[str, tuple[Any, ...]]:
    rows = db.session.execute(select(PublicFinding)).scalars()
    return {
        f"{row.record_id} {row.public_from}": (row.type, row.level, row.public_until, _plain(row.data)) for row in rows
    }


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "origin"}


def test_findings_are_the_same_on_both_sides(two: Pair) -> None:
    with transaction():
        authority = make_authority()
        company, household = make_operator(), make_operator(name="李记面馆", kind=OperatorKind.HOUSEHOLD)
        for make in (make_penalty, make_licence, make_abnormal_listing, make_violation_listing):
            make(company, authority)
        make_household_mark(household, authority)
    outbound.push(two.settings, "130000", told=True)
    here = findings()
    assert len(here) == 5
    with two.province.app_context():
        assert findings() == here
