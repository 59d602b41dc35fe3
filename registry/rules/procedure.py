"""How a procedure of domain.md 5 is declared: states, transitions and guards as plain tables, and the one way through them.

A guard looks at facts that the caller has gathered; what is not known does not hold. `take` is what a service calls: it
answers the transition that may be carried out now, or refuses with everything that is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from registry.errors import Conflict, NotAllowed, RuleViolation

# Generic dataclasses without slots: a frozen one with slots cannot be built as Guard[Case](…) on Python 3.11.
S = TypeVar("S", bound=StrEnum)
F = TypeVar("F")


class Actor(StrEnum):
    """Who takes a step (domain.md 5): 初审, 审核, 上级, 当事人, the provider of network services, 系统."""

    HANDLER = "handler"
    REVIEWER = "reviewer"
    SUPERIOR = "superior"
    PARTY = "party"
    PROVIDER = "provider"
    SYSTEM = "system"


@dataclass(frozen=True)
class State(Generic[S]):
    """Where a case can stand: its Chinese term, what it means, whether the public sees the record.

    At an `end` nothing is owed any more; out of one lead at most the steps that undo what was obtained by fraud or in error.
    """

    stage: S
    term: str
    meaning: str
    public: bool = False
    end: bool = False


@dataclass(frozen=True)
class Guard(Generic[F]):
    """A condition with its name for programs, its words for people, and the rule that decides it."""

    name: str
    says: str
    holds: Callable[[F], bool]


@dataclass(frozen=True)
class Transition(Generic[S, F]):
    """One row of a procedure.

    `before` holds None where there is no case yet. Each of `actors` may take the step; with `second_person` it is somebody
    else than who prepared it. `deadlines` are names in the rule set, several where the ground of the case decides which.
    """

    action: StrEnum
    term: str
    before: tuple[S | None, ...]
    after: S
    actors: tuple[Actor, ...]
    article: str
    guards: tuple[Guard[F], ...] = ()
    second_person: bool = False
    document: str | None = None
    deadlines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine(Generic[S, F]):
    """A procedure. `start` is the state without a case: None, except where an operator is in the first state by itself."""

    code: str
    term: str
    title: str
    states: tuple[State[S], ...]
    transitions: tuple[Transition[S, F], ...]
    start: S | None = None

    def state(self, stage: S) -> State[S]:
        """The declaration of a stage."""
        return next(each for each in self.states if each.stage is stage)

    @property
    def public(self) -> frozenset[S]:
        """The stages in which the visibility matrix lets the public see the record."""
        return frozenset(each.stage for each in self.states if each.public)


class StepNotInProcedure(Conflict):
    """From where the case stands, this actor cannot take this step."""

    code = "step_not_in_procedure"


class GuardsNotMet(RuleViolation):
    """The step exists, but its conditions do not all hold. `guards` names those, in the order of the table."""

    code = "guards_not_met"

    def __init__(self, guards: tuple[str, ...]) -> None:
        super().__init__(f"These conditions do not hold: {', '.join(guards)}.")
        self.guards = guards


class SamePerson(NotAllowed):
    """Who prepared a step may not decide it (初审≠审核)."""

    code = "same_person"


class ReasonMissing(RuleViolation):
    """Every step of a person needs a reason."""

    code = "reason_missing"


def allowed(machine: Machine[S, F], stage: S | None, actor: Actor) -> tuple[Transition[S, F], ...]:
    """The steps that this actor could take from here if all their guards held, in the order of the table."""
    return tuple(row for row in machine.transitions if stage in row.before and actor in row.actors)


def step(machine: Machine[S, F], stage: S | None, action: StrEnum, actor: Actor) -> Transition[S, F]:
    """The row of one step. StepNotInProcedure where the table has none."""
    for row in allowed(machine, stage, actor):
        if row.action is action:
            return row
    raise StepNotInProcedure(f"{machine.code}: {action} by the {actor} does not lead out of {stage or 'nothing'}.")


def next_state(machine: Machine[S, F], stage: S | None, action: StrEnum, actor: Actor) -> S:
    """Where one step leads, guards aside. StepNotInProcedure where the table has none."""
    return step(machine, stage, action, actor).after


def unmet(row: Transition[S, F], facts: F) -> tuple[str, ...]:
    """Names of the guards that do not hold."""
    return tuple(guard.name for guard in row.guards if not guard.holds(facts))


def take(
    machine: Machine[S, F],
    stage: S | None,
    action: StrEnum,
    *,
    actor: Actor,
    facts: F,
    reason: str,
    prepared_by: str | None,
    decided_by: str | None,
) -> Transition[S, F]:
    """The step that may be carried out now. The persons are the names of accounts; the system's own step has none.

    Raises StepNotInProcedure, SamePerson, ReasonMissing or GuardsNotMet; nothing is done by halves. Source: domain.md 5
    (every transition needs a reason; 初审人 ≠ 审核人).
    """
    row = step(machine, stage, action, actor)
    if actor is not Actor.SYSTEM:
        if not reason.strip():
            raise ReasonMissing(f"{machine.code}: {action} needs a reason.")
        if row.second_person and (prepared_by is None or decided_by is None or prepared_by == decided_by):
            raise SamePerson(f"{machine.code}: {action} needs a second person.")
    missing = unmet(row, facts)
    if missing:
        raise GuardsNotMet(missing)
    return row
