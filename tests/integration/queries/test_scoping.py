"""The area of an officer: one rule, in Python and in SQL."""

import pytest
from sqlalchemy import select

from models import Authority, Operator, db
from registry.queries.scoping import registered_within, within
from registry.rules.roles import in_scope, registered_in_scope, scope_of
from tests.factories import make_authority, make_operator

PROVINCE, CITY, DISTRICT, NO_AREA = "130000", "130100", "130102", None


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("own", "other", "sees"),
    [
        (PROVINCE, "130102", True),
        (PROVINCE, "130637", True),
        (PROVINCE, "110101", False),
        (CITY, "130102", True),
        (CITY, "130637", False),
        (CITY, "130000", False),
        (DISTRICT, "130102", True),
        (DISTRICT, "130104", False),
        (DISTRICT, "130100", False),
        (NO_AREA, "130102", False),
        (CITY, None, False),
    ],
)
def test_an_officer_sees_the_own_area_and_nothing_beside_it(own: str | None, other: str | None, sees: bool) -> None:
    mine, theirs = make_authority(), make_authority()
    mine.region, theirs.region = own, other
    db.session.flush()
    scope = scope_of(mine.id, mine.region)
    found = set(db.session.scalars(select(Authority.id).where(within(scope, Authority.id, Authority.region))))
    assert in_scope(scope, authority_id=theirs.id, region=theirs.region) is sees
    assert (theirs.id in found) is sees
    assert in_scope(scope, authority_id=mine.id, region=None)
    assert mine.id in found


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("own", "region", "sees"),
    [
        (PROVINCE, "130637", True),
        (PROVINCE, None, True),
        (CITY, "130102", True),
        (CITY, "130637", False),
        (CITY, None, True),
        (DISTRICT, "130102", True),
        (DISTRICT, "130104", False),
        (DISTRICT, None, False),
        (NO_AREA, "130102", False),
        (NO_AREA, None, False),
    ],
)
def test_operators_without_a_region_are_for_areas_of_several_districts(
    own: str | None, region: str | None, sees: bool
) -> None:
    mine, operator = make_authority(), make_operator(region=region)
    scope = scope_of(mine.id, own)
    found = set(db.session.scalars(select(Operator.id).where(registered_within(scope, Operator.region))))
    assert registered_in_scope(scope, region) is sees
    assert (operator.id in found) is sees
