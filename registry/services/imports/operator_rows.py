"""Rows of the registration layout, checked. Pure: no database, so that a second process can do it."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from registry.rules import names, regions, uscc
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.imports.cells import RowCells
from registry.services.imports.codes import read_registration_no, read_uscc

_STATUSES = {
    RegistrationStatus.ACTIVE: ("存续", "在营", "开业", "在册", "在业", "正常", "登记成立", "active"),
    RegistrationStatus.SUSPENDED: ("歇业", "suspended"),
    RegistrationStatus.MOVED_OUT: ("迁出", "已迁出", "迁往市外", "moved_out"),
    RegistrationStatus.REVOKED: ("吊销", "吊销未注销", "吊销,未注销", "revoked"),
    RegistrationStatus.ANNULLED: ("撤销", "撤销登记", "撤销设立", "annulled"),
    RegistrationStatus.CLOSED_BY_ORDER: ("责令关闭", "closed_by_order"),
    RegistrationStatus.LIQUIDATION: ("清算", "清算中", "liquidation"),
    RegistrationStatus.CANCELLED: ("注销", "已注销", "吊销已注销", "吊销,已注销", "cancelled"),
}
_STATUS_OF = {word: status for status, words in _STATUSES.items() for word in words}
_KINDS = {
    OperatorKind.HOUSEHOLD: ("个体工商户", "个体", "个体户", "household"),
    OperatorKind.COOPERATIVE: ("农民专业合作社", "合作社", "农民专业合作社(联合社)", "cooperative"),
    OperatorKind.ENTERPRISE: ("企业", "内资企业", "外资企业", "私营企业", "公司", "enterprise"),
    OperatorKind.OTHER_ORGANISATION: ("其他组织", "机关", "事业单位", "社会组织", "其他", "other_organisation"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_PERSON_WORDS = frozenset({"自然人", "natural_person"})
_OLD_NUMBER = re.compile(r"\d{15}(\.0)?")
_NOTE = re.compile(
    r"\((?:已?注销|已?吊销|已?更名|已?变更|已?迁出|已?停业|已?歇业|吊销[,、]?[未已]注销|原名?[:,、为]?|原名称|曾用名).*?\)$"
)
"""A note in brackets that lists carry behind a name: a state, or what the operator was called before."""
_SPLIT_NAMES = re.compile(r"[;；、|\n]+")


@dataclass(slots=True)
class OperatorRow:
    """A sound row: the columns it speaks of, the former names it tells. What it is silent on is in neither."""

    line: int
    columns: dict[str, Any]
    former_names: list[str] = field(default_factory=list)


def read_operator(row: RowCells) -> OperatorRow | None:
    """The row as columns of an operator; None when something forbids it. All faults are noted in `row`."""
    name = row.text("name", required=True, longest=200)
    if _OLD_NUMBER.fullmatch(row.raw("uscc")) and not row.raw("registration_no"):
        row.flag("uscc", "registration_no_in_uscc")
        code, doubt, registration_no = None, None, read_registration_no(row, "uscc")
    else:
        code, doubt = _code(row)
        registration_no = read_registration_no(row)
    if code is None and registration_no is None and not row.refused:
        row.refuse("uscc", "no_identifier")
    columns: dict[str, Any] = {
        "uscc": code,
        "uscc_doubt": doubt,
        "registration_no": registration_no,
        "name": name,
        "established_on": row.day("established_on", past=True),
        "company_type": row.text("company_type"),
        "responsible_person": row.text("person", longest=200),
        "registered_capital": _capital(row),
        "business_scope": row.text("scope", longest=8000, lines=True),
        "address": row.text("address"),
        "registrar_name": row.text("registrar", longest=200),
        "industry": row.text("industry", longest=200),
        "registration_status": _status(row),
        "status_on": row.day("status_on", past=True),
    }
    columns["kind"] = _kind(row, code, columns["company_type"], name or "")
    if name and (note := _NOTE.search(unicodedata.normalize("NFKC", name))):
        row.flag("name", "note_in_name", note=note[0])
    columns["region_text"], columns["region"] = _region(row, columns["address"])
    former_names = _former_names(row, name)
    if row.refused:
        return None
    given = {key: value for key, value in columns.items() if value is not None}
    return OperatorRow(row.line, given, former_names)


def _code(row: RowCells) -> tuple[str | None, str | None]:
    printed = row.raw("uscc")
    if printed and uscc.normalise(printed) == uscc.PLACEHOLDER:
        if not row.raw("registration_no"):
            row.refuse("uscc", "placeholder_without_registration_no")
        return None, None
    return read_uscc(row, may_be_doubtful=True)


def _capital(row: RowCells) -> str | None:
    capital = row.text("capital", longest=100)
    if capital is None:
        number = row.text("capital_wan", longest=100)
        capital = f"{number}万元" if number and number[-1].isdigit() else number
    return capital


def _status(row: RowCells) -> RegistrationStatus | None:
    cell = row.raw("status")
    if not cell:
        return None
    status = status_of(cell)
    if status is None:
        row.refuse("status", "unknown_value", known="存续、歇业、迁出、吊销未注销、撤销、责令关闭、清算、注销")
    return status


@lru_cache(maxsize=256)
def status_of(printed: str) -> RegistrationStatus | None:
    """State of registration that a cell names, `存续（在营、开业、在册）` among them; None for an unknown word."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", printed).lower())
    if plain in _STATUS_OF:
        return _STATUS_OF[plain]
    before, *inside = [part for part in re.split(r"[(),、;]", plain) if part]
    if all(_STATUS_OF.get(part) is RegistrationStatus.ACTIVE for part in inside):
        return _STATUS_OF.get(before)
    return None


def _kind(row: RowCells, code: str | None, company_type: str | None, name: str) -> OperatorKind | None:
    cell = row.raw("kind")
    if cell in _PERSON_WORDS:
        row.refuse("kind", "person_not_registered")
        return None
    stated = _KIND_OF.get(cell)
    if code is not None:
        kind = uscc.kind_of(code)
        if OperatorKind.HOUSEHOLD in (stated, kind) and stated not in (None, kind):
            row.refuse("kind", "kind_against_code")
        elif company_type and ("个体" in company_type) is not (kind is OperatorKind.HOUSEHOLD):
            row.flag("company_type", "company_type_against_code")
        return kind
    if stated is not None:
        return stated
    words = f"{company_type or ''}{name}"
    if "合作社" in words:
        return OperatorKind.COOPERATIVE
    if "公司" in name:
        return OperatorKind.ENTERPRISE
    if company_type and "个体" not in company_type:
        return OperatorKind.ENTERPRISE
    return OperatorKind.HOUSEHOLD  # who has no code by now is nearly always a household (domain.md 6.3)


def _region(row: RowCells, address: str | None) -> tuple[str | None, str | None]:
    province, district = row.text("province", longest=50), row.text("district", longest=100)
    printed = (
        district if district and province and district.startswith(province) else f"{province or ''}{district or ''}"
    )
    if not printed:
        return None, None
    region = _region_of(province or "", district or "")
    if region in (None, regions.CITY) and address:
        region = regions.code_of(province or "", district or "", address)
    if region is None:
        row.flag("district" if district else "province", "region_unmatched")
    return printed, region


@lru_cache(maxsize=4096)
def _region_of(province: str, district: str) -> str | None:
    return regions.code_of(province, district)


def _former_names(row: RowCells, name: str | None) -> list[str]:
    cell = row.text("former_names", longest=1000, lines=True)
    if cell is None:
        return []
    found = [part.strip() for part in _SPLIT_NAMES.split(cell)]
    return list(dict.fromkeys(part for part in found if part and part not in BLANK_NAMES and part != name))


BLANK_NAMES = frozenset({"无", "-", "/"})


DERIVED = ("folded_name", "initials", "search_terms")


def derived(kind: str, name: str, former_names: list[str]) -> dict[str, Any]:
    """What the search needs of the names; nothing for a natural person, who cannot be searched for (domain.md 3.12)."""
    if kind == OperatorKind.NATURAL_PERSON:
        return dict(zip(DERIVED, ("", "", []), strict=True))
    return dict(zip(DERIVED, names.search_columns(name, former_names), strict=True))
