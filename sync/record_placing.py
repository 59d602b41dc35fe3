"""Penalties, licences, listings, marks and inspections of other nodes become records of this register, set-wise by table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import (
    AbnormalListing,
    Authority,
    HouseholdMark,
    InspectionResult,
    Licence,
    MessageState,
    Penalty,
    ViolationListing,
)
from registry import ledger
from registry.ledger.entry import Actor, Entry
from registry.rules.record import RecordState
from registry.services import authorities
from registry.services.imports.operator_entry import KnownOperator
from registry.services.imports.record_states import Key, RecordTable, StoredRecord
from registry.services.imports.tables import cursor
from sync.columns import Said, Unheld, said_by
from sync.current import region_of
from sync.endings import end_columns, end_verb
from sync.message import Message
from sync.parties import Subject, match_subjects
from sync.placing import Placed, beside

_STAY = ("operator_id", "reason", "report_year", "listed_on")
TABLES = {
    "administrative_penalty": RecordTable(
        Penalty, ("authority_id", "document_no_key", "party_key"), ("int8", "text", "text"), ("document_no_key",)
    ),
    "administrative_licence": RecordTable(
        Licence,
        ("authority_id", "document_no_key", "party_key", "licence_no_key"),
        ("int8", "text", "text", "text"),
        ("document_no_key", "licence_no_key"),
    ),
    "abnormal_listing": RecordTable(
        AbnormalListing, _STAY, ("int8", "text", "int4", "date"), nullable=frozenset({"report_year"})
    ),
    "household_mark": RecordTable(
        HouseholdMark, _STAY, ("int8", "text", "int4", "date"), nullable=frozenset({"report_year"})
    ),
    "violation_listing": RecordTable(
        ViolationListing,
        ("operator_id", "authority_id", "decision_no_key"),
        ("int8", "int8", "text"),
        ("decision_no_key",),
    ),
    "inspection_result": RecordTable(InspectionResult, ("record_id",), ("text",)),  # nothing else names one
}
"""Resources that have a table, and the natural key of each."""

_FIRST_VERBS = dict.fromkeys(("administrative_penalty", "administrative_licence", "inspection_result"), "published")


@dataclass(slots=True)
class Target:
    """A message with whom it is about, who decided, and the natural key of its record."""

    message: Message
    said: Said
    operator: KnownOperator
    authority: Authority
    key: Key


class RecordPlacing:
    """The messages of one resource, each about another record; `place` is called once."""

    def __init__(self, resource: str, *, node: str, actor: Actor, moment: datetime) -> None:
        self.table = TABLES[resource]
        self.resource, self.node, self.actor, self.moment = resource, node, actor, moment
        self.stub_actor = actor
        self.placed: dict[str, Placed] = {}
        self.written: list[StoredRecord] = []
        self.standing: dict[str, StoredRecord] = {}
        self.holders: dict[Key, str] = {}
        self.hidden: list[Entry] = []

    def place(self, messages: Sequence[Message]) -> list[Placed]:
        """What became of each message, in order; the rows are written, the entries are the caller's to append."""
        self.standing = self.table.find_named([message.members["record_id"] for message in messages])
        targets = self._targets([message for message in messages if self._tells(message)])
        self.holders = {key: record.record_id for key, record in self._holders(targets).items()}
        open_stays = self._open_stays(targets)
        for target in targets:
            self._take(target, open_stays)
        for message in messages:
            if not self._tells(message):
                self._end(message)
        self._forget_moved()
        fresh = [record for record in self.written if record.is_new]
        for record, number in zip(fresh, self.table.ids(len(fresh)), strict=True):
            record.id = number
        self.table.write(self.written, self.moment)
        ledger.append_many(self.hidden)
        return [self.placed[message.members["record_id"]] for message in messages]

    def _targets(self, messages: Sequence[Message]) -> list[Target]:
        """Messages with operator and authority; those that cannot have one are placed beside the register."""
        said: list[tuple[Message, Said]] = []
        for message in messages:
            try:
                said.append((message, said_by(message)))
            except Unheld as reason:
                self._beside(message, MessageState.KEPT, note=reason.note)
        organs = self._organs([each.authority for _, each in said])
        known: list[tuple[Message, Said, Authority]] = []
        for message, each in said:
            organ = organs.get(each.authority)
            if organ is None:
                self._beside(message, MessageState.KEPT, note="authority_unknown")
            else:
                known.append((message, each, organ))
        operators = match_subjects(
            [Subject(each.party, region_of(message)) for message, each, _ in known],
            node=self.node,
            actor=self.stub_actor,
            moment=self.moment,
        )
        targets = []
        for message, each, organ in known:
            bearers = operators[each.party.key]
            if len(bearers) > 1:
                self._beside(message, MessageState.UNCLEAR, note="several_operators")
                continue
            targets.append(Target(message, each, bearers[0], organ, self._key(message, each, bearers[0].id, organ.id)))
        return targets

    def _organs(self, named: Sequence[tuple[str | None, str]]) -> dict[tuple[str | None, str], Authority]:
        by_code = authorities.note_named({code: name for code, name in named if code is not None})
        by_name = authorities.by_names({name for code, name in named if code is None})
        found = {each: by_name.get(each[1]) if each[0] is None else by_code[each[0]] for each in named}
        return {each: organ for each, organ in found.items() if organ is not None}

    def _key(self, message: Message, said: Said, operator_id: int, authority_id: int) -> Key:
        links = {"operator_id": operator_id, "authority_id": authority_id, "record_id": message.members["record_id"]}
        values = {**links, **said.columns, **said.derived}
        return tuple(values[name] for name in self.table.key_columns)

    def _holders(self, targets: Sequence[Target]) -> dict[Key, StoredRecord]:
        return self.table.find(sorted({target.key for target in targets}, key=repr))

    def _open_stays(self, targets: Sequence[Target]) -> dict[Key, str]:
        """Which records hold the one place of an open stay, by operator, reason and year."""
        if "reason" not in self.table.key_columns or not targets:
            return {}
        work = cursor()
        work.execute(
            f"SELECT operator_id, reason, report_year, record_id FROM {self.table.model.__tablename__}"  # noqa: S608
            " WHERE operator_id = ANY(%s) AND state = %s",
            (list({target.operator.id for target in targets}), RecordState.IN_FORCE.value),
        )
        return {(row[0], row[1], row[2]): row[3] for row in work.fetchall()}

    def _take(self, target: Target, open_stays: dict[Key, str]) -> None:
        record_id = target.message.members["record_id"]
        holder = self.holders.get(target.key)
        if holder is not None and holder != record_id:
            self._meet(target.message, holder)
            return
        stay = target.key[:3]
        if "reason" in self.table.key_columns and target.said.columns["state"] == RecordState.IN_FORCE:
            other = open_stays.get(stay)
            if other is not None and other != record_id:
                self._hide(target.message)
                self._beside(target.message, MessageState.UNCLEAR, note="open_stay_stands")
                return
            open_stays[stay] = record_id
        self.holders[target.key] = record_id
        standing = self.standing.get(record_id)
        columns = self._columns(target, standing)
        verb = "changed" if standing else _FIRST_VERBS.get(self.resource, "entered")
        record = StoredRecord(
            id=standing.id if standing else 0,
            record_id=record_id,
            revision=target.message.members["revision"],
            operator=target.operator,
            authority_id=target.authority.id,
            authority_uscc=target.authority.uscc,
            columns=columns,
            derived=target.said.derived,
            recorded_at=self.moment,
            is_new=standing is None,
            changed=standing is not None,
        )
        self._write(target.message, record, verb)

    def _meet(self, message: Message, holder: str) -> None:
        """Another record has this natural key: of another origin it is the same decision, of its own one is too many."""
        self._hide(message)
        if holder.partition(".")[0] == message.members["origin"]:
            self._beside(message, MessageState.UNCLEAR, note="natural_key_stands")
        else:
            self._beside(message, MessageState.LINKED, same_as=holder)

    def _tells(self, message: Message) -> bool:
        """Whether the message says what the record is; an end only says that it is over."""
        return not message.is_end

    def _columns(self, target: Target, standing: StoredRecord | None) -> dict[str, Any]:
        del standing
        return dict.fromkeys(self.table.columns) | target.said.columns

    def _ended(self, message: Message, columns: dict[str, Any]) -> dict[str, Any]:
        return end_columns(message, columns)

    def _hide(self, message: Message) -> None:
        """A record whose newest message has no place of its own must not go on showing an older one."""
        standing = self.standing.get(message.members["record_id"])
        if standing is None:
            return
        hidden = {"state": RecordState.NOT_PUBLISHABLE.value, "public_from": None, "public_until": None}
        standing.columns |= hidden | {"end_reason": None, "end_statement": None, "ended_on": None}
        standing.revision, standing.changed = message.members["revision"], True
        self.written.append(standing)
        self.hidden.append(self.table.entry(standing, "not_publishable", self.actor))

    def _end(self, message: Message) -> None:
        record = self.standing.get(message.members["record_id"])
        if record is None:
            self._beside(message, MessageState.KEPT, note="not_in_register")
            return
        record.columns = self._ended(message, record.columns)
        record.revision, record.changed = message.members["revision"], True
        self._write(message, record, end_verb(message))

    def _write(self, message: Message, record: StoredRecord, verb: str) -> None:
        self.written.append(record)
        entry = self.table.entry(record, verb, self.actor)
        self.placed[record.record_id] = Placed(message, entry, MessageState.APPLIED)

    def _beside(self, message: Message, state: MessageState, **why: Any) -> None:
        self.placed[message.members["record_id"]] = beside(message, self.actor, state, **why)

    def _forget_moved(self) -> None:
        """Findings of records that now belong to another operator: only the new one's are renewed."""
        moved = [
            record.record_id
            for record in self.written
            if (before := self.standing.get(record.record_id)) is not None and before.operator.id != record.operator.id
        ]
        if moved:
            cursor().execute("DELETE FROM public_finding WHERE record_id = ANY(%s)", (moved,))
