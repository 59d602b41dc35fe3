"""Opening a case, taking a step, noting a fact: the one way through every declared procedure.

Each changes the proceeding, carries out what the step means for the register, and is one entry of the ledger, all in the
caller's transaction. Of two officers on one case the second is told (ProceedingMoved).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models import Authority, Operator, Proceeding, db, violated_constraint
from registry import ledger
from registry.clock import now, today
from registry.errors import Conflict
from registry.ledger import Actor as LedgerActor
from registry.rules import procedure as rules
from registry.rules.procedure import Actor, ReasonMissing, SamePerson, StepNotInProcedure, Transition
from registry.rules.proceedings import Procedure
from registry.services.matters import Desk
from registry.services.notices import tell_of_step
from registry.services.proceedings import hands
from registry.services.proceedings.binding import Binding, Step
from registry.services.proceedings.bindings import binding_of
from registry.services.record_ids import new_record_id


class ProceedingMoved(Conflict):
    """Somebody else was faster: the case is not what the officer saw."""

    code = "proceeding_moved"

    def __init__(self, proceeding_id: int, seen: int) -> None:
        self.proceeding_id, self.seen = proceeding_id, seen
        super().__init__("Another officer has worked on this case in the meantime.")


class ProceedingOpen(Conflict):
    """The same case is open already."""

    code = "proceeding_open"


def open_case(
    procedure: Procedure,
    action: StrEnum,
    *,
    part: Actor,
    authority: Authority,
    operator: Operator | None,
    statement: str,
    actor: LedgerActor,
    desk: Desk,
    about: str | None = None,
    basis: str | None = None,
    reason: str | None = None,
    report_year: int | None = None,
    values: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    query_code: str | None = None,
) -> Proceeding:
    """Open a case with its first step. The caller commits.

    `values` are facts as `particulars.read` answers them, `personal` values that go into the vault. ProceedingOpen where the
    same case is open; what `procedure.take` raises where the step may not be taken; ForeignRecord where it is about a record
    of another node, which only that node changes.
    """
    _refuse_foreign(about, desk)
    binding = binding_of(procedure)
    record_id = new_record_id(desk.node, "proceeding")
    proceeding = Proceeding(
        record_id=record_id,
        recorded_at=now(),
        procedure=procedure,
        stage=str(binding.machine.start or ""),
        authority=authority,
        operator=operator,
        about=about,
        basis=basis,
        reason=reason,
        report_year=report_year,
        facts=dict(values or {}),
        personal={},
        query_code=query_code,
        hands=[],
        opened_on=today(),
    )
    with db.session.no_autoflush:  # nothing of a case that may not be opened is written
        row = _take(binding, proceeding, binding.machine.start, action, part, statement, actor, desk)
    proceeding.personal = {name: desk.vault.put(record_id, name, value) for name, value in (personal or {}).items()}
    _move(binding, proceeding, row, part, statement, actor, desk)
    db.session.add(proceeding)
    _flush(proceeding, None)
    _finish(binding, Step(proceeding, row, values or {}, statement.strip(), actor, desk))
    return proceeding


def adopt(
    procedure: Procedure,
    stage: StrEnum,
    *,
    authority: Authority,
    operator: Operator,
    about: str,
    reason: str | None,
    report_year: int | None,
    actor: LedgerActor,
    desk: Desk,
    basis: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> Proceeding:
    """A case for a record that came in without one (a file, a batch, another node), at the stage where the record stands.

    ProceedingOpen where it has one; ForeignRecord where the record is another node's. The caller commits.
    """
    _refuse_foreign(about, desk)
    over = binding_of(procedure).is_over(stage)
    proceeding = Proceeding(
        record_id=new_record_id(desk.node, "proceeding"),
        recorded_at=now(),
        procedure=procedure,
        stage=str(stage),
        authority=authority,
        operator=operator,
        about=about,
        basis=basis,
        reason=reason,
        report_year=report_year,
        facts=dict(values or {}),
        personal={},
        hands=[],
        opened_on=today(),
        closed_on=today() if over else None,
    )
    db.session.add(proceeding)
    _flush(proceeding, None)
    ledger.append("proceeding.adopted", record=proceeding, actor=actor)
    return proceeding


def take_step(
    proceeding: Proceeding,
    action: StrEnum,
    *,
    part: Actor,
    revision: int,
    statement: str,
    actor: LedgerActor,
    desk: Desk,
    values: Mapping[str, Any] | None = None,
) -> Proceeding:
    """Take one step of a case. The caller commits.

    ProceedingMoved where the case is not at `revision` any more; StepNotInProcedure, SamePerson, ReasonMissing, GuardsNotMet
    as `procedure.take`; what the effect of the step raises. Nothing is done by halves.
    """
    binding = binding_of(proceeding.procedure)
    if proceeding.revision != revision:
        raise ProceedingMoved(proceeding.id, revision)
    before = binding.stage_of(proceeding)
    if binding.is_back_at_start(before):
        raise StepNotInProcedure(f"{binding.machine.code}: the case is closed; what follows is a case of its own.")
    proceeding.facts = {**proceeding.facts, **(values or {})}
    with db.session.no_autoflush:
        row = _take(binding, proceeding, before, action, part, statement, actor, desk)
    _move(binding, proceeding, row, part, statement, actor, desk)
    _flush(proceeding, revision)
    _finish(binding, Step(proceeding, row, values or {}, statement.strip(), actor, desk))
    return proceeding


def note(
    proceeding: Proceeding,
    values: Mapping[str, Any],
    *,
    part: Actor,
    revision: int,
    statement: str,
    actor: LedgerActor,
    desk: Desk,
) -> Proceeding:
    """Note facts of a case without a step: a letter, a visit, a verification. The caller commits.

    StepNotInProcedure, ReasonMissing, ProceedingMoved; SamePerson where who consents had a hand in the proposal.
    """
    binding = binding_of(proceeding.procedure)
    if proceeding.revision != revision:
        raise ProceedingMoved(proceeding.id, revision)
    may = {each.name for each in binding.noted.get((binding.stage_of(proceeding), part), ())}
    if not values or not set(values) <= may:
        raise StepNotInProcedure(f"{binding.machine.code}: the {part} cannot note this here.")
    if not statement.strip():
        raise ReasonMissing(f"{binding.machine.code}: a note needs a reason.")
    proceeding.facts = {**proceeding.facts, **values}
    proceeding.action, proceeding.part, proceeding.statement = None, part, statement.strip()
    if part is Actor.SUPERIOR:
        hands.add_superior(binding, proceeding, actor)
    if not set(values) <= binding.told_after:
        hands.add(proceeding, part, actor)
    proceeding.asked_of = binding.next_actor(proceeding)
    _set_clock(binding, proceeding, desk)
    proceeding.recorded_at = now()
    _flush(proceeding, revision)
    ledger.append("proceeding.noted", record=proceeding, actor=actor)
    return proceeding


def _refuse_foreign(about: str | None, desk: Desk) -> None:
    if about is not None and not about.startswith(f"{desk.node}."):
        raise ledger.ForeignRecord("The record belongs to another node; only that node deals with it.")


def _take(
    binding: Binding[Any, Any],
    proceeding: Proceeding,
    before: Any,
    action: StrEnum,
    part: Actor,
    statement: str,
    actor: LedgerActor,
    desk: Desk,
) -> Transition[Any, Any]:
    """The row of the machine. With a second person: whoever had a hand in what is decided is refused."""
    row = rules.step(binding.machine, before, action, part)
    if row.second_person and str(actor) in proceeding.hands:
        raise SamePerson(f"{binding.machine.code}: {action} needs a second person.")
    return rules.take(
        binding.machine,
        before,
        action,
        actor=part,
        facts=binding.facts_for(proceeding, desk, str(actor)),
        reason=statement,
        prepared_by=proceeding.hands[-1] if proceeding.hands else None,
        decided_by=str(actor),
    )


def _move(
    binding: Binding[Any, Any],
    proceeding: Proceeding,
    row: Transition[Any, Any],
    part: Actor,
    statement: str,
    actor: LedgerActor,
    desk: Desk,
) -> None:
    proceeding.stage = str(row.after)
    proceeding.action, proceeding.part, proceeding.statement = str(row.action), part, statement.strip() or None
    if row.second_person:
        proceeding.decided_by = str(actor)
    else:
        hands.add(proceeding, part, actor)
    proceeding.closed_on = today() if binding.is_over(row.after) else None
    proceeding.asked_of = binding.next_actor(proceeding)
    _set_clock(binding, proceeding, desk)
    proceeding.recorded_at = now()


def _finish(binding: Binding[Any, Any], step: Step) -> None:
    """What the step does to the register, then its entry: the entry tells of the case as the effect left it.

    The party is told of the documents that were issued with it.
    """
    proceeding, desk = step.proceeding, step.desk
    effect, follows = binding.effects.get(step.row.action), None
    if effect is not None:
        follows = effect(step)
        proceeding.asked_of = binding.next_actor(proceeding)  # an effect may have answered what was asked
        _set_clock(binding, proceeding, desk)
        _flush(proceeding, proceeding.revision)
    ledger.append(f"proceeding.{step.row.action}", record=proceeding, actor=step.actor)
    tell_of_step(proceeding, since=proceeding.recorded_at, desk=desk)
    if follows is not None:
        by, at = LedgerActor("system", "procedure"), proceeding.revision
        take_step(proceeding, follows, part=Actor.SYSTEM, revision=at, statement="", actor=by, desk=desk)


def _set_clock(binding: Binding[Any, Any], proceeding: Proceeding, desk: Desk) -> None:
    clock = None if proceeding.closed_on is not None else binding.clock(proceeding, desk)
    proceeding.deadline, proceeding.due_on = (clock.name, clock.due_on) if clock else (None, None)


def _flush(proceeding: Proceeding, seen: int | None) -> None:
    try:
        db.session.flush()
    except StaleDataError as error:
        if seen is None:
            raise
        raise ProceedingMoved(proceeding.id, seen) from error
    except IntegrityError as error:
        if violated_constraint(error) == "uq_proceeding_open":
            raise ProceedingOpen("This case is open already.") from error
        raise
