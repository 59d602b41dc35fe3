"""Every part of a declared procedure has its words on pages."""

import pytest

from blueprints.pages.proceeding_words.all_words import DEADLINES, WORDS
from blueprints.pages.proceeding_words.conditions import GUARDS
from registry.rules import (
    abnormal_procedure,
    clue_procedure,
    household_procedure,
    inspection_procedure,
    objection_procedure,
    repair_procedure,
    rule_sets,
    service_stop_procedure,
    violation_procedure,
)
from registry.services.proceedings.binding import Binding
from registry.services.proceedings.carried_out import PROCEDURES
from registry.services.proceedings.particulars import Particular

DECLARED = (
    abnormal_procedure,
    household_procedure,
    violation_procedure,
    repair_procedure,
    objection_procedure,
    inspection_procedure,
    service_stop_procedure,
    clue_procedure,
)


def test_every_guard_has_words() -> None:
    named = {guard.name for module in DECLARED for row in module.MACHINE.transitions for guard in row.guards}
    assert named - GUARDS.keys() == set()


def test_every_deadline_has_words() -> None:
    assert set(rule_sets.get("samr-2025-12-25").deadlines) - DEADLINES.keys() == set()


@pytest.mark.parametrize("binding", PROCEDURES, ids=lambda binding: binding.procedure)
def test_every_stage_action_and_particular_has_words(binding: Binding) -> None:
    words = WORDS[binding.procedure]
    stages = {state.stage.value for state in binding.machine.states}
    actions = {row.action.value for row in binding.machine.transitions}
    fields: list[Particular] = [each for some in (*binding.stated.values(), *binding.noted.values()) for each in some]
    assert stages - {str(stage) for stage in words.stages} == set()
    assert actions - {str(action) for action in words.actions} == set()
    assert {each.name for each in fields} - words.particulars.keys() == set()
    assert {choice for each in fields for choice in each.choices} - words.choices.keys() == set()
