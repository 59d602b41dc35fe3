"""Own records as a peer holds them become records of this register again, after a restore (exchange.md 1.6).

A message does not say everything that the register holds of an own record: personal values, what was masked for the
public, the class of a penalty. What the register still has of that stays; only a record it had lost is entered as told.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models import MessageState
from registry.ledger.content import ordered
from registry.ledger.entry import RECOVERY, Actor
from registry.rules import masking, regions
from registry.rules.operator import OperatorKind
from registry.services.imports.operator_states import OperatorState
from registry.services.imports.record_states import StoredRecord
from sync.endings import end_columns
from sync.message import Message
from sync.operator_placing import OperatorPlacing
from sync.record_placing import RecordPlacing, Target

_UNSAID = frozenset({"personal", "facts", "removal_decision_no", "under_objection"})
"""Columns that a message of an own record may leave empty although the register fills them."""
_BEGUN = frozenset({"published_on", "period_basis_on"})
"""Columns that stand for as long as the publicity begins on the same day."""
_CLASS_FOLLOWS = ("kinds", "fine", "confiscated", "rule_set")
_END = ("state", "end_reason", "end_statement", "ended_on")


class OwnRecordPlacing(RecordPlacing):
    """Own records of one resource. A stranger that they are about is a stub, as one of a peer's message is."""

    def __init__(self, resource: str, *, node: str, peer: Actor, moment: datetime) -> None:
        super().__init__(resource, node=node, actor=RECOVERY, moment=moment)
        self.stub_actor = peer

    def _tells(self, message: Message) -> bool:
        return not message.is_end or bool(message.members["data"])

    def _columns(self, target: Target, standing: StoredRecord | None) -> dict[str, Any]:
        said = super()._columns(target, standing)
        if said.get("declared_until") is not None and said["declared_until"] == said["public_until"]:
            said["declared_until"] = None  # the wire has one member for the day declared and the day computed
        before = {} if standing is None else standing.columns
        columns = said | _kept(said, before)
        return self._ended(target.message, columns) if target.message.is_end else columns

    def _ended(self, message: Message, columns: dict[str, Any]) -> dict[str, Any]:
        return own_end(message, columns)

    def _hide(self, message: Message) -> None:
        """What has no place as it is told keeps the one that it has: a person compares the two."""


class OwnOperatorPlacing(OperatorPlacing):
    """Own operators, under their names. Where another one stands here under the code, a person has to look."""

    def __init__(self, *, node: str, moment: datetime) -> None:
        super().__init__(node=node, actor=RECOVERY, moment=moment)

    def _told(self, message: Message, content: dict[str, Any]) -> dict[str, Any]:
        """What the register knows of days, persons and regions in more detail than the message stays."""
        told = super()._told(message, content)
        kept = {
            name: content[name]
            for name, value in told.items()
            if isinstance(content[name], str) and value == masking.mask_text(content[name])
        }
        if content["kind"] == OperatorKind.NATURAL_PERSON:
            kept["name"] = content["name"]
        if regions.EXCHANGE_CODES.get(content["region"]) == told["region"]:
            kept["region"] = content["region"]
        used = {each["name"]: each for each in content["former_names"]}
        former = ordered([used.get(each["name"], each) for each in told["former_names"]])
        status_on = message.members["data"].get("status_on") or None
        return told | kept | {"former_names": former, "status_on": status_on}

    def _meet(self, message: Message, state: OperatorState, here: set[int], fed: dict[str, str]) -> None:
        """Never a merge, also of two of our own."""
        del state, here, fed
        self._beside(message, MessageState.UNCLEAR, note="natural_key_stands")


def own_end(message: Message, columns: dict[str, Any]) -> dict[str, Any]:
    """The end of an own record: its facts stay in the register, which has to answer for them."""
    ended = end_columns(message, columns)
    names = (*_END, "removed_on") if "removed_on" in ended else _END
    return columns | {name: ended[name] for name in names}


def _kept(said: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What the register has and the message does not say; nothing of a record that it had lost."""
    kept: dict[str, Any] = {}
    for name, value in before.items():
        unsaid = name in _UNSAID and not said[name]
        begun = name in _BEGUN and value is not None and before["public_from"] == said["public_from"]
        masked = isinstance(value, str) and said[name] == masking.mask_text(value)
        if unsaid or begun or masked:
            kept[name] = value
    if not before or "party_codes" not in said:
        return kept
    kept["party_codes"] = before["party_codes"] | said["party_codes"]
    if "kinds" in said:
        if all(said[name] == before[name] for name in _CLASS_FOLLOWS):
            kept["severity"] = before["severity"]
        if before["valid_until"] is None and said["valid_until"] == before["restriction_until"]:
            kept |= {"valid_until": None, "restriction_until": before["restriction_until"]}  # one member for both
    return kept
