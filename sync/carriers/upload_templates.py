"""A frozen batch as 双公示 upload templates, for a portal where a person uploads (standards.md 1.3, 1.4).

Four layouts hold what is published. The portal takes no ends by file: those of the batch are listed in a fifth one, for a
person to carry out there. Documents of natural persons are in no message that is published; the layouts of persons demand
them, so they are read from the vault, and that is entered in the access log.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models import AccessLog, ExchangeMessage, Licence, Penalty, SentBatch, db
from registry.clock import now
from registry.config import Settings
from registry.rules.operator import PartyCategory
from registry.services import exports
from registry.services.imports.columns import Column
from registry.services.personal_values import PersonalValueGone, Vault
from registry.services.table_cells import guarded
from registry.transaction import transaction
from sync.carriers import answers
from sync.carriers.answers import Spoken
from sync.carriers.folders import Folders
from sync.message import ENDS

_KINDS: Mapping[str, tuple[str, type[Penalty | Licence]]] = {
    "administrative_penalty": ("penalties", Penalty),
    "administrative_licence": ("licences", Licence),
}
HAVE_A_PLACE = ExchangeMessage.resource.in_(_KINDS) & (ExchangeMessage.operation != "hold")
"""Messages that a portal has a place for: what is held back is not published there either."""

_FILES = {
    ("penalties", "organisation"): "法人行政处罚",
    ("penalties", "person"): "自然人行政处罚",
    ("licences", "organisation"): "法人行政许可",
    ("licences", "person"): "自然人行政许可",
}
_ENDS = "停止公示与撤回"
_ENDS_HEADER = ("操作", "决定书文号", "行政相对人名称", "统一社会信用代码", "原因", "记录编号")
_WORDS = {
    "end_publicity": "停止公示", "withdraw": "撤回", "repaired": "信用修复", "expired": "公示期满", "shielded": "屏蔽",
    "decision_revoked": "决定被撤销", "corrected": "更正", "other": "其他",
}  # fmt: skip
_DAYS = frozenset({"decided_on", "valid_until", "declared_until", "valid_from"})


def write(batch: SentBatch, folders: Folders, settings: Settings) -> list[str]:
    """Write the templates of a batch into the outbox; answer the names of the files. Commits the note of access."""
    messages = answers.spoken(batch)
    said = [message for message in messages if message.members["operation"] not in ENDS]
    names = []
    for what, layout in _FILES:
        mine = [message for message in said if _template_of(message.members) == (what, layout)]
        if mine:
            names.append(f"{batch.batch_no}.{_FILES[what, layout]}.xlsx")
            _write(names[-1], batch, mine, what, layout, folders, Vault.of(settings))
    ended = [message for message in messages if message.members["operation"] in ENDS]
    if ended:
        names.append(f"{batch.batch_no}.{_ENDS}.xlsx")
        folders.put(names[-1], exports.workbook(_ENDS_HEADER, _end_rows(ended)))
    return names


def document_numbers_of(messages: Sequence[Spoken]) -> dict[str, str]:
    """The document number of each record; that of a tombstone, whose message has none, from the register."""
    found: dict[str, str] = {}
    for resource, (_, model) in _KINDS.items():
        mine = [message.key[0] for message in messages if message.members["resource"] == resource]
        rows = db.session.execute(select(model.record_id, model.document_no).where(model.record_id.in_(mine)))
        found |= {row.record_id: row.document_no for row in rows}
    for message in messages:
        data = message.members["data"]
        number = data.get("CF_WSH") or data.get("XK_WSH")
        if number:
            found[message.key[0]] = number
    return found


def _template_of(members: Mapping[str, Any]) -> tuple[str, str]:
    person = members["subject"]["category"] == PartyCategory.NATURAL_PERSON.value
    return _KINDS[members["resource"]][0], "person" if person else "organisation"


def _write(
    name: str, batch: SentBatch, messages: Sequence[Spoken], what: str, layout: str, folders: Folders, vault: Vault
) -> None:
    columns = exports.columns_of(what, layout)
    named: Mapping[str, Mapping[str, str]] = {}
    if layout == "person":
        peer = batch.peer.node
        with transaction():
            event = f"export.{what}.person"
            db.session.add(AccessLog(at=now(), event=event, actor=f"peer:{peer}", purpose=batch.batch_no))
            named = _named(messages, what, vault)
    rows = ([_cell(column, message, named) for column in columns] for message in messages)
    folders.put(name, exports.workbook([column.names[0] for column in columns], rows))


def _named(messages: Sequence[Spoken], what: str, vault: Vault) -> dict[str, dict[str, str]]:
    """Name and document of each natural person, by record; nothing where they were erased."""
    model: Any = Penalty if what == "penalties" else Licence
    record_ids = [message.key[0] for message in messages]
    found: dict[str, dict[str, str]] = {}
    for record in db.session.execute(select(model).where(model.record_id.in_(record_ids))).scalars():
        told = {"id_type": record.party_codes.get("id_type", "")}
        for field in ("name", "id_number"):
            if field in record.personal:
                try:
                    told[field] = vault.read(record.record_id, field, record.personal[field])
                except PersonalValueGone:
                    continue
        found[record.record_id] = told
    return found


def _cell(column: Column, message: Spoken, named: Mapping[str, Mapping[str, str]]) -> str:
    personal = named.get(message.key[0], {})
    if personal.get(column.key):
        return guarded(personal[column.key])
    data = message.members["data"]
    value = next((data[name] for name in column.names if data.get(name)), "")
    if column.key in _DAYS:
        value = value.replace("-", "/")
    if column.key == "valid_until" and not value:
        return exports.LONG_TERM
    return guarded(value)


def _end_rows(messages: Sequence[Spoken]) -> Iterator[list[str]]:
    numbers = document_numbers_of(messages)
    for message in messages:
        members, subject = message.members, message.members["subject"]
        cells = (
            _WORDS[members["operation"]],
            numbers.get(message.key[0], ""),
            subject["name"],
            subject["uscc"] or "",
            _WORDS.get(members["reason"], members["reason"]),
            message.key[0],
        )
        yield [guarded(cell) for cell in cells]
