"""Applying a batch of online presences: each is a change of its operator's record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from registry.ledger.content import ordered
from registry.ledger.entry import Entry
from registry.rules.roles import registered_in_scope
from registry.services.imports.faults import Fault
from registry.services.imports.operator_entry import find_parties
from registry.services.imports.operator_states import load, write_back
from registry.services.imports.outcomes import Outcome, RunContext, Verdict
from registry.services.imports.presence_rows import PresenceRow

_HASHED = (1 << 24) - 1  # places fold into two megabytes of bits; a collision only makes a change a contradiction


def apply_presences(
    rows: Sequence[PresenceRow], run: RunContext, moment: datetime
) -> tuple[list[Outcome], list[Entry]]:
    """Outcomes in the order of the rows, and the entries. An operator that is not in the register is a refusal."""
    known = find_parties(row.party for row in rows)
    ids = {operators[0].id for operators in known.values() if len(operators) == 1}
    states = load(ids, lock=True)
    outcomes, entries = [], []
    for row in rows:
        operators = known.get(row.party.key, [])
        if len(operators) != 1:
            code = "several_operators" if operators else "operator_unknown"
            outcomes.append(Outcome(row.line, Verdict.REJECTED, [Fault(row.header, code, {"count": len(operators)})]))
            continue
        state = states[operators[0].id]
        if run.scope is not None and not registered_in_scope(run.scope, state.content["region"]):
            outcomes.append(Outcome(row.line, Verdict.REJECTED, [Fault(row.header, "operator_outside_area")]))
            continue
        place = hash((state.id, place_of(row.presence))) & _HASHED
        same = next((e for e in state.content["online_presences"] if place_of(e) == place_of(row.presence)), None)
        if same is not None and run.spoken.has("online_presence", place) and _overwrites(same, row.presence):
            outcomes.append(Outcome(row.line, Verdict.REJECTED, [Fault("", "contradicts_file")]))
            continue
        run.spoken.add("online_presence", place)
        presences = _with(state.content["online_presences"], row.presence)
        if presences == state.content["online_presences"]:
            outcomes.append(Outcome(row.line, Verdict.UNCHANGED, row.flagged))
            continue
        content = {**state.content, "online_presences": presences}
        entries.append(state.change(content, "operator.changed", run.actor))
        outcomes.append(Outcome(row.line, Verdict.APPLIED, row.flagged))
    write_back(states.values(), moment)
    return outcomes, entries


def _overwrites(known: dict[str, Any], said: dict[str, Any]) -> bool:
    """Whether a row would put another value in the place of one that stands."""
    return any(known[key] is not None and value is not None and known[key] != value for key, value in said.items())


def _with(presences: list[dict[str, Any]], one: dict[str, Any]) -> list[dict[str, Any]]:
    """The presences with this one: in the place of the same one known before, else added. A blank cell says nothing."""
    place = place_of(one)
    known = next((each for each in presences if place_of(each) == place), None)
    if known is None:
        return ordered([*presences, one])
    merged = {**known, **{key: value for key, value in one.items() if value is not None}}
    return ordered([merged if each is known else each for each in presences])


def place_of(presence: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a presence the same one: its address, else its name on its platform."""
    if presence["url"]:
        return presence["type"], presence["url"].rstrip("/").casefold()
    return presence["type"], presence["platform"], presence["name"]
