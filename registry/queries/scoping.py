"""The area of an officer as a condition of a query: the same rules as in `registry.rules.roles`."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from registry.rules.roles import Scope, covers_districts


def within(
    scope: Scope, authority_id: InstrumentedAttribute[Any], region: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Rows of the officer's own authority, or in the regions of its area."""
    own = authority_id == scope.authority_id
    return own if scope.prefix is None else or_(own, region.startswith(scope.prefix, autoescape=True))


def registered_within(scope: Scope, region: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Rows that are registered in the officer's area: `roles.registered_in_scope`, as a WHERE clause."""
    if scope.prefix is None:
        return false()
    placed = region.startswith(scope.prefix, autoescape=True)
    return or_(placed, region.is_(None)) if covers_districts(scope) else placed
