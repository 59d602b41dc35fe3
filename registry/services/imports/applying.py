"""Applying a batch, and finding the rows that the database refuses."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError

from models import db
from registry.ledger.entry import Entry
from registry.services.imports.faults import Fault
from registry.services.imports.operators import apply_operators
from registry.services.imports.outcomes import Outcome, RunContext, Verdict
from registry.services.imports.preparing import Refused
from registry.services.imports.presences import apply_presences
from registry.services.imports.record_kinds import (
    AbnormalKindOfRecord,
    LicenceKindOfRecord,
    PenaltyKindOfRecord,
    ViolationKindOfRecord,
)
from registry.services.imports.record_law import RecordKind
from registry.services.imports.records import RecordBatch

Apply = Callable[[Sequence[Any], RunContext, datetime], tuple[list[Outcome], list[Entry]]]


def _records(kind: RecordKind) -> Apply:
    return lambda rows, run, moment: RecordBatch(kind, rows, run, moment).apply()


APPLIERS: dict[str, Apply] = {
    "operators": apply_operators,
    "online-presences": apply_presences,
    "penalties": _records(PenaltyKindOfRecord()),
    "licences": _records(LicenceKindOfRecord()),
    "abnormal-listings": _records(AbnormalKindOfRecord()),
    "violation-listings": _records(ViolationKindOfRecord()),
}

_REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.DataError)


def apply_batch(
    kind: str, prepared: Sequence[Any], run: RunContext, moment: datetime
) -> tuple[list[Outcome], list[Entry]]:
    """Outcomes in the order of the rows, and the ledger entries of those that changed something."""
    good = [row for row in prepared if not isinstance(row, Refused)]
    outcomes, entries = _bisected(APPLIERS[kind], good, run, moment)
    outcomes += [Outcome(row.line, Verdict.REJECTED, row.faults) for row in prepared if isinstance(row, Refused)]
    outcomes.sort(key=lambda outcome: outcome.line)
    return outcomes, entries


def _bisected(
    apply: Apply, rows: Sequence[Any], run: RunContext, moment: datetime
) -> tuple[list[Outcome], list[Entry]]:
    """Apply in a savepoint; where the database refuses, in halves, until the one row is found that it means."""
    if not rows:
        return [], []
    mark = run.spoken.mark()
    try:
        with db.session.begin_nested():
            return apply(rows, run, moment)
    except (DBAPIError, *_REFUSALS) as error:
        run.spoken.forget(mark)
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, _REFUSALS):
            raise
        if len(rows) == 1:
            constraint = cause.diag.constraint_name or "-"
            fault = Fault("", "database_refused", {"constraint": constraint})
            return [Outcome(rows[0].line, Verdict.REJECTED, [fault])], []
    middle = len(rows) // 2
    outcomes, entries = _bisected(apply, rows[:middle], run, moment)
    more, others = _bisected(apply, rows[middle:], run, moment)
    return outcomes + more, entries + others
