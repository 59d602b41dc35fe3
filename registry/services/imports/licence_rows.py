"""Rows of the 双公示 licence layouts (standards.md 1.4)."""

from typing import Any

from registry.services.imports.cells import RowCells
from registry.services.imports.deciders import read_authority, read_source
from registry.services.imports.free_text import masked
from registry.services.imports.party_rows import read_party
from registry.services.imports.record_rows import RecordRow
from registry.services.personal_values import Vault

KINDS = ("普通", "特许", "认可", "核准", "登记")
_STATUSES = {"1": "1", "有效": "1", "2": "2", "无效": "2", "0": "1", "正常": "1"}


def read_licence(row: RowCells, vault: Vault, authority: tuple[str, str] | None) -> RecordRow | None:
    """The row as a licence; None when something forbids it. All faults are noted in `row`."""
    party = read_party(row, vault)
    decided_on = row.day("decided_on", required=True, past=True)
    valid_from = row.day("valid_from", required=True)
    valid_until = row.day("valid_until", required=True)
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        row.refuse("valid_until", "date_order")
    certificate, number = row.text("certificate_name", longest=200), row.text("licence_no", longest=100)
    if certificate is not None and number is None:
        row.flag("licence_no", "licence_no_missing")
    columns: dict[str, Any] = {
        "document_title": row.text("document_title", required=True, longest=300),
        "document_no": row.text("document_no", required=True, longest=200),
        "licence_kind": _kind(row),
        "content": masked(row, "content", party, required=True, longest=8000),
        "decided_on": decided_on,
        "valid_from": valid_from,
        "valid_until": valid_until,
        "current_status": _status(row),
    }
    optional = {
        "certificate_name": ("certificate_name", certificate),
        "licence_no": ("licence_no", number),
        "remark": ("remark", masked(row, "remark", party, longest=2000)),
    }
    columns |= {name: value for name, (key, value) in optional.items() if row.has(key)}
    organ = read_authority(row, authority)
    columns["source_name"], columns["source_uscc"] = read_source(row, organ)
    if row.refused or party is None or organ is None:
        return None
    columns |= party.columns
    if not row.has("representative"):
        columns.pop("legal_representative")
    return RecordRow(
        line=row.line,
        party=party.party,
        authority=organ,
        columns=columns,
        headers=row.binding.headers,
        personal=party.personal,
        party_under_age=party.under_age_on(decided_on),
        flagged=row.flagged,
    )


def _kind(row: RowCells) -> str | None:
    printed = row.text("licence_kind", required=True, longest=200)
    if printed is not None and printed not in KINDS and not printed.startswith("其他"):
        row.refuse("licence_kind", "unknown_value", known="、".join((*KINDS, "其他-具体类别")))
    return printed


def _status(row: RowCells) -> str | None:
    cell = row.raw("current_status")
    if not cell:
        row.refuse("current_status", "missing")
        return None
    if cell not in _STATUSES:
        row.refuse("current_status", "unknown_value", known="1（有效）、2（无效）")
    return _STATUSES.get(cell)
