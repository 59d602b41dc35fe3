"""What ties a declared procedure to the register: its facts, the effect of its steps, its clocks, what officers state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Generic

from models import Proceeding
from registry.ledger import Actor as LedgerActor
from registry.rules.procedure import Actor, F, Machine, S, Transition
from registry.rules.proceedings import Procedure
from registry.services.matters import Desk
from registry.services.proceedings.particulars import Particular


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadline that runs after a step: its name in the rule set, and its last day."""

    name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """A step that is being carried out: the row of the machine, who takes it and why, what was stated with it."""

    proceeding: Proceeding
    row: Transition[Any, Any]
    values: Mapping[str, Any]
    statement: str
    actor: LedgerActor
    desk: Desk


Effect = Callable[[Step], StrEnum | None]


@dataclass(frozen=True)
class Binding(Generic[S, F]):
    """One procedure as the engine needs it.

    `facts` gathers what is known of a case now, `facing` adds what depends on who would take the step. `effects` are done
    after the case stands in its new stage, in the same transaction; one can answer a step of the system that follows at
    once. `clock` answers the nearest deadline that runs at the stage where the case stands. `asked` names who has to act
    next at a stage, the others rest; where that depends on more than the stage, `asks` answers it. `stated` is what must
    or may be stated with a step, `noted` what may be noted at a stage without one (a letter, a visit, a verification), by
    the part that may note it. `told_after` are facts about how a decision was passed on: they prepare no new one.
    """

    procedure: Procedure
    machine: Machine[S, F]
    actions: type[StrEnum]
    facts: Callable[[Proceeding, Desk], F]
    clock: Callable[[Proceeding, Desk], Clock | None]
    asked: Mapping[S, Actor] = field(default_factory=dict)
    asks: Callable[[Proceeding], Actor | None] | None = None
    facing: Callable[[F, Proceeding, str], F] | None = None
    effects: Mapping[StrEnum, Effect] = field(default_factory=dict)
    stated: Mapping[StrEnum, tuple[Particular, ...]] = field(default_factory=dict)
    noted: Mapping[tuple[S, Actor], tuple[Particular, ...]] = field(default_factory=dict)
    told_after: frozenset[str] = frozenset()

    def facts_for(self, proceeding: Proceeding, desk: Desk, who: str) -> F:
        """What is known of a case when this actor of the ledger would take the step."""
        facts = self.facts(proceeding, desk)
        return facts if self.facing is None else self.facing(facts, proceeding, who)

    def stage_of(self, proceeding: Proceeding) -> S:
        """The stage where a case stands."""
        stages = type(self.machine.states[0].stage)
        return stages(proceeding.stage)

    def next_actor(self, proceeding: Proceeding) -> Actor | None:
        """Who has to act next in a case; None where it is closed or rests."""
        if proceeding.closed_on is not None:
            return None
        return self.asks(proceeding) if self.asks is not None else self.asked.get(self.stage_of(proceeding))

    def is_over(self, stage: S) -> bool:
        """Whether a case is closed at this stage: an end, or back where no case is."""
        return self.machine.state(stage).end or self.is_back_at_start(stage)

    def is_back_at_start(self, stage: S) -> bool:
        """Whether a case at this stage has led back to where its procedure begins without one: nothing leads on in it."""
        return self.machine.start is not None and stage is self.machine.start
