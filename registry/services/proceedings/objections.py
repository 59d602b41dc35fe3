"""SM-F carried out: what is known of an objection, who may not decide it, its clocks, and what officers state."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from models import LedgerEntry, Proceeding, db
from registry.clock import today
from registry.queries.calendar import working_calendar
from registry.queries.proceedings import hands_on
from registry.rules import objection_procedure as rules
from registry.rules.deadlines import due_on
from registry.rules.objection_procedure import CLOCKS, MACHINE, Action, Objection, Stage
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.services.matters import Desk
from registry.services.proceedings import objection_effects
from registry.services.proceedings.binding import Binding, Clock
from registry.services.proceedings.objection_effects import Outcome, kind_of
from registry.services.proceedings.particulars import Form, Particular
from registry.services.proceedings.record_words import fact_day
from registry.services.proceedings.repairs import record_of, rules_of


def facts(proceeding: Proceeding, desk: Desk) -> Objection:
    """What is known of an objection now, whoever decides it left aside."""
    del desk
    record, known, kind = record_of(proceeding), proceeding.facts, kind_of(proceeding)
    window = None
    if record.public_from is not None:
        window = rules.window_ends_on(
            kind, record.public_from, rule_set=rules_of(proceeding), calendar=working_calendar()
        )
    return Objection(
        today=today(),
        kind=kind,
        received_on=fact_day(proceeding, "received_on") or proceeding.opened_on,
        window_ends_on=window,
        by_the_operator=known.get("by_the_operator") is True,
        evidence_given=known.get("evidence_given") is True,
        verified_on=fact_day(proceeding, "verified_on"),
        found_wrong=known.get("found_wrong") is True,
        record_corrected=record.state is RecordState.WITHDRAWN or _corrected_since_upheld(proceeding),
    )


def facing(known: Objection, proceeding: Proceeding, who: str) -> Objection:
    """Whoever handled the record, its matter or its case may not decide what is said against it (domain.md 10)."""
    assert proceeding.about is not None
    return replace(known, decider_penalised=who in hands_on(proceeding.about))


def clock(proceeding: Proceeding, desk: Desk) -> Clock | None:
    """The deadline that runs: to accept, to decide, to correct what was found wrong."""
    del desk
    clocks, day = CLOCKS[kind_of(proceeding)], today()
    received = fact_day(proceeding, "received_on") or proceeding.opened_on
    name: str | None = None
    since: date = day
    match Stage(proceeding.stage):
        case Stage.RECEIVED:
            name, since = clocks.accept or clocks.decide, received
        case Stage.ACCEPTED:
            since = (fact_day(proceeding, "accepted_on") or day) if clocks.accept else received
            name = clocks.decide
        case Stage.UPHELD:
            name, since = clocks.correct, fact_day(proceeding, "verified_on") or day
        case _:
            pass
    if name is None:
        return None
    return Clock(name, due_on(rules_of(proceeding).deadlines[name], since, working_calendar()))


def asks(proceeding: Proceeding) -> Actor:
    """The second officer once the facts were checked, the first one before and after."""
    decided = proceeding.stage == Stage.ACCEPTED and proceeding.facts.get("verified_on")
    return Actor.REVIEWER if decided else Actor.HANDLER


def _corrected_since_upheld(proceeding: Proceeding) -> bool:
    """Whether a correction of the record was entered in the ledger after the objection was upheld."""
    upheld = (
        select(LedgerEntry.seq)
        .where(LedgerEntry.record_id == proceeding.record_id, LedgerEntry.action == f"proceeding.{Action.UPHOLD}")
        .order_by(LedgerEntry.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    corrected = select(LedgerEntry.seq).where(
        LedgerEntry.record_id == proceeding.about,
        LedgerEntry.action.endswith(".corrected", autoescape=True),
        LedgerEntry.seq > upheld,
    )
    return db.session.execute(corrected.limit(1)).scalar_one_or_none() is not None


_STANDING = (Particular("by_the_operator", Form.YES_NO), Particular("evidence_given", Form.YES_NO))

BINDING = Binding(
    procedure=Procedure.OBJECTION,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    facing=facing,
    clock=clock,
    asks=asks,
    effects={
        Action.OBJECT: objection_effects.mark,
        Action.ACCEPT: objection_effects.accept,
        Action.NOT_ACCEPT: objection_effects.not_accept,
        Action.UPHOLD: objection_effects.uphold,
        Action.REJECT: objection_effects.reject,
        Action.CORRECT: objection_effects.correct,
    },
    stated={
        Action.OBJECT: _STANDING,
        Action.UPHOLD: (Particular("outcome", Form.CHOICE, required=True, choices=tuple(Outcome)),),
    },
    noted={
        (Stage.RECEIVED, Actor.HANDLER): _STANDING,
        (Stage.ACCEPTED, Actor.HANDLER): (
            Particular("verified_on", Form.DAY, required=True),
            Particular("found_wrong", Form.YES_NO),
            Particular("findings", Form.LONG_TEXT, required=True),
        ),
    },
)
