"""SM-B tied to the register: marks of households (registry/rules/household_procedure.py). Only a correction has a document."""

from models import Operator, Proceeding
from registry.clock import today
from registry.rules.household_procedure import MACHINE, Action, HouseholdCase, Stage
from registry.rules.operator import OperatorKind
from registry.rules.procedure import Actor, StepNotInProcedure
from registry.rules.proceedings import Procedure
from registry.services import listings
from registry.services.matters import Desk
from registry.services.proceedings import abnormal_facts as stated
from registry.services.proceedings import abnormal_records as records
from registry.services.proceedings.binding import Binding, Clock, Step


def facts(proceeding: Proceeding, desk: Desk) -> HouseholdCase:  # noqa: ARG001 - nothing here is personal
    """What is known of a case now. StepNotInProcedure where the household has recovered: another mark is another case."""
    if proceeding.id is not None and proceeding.stage == Stage.NORMAL:
        raise StepNotInProcedure("SM-B: this case is over; another mark is another case.")
    return HouseholdCase(**stated.facts_of(proceeding, marked=True), became_company=became_company(proceeding.operator))


def became_company(operator: Operator | None) -> bool:
    """个转企: the household leads to a successor that is none (domain.md 3.3)."""
    successor = operator.successor if operator is not None else None
    return successor is not None and successor.kind is not OperatorKind.HOUSEHOLD


def clock(proceeding: Proceeding, desk: Desk) -> Clock | None:
    """The deadline that runs at the stage of a case. CalendarYearMissing where it cannot be told."""
    stage = Stage(proceeding.stage)
    case = facts(proceeding, desk)
    match stage:
        case Stage.MARK_PENDING:
            return stated.listing_clock(case, "mark_household")
        case Stage.RECOVERY_PENDING:
            return stated.removal_clock(proceeding, case)
        case Stage.MARKED:
            return stated.correction_clock(proceeding, case)
        case _:
            return None


def asks(proceeding: Proceeding) -> Actor | None:
    """Who has to act next: what a handler prepared waits for the second officer."""
    if Stage(proceeding.stage) in (Stage.MARK_PENDING, Stage.RECOVERY_PENDING):
        return Actor.REVIEWER
    return stated.asks_to_correct(proceeding)


def _mark(step: Step) -> None:
    records.enter(step)


def _refuse_recovery(step: Step) -> None:
    stated.forget(step.proceeding, stated.APPLICATION)


def _close(step: Step) -> None:
    case = step.proceeding
    listings.close(records.record_of(case), on=today(), actor=step.actor, became_company=became_company(case.operator))


BINDING: Binding[Stage, HouseholdCase] = Binding(
    procedure=Procedure.HOUSEHOLD_MARK,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=clock,
    asks=asks,
    effects={
        Action.MARK: _mark,
        Action.MARK_UNREPORTED: _mark,
        Action.REFUSE_RECOVERY: _refuse_recovery,
        Action.RECOVER: records.remove,
        Action.RECOVER_REPORTED: records.remove,
        Action.CORRECT: records.correct,
        Action.CLOSE: _close,
    },
    stated={
        Action.PROPOSE: (stated.FACTS, *stated.UNREACHABLE),
        Action.APPLY: stated.APPLICATION,
    },
    noted={
        (Stage.MARK_PENDING, Actor.HANDLER): stated.UNREACHABLE,
        (Stage.MARKED, Actor.HANDLER): stated.CORRECTION,
        (Stage.RECOVERY_PENDING, Actor.HANDLER): stated.optional(
            stated.CURED_ON, stated.REMOVAL_VERIFIED_ON, *stated.CORRECTION
        ),
    },
)
