"""SM-A tied to the register: the abnormal-operations list, case by case (registry/rules/abnormal_procedure.py)."""

from models import Proceeding
from registry.clock import today
from registry.rules import abnormal_wording as words
from registry.rules.abnormal_cases import R2, Case
from registry.rules.abnormal_procedure import MACHINE, Action, Stage
from registry.rules.documents import DocumentKind
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.services import listings, publicity
from registry.services.matters import Desk
from registry.services.proceedings import abnormal_facts as stated
from registry.services.proceedings import abnormal_records as records
from registry.services.proceedings.binding import Binding, Clock, Step


def facts(proceeding: Proceeding, desk: Desk) -> Case:  # noqa: ARG001 - nothing here is personal
    """What is known of a case now."""
    return Case(**stated.facts_of(proceeding, marked=False))


def clock(proceeding: Proceeding, desk: Desk) -> Clock | None:
    """The deadline that runs at the stage of a case. CalendarYearMissing where it cannot be told."""
    stage, case = Stage(proceeding.stage), facts(proceeding, desk)
    match stage:
        case Stage.ORDERED if case.order_ends_on is not None and case.today <= case.order_ends_on:
            return Clock("order_to_publish", case.order_ends_on)
        case Stage.CLUE | Stage.ORDERED | Stage.CONTACTING | Stage.PENDING:
            return stated.listing_clock(case)
        case Stage.REMOVAL_PENDING:
            return stated.removal_clock(proceeding, case)
        case Stage.LISTED | Stage.RESTORED:
            return stated.correction_clock(proceeding, case)
        case _:
            return None


def asks(proceeding: Proceeding) -> Actor | None:
    """Who has to act next: what a handler prepared waits for the second officer, an order for its time."""
    match Stage(proceeding.stage):
        case Stage.CLUE:
            prepared = bool(proceeding.hands) and proceeding.reason == R2
            return Actor.REVIEWER if prepared else Actor.HANDLER
        case Stage.ORDERED | Stage.CONTACTING:
            return Actor.HANDLER
        case Stage.PENDING | Stage.REMOVAL_PENDING:
            return Actor.REVIEWER
        case _:
            return stated.asks_to_correct(proceeding)


def _order(step: Step) -> None:
    """Order to publish; the ordered time runs from its service, which is noted."""
    step.proceeding.facts = {**step.proceeding.facts, "ordered_on": today().isoformat()}
    records.issue(step, DocumentKind.ORDER_TO_PUBLISH, facts=step.proceeding.facts.get("facts"))


def _list(step: Step) -> None:
    records.enter(step)


def _refuse_removal(step: Step) -> None:
    record = records.record_of(step.proceeding)
    records.issue(
        step,
        DocumentKind.REMOVAL_REFUSAL,
        facts=f"经审查，你单位的移出申请不符合移出条件：{step.statement}",
        basis=words.removal_basis(record.operator.kind, record.reason),
    )
    stated.forget(step.proceeding, stated.APPLICATION)


def _close(step: Step) -> None:
    listings.close(records.record_of(step.proceeding), on=today(), actor=step.actor)


def _restore(step: Step) -> None:
    """The removal is taken back; what it stood on holds no longer."""
    record = records.record_of(step.proceeding)
    records.issue(
        step,
        DocumentKind.RESTORATION_DECISION,
        removal_no=record.removal_decision_no,
        removed_on=record.removed_on,
    )
    publicity.restore(record.record_id, on=today(), actor=step.actor)
    stated.forget(step.proceeding, (*stated.APPLICATION, stated.FRAUD_FOUND_ON, stated.SERIOUS_FRAUD))


BINDING: Binding[Stage, Case] = Binding(
    procedure=Procedure.ABNORMAL_LISTING,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=clock,
    asks=asks,
    effects={
        Action.ORDER: _order,
        Action.LIST: _list,
        Action.REFUSE_REMOVAL: _refuse_removal,
        Action.REMOVE: records.remove,
        Action.CORRECT: records.correct,
        Action.CLOSE: _close,
        Action.RESTORE: _restore,
    },
    stated={
        Action.RECORD: (stated.FACTS, stated.VERIFIED_ON),
        Action.CONTACT: (stated.VISITED_ON, stated.LETTERS_SENT_ON),
        Action.PROPOSE: (stated.FACTS, stated.VERIFIED_ON),
        Action.APPLY: stated.APPLICATION,
    },
    noted={
        (Stage.CLUE, Actor.HANDLER): stated.optional(stated.FACTS, stated.VERIFIED_ON),
        (Stage.ORDERED, Actor.HANDLER): stated.optional(stated.ORDER_SERVED_ON, stated.CURED_ON),
        (Stage.CONTACTING, Actor.HANDLER): stated.UNREACHABLE,
        (Stage.LISTED, Actor.HANDLER): stated.CORRECTION,
        (Stage.REMOVAL_PENDING, Actor.HANDLER): stated.optional(
            stated.CURED_ON, stated.REMOVAL_VERIFIED_ON, *stated.CORRECTION
        ),
        (Stage.RESTORED, Actor.HANDLER): stated.CORRECTION,
        (Stage.REMOVED, Actor.HANDLER): (stated.FRAUD_FOUND_ON, stated.SERIOUS_FRAUD),
    },
)
