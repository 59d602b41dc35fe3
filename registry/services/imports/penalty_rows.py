"""Rows of the 双公示 penalty layouts (standards.md 1.3): form, fields that depend on each other, amounts in yuan."""

from datetime import date
from decimal import Decimal
from typing import Any

from registry.rules import amounts, document_numbers, penalty_kinds
from registry.rules.penalty_kinds import NEEDS_LICENCE, PenaltyKind
from registry.rules.rule_sets import Severity
from registry.services.imports.cells import RowCells
from registry.services.imports.deciders import read_authority, read_source
from registry.services.imports.free_text import masked
from registry.services.imports.party_rows import read_party
from registry.services.imports.record_rows import RecordRow
from registry.services.personal_values import Vault

_SEVERITIES = {
    "轻微": Severity.MINOR,
    "一般": Severity.GENERAL,
    "严重": Severity.SERIOUS,
    "minor": Severity.MINOR,
    "general": Severity.GENERAL,
    "serious": Severity.SERIOUS,
}


def read_penalty(row: RowCells, vault: Vault, authority: tuple[str, str] | None) -> RecordRow | None:
    """The row as a penalty; None when something forbids it. All faults are noted in `row`."""
    party = read_party(row, vault)
    decided_on = row.day("decided_on", required=True, past=True)
    columns: dict[str, Any] = {
        "document_no": _document_no(row),
        "unlawful_act": masked(row, "unlawful_act", party, required=True, longest=2000),
        "facts": masked(row, "facts", party, required=True, longest=8000),
        "legal_basis": row.text("legal_basis", required=True, longest=4000, lines=True),
        "kinds_printed": row.text("kinds", required=True, longest=500),
        "content": masked(row, "content", party, required=True, longest=8000),
        "licence_affected": row.text("licence_affected", longest=500),
        "decided_on": decided_on,
        "valid_until": _not_before(row, "valid_until", decided_on),
        "declared_until": _not_before(row, "declared_until", decided_on, strictly=True),
        "restriction_until": _not_before(row, "restriction_until", decided_on),
        "remark": masked(row, "remark", party, longest=2000),
    }
    kinds = _kinds(row, columns["kinds_printed"], decided_on)
    _check_punishes(row, kinds, columns["content"])
    columns["kinds"] = [kind.value for kind in kinds]
    columns["fine"] = _amount(row, "fine", {PenaltyKind.FINE} & set(kinds), kinds, columns["content"])
    confiscating = {PenaltyKind.CONFISCATION_OF_GAINS, PenaltyKind.CONFISCATION_OF_PROPERTY} & set(kinds)
    columns["confiscated"] = _amount(row, "confiscated", confiscating, kinds, columns["content"])
    if kinds and NEEDS_LICENCE & set(kinds) and columns["licence_affected"] is None:
        row.refuse("licence_affected", "licence_missing")
    severity = _severity(row)
    organ = read_authority(row, authority)
    columns["source_name"], columns["source_uscc"] = read_source(row, organ)
    published_on = row.day("published_on", past=True)
    if published_on is not None and decided_on is not None and published_on < decided_on:
        row.refuse("published_on", "date_order")
    if row.refused or party is None or organ is None:
        return None
    columns |= party.columns
    if severity is not None:
        columns["severity"] = severity
    if published_on is not None:
        columns["published_on"] = published_on
    return RecordRow(
        line=row.line,
        party=party.party,
        authority=organ,
        columns=_spoken_of(row, columns),
        headers=row.binding.headers,
        personal=party.personal,
        party_under_age=party.under_age_on(decided_on),
        flagged=row.flagged,
    )


_OPTIONAL = {
    "licence_affected": ("licence_affected",),
    "valid_until": ("valid_until",),
    "declared_until": ("declared_until",),
    "restriction_until": ("restriction_until",),
    "remark": ("remark",),
    "fine": ("fine", "fine_yuan"),
    "confiscated": ("confiscated", "confiscated_yuan"),
    "legal_representative": ("representative",),
}


def _spoken_of(row: RowCells, columns: dict[str, Any]) -> dict[str, Any]:
    """Less the columns that the file does not have: it says nothing about those."""
    silent = {name for name, keys in _OPTIONAL.items() if not any(row.has(key) for key in keys)}
    return {name: value for name, value in columns.items() if name not in silent}


def _document_no(row: RowCells) -> str | None:
    printed = row.text("document_no", required=True, longest=200)
    if printed is None:
        return None
    if document_numbers.is_not_a_penalty(printed):
        row.refuse("document_no", "not_a_penalty")
        return None
    normal = document_numbers.normalise(printed)
    if normal.count("〔") != normal.count("〕") or not any(character.isdigit() for character in normal):
        row.flag("document_no", "document_no_form")
    return printed


def _not_before(row: RowCells, key: str, decided_on: date | None, *, strictly: bool = False) -> date | None:
    day = row.day(key)
    if day is not None and decided_on is not None and (day < decided_on or (strictly and day == decided_on)):
        row.refuse(key, "date_order")
    return day


def _kinds(row: RowCells, printed: str | None, decided_on: date | None) -> list[PenaltyKind]:
    if printed is None:
        return []
    if penalty_kinds.says_not_to_punish(printed):
        row.refuse("kinds", "not_to_punish")
        return []
    kinds, unknown = penalty_kinds.parse(printed, decided_on or row.today)
    if unknown:
        row.refuse("kinds", "kinds_unknown", words="、".join(unknown))
    elif not kinds:
        row.refuse("kinds", "missing")
    return kinds


def _check_punishes(row: RowCells, kinds: list[PenaltyKind], content: str | None) -> None:
    """A decision not to punish is none of 其他 either; beside a named kind it may speak of another act of the party."""
    if content is None or not penalty_kinds.says_not_to_punish(content):
        return
    if kinds == [PenaltyKind.OTHER]:
        row.refuse("content", "not_to_punish")
    elif kinds:
        row.flag("content", "not_to_punish_beside")


def _amount(
    row: RowCells, key: str, demanding: set[PenaltyKind], kinds: list[PenaltyKind], content: str | None
) -> Decimal | None:
    """Yuan of a 万元 cell, or of one of the same name in 元. Which kinds demand or forbid it: standards.md 1.6."""
    in_yuan = row.has(f"{key}_yuan") and bool(row.raw(f"{key}_yuan"))
    where = f"{key}_yuan" if in_yuan else key
    cell = row.raw(where)
    amount = amounts.wan_to_yuan(cell) if cell else None
    if cell and amount is None:
        row.refuse(where, "amount_format")
        return None
    if in_yuan and amount is not None:
        amount = (amount / 10_000).quantize(amounts.CENT)
    if not amount:  # a zero says as little as a blank
        if demanding - {PenaltyKind.CONFISCATION_OF_PROPERTY}:
            row.refuse(where, "amount_missing")
        return None
    if kinds and not demanding:
        row.refuse(where, "amount_without_kind")
        return None
    if content and amounts.unit_suspect(amount, content):
        row.flag(where, "unit_suspect")
    elif content and key == "fine" and amounts.disagrees(amount, content):
        row.flag(where, "amount_disagrees")
    return amount


def _severity(row: RowCells) -> Severity | None:
    cell = row.raw("severity").removesuffix("失信").removesuffix("违法")
    if not cell:
        return None
    if cell not in _SEVERITIES:
        row.refuse("severity", "unknown_value", known="轻微、一般、严重")
    return _SEVERITIES.get(cell)
