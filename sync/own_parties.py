"""Whom a message of ours is about, and how its texts are told: subject, members of the party, regions, masks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.rules import masking, regions, uscc
from registry.rules.operator import OperatorKind, PartyCategory
from registry.services.personal_values import Vault
from sync.identity import CATEGORIES, PREFIXES

Row = Mapping[str, Any]

_PRINTED = {category: printed for printed, category in CATEGORIES.items()}
_MAYBE_PERSONAL = re.compile(r"\d{7}|\d[\d -]{8,}\d|址|户籍|家住")
_REGION = re.compile(r"[0-9]{6}")
_OTHER_CODES = {"ZZJG": "organisation_code", "SWDJ": "tax_no", "SYDW": "institution_no", "SHZZ": "society_no"}


@dataclass(frozen=True, slots=True)
class OwnNode:
    """Who speaks: node and epoch, the region of operators that have none, who hands registrations on, the vault."""

    node: str
    epoch: str
    region: str
    issuer: str
    vault: Vault


class Speaking:
    """One row while its message is made."""

    def __init__(self, row: Row, own: OwnNode, operation: str) -> None:
        self.row = row
        self.own = own
        self.held = operation == "hold"

    def free(self, name: str) -> str | None:
        """A free text; for the public without numbers and addresses of persons."""
        return self.cleaned(self.row[name])

    def cleaned(self, value: str | None) -> str | None:
        """A text as this message may hold it."""
        if value is None or self.held or _MAYBE_PERSONAL.search(value) is None:
            return value
        return masking.mask_text(value)

    def personal(self, name: str) -> str | None:
        """A personal value of the record. PersonalValueGone."""
        digest = self.row["personal"].get(name)
        return self.own.vault.read(self.row["record_id"], name, digest) if digest else None


def party(speaking: Speaking, resource: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The subject, and the members of the standard that agree with it (standards.md 1.3, 1.5)."""
    row, prefix = speaking.row, PREFIXES[resource]
    category, codes = PartyCategory(row["party_category"]), row["party_codes"]
    person = category is PartyCategory.NATURAL_PERSON
    name = speaking.personal("name") if person and speaking.held else None
    subject = {
        "category": category.value,
        "region": region_of(row["operator_region"], speaking.own, person=person),
        "uscc": None if person else row["operator_uscc"],
        "uscc_doubt": None if person else row["uscc_doubt"],
        "registration_no": None if person else codes.get("registration_no") or row["operator_registration_no"],
        "name": name or speaking.cleaned(row["party_name"]),
        "person_key": row["person_key"] if person else None,
    }
    members = {"XDR_MC": subject["name"], "XDR_LB": _PRINTED[category.value]}
    if person:
        if speaking.held:
            members |= {"XDR_ZJLX": codes.get("id_type"), "XDR_ZJHM": speaking.personal("id_number")}
    else:
        placeholder = uscc.PLACEHOLDER if category is PartyCategory.HOUSEHOLD else None
        members |= {
            "XDR_SHXYM": subject["uscc"] or placeholder,
            "XDR_GSZC": subject["registration_no"],
            "FRDB": speaking.cleaned(row["legal_representative"]),
            **{f"XDR_{code}": codes.get(key) for code, key in _OTHER_CODES.items()},
        }
    return subject, {f"{prefix}{name}": value for name, value in members.items()}


def category_of(kind: str) -> str:
    """The category of an operator, as `subject.category` names it."""
    categories = {
        OperatorKind.HOUSEHOLD.value: PartyCategory.HOUSEHOLD,
        OperatorKind.NATURAL_PERSON.value: PartyCategory.NATURAL_PERSON,
    }
    return categories.get(kind, PartyCategory.ORGANISATION).value


def region_of(code: str | None, own: OwnNode, *, person: bool) -> str | None:
    """The code of GB/T 2260 that a region goes under; an operator of no known region stands at this node's."""
    told = regions.EXCHANGE_CODES.get(code or "", code)
    if told is not None and _REGION.fullmatch(told):
        return told
    return None if person else own.region


def day(day: date | None) -> str | None:
    """A day as messages write it."""
    return day.isoformat() if day else None
