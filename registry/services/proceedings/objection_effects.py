"""What the steps of an objection do: the mark on the record, documents, taking back what was found wrong."""

from enum import StrEnum

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, IssuedDocument, Proceeding, ViolationListing, db
from registry.clock import today
from registry.queries.records import PublishedRecord, get_record
from registry.rules.documents import DocumentKind
from registry.rules.objection_procedure import (
    BASES,
    CLOCKS,
    HOUSEHOLD_BASIS,
    MARKING,
    VIOLATION_BASIS,
    Action,
    ObjectionKind,
)
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import RuleSet, rule_set_for
from registry.services import publicity
from registry.services.documents.issuing import issue
from registry.services.proceedings import abnormal_following, violation_following
from registry.services.proceedings.binding import Step
from registry.services.proceedings.record_words import day_words, fact_day, name_of, party_of

TOLD = "经异议核查，原公示信息有误，已依法撤销。"
"""What the public is told of a record that an objection took down."""


class Outcome(StrEnum):
    """How what was found wrong is put right: taken back whole, or corrected by a matter of its own (SM-D)."""

    WITHDRAW = "withdraw"
    CORRECT = "correct"


def kind_of(proceeding: Proceeding) -> ObjectionKind:
    """What somebody objects to: the reason of the case."""
    return ObjectionKind(str(proceeding.reason))


def mark(step: Step) -> None:
    """The record is shown as being under objection; its publicity goes on."""
    record = _record(step)
    contests = kind_of(step.proceeding) in MARKING
    if contests and record.state is RecordState.IN_FORCE and not record.under_objection:
        publicity.mark_objection(record.record_id, actor=step.actor)


def accept(step: Step) -> None:
    """The clock of the decision begins."""
    _set(step, accepted_on=today().isoformat())
    _issue(step, DocumentKind.OBJECTION_ACCEPTANCE, decision="对你（单位）提出的异议予以受理。")


def not_accept(step: Step) -> None:
    """Not accepted, with the reason; review and court stay open to the party."""
    _clear(step)
    rules = _rules(step)
    review, court = rules.deadlines["ask_for_review"].amount, rules.deadlines["go_to_court"].amount
    _issue(
        step,
        DocumentKind.OBJECTION_ACCEPTANCE,
        title="异议申请不予受理通知书",
        decision=(
            f"对你（单位）提出的异议不予受理。理由：{step.statement}\n对原决定不服的，可以自知道该决定之日起{review}日内申请行政复议，"
            f"或者在{court}个月内依法提起行政诉讼。"
        ),
    )


def uphold(step: Step) -> Action | None:
    """What is wrong is taken down at once; a correction is entered as a matter, and the case waits for it."""
    record, day = _record(step), today()
    _set(step, upheld_on=day.isoformat())
    takes_back = step.proceeding.facts.get("outcome") == Outcome.WITHDRAW
    done = "原公示信息予以撤销。" if takes_back else "原公示信息予以更正。"
    _issue(step, DocumentKind.OBJECTION_DECISION, decision=f"异议成立，{done}{_findings(step)}")
    if not takes_back:
        return None
    if record.state is RecordState.IN_FORCE and isinstance(record, AbnormalListing | HouseholdMark):
        abnormal_following.objection_upheld(step, record, told=TOLD)
    elif record.state is RecordState.IN_FORCE and not (
        isinstance(record, ViolationListing) and violation_following.objection_upheld(step, record)
    ):
        publicity.withdraw(record.record_id, statement=TOLD, reason=EndReason.CORRECTED, on=day, actor=step.actor)
    return Action.CORRECT


def reject(step: Step) -> None:
    """The record stands, and is no longer shown as contested."""
    _clear(step)
    _issue(
        step,
        DocumentKind.OBJECTION_DECISION,
        decision=f"异议不成立，维持原公示信息。理由：{step.statement}{_findings(step)}",
    )


def correct(step: Step) -> None:
    """Everything is put right: the mark goes."""
    _set(step, corrected_on=today().isoformat())
    _clear(step)


def _record(step: Step) -> PublishedRecord:
    assert step.proceeding.about is not None
    return get_record(step.proceeding.about)


def _clear(step: Step) -> None:
    """Take the mark away, unless another objection to the record is still open."""
    others = select(Proceeding.id).where(
        Proceeding.procedure == Procedure.OBJECTION,
        Proceeding.about == step.proceeding.about,
        Proceeding.reason.in_(MARKING),
        Proceeding.closed_on.is_(None),
        Proceeding.id != step.proceeding.id,
    )
    if db.session.execute(others.limit(1)).scalar_one_or_none() is None:
        assert step.proceeding.about is not None
        publicity.clear_objection(step.proceeding.about, actor=step.actor)


def _findings(step: Step) -> str:
    found = step.proceeding.facts.get("findings")
    return f"\n核查情况：{found}" if found else ""


def _set(step: Step, **values: str) -> None:
    step.proceeding.facts = {**step.proceeding.facts, **values}


def _rules(step: Step) -> RuleSet:
    return rule_set_for(step.proceeding.authority.regime, step.proceeding.opened_on)


def _basis(record: PublishedRecord, kind: ObjectionKind) -> str:
    """The article under which an objection to a record is dealt with."""
    if kind is ObjectionKind.LISTING and isinstance(record, HouseholdMark):
        return HOUSEHOLD_BASIS
    if kind is ObjectionKind.LISTING and isinstance(record, ViolationListing):
        return VIOLATION_BASIS
    return BASES[kind]


def _issue(step: Step, kind: DocumentKind, **wording: str) -> IssuedDocument:
    """A document to whoever objected; it names the record, never the person, whose name is sealed."""
    proceeding, record = step.proceeding, _record(step)
    reason = kind_of(proceeding)
    received = fact_day(proceeding, "received_on") or proceeding.opened_on
    said = "异议" if CLOCKS[reason].accept else "查询"
    two = step.row.second_person
    return issue(
        kind,
        authority=proceeding.authority,
        rule_set=_rules(step).name,
        on=today(),
        particulars={
            **(party_of(record) if proceeding.facts.get("by_the_operator") is True else {"party": "异议申请人"}),
            "facts": f"你（单位）于{day_words(received)}就{name_of(record)}提出{said}。",
            "basis": _basis(record, reason),
            "received_on": received,
            **wording,
        },
        proceeding=proceeding,
        record_id=record.record_id,
        prepared_by=proceeding.hands[-1] if two and proceeding.hands else str(step.actor),
        decided_by=str(step.actor) if two else None,
    )
