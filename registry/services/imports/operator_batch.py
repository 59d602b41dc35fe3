"""Operators made ready for COPY while the batch before is applied: record, ledger payload and digests of a new one.

Whether an operator is new shows only when the batch is applied; for one that stands the payload tells the columns.
"""

from typing import Any, NamedTuple

from registry.ledger.content import content_columns, former_name_content, ordered
from registry.ledger.entry import Actor, Entry, make_entry
from registry.rules.operator import RegistrationStatus
from registry.services.imports.faults import Fault
from registry.services.imports.operator_rows import DERIVED, OperatorRow, derived
from registry.services.imports.operator_states import BLANK
from registry.services.imports.tables import copy_field

COLUMNS = ("id", "recorded_at", "record_id", "revision", *content_columns("operator"), *DERIVED)
"""Columns of a COPY into `operator`; the first two are put before the rest when the batch is applied."""

_WRITTEN = COLUMNS[4:]
_DAYS = ("status_on", "established_on")


class NewOperator(NamedTuple):
    """A row as it enters when nobody has its code yet. `tail` is the COPY line without id and moment.

    A plain tuple: half a million of them a minute go from one process to another.
    """

    line: int
    record_id: str
    uscc: str | None
    registration_no: str | None
    tail: bytes
    former_names: list[str]
    status_given: bool
    renews: bool
    action: str
    actor: str
    payload: bytes
    salt: bytes
    public_digest: bytes
    private_digest: bytes
    flagged: list[Fault]

    def entry(self, operator_id: int) -> Entry:
        """The ledger entry, once the operator has its key."""
        return Entry(
            self.action,
            "operator",
            self.record_id,
            1,
            operator_id,
            self.actor,
            self.payload,
            self.salt,
            self.public_digest,
            self.private_digest,
            self.renews,
        )


def make_new(row: OperatorRow, record_id: str, actor: Actor, flagged: list[Fault], action: str) -> NewOperator:
    """Everything about a new operator that needs no database."""
    columns = row.columns
    status_given = "registration_status" in columns
    if not status_given:
        columns["registration_status"] = RegistrationStatus.ACTIVE
    content = new_content(columns, row.former_names)
    entry = make_entry(
        action,
        record_type="operator",
        record_id=record_id,
        revision=1,
        operator_id=None,
        uscc=columns.get("uscc"),
        content=content,
        actor=actor,
    )
    return NewOperator(
        line=row.line,
        record_id=record_id,
        uscc=columns.get("uscc"),
        registration_no=columns.get("registration_no"),
        tail=_tail(record_id, columns, row.former_names),
        former_names=row.former_names,
        status_given=status_given,
        renews=columns["registration_status"] is not RegistrationStatus.ACTIVE,
        action=action,
        actor=entry.actor,
        payload=entry.payload,
        salt=entry.salt,
        public_digest=entry.public_digest,
        private_digest=entry.private_digest,
        flagged=flagged,
    )


def new_content(columns: dict[str, Any], former_names: list[str]) -> dict[str, Any]:
    """`content_from` for an operator without links, by a shorter way: a million of them are made in a row."""
    content = {**BLANK, **columns}
    for name in _DAYS:
        if content[name] is not None:
            content[name] = content[name].isoformat()
    if former_names:
        content["former_names"] = ordered([former_name_content(name, None) for name in former_names])
    return content


def _tail(record_id: str, columns: dict[str, Any], former_names: list[str]) -> bytes:
    values: dict[str, Any] = {**columns, **derived(columns["kind"], columns["name"], former_names)}
    texts = "".join([value for value in columns.values() if isinstance(value, str)])
    if texts.isprintable() and "\\" not in texts:  # nothing to escape: nearly every row
        fields = [value if isinstance(value, str) else copy_field(value) for value in map(values.get, _WRITTEN)]
    else:
        fields = [copy_field(value) for value in map(values.get, _WRITTEN)]
    return "\t".join((record_id, "1", *fields)).encode() + b"\n"
