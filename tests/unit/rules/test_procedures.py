"""What holds for every procedure of domain.md 5, whatever the order of the steps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import inspection_procedure as inspection
from registry.rules import penalty_procedure as penalty
from registry.rules import violation_procedure as violation
from registry.rules.abnormal_procedure import Action as AbnormalAction
from registry.rules.abnormal_procedure import Stage as AbnormalStage
from registry.rules.operator import RegistrationStatus
from registry.rules.procedure import (
    Actor,
    GuardsNotMet,
    Machine,
    ReasonMissing,
    SamePerson,
    StepNotInProcedure,
    allowed,
    next_state,
    step,
    take,
)
from registry.rules.rule_sets import get
from tests.machines import MACHINES

SAMR_SETS = ("samr-2021-09-01", "samr-2025-12-25")
PUBLIC = {  # the visibility matrix; registration items are always public
    "SM-A": {"A5", "A6", "A5R"},
    "SM-B": {"B2", "B3"},
    "SM-C": {"C5", "C6", "C5R"},
    "SM-E": set(),
    "SM-F": set(),
    "SM-G": {"G1"},
    "SM-J": set(),
    "SM-K": {status.value for status in RegistrationStatus},
    "CLUE": set(),
}
EVERY = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.code)
ROWS = pytest.mark.parametrize(
    ("machine", "row"),
    [(machine, row) for machine in MACHINES for row in machine.transitions],
    ids=lambda each: each.code if isinstance(each, Machine) else f"{each.action}-{each.after}",
)


def shown(machine, stage) -> bool:
    return stage is not None and machine.state(stage).public


def undoes(row) -> bool:
    """Whether a row takes back what was obtained by fraud."""
    return any(guard.name == "serious_fraud_found" for guard in row.guards)


def reachable(machine, stage):
    """Every stage that steps lead to from here, fraud aside."""
    found, ahead = set(), [stage]
    while ahead:
        here = ahead.pop()
        for row in machine.transitions:
            if here in row.before and row.after not in found and not undoes(row):
                found.add(row.after)
                ahead.append(row.after)
    return found


@EVERY
def test_the_public_states_are_those_of_the_visibility_matrix(machine):
    assert {stage.value for stage in machine.public} == PUBLIC[machine.code]


@EVERY
def test_each_stage_is_declared_once_and_can_be_reached(machine):
    stages = [state.stage for state in machine.states]
    assert len(set(stages)) == len(stages)
    assert set(stages) == set(type(stages[0]))
    fraud = {row.after for row in machine.transitions if undoes(row)}
    assert reachable(machine, machine.start) | fraud | {machine.start} >= set(stages)


@EVERY
def test_every_state_that_is_no_end_can_reach_one(machine):
    ends = {state.stage for state in machine.states if state.end}
    assert ends
    for state in machine.states:
        assert state.end or reachable(machine, state.stage) & ends, state.stage


@EVERY
def test_only_fraud_leads_out_of_an_end(machine):
    for state in machine.states:
        if state.end:
            assert all(undoes(row) for row in machine.transitions if state.stage in row.before), state.stage


@EVERY
def test_a_stage_an_action_and_an_actor_name_one_step(machine):
    named = [(stage, row.action, actor) for row in machine.transitions for stage in row.before for actor in row.actors]
    assert len(set(named)) == len(named)


@ROWS
def test_what_changes_publicity_needs_a_second_person_or_is_the_systems(machine, row):
    crosses = any(shown(machine, stage) != shown(machine, row.after) for stage in row.before)
    assert not crosses or row.second_person or row.actors == (Actor.SYSTEM,)


@ROWS
def test_a_second_person_is_a_reviewer_or_the_next_level(machine, row):
    assert not row.second_person or set(row.actors) <= {Actor.REVIEWER, Actor.SUPERIOR}
    assert row.second_person or not set(row.actors) & {Actor.REVIEWER, Actor.SUPERIOR}


@ROWS
@pytest.mark.parametrize("name", SAMR_SETS)
def test_the_deadlines_of_a_step_are_in_the_rule_set(machine, row, name):
    assert set(row.deadlines) <= set(get(name).deadlines)


@ROWS
def test_a_row_is_whole(machine, row):
    assert row.before
    assert row.actors
    assert row.term
    assert row.article
    names = [guard.name for guard in row.guards]
    assert len(set(names)) == len(names)


@EVERY
def test_a_guard_has_one_name_and_one_meaning(machine):
    guards = {guard for row in machine.transitions for guard in row.guards}
    assert len({guard.name for guard in guards}) == len(guards)
    assert all(guard.says for guard in guards)


@EVERY
@given(data=st.data())
def test_a_walk_never_leaves_the_machine(machine, data):
    """Any actor tries any action, in any order: each step is a row of the table or is refused."""
    rows = {
        (stage, row.action, actor): row for row in machine.transitions for stage in row.before for actor in row.actors
    }
    actions = st.sampled_from(list(type(machine.transitions[0].action)))
    here = machine.start
    for _ in range(data.draw(st.integers(1, 30))):
        action, actor = data.draw(actions), data.draw(st.sampled_from(Actor))
        row = rows.get((here, action, actor))
        if row is None:
            with pytest.raises(StepNotInProcedure):
                next_state(machine, here, action, actor)
            continue
        assert row in allowed(machine, here, actor)
        after = next_state(machine, here, action, actor)
        assert after in {state.stage for state in machine.states}
        if shown(machine, here) != shown(machine, after):
            assert row.second_person or actor is Actor.SYSTEM
        here = after


@EVERY
@given(data=st.data())
def test_a_walk_of_allowed_steps_stays_inside_and_shows_only_what_the_matrix_shows(machine, data):
    here = machine.start
    for _ in range(data.draw(st.integers(1, 30))):
        choices = [row for actor in Actor for row in allowed(machine, here, actor)]
        if not choices:
            break
        row = data.draw(st.sampled_from(choices))
        here = row.after
        assert shown(machine, here) == (here.value in PUBLIC[machine.code])


class Nothing:
    """Facts of which none is known: every attribute is None."""

    def __getattr__(self, name: str) -> None:
        return None


@EVERY
@given(data=st.data())
def test_who_prepared_a_step_never_decides_it(machine, data):
    second = [row for row in machine.transitions if row.second_person]
    if not second:
        return
    row = data.draw(st.sampled_from(second))
    stage, actor = data.draw(st.sampled_from(row.before)), data.draw(st.sampled_from(row.actors))
    person = data.draw(st.none() | st.text(min_size=1, max_size=3))
    with pytest.raises(SamePerson):
        take(
            machine, stage, row.action, actor=actor, facts=Nothing(), reason="…", prepared_by=person, decided_by=person
        )


@ROWS
def test_a_person_gives_a_reason(machine, row):
    persons = [actor for actor in row.actors if actor is not Actor.SYSTEM]
    for actor in persons:
        with pytest.raises(ReasonMissing) as refused:
            take(
                machine,
                row.before[0],
                row.action,
                actor=actor,
                facts=Nothing(),
                reason=" ",
                prepared_by="one",
                decided_by="two",
            )
        assert refused.value.code == "reason_missing"


def test_every_condition_that_does_not_hold_is_named():
    with pytest.raises(GuardsNotMet) as refused:
        take(
            inspection.MACHINE,
            inspection.Stage.PUBLISHED,
            inspection.Action.END_WITH_RECORD,
            actor=Actor.SYSTEM,
            facts=inspection.Result(),
            reason="",
            prepared_by=None,
            decided_by=None,
        )
    assert refused.value.guards == ("negative", "linked_record_ended")


def test_an_action_of_another_procedure_is_no_step():
    machine = MACHINES[0]
    assert step(machine, AbnormalStage.PENDING, AbnormalAction.LIST, Actor.REVIEWER).after is AbnormalStage.LISTED
    with pytest.raises(StepNotInProcedure):
        step(machine, AbnormalStage.PENDING, violation.Action.LIST, Actor.REVIEWER)


@pytest.mark.parametrize("row", penalty.TRANSITIONS, ids=lambda row: f"{row.action}-{row.record_to}")
def test_the_older_table_of_penalties_keeps_the_same_promises(row):
    """SM-D: what changes publicity is a second person's, another procedure's or the day's; its deadlines exist."""
    crosses = row.record_to is not None and any(
        (before in penalty.PUBLIC) != (row.record_to in penalty.PUBLIC) for before in row.record_from
    )
    assert not crosses or row.part is not penalty.Part.FIRST
    assert all(row.deadline is None or row.deadline in get(name).deadlines for name in SAMR_SETS)


def test_a_penalty_is_public_in_one_stage():
    assert {stage.value for stage in penalty.PUBLIC} == {"D2"}
