"""The 双公示 upload templates, filled from the register (standards.md 1.3, 1.4)."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload
from xlsxwriter import Workbook

from models import AccessLog, Licence, Penalty, db
from registry.clock import now
from registry.rules import amounts, uscc
from registry.rules.operator import PartyCategory
from registry.rules.record import RecordState
from registry.services.imports import party_layouts
from registry.services.imports.codes import doubt_remark
from registry.services.imports.columns import Column, Layout
from registry.services.personal_values import Vault
from registry.services.table_cells import guarded

LONG_TERM = "2099/12/31"
"""What the templates print for an end that is open."""

_CATEGORY_WORDS = {
    PartyCategory.ORGANISATION: "法人及非法人组织",
    PartyCategory.HOUSEHOLD: "个体工商户",
    PartyCategory.NATURAL_PERSON: "自然人",
}
_NOT_EXPORTED = frozenset({"fine_yuan", "confiscated_yuan", "published_on", "severity", "restriction_until", "doubt"})
_PERSONAL = {"name": "name", "id_number": "id_number", "representative_id": "representative_id"}

Record = Penalty | Licence
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Template:
    layout: Layout
    model: type[Record]
    persons: bool
    values: Callable[[Any], Values]


def export(
    what: str,
    layout: str,
    path: Path,
    *,
    vault: Vault,
    actor: str,
    purpose: str | None = None,
    authority_ids: Collection[int] | None = None,
) -> int:
    """Write the records in force of one template to an xlsx file. Answer: how many. The caller commits.

    `what` is penalties or licences, `layout` organisation or person. The layout of persons holds names and numbers in
    clear: it is entered in the access log with `actor` and `purpose`. `authority_ids` keeps to what these decided.
    """
    template = _TEMPLATES[what, layout]
    if template.persons:
        db.session.add(AccessLog(at=now(), event=f"export.{what}.{layout}", actor=actor, purpose=purpose))
        db.session.flush()
    columns = columns_of(what, layout)
    return _write(
        path, [column.names[0] for column in columns], _rows(template, [c.key for c in columns], vault, authority_ids)
    )


def columns_of(what: str, layout: str) -> list[Column]:
    """The columns of an upload template, in their order; the first name of each is its header."""
    return [column for column in _TEMPLATES[what, layout].layout.columns if column.key not in _NOT_EXPORTED]


def workbook(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An xlsx file of text cells."""
    made = BytesIO()
    _write(made, header, rows)
    return made.getvalue()


def cells_of(what: str, record: Record) -> Values:
    """The cells of one record by the keys of its template, as far as they are not personal."""
    return _party(record) | _shared(record) | _TEMPLATES[what, "organisation"].values(record)


def _rows(
    template: _Template, keys: Sequence[str], vault: Vault, authority_ids: Collection[int] | None
) -> Iterator[list[str]]:
    model: Any = template.model
    person = model.party_category == PartyCategory.NATURAL_PERSON
    among = true() if authority_ids is None else model.authority_id.in_(authority_ids)
    records = db.session.execute(
        select(model)
        .where(model.state == RecordState.IN_FORCE, person if template.persons else ~person, among)
        .options(joinedload(model.operator), joinedload(model.authority))
        .order_by(model.decided_on, model.id)
        .execution_options(yield_per=500)
    ).scalars()
    for record in records:
        values = _party(record) | _shared(record) | template.values(record)
        if template.persons:
            for key, field in _PERSONAL.items():
                if field in record.personal:
                    values[key] = vault.read(record.record_id, field, record.personal[field])
        yield [guarded(values.get(key, "")) for key in keys]


def _party(record: Record) -> Values:
    codes = record.party_codes
    values = {
        "name": record.party_name,
        "category": _CATEGORY_WORDS[record.party_category],
        "representative": record.legal_representative or "",
        "id_type": codes.get("id_type", ""),
        **{key: codes.get(key, "") for key in ("organisation_code", "tax_no", "institution_no", "society_no")},
    }
    if record.party_category is not PartyCategory.NATURAL_PERSON:
        values["uscc"] = record.operator.uscc or uscc.PLACEHOLDER
        values["registration_no"] = codes.get("registration_no", "")
    return values


def _shared(record: Record) -> Values:
    remark = record.remark or ""
    if record.operator.uscc_doubt:
        remark += doubt_remark(record.operator.uscc_doubt)
    return {
        "document_no": record.document_no,
        "content": record.content,
        "decided_on": _day(record.decided_on),
        "authority": record.authority.name,
        "authority_uscc": record.authority.uscc,
        "source": record.source_name,
        "source_uscc": record.source_uscc,
        "remark": remark,
    }


def _penalty(record: Penalty) -> Values:
    return {
        "unlawful_act": record.unlawful_act,
        "facts": record.facts,
        "legal_basis": record.legal_basis,
        "kinds": record.kinds_printed,
        "fine": _wan(record.fine),
        "confiscated": _wan(record.confiscated),
        "licence_affected": record.licence_affected or "",
        "valid_until": _day(record.valid_until) or LONG_TERM,
        "declared_until": _day(record.public_until),
    }


def _licence(record: Licence) -> Values:
    return {
        "document_title": record.document_title,
        "licence_kind": record.licence_kind,
        "certificate_name": record.certificate_name or "",
        "licence_no": record.licence_no or "",
        "valid_from": _day(record.valid_from),
        "valid_until": _day(record.valid_until),
        "current_status": record.current_status,
    }


def _day(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


def _wan(yuan: Decimal | None) -> str:
    return amounts.yuan_to_wan(yuan) if yuan is not None else ""


def _write(target: Path | BytesIO, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    opened = target if isinstance(target, BytesIO) else str(target)
    with Workbook(opened, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(header):
            sheet.write_string(0, column, text)
        for count, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(count, column, text)
    return count


_TEMPLATES = {
    ("penalties", "organisation"): _Template(party_layouts.PENALTY_ORGANISATION, Penalty, False, _penalty),
    ("penalties", "person"): _Template(party_layouts.PENALTY_PERSON, Penalty, True, _penalty),
    ("licences", "organisation"): _Template(party_layouts.LICENCE_ORGANISATION, Licence, False, _licence),
    ("licences", "person"): _Template(party_layouts.LICENCE_PERSON, Licence, True, _licence),
}
