"""The record of a case of the lists, the case of a record, and the documents of both."""

from typing import Any

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, IssuedDocument, Proceeding, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.ledger.content import TYPE_OF
from registry.queries.records import get_record
from registry.rules import abnormal_procedure, household_procedure
from registry.rules import abnormal_wording as words
from registry.rules.abnormal_cases import CorrectionGround, RemovalReason
from registry.rules.documents import DocumentKind
from registry.rules.listing import EndReason
from registry.rules.operator import OperatorKind
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services import listings
from registry.services.documents import issuing
from registry.services.listings import AbnormalRecord
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.abnormal_facts import reason_of
from registry.services.proceedings.binding import Step
from registry.services.record_ids import new_record_id


def record_of(proceeding: Proceeding) -> AbnormalRecord:
    """The stay or the mark that a case is about."""
    assert proceeding.about is not None, "only what stands is removed, corrected, closed, restored"
    record = get_record(proceeding.about)
    assert isinstance(record, AbnormalListing | HouseholdMark)
    return record


def case_about(record: AbnormalRecord, *, actor: LedgerActor, desk: Desk) -> Proceeding:
    """The case of a stay or a mark; one that came in without gets its case now, where the record stands. The caller commits."""
    procedure = Procedure(TYPE_OF[type(record)])
    found = db.session.execute(
        select(Proceeding)
        .where(Proceeding.about == record.record_id, Proceeding.procedure == procedure)
        .order_by(Proceeding.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    return engine.adopt(
        procedure,
        _stage_of(record),
        authority=record.authority,
        operator=record.operator,
        about=record.record_id,
        reason=record.reason,
        report_year=record.report_year,
        actor=actor,
        desk=desk,
        values={"facts": record.facts} if record.facts else None,
    )


def enter(step: Step) -> AbnormalRecord:
    """Put the operator of a case on the list, with the decision where it is one that needs it; the case is about it now."""
    case = step.proceeding
    assert case.operator is not None
    household = case.operator.kind is OperatorKind.HOUSEHOLD
    record_id = new_record_id(step.desk.node, "household_mark" if household else "abnormal_listing")
    reason, facts = reason_of(case), case.facts.get("facts") or None
    document = None
    if not household:
        document = issue(
            step,
            DocumentKind.LISTING_DECISION,
            facts=facts,
            basis=words.listing_basis(case.operator.kind, reason),
            record_id=record_id,
            listed_on=today(),
        )
    record = listings.enter(
        case.operator,
        record_id=record_id,
        authority=case.authority,
        reason=reason,
        report_year=case.report_year,
        listed_on=today(),
        facts=facts,
        decision_no=document.printed_no if document else None,
        actor=step.actor,
    )
    case.about = record_id
    return record


def remove(step: Step) -> None:
    """Take the operator of a case off the list."""
    record, reason = record_of(step.proceeding), RemovalReason(step.proceeding.facts["removal_reason"])
    document = None
    if isinstance(record, AbnormalListing):
        document = issue(
            step,
            DocumentKind.REMOVAL_DECISION,
            basis=words.removal_basis(record.operator.kind, record.reason),
            removal=words.REMOVAL_REASONS[reason],
            listing_no=record.decision_no,
        )
    listings.remove(
        record,
        reason=reason,
        on=today(),
        decision_no=document.printed_no if document else None,
        actor=step.actor,
    )


def correct(step: Step) -> None:
    """Take a wrong listing back; households get this decision too."""
    record, ground = record_of(step.proceeding), CorrectionGround(step.proceeding.facts["correction_ground"])
    document = issue(
        step,
        DocumentKind.CORRECTION_DECISION,
        facts=f"{words.CORRECTION_GROUNDS[ground]}。",
        basis=words.correction_basis(record.operator.kind),
        listing_no=None if isinstance(record, HouseholdMark) else record.decision_no,
    )
    listings.correct(record, ground=ground, on=today(), decision_no=document.printed_no, actor=step.actor)


def issue(
    step: Step,
    kind: DocumentKind,
    *,
    facts: str | None = None,
    basis: str | None = None,
    record_id: str | None = None,
    **known: Any,
) -> IssuedDocument:
    """Issue a document of a case. Where `facts` and `basis` are None, the standing words of its rule set stand for them."""
    case = step.proceeding
    assert case.operator is not None
    reason = reason_of(case)
    return issuing.issue(
        kind,
        authority=case.authority,
        rule_set=rule_set_for(Regime.SAMR, today()).name,
        on=today(),
        particulars={
            **case.facts,
            "party": case.operator.name,
            "party_no": case.operator.uscc or case.operator.registration_no,
            "household": case.operator.kind is OperatorKind.HOUSEHOLD,
            "facts": facts,
            "basis": basis,
            "reason": reason,
            "reason_text": words.reason_text(case.operator.kind, reason),
            "report_year": case.report_year,
            **known,
        },
        proceeding=case,
        record_id=record_id or case.about,
        prepared_by=case.hands[-1] if case.hands else None,
        decided_by=str(step.actor),
    )


def _stage_of(record: AbnormalRecord) -> abnormal_procedure.Stage | household_procedure.Stage:
    """Where the case of a record without one stands."""
    marked = isinstance(record, HouseholdMark)
    if record.state is RecordState.WITHDRAWN:
        return household_procedure.Stage.CORRECTED if marked else abnormal_procedure.Stage.CORRECTED
    if record.state is RecordState.ENDED:
        if marked:
            repaired = record.end_reason is EndReason.REPAIRED
            return household_procedure.Stage.NORMAL if repaired else household_procedure.Stage.CLOSED
        closed = record.end_reason is not EndReason.REPAIRED
        return abnormal_procedure.Stage.AUTO_CLOSED if closed else abnormal_procedure.Stage.REMOVED
    return household_procedure.Stage.MARKED if marked else abnormal_procedure.Stage.LISTED
