"""Every procedure that is declared as a machine, for the tests and the pages that are about all of them."""

from enum import StrEnum
from typing import Any

from registry.rules import (
    abnormal_procedure,
    clue_procedure,
    household_procedure,
    inspection_procedure,
    objection_procedure,
    registration_procedure,
    repair_procedure,
    service_stop_procedure,
    violation_procedure,
)
from registry.rules.procedure import Actor, Machine, step, unmet

MACHINES: tuple[Machine[Any, Any], ...] = (
    abnormal_procedure.MACHINE,
    household_procedure.MACHINE,
    violation_procedure.MACHINE,
    repair_procedure.MACHINE,
    objection_procedure.MACHINE,
    inspection_procedure.MACHINE,
    service_stop_procedure.MACHINE,
    clue_procedure.MACHINE,
    registration_procedure.MACHINE,
)


def refused(
    machine: Machine[Any, Any], stage: StrEnum | None, action: StrEnum, actor: Actor, facts: Any
) -> tuple[str, ...]:
    """Names of the conditions that a step fails on; empty when it can be taken."""
    return unmet(step(machine, stage, action, actor), facts)
