"""The case of a record that stands on a list: found, or taken up where the record came in without one."""

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, Proceeding, ViolationListing, db
from registry.errors import RuleViolation
from registry.ledger import Actor as LedgerActor
from registry.queries.records import PublishedRecord
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.violation_procedure import Stage
from registry.services.matters import Desk
from registry.services.proceedings import abnormal_records, engine


class NoCaseForRecord(RuleViolation):
    """Records of this kind are dealt with by matters, not by cases."""

    code = "no_case_for_record"


def case_for(record: PublishedRecord, *, actor: LedgerActor, desk: Desk) -> Proceeding:
    """The newest case about a stay or a mark, one for it where there is none. NoCaseForRecord. The caller commits."""
    if isinstance(record, AbnormalListing | HouseholdMark):
        return abnormal_records.case_about(record, actor=actor, desk=desk)
    if not isinstance(record, ViolationListing):
        raise NoCaseForRecord("A penalty or licence is corrected or withdrawn as a matter.")
    found = db.session.execute(
        select(Proceeding)
        .where(Proceeding.about == record.record_id, Proceeding.procedure == Procedure.VIOLATION_LISTING)
        .order_by(Proceeding.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    return engine.adopt(
        Procedure.VIOLATION_LISTING,
        _stage_of(record),
        authority=record.authority,
        operator=record.operator,
        about=record.record_id,
        reason=record.reason,
        report_year=None,
        actor=actor,
        desk=desk,
        values={"facts": record.facts} if record.facts else None,
    )


def _stage_of(record: ViolationListing) -> Stage:
    """Where the case of a listing without one stands."""
    match record.state:
        case RecordState.SHIELDED:
            return Stage.SHIELDED
        case RecordState.WITHDRAWN:
            return Stage.REVOKED
        case RecordState.ENDED:
            return Stage.EXPIRED if record.end_reason is EndReason.EXPIRED else Stage.REMOVED_EARLY
        case _:
            return Stage.LISTED
