"""Ending, withdrawing, shielding, showing again, marking as contested: what changes how the public sees a record."""

from datetime import date

from models import db
from registry import ledger
from registry.clock import now
from registry.errors import Conflict
from registry.ledger import Actor
from registry.ledger.content import TYPE_OF
from registry.queries.records import PublishedRecord, get_record
from registry.rules.record import EndReason, RecordState


class NotInForce(Conflict):
    """Only a record in force can be ended, withdrawn or shielded."""

    code = "not_in_force"


class NotShielded(Conflict):
    """Only a shielded record can be shown again."""

    code = "not_shielded"


class UnderObjection(Conflict):
    """The record is marked as contested already."""

    code = "under_objection"


def end_publicity(record_id: str, *, reason: EndReason, on: date, actor: Actor) -> PublishedRecord:
    """Take a record from the public side for good: repaired, expired. It stays for regulators. The caller commits."""
    record = _in_force(record_id)
    return _change(record, "ended", RecordState.ENDED, reason=reason, on=on, statement=None, actor=actor)


def withdraw(record_id: str, *, statement: str, reason: EndReason, on: date, actor: Actor) -> PublishedRecord:
    """Take back what should not have been published. `statement` is the reason the public is told.

    Source: 行政处罚法 art. 48, 市场监督管理行政处罚信息公示规定 art. 11. The caller commits.
    """
    record = _in_force(record_id)
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


def _in_force(record_id: str) -> PublishedRecord:
    record = get_record(record_id)
    if record.state is not RecordState.IN_FORCE:
        raise NotInForce(f"{record_id} is not in force.")
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
