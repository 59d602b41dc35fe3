"""Operators that stand already, read set-wise and written back set-wise with their ledger entries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import FormerName, OnlinePresence, Operator
from registry.ledger.content import content_columns, content_from, former_name_content, ordered
from registry.ledger.entry import Actor, Entry, make_entry
from registry.rules import names
from registry.services.imports.operator_rows import derived
from registry.services.imports.tables import cursor, insert_rows, update_rows

CONTENT = content_columns("operator")
BLANK = content_from("operator", {}, successor=None, former_names=[], online_presences=[])
"""Content that says nothing yet."""

_SELECTED = ", ".join(f'o."{name}"' for name in ("id", "record_id", "revision", *CONTENT))


@dataclass(slots=True)
class OperatorState:
    """An operator as it stands, and as the batch leaves it. `content` is that of its ledger payload."""

    id: int
    record_id: str
    revision: int
    content: dict[str, Any]
    changed: bool = False

    def change(self, content: dict[str, Any], action: str, actor: Actor) -> Entry:
        """Take on new content: one revision, one entry."""
        self.content = content
        self.revision += 1
        self.changed = True
        return make_entry(
            action,
            record_type="operator",
            record_id=self.record_id,
            revision=self.revision,
            operator_id=self.id,
            uscc=content["uscc"],
            content=content,
            actor=actor,
        )

    def former_names(self) -> list[str]:
        """Former names, without their days."""
        return [each["name"] for each in self.content["former_names"]]


def find_ids(column: str, values: Collection[str]) -> dict[str, list[int]]:
    """Keys of the operators whose `column` (uscc, registration_no or person_key) is among the values."""
    if not values:
        return {}
    work = cursor()
    work.execute(f"SELECT {column}, id FROM operator WHERE {column} = ANY(%s) ORDER BY id", (list(values),))  # noqa: S608
    found: dict[str, list[int]] = {}
    for value, number in work.fetchall():
        found.setdefault(value, []).append(number)
    return found


def load(ids: Collection[int], *, lock: bool) -> dict[int, OperatorState]:
    """Whole operators by id; locked in the order of their ids where they are going to be changed."""
    if not ids:
        return {}
    wanted = list(ids)
    work = cursor()
    locking = "FOR UPDATE OF o" if lock else ""
    work.execute(
        f"SELECT {_SELECTED}, s.record_id FROM operator o LEFT JOIN operator s ON s.id = o.successor_id"  # noqa: S608
        f" WHERE o.id = ANY(%s) ORDER BY o.id {locking}",
        (wanted,),
    )
    rows = work.fetchall()
    former = _members("SELECT operator_id, name, used_until FROM former_name WHERE operator_id = ANY(%s)", wanted)
    presences = _members(
        "SELECT operator_id, type, name, url, platform, icp_no FROM online_presence WHERE operator_id = ANY(%s)", wanted
    )
    return {
        row[0]: OperatorState(
            id=row[0],
            record_id=row[1],
            revision=row[2],
            content=content_from(
                "operator",
                dict(zip(CONTENT, row[3:-1], strict=True)),
                successor=row[-1],
                former_names=ordered([former_name_content(name, until) for name, until in former.get(row[0], ())]),
                online_presences=ordered(
                    [dict(zip(PRESENCE, presence, strict=True)) for presence in presences.get(row[0], ())]
                ),
            ),
        )
        for row in rows
    }


PRESENCE = ("type", "name", "url", "platform", "icp_no")


def _members(query: str, ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    work = cursor()
    work.execute(query, (ids,))
    found: dict[int, list[tuple[Any, ...]]] = {}
    for number, *rest in work.fetchall():
        found.setdefault(number, []).append(tuple(rest))
    return found


def write_back(states: Iterable[OperatorState], moment: datetime) -> None:
    """Write the changed ones: columns, what the search needs, former names and presences."""
    changed = [state for state in states if state.changed]
    update_rows(Operator, [_columns(state, moment) for state in changed])
    _replace_members(changed)


def enter_states(states: Sequence[OperatorState], moment: datetime) -> None:
    """COPY new ones in, whose ids come from the sequence: columns, what the search needs, former names and presences."""
    insert_rows(Operator, [{"record_id": state.record_id, **_columns(state, moment)} for state in states])
    _insert_former_names(states)
    _insert_presences(states)


def _columns(state: OperatorState, moment: datetime) -> dict[str, Any]:
    return {
        "id": state.id,
        "revision": state.revision,
        "recorded_at": moment,
        **{name: state.content[name] for name in CONTENT},
        **derived(state.content["kind"], state.content["name"], state.former_names()),
    }


def _replace_members(changed: list[OperatorState]) -> None:
    """Former names and presences of the changed operators, set anew where they differ from what stands."""
    ids = [state.id for state in changed]
    standing = {number: state.content for number, state in load(ids, lock=False).items()}
    former = [state for state in changed if standing[state.id]["former_names"] != state.content["former_names"]]
    presences = [
        state for state in changed if standing[state.id]["online_presences"] != state.content["online_presences"]
    ]
    work = cursor()
    if former:
        work.execute("DELETE FROM former_name WHERE operator_id = ANY(%s)", ([state.id for state in former],))
        _insert_former_names(former)
    if presences:
        work.execute("DELETE FROM online_presence WHERE operator_id = ANY(%s)", ([state.id for state in presences],))
        _insert_presences(presences)


def _insert_former_names(states: Iterable[OperatorState]) -> None:
    insert_former_names(
        (state.id, each["name"], each["used_until"]) for state in states for each in state.content["former_names"]
    )


def _insert_presences(states: Iterable[OperatorState]) -> None:
    insert_rows(
        OnlinePresence,
        [{"operator_id": state.id, **each} for state in states for each in state.content["online_presences"]],
    )


def insert_former_names(rows: Iterable[tuple[int, str, Any]]) -> None:
    """COPY former names: (operator, name, day until which it was used)."""
    insert_rows(
        FormerName,
        [
            {"operator_id": number, "name": name, "folded_name": names.fold(name), "used_until": until}
            for number, name, until in rows
        ],
    )
