"""The form of a penalty or a licence: its fields in the official order, checked by the very rules that check files."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models import Authority
from registry.rules import document_numbers, masking, table_dates, uscc
from registry.rules.operator import PartyCategory
from registry.rules.penalty_procedure import Subject
from registry.services.imports.cells import Binding, RowCells
from registry.services.imports.faults import Fault
from registry.services.imports.licence_rows import read_licence
from registry.services.imports.penalty_rows import read_penalty
from registry.services.imports.record_rows import RecordRow
from registry.services.personal_values import Vault

CATEGORY_WORDS = {
    PartyCategory.ORGANISATION: "法人及非法人组织",
    PartyCategory.HOUSEHOLD: "个体工商户",
    PartyCategory.NATURAL_PERSON: "自然人",
}
_CATEGORIES = {word: category for category, word in CATEGORY_WORDS.items()}

_HOUSEHOLD = ("name", "uscc", "doubt", "registration_no", "organisation_code", "tax_no", "representative",
              "representative_id_type", "representative_id")  # fmt: skip
_PARTY = {
    PartyCategory.ORGANISATION: (*_HOUSEHOLD[:6], "institution_no", "society_no", *_HOUSEHOLD[6:]),
    PartyCategory.HOUSEHOLD: _HOUSEHOLD,
    PartyCategory.NATURAL_PERSON: ("name", "id_type", "id_number"),
}
"""Which party fields a category has; all others must be empty (standards.md 1.5)."""

_SOURCE = ("source", "source_uscc", "remark")
_GROUPS = {
    Subject.PENALTIES: (
        ("case", ("document_no", "unlawful_act", "facts", "legal_basis")),
        ("sanction", ("kinds", "content", "fine", "confiscated", "licence_affected", "restriction_until")),
        ("days", ("decided_on", "valid_until", "declared_until", "severity")),
        ("source", _SOURCE),
        ("notice", ("told",)),
    ),
    Subject.LICENCES: (
        ("case", ("document_title", "document_no", "licence_kind", "certificate_name", "licence_no", "content")),
        ("days", ("decided_on", "valid_from", "valid_until", "current_status")),
        ("source", _SOURCE),
    ),
}
_CODES = ("uscc", "registration_no", "organisation_code", "tax_no", "id_number", "representative_id", "source_uscc")
_SECRET = ("id_number", "representative_id")
_READERS = {Subject.PENALTIES: read_penalty, Subject.LICENCES: read_licence}
TOLD = "1"

Cells = dict[str, str]


@dataclass(slots=True)
class Reading:
    """A form read by the rules: a sound row, or None; what forbids it, what somebody should look at."""

    row: RecordRow | None
    refused: list[Fault] = field(default_factory=list)
    flagged: list[Fault] = field(default_factory=list)


def category_of(cells: Mapping[str, str]) -> PartyCategory:
    """The party's category; organisations are the commonest, so an empty form begins with them."""
    return _CATEGORIES.get(cells.get("category", ""), PartyCategory.ORGANISATION)


def groups(subject: Subject, category: PartyCategory) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Groups of fields in the official order, with the fields that this party category needs."""
    return (("party", ("category", *_PARTY[category])), *_GROUPS[subject])


def keys(subject: Subject, category: PartyCategory) -> tuple[str, ...]:
    """All fields of a form, in order."""
    return tuple(key for _, names in groups(subject, category) for key in names)


def cleaned(subject: Subject, posted: Mapping[str, str], kept: Mapping[str, str]) -> Cells:
    """The cells to keep: those of the category, pasted codes without blanks and in half width.

    A number that comes back as it was shown, masked, stays what it was.
    """
    cells = {}
    for key in keys(subject, category_of(posted)):
        value = posted.get(key, "").strip()
        if key in _SECRET and value and value == masking.mask_identity_number(kept.get(key, "")):
            value = kept[key]
        elif key in _CODES:
            value = uscc.normalise(value)
        if value:
            cells[key] = value
    return cells


_PRINTED_DAY = re.compile(r"\A(\d{4})/(\d{2})/(\d{2})\Z")  # as the upload templates print it


def shown(cells: Mapping[str, str]) -> Cells:
    """The cells as an officer sees them: numbers of documents masked (domain.md 3.12), days written as on every page."""
    return {
        key: masking.mask_identity_number(value) if key in _SECRET else _PRINTED_DAY.sub(r"\1-\2-\3", value)
        for key, value in cells.items()
    }


def read(subject: Subject, cells: Mapping[str, str], *, authority: Authority, vault: Vault, today: date) -> Reading:
    """Check a form by the rules of files; the field of a fault is the key of the form's field."""
    names = [key for key in keys(subject, category_of(cells)) if key != "told"]
    binding = Binding(subject.value, {key: at for at, key in enumerate(names)}, {key: key for key in names}, len(names))
    row = RowCells(0, [_line_ends(cells.get(key, "")) for key in names], binding, today)
    found = _READERS[subject](row, vault, (authority.uscc, authority.name))
    if subject is Subject.PENALTIES and cells.get("told") != TOLD:
        row.refused.append(Fault("told", "not_told"))
        found = None
    return Reading(found, row.refused, row.flagged)


def summary(cells: Mapping[str, str]) -> dict[str, str | date | None]:
    """What lists show of a draft: number, party (masked for natural persons), day of the decision."""
    printed, name = cells.get("document_no"), cells.get("name")
    if name and category_of(cells) is PartyCategory.NATURAL_PERSON:
        name = masking.mask_person_name(name)
    return {
        "document_no": printed,
        "document_no_key": document_numbers.normalise(printed) if printed else None,
        "party_name": name,
        "decided_on": table_dates.parse(cells.get("decided_on", "")),
    }


def seal(vault: Vault, name: str, cells: Mapping[str, str]) -> bytes:
    """The cells of the matter with this name, encrypted."""
    return vault.seal(name, "form", json.dumps(dict(cells), ensure_ascii=False)).ciphertext


def unseal(vault: Vault, name: str, form: bytes | None) -> Cells:
    """The cells of a matter; empty where nothing was typed."""
    if form is None:
        return {}
    cells: Cells = json.loads(vault.open(name, "form", form))
    return cells


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
