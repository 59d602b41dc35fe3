"""SM-D as a table: what the table itself must hold (domain.md 5)."""

import pytest

from registry.rules import rule_sets
from registry.rules.penalty_procedure import (
    OPEN,
    PUBLIC,
    TRANSITIONS,
    Action,
    MatterKind,
    MatterState,
    Part,
    Stage,
    allowed,
    can_be_proposed,
)


def test_only_a_second_officer_repair_or_the_day_changes_what_the_public_sees():
    for row in TRANSITIONS:
        touches_public = row.record_to in PUBLIC or bool(row.record_from & PUBLIC and row.record_to is not None)
        assert not touches_public or row.part is not Part.FIRST, row


def test_every_step_of_the_second_officer_needs_a_reason():
    assert all(row.reason_needed for row in TRANSITIONS if row.part is Part.SECOND)


def test_a_matter_that_has_ended_goes_nowhere():
    for kind in MatterKind:
        for state in set(MatterState) - OPEN:
            assert not any(list(allowed(kind, state, stage)) for stage in [None, *Stage])


def test_no_step_is_ambiguous():
    for kind in MatterKind:
        for state in MatterState:
            for stage in [None, *Stage]:
                actions = [row.action for row in allowed(kind, state, stage)]
                assert len(actions) == len(set(actions)), (kind, state, stage)


def test_every_deadline_is_one_of_the_rule_sets():
    named = {row.deadline for row in TRANSITIONS if row.deadline}
    for rules in rule_sets.all_sets():
        assert named <= rules.deadlines.keys()


@pytest.mark.parametrize("stage", Stage)
def test_only_what_is_public_can_be_corrected_or_withdrawn(stage):
    for kind in (MatterKind.CORRECTION, MatterKind.WITHDRAWAL):
        assert can_be_proposed(kind, stage) is (stage is Stage.PUBLISHED)


def test_what_was_withdrawn_never_comes_back():
    assert not any(Stage.WITHDRAWN in row.record_from and row.record_to is not None for row in TRANSITIONS)
    assert {row.action for row in TRANSITIONS if row.record_to is Stage.WITHDRAWN} == {Action.WITHDRAW}
