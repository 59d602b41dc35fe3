"""What can be done with a case now, and by whom: the declaration, the roles and the stage put together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from models import Proceeding
from registry.rules.procedure import Actor, Transition, allowed, unmet
from registry.rules.proceedings import Procedure, may_act
from registry.rules.roles import Role
from registry.services.matters import Desk
from registry.services.proceedings.binding import Binding
from registry.services.proceedings.bindings import binding_of
from registry.services.proceedings.particulars import Particular

_PARTS = (Actor.HANDLER, Actor.PARTY, Actor.PROVIDER, Actor.REVIEWER, Actor.SUPERIOR)


@dataclass(frozen=True, slots=True)
class Choice:
    """A step that an officer may choose: in which part, what is stated with it, and the guards that do not hold yet.

    What is stated with the step may make them hold. `own_hand`: the officer prepared what this step would decide.
    """

    row: Transition[Any, Any]
    part: Actor
    particulars: tuple[Particular, ...]
    unmet: tuple[str, ...]
    own_hand: bool


@dataclass(frozen=True, slots=True)
class Noting:
    """What an officer may note at the stage where a case stands, in which part."""

    part: Actor
    particulars: tuple[Particular, ...]


def parts_of(procedure: Procedure, roles: Collection[Role], *, is_superior: bool, is_own: bool) -> tuple[Actor, ...]:
    """The parts an officer can take in a case. `is_superior`: of the authority above; `is_own`: in whose area it lies."""
    return tuple(
        part
        for part in _PARTS
        if may_act(procedure, part, frozenset(roles)) and (is_superior if part is Actor.SUPERIOR else is_own)
    )


def choices(proceeding: Proceeding, parts: Collection[Actor], *, me: str, desk: Desk) -> list[Choice]:
    """Every step that these parts could take from where the case stands, in the order of the declaration."""
    binding = binding_of(proceeding.procedure)
    if binding.is_back_at_start(binding.stage_of(proceeding)):
        return []
    facts = binding.facts_for(proceeding, desk, me)
    found = []
    for row in binding.machine.transitions:
        part = next((each for each in parts if each in row.actors), None)
        if part is None or binding.stage_of(proceeding) not in row.before:
            continue
        stated = binding.stated.get(row.action, ())
        hand = row.second_person and me in proceeding.hands
        found.append(Choice(row, part, stated, unmet(row, facts), hand))
    return found


def openings(procedure: Procedure, parts: Collection[Actor]) -> list[tuple[Transition[Any, Any], Actor]]:
    """The steps that open a case of this procedure, and the part that takes each."""
    machine = binding_of(procedure).machine
    return [(row, part) for part in parts for row in allowed(machine, machine.start, part)]


def notings(proceeding: Proceeding, parts: Collection[Actor]) -> list[Noting]:
    """What these parts may note now."""
    binding: Binding[Any, Any] = binding_of(proceeding.procedure)
    stage = binding.stage_of(proceeding)
    return [Noting(part, binding.noted[stage, part]) for part in parts if (stage, part) in binding.noted]
