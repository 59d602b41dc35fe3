"""The party of a 双公示 row: category, codes, documents; which must be filled or empty (standards.md 1.5)."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.rules import identity_numbers, masking, uscc
from registry.rules.calendar import add_months
from registry.rules.operator import OperatorKind, PartyCategory
from registry.services.imports.cells import RowCells
from registry.services.imports.codes import read_registration_no, read_uscc
from registry.services.imports.record_rows import Party
from registry.services.personal_values import Vault

_CATEGORIES = {
    "法人及非法人组织": PartyCategory.ORGANISATION,
    "法人和非法人组织": PartyCategory.ORGANISATION,
    "法人或非法人组织": PartyCategory.ORGANISATION,
    "个体工商户": PartyCategory.HOUSEHOLD,
    "自然人": PartyCategory.NATURAL_PERSON,
}
IDENTITY_CARD = "身份证"
_ID_TYPES = {
    "身份证": IDENTITY_CARD,
    "居民身份证": IDENTITY_CARD,
    "护照": "护照号",
    "护照号": "护照号",
    "港澳居民来往内地通行证": "港澳居民来往内地通行证",
    "台湾居民来往大陆通行证": "台湾居民来往大陆通行证",
    "外国人永久居留身份证": "外国人永久居留身份证",
}
_OTHER_CODES = ("organisation_code", "tax_no", "institution_no", "society_no")
_CODES = ("uscc", "registration_no", *_OTHER_CODES)
_REPRESENTATIVE = ("representative", "representative_id_type", "representative_id")
_ADULT_MONTHS = 18 * 12


@dataclass(slots=True)
class PartyCells:
    """The party as a record holds it, and the personal values that go apart from it."""

    party: Party
    columns: dict[str, Any]
    personal: dict[str, str] = field(default_factory=dict)
    born_on: date | None = None

    def __post_init__(self) -> None:
        self.columns["party_key"] = self.party.key

    @property
    def names(self) -> list[str]:
        """Names that may stand in free text about this party: its own, and its representative's."""
        return [name for name in (self.party.name, self.columns["legal_representative"]) if name]

    def under_age_on(self, day: date | None) -> bool:
        """Whether a natural person was under eighteen on that day; decisions on minors are never published."""
        return self.born_on is not None and day is not None and day < add_months(self.born_on, _ADULT_MONTHS)


def read_party(row: RowCells, vault: Vault) -> PartyCells | None:
    """The party of a row; None when something about it forbids the row. All faults are noted."""
    before = len(row.refused)
    category = _category(row)
    name = row.text("name", required=True, longest=200)
    if category is None:
        return None
    if category is PartyCategory.NATURAL_PERSON:
        party = _person(row, category, name or "", vault)
    else:
        party = _organisation(row, category, name or "")
    return party if len(row.refused) == before else None


def _category(row: RowCells) -> PartyCategory | None:
    if not row.has("category"):
        return PartyCategory.NATURAL_PERSON  # the layout of natural persons has no such column
    cell = row.raw("category")
    if not cell:
        row.refuse("category", "missing")
        return None
    if cell not in _CATEGORIES:
        row.refuse("category", "unknown_value", known="法人及非法人组织、个体工商户、自然人")
    return _CATEGORIES.get(cell)


def _organisation(row: RowCells, category: PartyCategory, name: str) -> PartyCells:
    household = category is PartyCategory.HOUSEHOLD
    _must_be_empty(row, ("id_type", "id_number"), category)
    if household:
        _must_be_empty(row, ("institution_no", "society_no"), category)
    registration_no = read_registration_no(row)
    code, doubt = _code(row, household)
    if code is not None and (code[:2] == "92") is not household:
        row.refuse("uscc", "code_against_category")
        row.refuse("category", "category_against_code")
    representative = row.text("representative", longest=200)
    codes = {"registration_no": registration_no} | {key: row.text(key, longest=50) for key in _OTHER_CODES}
    personal = _representative_document(row, codes)
    kind = uscc.kind_of(code) if code else OperatorKind.HOUSEHOLD
    return PartyCells(
        Party(kind, name, code, doubt, registration_no, responsible_person=representative),
        _columns(category, name, {key: value for key, value in codes.items() if value}, representative),
        personal,
    )


def _code(row: RowCells, household: bool) -> tuple[str | None, str | None]:
    printed = uscc.normalise(row.raw("uscc"))
    if printed and printed != uscc.PLACEHOLDER:
        return read_uscc(row, may_be_doubtful=True)
    if not household:
        row.refuse("uscc", "uscc_placeholder" if printed else "missing")
    elif not row.raw("registration_no"):
        row.refuse("registration_no", "placeholder_without_registration_no" if printed else "no_identifier")
    return None, None


def _person(row: RowCells, category: PartyCategory, name: str, vault: Vault) -> PartyCells:
    _must_be_empty(row, (*_CODES, *_REPRESENTATIVE), category)
    id_type = _id_type(row, "id_type")
    number = _id_number(row, "id_number")
    born_on = None
    if id_type == IDENTITY_CARD and number is not None:
        if identity_numbers.is_valid(number):
            born_on = identity_numbers.birth_date(number)
        else:
            row.refuse("id_number", "identity_number_check")
    key = vault.person_key(id_type, number) if id_type and number else None
    shown = masking.mask_person_name(name)
    return PartyCells(
        Party(OperatorKind.NATURAL_PERSON, shown, person_key=key),
        _columns(category, shown, {"id_type": id_type} if id_type else {}, None),
        {"name": name, "id_number": number or ""},
        born_on,
    )


def _columns(category: PartyCategory, name: str, codes: dict[str, str], representative: str | None) -> dict[str, Any]:
    return {
        "party_category": category,
        "party_name": name,
        "party_codes": codes,
        "legal_representative": representative,
    }


def _must_be_empty(row: RowCells, keys: tuple[str, ...], category: PartyCategory) -> None:
    words = {value: word for word, value in reversed(_CATEGORIES.items())}
    for key in keys:
        if row.raw(key):
            row.refuse(key, "must_be_empty", category=words[category])


def _representative_document(row: RowCells, codes: dict[str, str | None]) -> dict[str, str]:
    if not row.raw("representative_id"):
        return {}
    number = _id_number(row, "representative_id")
    id_type = _id_type(row, "representative_id_type") if row.has("representative_id_type") else IDENTITY_CARD
    codes["representative_id_type"] = id_type
    if id_type == IDENTITY_CARD and number is not None and not identity_numbers.is_valid(number):
        row.flag("representative_id", "identity_number_check")
    return {"representative_id": number} if number else {}


def _id_type(row: RowCells, key: str) -> str | None:
    cell = row.text(key, required=True, longest=64)
    if cell is None or cell.startswith("其他"):
        return cell
    if cell not in _ID_TYPES:
        row.refuse(key, "unknown_value", known="、".join(dict.fromkeys([*_ID_TYPES.values(), "其他-具体类型"])))
    return _ID_TYPES.get(cell)


def _id_number(row: RowCells, key: str) -> str | None:
    number = row.text(key, required=True, longest=64)
    if number is None:
        return None
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if "*" in number:
        row.refuse(key, "number_masked")
        return None
    return number
