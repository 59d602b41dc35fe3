"""Results of inspections: entering, publishing, ending, withdrawing.

What may be done when is decided by the procedure (`registry.services.proceedings.inspections`); here it is written down.
"""

from datetime import date

from models import Authority, InspectionResult, Operator, db
from registry import ledger
from registry.clock import now
from registry.errors import Conflict
from registry.ledger import Actor
from registry.rules.inspections import InspectionKind, ResultCode
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Basis, rule_set_for
from registry.services import publicity


class NotPending(Conflict):
    """Only a result that nobody has published yet can be published, or kept from the public."""

    code = "not_pending"


def enter(
    operator: Operator,
    *,
    record_id: str,
    authority: Authority,
    kind: InspectionKind,
    task: str,
    inspected_on: date,
    completed_on: date,
    result_code: ResultCode,
    result: str,
    linked_record_id: str | None,
    actor: Actor,
) -> InspectionResult:
    """Enter a result; it is not public before a second officer has published it. The caller commits."""
    record = InspectionResult(
        record_id=record_id,
        recorded_at=now(),
        operator=operator,
        authority=authority,
        kind=kind,
        task=task,
        inspected_on=inspected_on,
        completed_on=completed_on,
        result_code=result_code,
        result=result,
        linked_record_id=linked_record_id,
        state=RecordState.PENDING,
        rule_set=rule_set_for(authority.regime, completed_on).name,
        under_objection=False,
    )
    db.session.add(record)
    db.session.flush()
    ledger.append("inspection_result.entered", record=record, actor=actor)
    return record


def publish(record: InspectionResult, *, on: date, until: date | None, actor: Actor) -> None:
    """Show an entered result from this day. `until`: the end of what it led to, where that is known. NotPending."""
    _pending(record)
    record.state = RecordState.IN_FORCE
    record.period_basis, record.period_basis_on = Basis.PUBLICATION.value, on
    record.public_from, record.public_until = on, until
    _write(record, "published", actor)


def keep_back(record: InspectionResult, *, statement: str, actor: Actor) -> None:
    """Keep a result that was found wrong from ever being published. NotPending."""
    _pending(record)
    record.state, record.end_statement = RecordState.NOT_PUBLISHABLE, statement
    _write(record, "not_publishable", actor)


def end(record: InspectionResult, *, reason: EndReason, on: date, actor: Actor) -> None:
    """End a public result; one that has ended already stays as it is."""
    if record.state in (RecordState.IN_FORCE, RecordState.SHIELDED):
        publicity.end_publicity(record.record_id, reason=reason, on=on, actor=actor)


def _pending(record: InspectionResult) -> None:
    if record.state is not RecordState.PENDING:
        raise NotPending(f"{record.record_id} was decided on before.")


def _write(record: InspectionResult, verb: str, actor: Actor) -> None:
    record.recorded_at = now()
    db.session.flush()
    ledger.append(f"inspection_result.{verb}", record=record, actor=actor)
