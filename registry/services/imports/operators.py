"""Applying a batch of operators: new ones by COPY, changed ones by one UPDATE, the rest untouched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from registry.ledger.content import former_name_content, ordered
from registry.ledger.entry import Entry
from registry.rules.roles import registered_in_scope
from registry.services.imports.faults import Fault
from registry.services.imports.operator_batch import NewOperator
from registry.services.imports.operator_entry import enter, same_name
from registry.services.imports.operator_states import (
    OperatorState,
    find_ids,
    load,
    write_back,
)
from registry.services.imports.outcomes import Outcome, RunContext, Verdict
from registry.services.imports.tables import cursor

_NEVER_OVERWRITTEN = frozenset({"successor", "former_names", "online_presences", "person_key"})
_TABLE = "operator"
_DEFAULTED = frozenset({"registration_status"})


def apply_operators(
    rows: Sequence[NewOperator], run: RunContext, moment: datetime
) -> tuple[list[Outcome], list[Entry]]:
    """Apply rows in their order; outcomes in the same order, and the entries to append."""
    return _Batch(rows, run, moment).apply()


class _Batch:
    def __init__(self, rows: Sequence[NewOperator], run: RunContext, moment: datetime) -> None:
        self.rows = rows
        self.run = run
        self.moment = moment
        self.entries: list[Entry] = []
        self.states: dict[int, OperatorState] = {}
        self.by_code: dict[str, list[int]] = {}
        self.by_number: dict[str, list[int]] = {}

    def apply(self) -> tuple[list[Outcome], list[Entry]]:
        self.by_code = find_ids("uscc", [row.uscc for row in self.rows if row.uscc])
        self.by_number = find_ids("registration_no", [row.registration_no for row in self.rows if row.registration_no])
        fresh = [row for row in self.rows if self._is_fresh(row)]
        outcomes = {row.line: Outcome(row.line, Verdict.APPLIED, row.flagged) for row in fresh}
        self._enter(fresh)
        if len(fresh) < len(self.rows):
            standing = [row for row in self.rows if row.line not in outcomes]
            self._load(standing)
            for row in standing:
                outcomes[row.line] = self._meet(row)
            write_back(self.states.values(), self.moment)
        return [outcomes[row.line] for row in self.rows], self.entries

    def _is_fresh(self, row: NewOperator) -> bool:
        """Whether nobody has this code or number yet; notes it, so that a second row of the batch finds the first."""
        if (row.uscc and row.uscc in self.by_code) or self._number_matches(row):
            return False
        if row.uscc:
            self.by_code[row.uscc] = []
        if row.registration_no:
            self.by_number.setdefault(row.registration_no, [])
        return True

    def _number_matches(self, row: NewOperator) -> bool:
        return row.registration_no is not None and row.registration_no in self.by_number

    def _enter(self, fresh: list[NewOperator]) -> None:
        ids, entries = enter(fresh, self.moment)
        self.entries += entries
        for number, row in zip(ids, fresh, strict=True):
            self.run.spoken.add(_TABLE, number)
            if row.uscc:
                self.by_code[row.uscc] = [number]
            if row.registration_no:
                self.by_number[row.registration_no].append(number)

    def _load(self, standing: list[NewOperator]) -> None:
        """What the rows may concern; a second look with locks where something is going to change."""
        ids = {number for row in standing for number in self._candidates(row)}
        unlocked = load(ids, lock=False)
        differing = {
            number
            for row in standing
            for number in self._candidates(row)
            if self._merged(unlocked[number], row) != unlocked[number].content
        }
        self.states = {**unlocked, **load(differing, lock=True)}

    def _candidates(self, row: NewOperator) -> list[int]:
        if row.uscc and row.uscc in self.by_code:
            return self.by_code[row.uscc]
        return self.by_number.get(row.registration_no or "", [])

    def _meet(self, row: NewOperator) -> Outcome:
        """A row whose operator stands already."""
        candidates = self._candidates(row)
        if row.uscc and not self.by_code.get(row.uscc):
            candidates = [number for number in candidates if self.states[number].content["uscc"] is None]
            if not candidates:
                return self._enter_late(row)
        if len(candidates) != 1:
            return Outcome(row.line, Verdict.REJECTED, [Fault("", "several_operators", {"count": len(candidates)})])
        state = self.states[candidates[0]]
        if self.run.scope is not None and not registered_in_scope(self.run.scope, state.content["region"]):
            return Outcome(row.line, Verdict.REJECTED, [Fault("", "operator_outside_area")])
        spoken = self._spoken_of(state)
        if spoken and self._contradicts(state, row):
            return Outcome(row.line, Verdict.REJECTED, [Fault("", "contradicts_file")])
        self.run.spoken.add(_TABLE, state.id)
        content = self._merged(state, row)
        if spoken:
            content["name"] = state.content["name"]  # the same but for width and brackets: the first row's print stays
        if content == state.content:
            return Outcome(row.line, Verdict.UNCHANGED, row.flagged)
        if not state.record_id.startswith(f"{self.run.node}."):
            return Outcome(row.line, Verdict.REJECTED, [Fault("", "foreign_record")])
        self.entries.append(state.change(content, "operator.changed", self.run.actor))
        if row.uscc:
            self.by_code[row.uscc] = [state.id]
        return Outcome(row.line, Verdict.APPLIED, row.flagged)

    def _enter_late(self, row: NewOperator) -> Outcome:
        """A new code whose registration number others bear with codes of their own."""
        self._enter([row])
        self.states.update(load(self.by_code[row.uscc or ""], lock=True))
        return Outcome(row.line, Verdict.APPLIED, [*row.flagged, Fault("", "registration_no_of_other")])

    def _merged(self, state: OperatorState, row: NewOperator) -> dict[str, Any]:
        """The operator's content with what the row says; a blank cell says nothing."""
        said = orjson.loads(row.payload)
        content = dict(state.content)
        for name, value in said.items():
            if value is None or name in _NEVER_OVERWRITTEN or (name in _DEFAULTED and not row.status_given):
                continue
            content[name] = value
        if said["uscc"] is not None and said["uscc_doubt"] is None and state.content["uscc"] != said["uscc"]:
            content["uscc_doubt"] = None
        former = {each["name"]: each for each in state.content["former_names"]}
        for each in said["former_names"]:
            former.setdefault(each["name"], each)
        if content["name"] != state.content["name"] and not same_name(content["name"], state.content["name"]):
            former.setdefault(state.content["name"], former_name_content(state.content["name"], None))
        former.pop(content["name"], None)
        content["former_names"] = ordered(list(former.values()))
        return content

    def _contradicts(self, state: OperatorState, row: NewOperator) -> bool:
        """Whether the row would put another value in the place of one that an earlier row of the file gave or left."""
        for name, value in orjson.loads(row.payload).items():
            standing = state.content[name]
            if value is None or standing is None or value == standing or name in _NEVER_OVERWRITTEN:
                continue
            if name in _DEFAULTED and not row.status_given:
                continue
            if name != "name" or not same_name(value, standing):
                return True
        return False

    def _spoken_of(self, state: OperatorState) -> bool:
        """Whether an earlier row of this file was about the operator."""
        if self.run.spoken.has(_TABLE, state.id):
            return True
        if not self.run.continued:
            return False
        work = cursor()
        work.execute(
            "SELECT actor FROM ledger_entry WHERE record_id = %s AND revision = %s", (state.record_id, state.revision)
        )
        found = work.fetchone()
        return found is not None and bool(found[0] == str(self.run.actor))
