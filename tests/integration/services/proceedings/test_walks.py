"""Random walks through every procedure that is carried out, on a real database: no order of acts leads out of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models import IssuedDocument, LedgerEntry, Proceeding, PublicFinding, db
from registry.clock import today
from registry.errors import RegistryError
from registry.ledger import Actor as LedgerActor
from registry.queries.inspection_results import public_results_of
from registry.queries.public_findings import findings_of
from registry.rules.operator import RegistrationStatus
from registry.rules.procedure import Actor, allowed
from registry.rules.proceedings import Procedure
from registry.services import operators, rebuild
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Binding
from registry.services.proceedings.carried_out import PROCEDURES
from registry.services.proceedings.particulars import Particular
from registry.transaction import transaction
from tests.integration.ledger.conftest import ignore
from tests.matters import DESK, FIRST, SECOND, THIRD
from tests.walk_samples import WALKS, Walk, samples_of

START = "2026-09-01T02:00:00Z"
OFFICERS = (FIRST, SECOND, THIRD)
SYSTEM = LedgerActor("system", "test")
STATUSES = (RegistrationStatus.ACTIVE, RegistrationStatus.CANCELLED, RegistrationStatus.SUSPENDED)


@dataclass(frozen=True)
class Move:
    """One attempt: what kind of act, and numbers that choose the rest."""

    what: str
    which: int
    part: Actor
    officer: int
    chosen: tuple[int, ...]


MOVES = st.builds(
    Move,
    what=st.sampled_from(["step"] * 8 + ["any", "note", "note", "world", "status", "days"]),
    which=st.integers(0, 40),
    part=st.sampled_from([*Actor, Actor.HANDLER, Actor.REVIEWER]),
    officer=st.integers(0, 2),
    chosen=st.tuples(*[st.sampled_from([0, 0, 0, 1, 2])] * 6),
)


@dataclass
class Course:
    """A walk as it goes."""

    binding: Binding[Any, Any]
    walk: Walk
    clock: Any
    number: int = 0
    abouts: set[str] = field(default_factory=set)

    @property
    def case(self) -> Proceeding:
        return db.session.get_one(Proceeding, self.number, populate_existing=True)

    def values(self, particulars: tuple[Particular, ...], chosen: tuple[int, ...], turn: int) -> dict[str, Any]:
        """Stated values; a third choice leaves out what is not required, `turn` goes through long tables."""
        found: dict[str, Any] = {}
        for at, each in enumerate(particulars):
            samples, choice = samples_of(self.walk, each), chosen[at % len(chosen)]
            if choice == 2 and not each.required:
                continue
            found[each.name] = samples[(choice + (turn if len(samples) > 3 else 0)) % len(samples)]
        return found

    def attempt(self, move: Move) -> tuple[str, Actor, LedgerActor] | None:
        """Carry a move out; a step that was taken is told."""
        if move.what == "world" and self.walk.world:
            self.walk.world[move.which % len(self.walk.world)](DESK)
            return None
        if move.what == "days":
            self.clock.shift(timedelta(days=1 + move.which % 15))
            return None
        case = self.case
        officer = OFFICERS[move.officer]
        if move.what == "status":
            if case.operator is not None:
                status = STATUSES[move.which % len(STATUSES)]
                with transaction():
                    operators.change_status(case.operator, status=status, on=today(), actor=SYSTEM)
            return None
        if move.what == "note":
            particulars = self.binding.noted.get((self.binding.stage_of(case), Actor.HANDLER), ())
            values = self.values(particulars, move.chosen, move.which)
            with transaction():
                engine.note(
                    case, values, part=Actor.HANDLER, revision=case.revision, statement="记录", actor=officer, desk=DESK
                )
            return None
        actions = list(self.binding.actions)
        choices = [(actions[move.which % len(actions)], move.part)]
        if move.what == "step":
            stage = self.binding.stage_of(case)
            choices = [
                (row.action, part) for part in Actor for row in allowed(self.binding.machine, stage, part)
            ] or choices
        action, part = choices[move.which % len(choices)]
        actor = SYSTEM if part is Actor.SYSTEM else officer
        values = self.values(self.binding.stated.get(action, ()), move.chosen, move.which)
        with transaction():
            engine.take_step(
                case, action, part=part, revision=case.revision, statement="理由", actor=actor, desk=DESK, values=values
            )
        return str(action), part, actor


@pytest.mark.parametrize("binding", PROCEDURES, ids=lambda binding: binding.procedure)
def test_no_walk_leaves_the_procedure_or_shows_what_must_not_be_shown(own_app: Flask, binding: Binding[Any, Any]):
    taken: set[str] = set()

    @given(opening=st.integers(0, 20), moves=st.lists(MOVES, min_size=6, max_size=16))
    @settings(max_examples=40, phases=[Phase.generate])  # each example is a whole walk: shrinking takes minutes
    def walk(opening: int, moves: list[Move]) -> None:
        with time_machine.travel(START) as clock:
            taken.update(_walked(Course(binding, WALKS[binding.procedure], clock), opening, moves))

    with own_app.app_context():
        walk()
        db.session.remove()
        found = rebuild.check(ignore)
    assert found.differences == []
    assert found.rows["proceeding"] > 0
    assert len(taken) >= len(binding.actions) // 3, "the walks reach too little of the procedure"


def _opened(course: Course, opening: int) -> str | None:
    """Open a case in the first way that is allowed, beginning with this one; the action."""
    binding, openings = course.binding, course.walk.openings()
    starts = [row for row in binding.machine.transitions if binding.machine.start in row.before]
    for at in range(opening, opening + len(starts) * len(openings)):
        row = starts[at % len(starts)]
        part = row.actors[at % len(row.actors)]
        try:
            with transaction():
                operator, authority = course.walk.operator(), course.walk.authority()
                case = engine.open_case(
                    binding.procedure,
                    row.action,
                    part=part,
                    authority=authority,
                    operator=operator,
                    statement="理由",
                    actor=SYSTEM if part is Actor.SYSTEM else FIRST,
                    desk=DESK,
                    values=course.values(binding.stated.get(row.action, ()), (0,), 0),
                    **openings[at // len(starts) % len(openings)],
                )
            course.number = case.id
        except RegistryError:
            db.session.expire_all()
        else:
            return str(row.action)
    return None


def _walked(course: Course, opening: int, moves: list[Move]) -> set[str]:
    binding, taken = course.binding, set()
    if course.walk.further is not None and (opening % 2 or not course.walk.openings()):
        course.number = course.walk.further().id
    else:
        action = _opened(course, opening)
        assert action is not None, "no case can be opened"
        taken.add(action)
    _check(course)
    before = _state(course)
    for move in moves:
        hands, decided = before["hands"], before["decided_by"]
        try:
            step = course.attempt(move)
        except RegistryError:
            db.session.expire_all()
            assert _state(course) == before, (move, "a refused act changed something")
            continue
        if step is not None:
            action, part, actor = step
            taken.add(action)
            (row,) = [
                each
                for each in binding.machine.transitions
                if each.action == action and part in each.actors and before["stage"] in each.before
            ]
            case = course.case
            assert case.stage in {row.after, *_by_itself(binding, row.after)}
            if row.second_person:
                assert hands
                assert str(actor) not in hands, (move, decided)
                assert case.decided_by == str(actor)
        _check(course)
        before = _state(course)
    return taken


def _by_itself(binding: Binding[Any, Any], stage: Any) -> set[Any]:
    """Where a step of the system may have led on in the same transaction."""
    return {row.after for row in allowed(binding.machine, stage, Actor.SYSTEM)}


def _state(course: Course) -> dict[str, Any]:
    case = course.case
    operator_id = case.operator_id
    counts = [select(func.count()).select_from(model).scalar_subquery() for model in (LedgerEntry, IssuedDocument)]
    entries, documents = db.session.execute(select(*counts)).one()
    return {
        "stage": case.stage,
        "revision": case.revision,
        "facts": case.facts,
        "hands": list(case.hands),
        "decided_by": case.decided_by,
        "about": case.about,
        "entries": entries,
        "documents": documents,
        "findings": [
            (each.record_id, each.public_from, each.public_until)
            for each in (findings_of(operator_id, today()) if operator_id else [])
        ],
    }


def _check(course: Course) -> None:
    """What holds after every act, whatever it was."""
    case, machine = course.case, course.binding.machine
    stage = course.binding.stage_of(case)
    assert stage in {state.stage for state in machine.states}
    assert case.decided_by is None or case.decided_by not in case.hands
    assert (case.closed_on is not None) == course.binding.is_over(stage)
    makes_records = bool(machine.public)
    if not makes_records or case.operator_id is None:
        return
    if case.about is not None:
        course.abouts.add(case.about)
    if course.binding.procedure is Procedure.INSPECTION_RESULT:  # gives no finding, but shows by its own query
        results = public_results_of(case.operator_id, today())
        seen = shown = {each.record_id for each in results} & course.abouts
    else:
        shown = set(
            db.session.execute(
                select(PublicFinding.record_id).where(PublicFinding.record_id.in_(course.abouts))
            ).scalars()
        )
        seen = {each.record_id for each in findings_of(case.operator_id, today())} & course.abouts
    expected = {case.about} if stage in machine.public else set()
    assert seen == shown == expected, (stage, "the public sees exactly what stands at a public stage")


def test_every_procedure_that_is_carried_out_is_walked():
    assert {binding.procedure for binding in PROCEDURES} == WALKS.keys()
