"""Results of inspections that the public may see on a day, and where the linked record of one stands."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from models import InspectionResult, db
from registry.queries.records import RecordNotFound, get_record
from registry.rules.record import RecordState

SHOWN = 200
"""Results of one operator on a page, the newest; nobody was inspected more often."""


def public_on(day: date) -> ColumnElement[bool]:
    """Results that the public may see on `day`: the interval is half-open (architecture.md 1)."""
    return and_(
        InspectionResult.state == RecordState.IN_FORCE,
        InspectionResult.public_from <= day,
        or_(InspectionResult.public_until.is_(None), InspectionResult.public_until > day),
    )


def public_results_of(operator_id: int, day: date) -> list[InspectionResult]:
    """The public results of an operator, newest first."""
    return list(
        db.session.execute(
            select(InspectionResult)
            .where(InspectionResult.operator_id == operator_id, public_on(day))
            .options(joinedload(InspectionResult.authority))
            .order_by(InspectionResult.inspected_on.desc(), InspectionResult.id.desc())
            .limit(SHOWN)
        ).scalars()
    )


def is_public_on(record: InspectionResult, day: date) -> bool:
    """`public_on`, of one result."""
    if record.state is not RecordState.IN_FORCE or record.public_from is None or record.public_from > day:
        return False
    return record.public_until is None or day < record.public_until


def linked_has_ended(record: InspectionResult, day: date) -> bool:
    """Whether the penalty or listing that a result led to was public and is so no longer; a shield is no end."""
    if record.linked_record_id is None:
        return False
    try:
        linked = get_record(record.linked_record_id)
    except RecordNotFound:
        return False
    if linked.state in (RecordState.ENDED, RecordState.WITHDRAWN):
        return True
    return linked.state is RecordState.IN_FORCE and linked.public_until is not None and linked.public_until <= day
