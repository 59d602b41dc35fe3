"""The area of an officer as a condition of a query: the same rule as `registry.rules.roles.in_scope`."""

from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from registry.rules.roles import Scope


def within(
    scope: Scope, authority_id: InstrumentedAttribute[Any], region: InstrumentedAttribute[Any]
) -> ColumnElement[bool]:
    """Rows of the officer's own authority, or in the regions of its area."""
    own = authority_id == scope.authority_id
    return own if scope.prefix is None else or_(own, region.startswith(scope.prefix, autoescape=True))
