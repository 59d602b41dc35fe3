"""Clues from the public carried out: taking one up, beginning a case of the abnormal list with it, answering."""

from models import Proceeding
from registry.clock import today
from registry.errors import RuleViolation
from registry.queries.calendar import working_calendar
from registry.rules import abnormal_procedure
from registry.rules.clue_procedure import MACHINE, WITHIN, Action, Clue, Finding, Stage
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Binding, Clock, Step
from registry.services.proceedings.particulars import Form, Particular
from registry.services.proceedings.record_words import fact_day
from registry.services.proceedings.repairs import rules_of

_OPENS = (AbnormalReason.R2, AbnormalReason.R3, AbnormalReason.R4)
"""Reasons that a clue can point to; a missing annual report the register knows by itself."""


class NoCaseFromClue(RuleViolation):
    """Only enterprises and cooperatives have cases of the abnormal list."""

    code = "no_case_from_clue"


def facts(proceeding: Proceeding, desk: Desk) -> Clue:
    """What is known of a clue now."""
    del desk
    known = proceeding.facts
    return Clue(
        today=today(),
        taken_up=proceeding.stage == Stage.TAKEN_UP,
        finding=Finding(known["finding"]) if known.get("finding") else None,
        answer_given=bool(known.get("answer")),
    )


def clock(proceeding: Proceeding, desk: Desk) -> Clock | None:
    """Until when whoever reported is answered."""
    del desk
    since = fact_day(proceeding, "received_on") or proceeding.opened_on
    return Clock(WITHIN, due_on(rules_of(proceeding).deadlines[WITHIN], since, working_calendar()))


def take_up(step: Step) -> None:
    """Begin a case of the abnormal list (A0) where the officer says for which reason. NoCaseFromClue for a household."""
    proceeding, reason = step.proceeding, step.values.get("opens_case_for")
    if not reason:
        return
    if proceeding.operator is None or proceeding.operator.kind is OperatorKind.HOUSEHOLD:
        raise NoCaseFromClue("The mark of a household begins with its proposal, once the reason is made out.")
    opened = engine.open_case(
        Procedure.ABNORMAL_LISTING,
        abnormal_procedure.Action.RECORD,
        part=Actor.HANDLER,
        authority=proceeding.authority,
        operator=proceeding.operator,
        reason=reason,
        values={"facts": step.statement},
        statement=step.statement,
        actor=step.actor,
        desk=step.desk,
    )
    proceeding.facts = {**proceeding.facts, "opened_case": opened.record_id}


BINDING = Binding(
    procedure=Procedure.CLUE,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=clock,
    asked={Stage.RECEIVED: Actor.HANDLER, Stage.TAKEN_UP: Actor.HANDLER, Stage.NOT_TAKEN_UP: Actor.HANDLER},
    effects={Action.TAKE_UP: take_up},
    stated={
        Action.TAKE_UP: (Particular("opens_case_for", Form.CHOICE, choices=_OPENS),),
        Action.ANSWER: (
            Particular("finding", Form.CHOICE, choices=tuple(Finding)),
            Particular("answer", Form.LONG_TEXT, required=True),
        ),
    },
)
