"""Stays on the abnormal list and marks of households: entering, removing, correcting away, closing.

What may be done when is decided by the procedures (`registry.services.proceedings`); here it is written down.
"""

from datetime import date
from typing import Any, NoReturn

from sqlalchemy.exc import IntegrityError

from models import AbnormalListing, Authority, HouseholdMark, Operator, db, violated_constraint
from registry import ledger
from registry.clock import now
from registry.errors import Conflict
from registry.ledger import Actor
from registry.ledger.content import TYPE_OF
from registry.rules import abnormal_wording as words
from registry.rules import publicity as law
from registry.rules.abnormal_cases import CorrectionGround, RemovalReason
from registry.rules.listing import AbnormalReason, EndReason
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState
from registry.services import publicity

AbnormalRecord = AbnormalListing | HouseholdMark

_FOUND_BY = {
    CorrectionGround.OBJECTION: EndReason.CORRECTED,
    CorrectionGround.OWN_FINDING: EndReason.CORRECTED,
    CorrectionGround.REVIEW: EndReason.DECISION_REVOKED,
    CorrectionGround.COURT: EndReason.DECISION_REVOKED,
}


class AlreadyListed(Conflict):
    """The operator stands on the list for this reason, and for this report year, already."""

    code = "already_listed"


class ListedOnThatDay(Conflict):
    """A stay for the same reason and year began on that day; it has ended, and stays as it is."""

    code = "listed_on_that_day"


def enter(
    operator: Operator,
    *,
    record_id: str,
    authority: Authority,
    reason: AbnormalReason,
    report_year: int | None,
    listed_on: date,
    facts: str | None,
    decision_no: str | None,
    actor: Actor,
) -> AbnormalRecord:
    """Put an operator on the list; a household is marked, which has no decision (`decision_no` None). The caller commits.

    Public from `listed_on`, the day of the decision (企业经营异常名录管理办法 art. 5). AlreadyListed, ListedOnThatDay.
    """
    columns = listing_columns(operator.kind, reason, listed_on) | {
        "record_id": record_id,
        "recorded_at": now(),
        "operator": operator,
        "authority": authority,
        "reason": reason,
        "report_year": report_year if reason is AbnormalReason.R1 else None,
        "facts": facts,
    }
    record: AbnormalRecord
    if operator.kind is OperatorKind.HOUSEHOLD:
        record = HouseholdMark(**columns)
    else:
        assert decision_no is not None, "only households come onto a list without a decision"
        record = AbnormalListing(**columns, decision_no=decision_no, decided_on=listed_on)
    db.session.add(record)
    try:
        db.session.flush()
    except IntegrityError as error:
        _refuse(error)
    ledger.append(f"{TYPE_OF[type(record)]}.entered", record=record, actor=actor)
    return record


def listing_columns(kind: OperatorKind, reason: AbnormalReason, listed_on: date) -> dict[str, Any]:
    """Columns that follow from law for a stay that begins on this day."""
    found = law.abnormal_publicity(listed_on=listed_on, household=kind is OperatorKind.HOUSEHOLD)
    return {
        "reason_text": words.reason_text(kind, reason),
        "legal_basis": words.listing_basis(kind, reason),
        "listed_on": listed_on,
        "state": RecordState.IN_FORCE,
        "rule_set": found.rule_set,
        "period_basis": found.basis.value,
        "period_basis_on": found.basis_on,
        "public_from": found.public_from,
        "public_until": found.public_until,
        "under_objection": False,
    }


def remove(
    record: AbnormalRecord, *, reason: RemovalReason, on: date, decision_no: str | None, actor: Actor
) -> AbnormalRecord:
    """Take an operator off the list: the duty was performed. Neither stay nor removal is shown. The caller commits.

    NotInForce where the stay has ended already.
    """
    return _end(record, words.REMOVAL_REASONS[reason], EndReason.REPAIRED, on, decision_no, actor)


def close(record: AbnormalRecord, *, on: date, actor: Actor, became_company: bool = False) -> AbnormalRecord:
    """End a stay because the operator is struck off, or is a company now; there is no document. The caller commits."""
    why = words.BECAME_COMPANY if became_company else words.STRUCK_OFF
    return _end(record, why, EndReason.OTHER, on, None, actor)


def correct(
    record: AbnormalRecord, *, ground: CorrectionGround, on: date, decision_no: str | None, actor: Actor
) -> AbnormalRecord:
    """Take a wrong listing back as if it had never been: not shown, not counted. The caller commits. NotInForce."""
    with db.session.no_autoflush:  # one change, one revision
        record.removal_decision_no = decision_no
        publicity.withdraw(
            record.record_id,
            statement=f"{words.CORRECTION_GROUNDS[ground]}。",
            reason=_FOUND_BY[ground],
            on=on,
            actor=actor,
        )
    return record


def _end(
    record: AbnormalRecord, why: str, reason: EndReason, on: date, decision_no: str | None, actor: Actor
) -> AbnormalRecord:
    with db.session.no_autoflush:  # one change, one revision
        record.removed_on, record.removal_reason, record.removal_decision_no = on, why, decision_no
        publicity.end_publicity(record.record_id, reason=reason, on=on, actor=actor)
    return record


def _refuse(error: IntegrityError) -> NoReturn:
    match violated_constraint(error):
        case "uq_abnormal_listing_open" | "uq_household_mark_open":
            raise AlreadyListed("The operator is listed for this reason already.") from error
        case "uq_abnormal_listing_decision" | "uq_household_mark_decision":
            raise ListedOnThatDay("A stay for this reason began on that day already.") from error
    raise error
