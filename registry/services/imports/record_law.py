"""What the law makes of a record that stands already and is said anew: a file or an officer corrects what it says.

A correction moves what follows from its words, and undoes nothing else: not a period begun anew after a fraud, not the
earlier end that a later rule set brought, not the mark of an objection.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from models import Authority
from registry.rules.operator import OperatorKind
from registry.rules.recomputed_ends import begun_anew_on, end_by_later_sets, restarted_interval
from registry.rules.record import RecordState
from registry.services.imports.faults import RowRefused
from registry.services.imports.record_rows import RecordRow
from registry.services.imports.record_states import Key, RecordTable


class RecordKind(Protocol):
    """What differs between penalties, licences and listings."""

    verb: str

    def table(self, row: RecordRow, kind: OperatorKind | None) -> RecordTable:
        """The table for a row about an operator of this kind."""

    def key(self, row: RecordRow, operator_id: int, authority_id: int) -> Key:
        """The natural key, in the order of the table's key columns."""

    def derived(self, row: RecordRow) -> dict[str, Any]:
        """Columns that belong to no payload."""

    def publicity(self, row: RecordRow, columns: dict[str, Any], authority: Authority, today: date) -> dict[str, Any]:
        """Columns of the public interval and all that follows from law. Raises RowRefused."""


def law_of_revision(
    kind: RecordKind,
    row: RecordRow,
    columns: dict[str, Any],
    *,
    standing: Mapping[str, Any],
    authority: Authority,
    today: date,
) -> dict[str, Any]:
    """The columns that follow from law, for `standing` once it says `columns`. Raises RowRefused."""
    since = begun_anew_on(standing)
    if since is None:
        law = kind.publicity(row, columns, authority, today)
    else:
        without_end = columns | {"declared_until": None} if "declared_until" in columns else columns
        law = kind.publicity(replace(row, declared_until=None), without_end, authority, today)
        if law["state"] is not RecordState.NOT_PUBLISHABLE:
            law |= restarted_interval(columns | law, since, _declared_since(standing, columns))
        removed_on: date | None = columns.get("removed_on")
        if removed_on is not None and removed_on < since:
            raise RowRefused(row.fault("removed_on", "removal_revoked", since=str(since)))
    if law["state"] is RecordState.IN_FORCE and "restriction_until" in columns:
        law["public_until"] = end_by_later_sets(columns | law, authority.regime, authority.settings, today)
    return law | {"under_objection": standing["under_objection"]}


def _declared_since(standing: Mapping[str, Any], columns: Mapping[str, Any]) -> date | None:
    """The earlier end that was handed in for the period that runs now: one of the first period is over with that."""
    declared: date | None = columns.get("declared_until")
    first = standing.get("declared_until")
    return None if declared == first and first != standing["public_until"] else declared
