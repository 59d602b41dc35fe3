"""What the steps of an application for repair do: documents, the end of publicity, and its return after fraud."""

from models import AbnormalListing, HouseholdMark, IssuedDocument, ViolationListing
from registry.clock import today
from registry.queries.records import PublishedRecord, get_record
from registry.rules.documents import DocumentKind
from registry.rules.record import EndReason
from registry.rules.rule_sets import rule_set_for
from registry.services import publicity
from registry.services.documents.issuing import issue
from registry.services.proceedings import abnormal_following, inspections, violation_following
from registry.services.proceedings.binding import Step
from registry.services.proceedings.record_words import day_words, fact_day, name_of, party_of


def ask_for_more(step: Step) -> None:
    """Everything that is missing, asked for at once."""
    missing = str(step.proceeding.facts["missing"])
    _set(step, asked_on=today().isoformat())
    _issue(
        step,
        DocumentKind.REPAIR_ACCEPTANCE,
        title="信用修复申请补正通知书",
        decision=f"请补正下列材料：\n{missing}",
    )


def accept(step: Step) -> None:
    """The clock of the decision begins."""
    _set(step, accepted_on=today().isoformat())
    _issue(step, DocumentKind.REPAIR_ACCEPTANCE)


def not_accept(step: Step) -> None:
    """Not accepted, with the reason."""
    _issue(
        step,
        DocumentKind.REPAIR_ACCEPTANCE,
        title="信用修复申请不予受理通知书",
        decision=f"对你单位的信用修复申请不予受理。理由：{step.statement}",
    )


def grant(step: Step) -> None:
    """Publicity ends in the same moment; whoever asks any output finds nothing any more."""
    record, day = _record(step), today()
    document = _issue(step, DocumentKind.REPAIR_DECISION, title="准予信用修复决定书")
    _set(step, granted_on=day.isoformat())
    if isinstance(record, AbnormalListing | HouseholdMark):
        abnormal_following.repair_granted(step, record, decision_no=document.printed_no)
        return
    if isinstance(record, ViolationListing):
        record.removed_on, record.removal_decision_no = day, document.printed_no
        record.removal_reason = EndReason.REPAIRED
    publicity.end_publicity(record.record_id, reason=EndReason.REPAIRED, on=day, actor=step.actor)
    violation_following.repair_granted(step)
    inspections.repair_granted(step)


def refuse(step: Step) -> None:
    """Refused, with the reason."""
    _issue(
        step,
        DocumentKind.REPAIR_DECISION,
        title="不予信用修复决定书",
        decision=f"不予信用修复。理由：{step.statement}",
    )


def revoke(step: Step) -> None:
    """The repair was obtained by serious fraud: the record is public again, and its period starts anew."""
    record, day = _record(step), today()
    if isinstance(record, AbnormalListing | HouseholdMark):
        abnormal_following.repair_revoked(step, record)
    else:
        publicity.restore(record.record_id, on=day, actor=step.actor)
        violation_following.repair_revoked(step)
        inspections.repair_revoked(step)
    _issue(
        step,
        DocumentKind.REPAIR_DECISION,
        title="撤销信用修复决定书",
        decision=f"撤销准予信用修复的决定，恢复公示有关信息，公示期自{day_words(day)}起重新计算。理由：{step.statement}",
    )


def _record(step: Step) -> PublishedRecord:
    assert step.proceeding.about is not None
    return get_record(step.proceeding.about)


def _set(step: Step, **values: str) -> None:
    step.proceeding.facts = {**step.proceeding.facts, **values}


def _issue(step: Step, kind: DocumentKind, **wording: str) -> IssuedDocument:
    """A document to the party of the record. A decision is signed by both officers, a notice by the one who took the step."""
    proceeding, record = step.proceeding, _record(step)
    received = fact_day(proceeding, "received_on") or proceeding.opened_on
    two = step.row.second_person
    return issue(
        kind,
        authority=proceeding.authority,
        rule_set=rule_set_for(proceeding.authority.regime, proceeding.opened_on).name,
        on=today(),
        particulars={
            **party_of(record),
            "facts": f"你单位于{day_words(received)}就{name_of(record)}提出信用修复申请。",
            "received_on": received,
            **wording,
        },
        proceeding=proceeding,
        record_id=record.record_id,
        prepared_by=proceeding.hands[-1] if two and proceeding.hands else str(step.actor),
        decided_by=str(step.actor) if two else None,
    )
