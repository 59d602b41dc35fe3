"""Ending, withdrawing, shielding, restoring, marking as contested: what changes how the public sees a record."""

from datetime import date

from sqlalchemy.exc import IntegrityError

from models import (
    AbnormalListing,
    HouseholdMark,
    InspectionResult,
    Licence,
    Penalty,
    ViolationListing,
    db,
    violated_constraint,
)
from registry import ledger
from registry.clock import now
from registry.errors import Conflict
from registry.ledger import Actor
from registry.ledger.content import TYPE_OF
from registry.queries.records import PublishedRecord, get_record
from registry.rules.publicity import restarted_until
from registry.rules.record import EndReason, RecordState


class NotInForce(Conflict):
    """Only a record in force can be ended, withdrawn or shielded."""

    code = "not_in_force"


class NotShielded(Conflict):
    """Only a shielded record can be shown again."""

    code = "not_shielded"


class NotRepaired(Conflict):
    """Only a record whose publicity a repair has ended can be restored."""

    code = "not_repaired"


class StandsAlready(Conflict):
    """Another record of the same kind and reason is in force by now."""

    code = "stands_already"


class UnderObjection(Conflict):
    """The record is marked as contested already."""

    code = "under_objection"


def end_publicity(record_id: str, *, reason: EndReason, on: date, actor: Actor) -> PublishedRecord:
    """Take a record from the public side for good: repaired, expired. It stays for regulators. The caller commits.

    A shielded record can end too: its time runs on behind the shield.
    """
    record = _standing(record_id)
    return _change(record, "ended", RecordState.ENDED, reason=reason, on=on, statement=None, actor=actor)


def withdraw(record_id: str, *, statement: str, reason: EndReason, on: date, actor: Actor) -> PublishedRecord:
    """Take back what should not have been published. `statement` is the reason the public is told.

    Source: 行政处罚法 art. 48, 市场监督管理行政处罚信息公示规定 art. 11. Also from behind a shield. The caller commits.
    """
    record = _standing(record_id)
    return _change(record, "withdrawn", RecordState.WITHDRAWN, reason=reason, on=on, statement=statement, actor=actor)


def shield(record_id: str, *, on: date, actor: Actor) -> PublishedRecord:
    """Hide a record for as long as a court-approved reorganisation lasts (市场监督管理信用修复管理办法, 2025)."""
    record = _in_force(record_id)
    return _change(
        record, "shielded", RecordState.SHIELDED, reason=EndReason.SHIELDED, on=on, statement=None, actor=actor
    )


def lift_shield(record_id: str, *, actor: Actor) -> PublishedRecord:
    """Show a shielded record again: the plan failed. The caller commits."""
    record = get_record(record_id)
    if record.state is not RecordState.SHIELDED:
        raise NotShielded(f"{record_id} is not shielded.")
    return _change(record, "shown_again", RecordState.IN_FORCE, reason=None, on=None, statement=None, actor=actor)


def mark_objection(record_id: str, *, actor: Actor) -> PublishedRecord:
    """Show beside a record that somebody contests it; it stays public meanwhile. The caller commits."""
    record = _in_force(record_id)
    if record.under_objection:
        raise UnderObjection(f"{record_id} is under objection already.")
    record.under_objection = True
    record.recorded_at = now()
    db.session.flush()
    ledger.append(f"{TYPE_OF[type(record)]}.objection_marked", record=record, actor=actor)
    return record


def clear_objection(record_id: str, *, actor: Actor) -> PublishedRecord:
    """Take the mark of an objection away, whatever became of the record. Safe to repeat. The caller commits."""
    record = get_record(record_id)
    if record.under_objection:
        record.under_objection = False
        record.recorded_at = now()
        db.session.flush()
        ledger.append(f"{TYPE_OF[type(record)]}.objection_cleared", record=record, actor=actor)
    return record


def restore(record_id: str, *, on: date, actor: Actor) -> PublishedRecord:
    """Show a record again whose repair was obtained by fraud; its period starts anew on this day. The caller commits.

    NotRepaired; StandsAlready. Source: 市场监督管理信用修复管理办法; domain.md 5 SM-D (period restarts).
    """
    record = get_record(record_id)
    if record.state is not RecordState.ENDED or record.end_reason is not EndReason.REPAIRED:
        raise NotRepaired(f"{record_id} was not ended by a repair.")
    assert not isinstance(record, Licence)
    record.period_basis_on = record.public_from = on
    if isinstance(record, Penalty | ViolationListing):
        severity = record.severity if isinstance(record, Penalty) else None
        record.public_until = restarted_until(
            record.rule_set, severity=severity, on=on, restriction_until=record.restriction_until
        )
    if isinstance(record, InspectionResult):
        record.public_until = None
    if isinstance(record, AbnormalListing | HouseholdMark | ViolationListing):
        record.removed_on = record.removal_reason = record.removal_decision_no = None
    try:
        return _change(record, "restored", RecordState.IN_FORCE, reason=None, on=None, statement=None, actor=actor)
    except IntegrityError as error:
        if violated_constraint(error) in {"uq_abnormal_listing_open", "uq_household_mark_open"}:
            raise StandsAlready("The operator stands on the list again for the same reason.") from error
        raise


def _in_force(record_id: str) -> PublishedRecord:
    record = get_record(record_id)
    if record.state is not RecordState.IN_FORCE:
        raise NotInForce(f"{record_id} is not in force.")
    return record


def _standing(record_id: str) -> PublishedRecord:
    record = get_record(record_id)
    if record.state not in (RecordState.IN_FORCE, RecordState.SHIELDED):
        raise NotInForce(f"{record_id} is neither in force nor shielded.")
    return record


def _change(
    record: PublishedRecord,
    verb: str,
    state: RecordState,
    *,
    reason: EndReason | None,
    on: date | None,
    statement: str | None,
    actor: Actor,
) -> PublishedRecord:
    record.state = state
    record.end_reason = reason
    record.ended_on = on
    record.end_statement = statement
    record.recorded_at = now()
    db.session.flush()
    ledger.append(f"{TYPE_OF[type(record)]}.{verb}", record=record, actor=actor)
    return record
