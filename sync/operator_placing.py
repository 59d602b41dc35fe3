"""Operator messages: a copy, a stub filled in, or a link to an operator that is registered here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from models import MessageState
from registry import ledger
from registry.ledger.content import former_name_content, ordered
from registry.ledger.entry import Actor
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.imports.operator_entry import find_parties
from registry.services.imports.operator_states import BLANK, PRESENCE, OperatorState, enter_states, load, write_back
from registry.services.imports.record_rows import Party
from registry.services.imports.tables import cursor, next_ids
from sync.columns import Unheld, party_of
from sync.current import region_of
from sync.message import Message
from sync.placing import Placed, beside

_EMPTY: dict[str, Any] = {
    "industry": None, "responsible_person": None, "established_on": None, "registrar_name": None,
    "former_names": [], "online_presences": [],
}  # fmt: skip


class OperatorPlacing:
    """The operator messages of one batch, each about another record; `place` is called once."""

    def __init__(self, *, node: str, actor: Actor, moment: datetime) -> None:
        self.node, self.actor, self.moment = node, actor, moment
        self.placed: dict[str, Placed] = {}
        self.parties: dict[str, Party] = {}  # whom a message names, by its record

    def place(self, messages: Sequence[Message]) -> list[Placed]:
        """What became of each message, in order; rows are written, the entries are the caller's to append."""
        copies = self._copies(messages)
        named: list[Message] = []
        for message in messages:
            if message.members["record_id"] in copies or message.is_end:
                continue
            try:
                self.parties[message.members["record_id"]] = party_of(message.members)
                named.append(message)
            except Unheld as reason:
                self._beside(message, MessageState.KEPT, note=reason.note)
        bearers = find_parties(self.parties.values())
        found = {key: known[0].id for key, known in bearers.items() if len(known) == 1}
        states = load({*copies.values(), *found.values()}, lock=True)
        here = self._registered_here(states)
        fed = self._fed([states[number].record_id for number in found.values()])
        fresh: dict[str, Message] = {}
        for message in messages:
            number = copies.get(message.members["record_id"])
            if number is not None:
                self._change(message, states[number])
            elif message.is_end:
                self._beside(message, MessageState.KEPT, note="not_in_register")
        for message in named:
            key = self.parties[message.members["record_id"]].key
            if key in found:
                self._meet(message, states[found[key]], here, fed)
            elif key in bearers:
                self._beside(message, MessageState.UNCLEAR, note="several_operators")
            elif key in fresh:
                self._beside(message, MessageState.UNCLEAR, note="natural_key_stands")
            else:
                fresh[key] = message
        self._enter(list(fresh.values()))
        write_back(states.values(), self.moment)
        return [self.placed[message.members["record_id"]] for message in messages]

    def _copies(self, messages: Sequence[Message]) -> dict[str, int]:
        """Operators that stand under the very names of the messages."""
        work = cursor()
        work.execute(
            "SELECT record_id, id FROM operator WHERE record_id = ANY(%s)",
            ([message.members["record_id"] for message in messages],),
        )
        return dict(work.fetchall())

    def _registered_here(self, states: dict[int, OperatorState]) -> set[int]:
        """Operators whose last word was not a peer's: their own registration stands in this register."""
        work = cursor()
        work.execute(
            "SELECT o.id FROM operator o JOIN ledger_entry l ON l.record_id = o.record_id AND l.revision = o.revision"
            " WHERE o.id = ANY(%s) AND l.actor NOT LIKE 'peer:%%'",
            (list(states),),
        )
        return {number for (number,) in work.fetchall()}

    def _fed(self, record_ids: list[str]) -> dict[str, str]:
        """By which message a stub was filled in first: others are only linked."""
        work = cursor()
        work.execute(
            "SELECT DISTINCT ON (same_as) same_as, record_id FROM exchange_message"
            " WHERE same_as = ANY(%s) AND resource = 'operator' ORDER BY same_as, received_at, record_id",
            (record_ids,),
        )
        return dict(work.fetchall())

    def _change(self, message: Message, state: OperatorState) -> None:
        """A copy follows its message, the revision too."""
        state.revision = message.members["revision"] - 1
        entry = state.change(self._told(message, state.content), "operator.changed", self.actor)
        self.placed[state.record_id] = Placed(message, entry, MessageState.APPLIED)

    def _told(self, message: Message, content: dict[str, Any]) -> dict[str, Any]:
        """Content after a message under the operator's own name."""
        return _ended(content) if message.is_end else {**content, **self._content(message)}

    def _content(self, message: Message) -> dict[str, Any]:
        return content_of(message, self.parties.get(message.members["record_id"]) or party_of(message.members))

    def _meet(self, message: Message, state: OperatorState, here: set[int], fed: dict[str, str]) -> None:
        """An operator that stands under another name: a stub is filled in, what is registered here stays as it is."""
        record_id = message.members["record_id"]
        stub = state.id not in here and state.record_id.startswith(f"{self.node}.")
        if stub and fed.setdefault(state.record_id, record_id) == record_id:
            ledger.append_many(
                [state.change({**state.content, **self._content(message)}, "operator.changed", self.actor)]
            )
        self._beside(message, MessageState.LINKED, same_as=state.record_id)

    def _enter(self, messages: Sequence[Message]) -> None:
        """Operators that nobody here knows, under the names of their messages, at once with the right revision."""
        if not messages:
            return
        ids = next_ids("operator", len(messages))
        states = []
        for message, number in zip(messages, ids, strict=True):
            members = message.members
            state = OperatorState(number, members["record_id"], members["revision"] - 1, BLANK)
            entry = state.change(self._told(message, BLANK), "operator.entered", self.actor)
            active = state.content["registration_status"] == RegistrationStatus.ACTIVE
            self.placed[state.record_id] = Placed(message, replace(entry, renews=not active), MessageState.APPLIED)
            states.append(state)
        enter_states(states, self.moment)

    def _beside(self, message: Message, state: MessageState, **why: Any) -> None:
        self.placed[message.members["record_id"]] = beside(message, self.actor, state, **why)


def content_of(message: Message, party: Party) -> dict[str, Any]:
    """What an operator message says of this party, as a ledger payload holds it."""
    data = message.members["data"]
    registrar = data.get("registrar") or {}
    return {
        **_plain(data, party),
        "registration_status": _text(data, "registration_status") or RegistrationStatus.ACTIVE.value,
        "responsible_person": _text(data, "responsible_person"),
        "industry": _text(data, "industry"),
        "established_on": _text(data, "established_on"),
        "registrar_name": registrar.get("name") or None,
        "region": region_of(message),
        "former_names": ordered(
            [former_name_content(name, None) for name in dict.fromkeys(data.get("former_names") or []) if name]
        )
        if party.kind is not OperatorKind.NATURAL_PERSON
        else [],
        "online_presences": _presences(data.get("online_presences") or []),
    }


def _plain(data: dict[str, Any], party: Party) -> dict[str, Any]:
    """The columns that tell an operator apart."""
    columns = {
        "kind": (_text(data, "kind") or party.kind),
        "name": party.name,
        "uscc": party.uscc,
        "uscc_doubt": party.uscc_doubt,
        "registration_no": party.registration_no,
        "person_key": party.person_key,
    }
    return {name: value for name, value in columns.items() if value is not None}


def _presences(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Presences that say where: each once."""
    found = [{name: each.get(name) or None for name in PRESENCE} for each in said]
    once = {tuple(each.values()): each for each in found if each["name"] or each["url"]}
    return ordered(list(once.values()))


def _ended(content: dict[str, Any]) -> dict[str, Any]:
    """An operator whose origin has taken its message back: who it is stays, since records are about it."""
    return {**content, **_EMPTY}


def _text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value if isinstance(value, str) and value else None
