"""Rows of the lists: abnormal operations, household marks, violations."""

import re
from typing import Any

from registry.rules import uscc
from registry.rules.abnormal_wording import LIST_REASONS
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.rules.measures import measure_named
from registry.rules.operator import OperatorKind
from registry.services.imports.cells import RowCells
from registry.services.imports.codes import read_registration_no, read_uscc
from registry.services.imports.deciders import read_authority
from registry.services.imports.record_rows import Party, RecordRow

_ABNORMAL_WORDS = {
    AbnormalReason.R3: ("隐瞒", "弄虚作假", "虚假"),
    AbnormalReason.R4: ("无法联系", "无法取得联系", "失联"),
    AbnormalReason.R2: ("责令",),
    AbnormalReason.R1: ("年度报告", "年报"),
}
_ARTICLES = {
    "五": ViolationReason.FOOD,
    "六": ViolationReason.DRUGS,
    "七": ViolationReason.QUALITY,
    "八": ViolationReason.CONSUMERS,
    "九": ViolationReason.COMPETITION,
    "十": ViolationReason.LICENSING,
    "十一": ViolationReason.REFUSAL,
}
_ARTICLE = re.compile(r"第(十一|[五六七八九十])条")
_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_KIND_WORDS = {"个体工商户": OperatorKind.HOUSEHOLD, "个体": OperatorKind.HOUSEHOLD}


def read_abnormal_listing(row: RowCells, authority: tuple[str, str] | None) -> RecordRow | None:
    """A stay on the abnormal list or a household mark; which of the two follows from the operator."""
    reason, text = _abnormal_reason(row)
    columns = _stay(row)
    columns["decision_no"] = row.text("decision_no", longest=200)
    columns |= {"reason": reason, "reason_text": text, "report_year": _report_year(row, reason, text)}
    return _finished(row, columns, authority)


def read_violation_listing(row: RowCells, authority: tuple[str, str] | None) -> RecordRow | None:
    """A stay on the violation list."""
    basis = row.raw("legal_basis")
    text = row.text("reason_text", longest=2000, lines=True)
    columns = _stay(row)
    columns["decision_no"] = row.text("decision_no", required=True, longest=200)
    columns |= {"reason": _violation_reason(row, basis), "reason_text": text or basis}
    if not text and not basis:
        row.refuse("reason_text", "missing")
    columns["restriction_until"] = row.day("restriction_until")
    measures = row.text("measures", longest=2000, lines=True)
    if measures is not None:
        titles = [part.strip() for part in re.split(r"[;；\n]+", measures) if part.strip()]
        columns["measures"] = [_measure(title, basis) for title in titles]
    declared_until = row.day("declared_until")
    record = _finished(row, columns, authority)
    if record is not None:
        record.declared_until = declared_until
    return record


def _measure(title: str, basis: str | None) -> dict[str, Any]:
    """A measure as the decision words it, with its item of the list and the law it rests on where both are known."""
    known = measure_named(title)
    return {
        "code": known.code if known else None,
        "title": title,
        "legal_basis": known.legal_basis if known else basis or None,
    }


def _stay(row: RowCells) -> dict[str, Any]:
    """What both lists share; a removal must follow its listing."""
    listed_on = row.day("listed_on", required=True, past=True)
    removed_on = row.day("removed_on", past=True)
    if removed_on is not None and listed_on is not None and removed_on < listed_on:
        row.refuse("removed_on", "date_order")
    decided_on = row.day("decided_on", past=True)
    columns = {
        "listed_on": listed_on,
        "decided_on": decided_on or listed_on,
        "legal_basis": row.text("legal_basis", longest=2000, lines=True),
        "facts": row.text("facts", longest=8000, lines=True),
        "removed_on": removed_on,
        "removal_reason": row.text("removal_reason", longest=1000, lines=True),
        "removal_decision_no": row.text("removal_decision_no", longest=200),
    }
    silent = ("legal_basis", "facts", "removed_on", "removal_reason", "removal_decision_no")
    return {key: value for key, value in columns.items() if value is not None or key not in silent}


def _finished(row: RowCells, columns: dict[str, Any], authority: tuple[str, str] | None) -> RecordRow | None:
    party = _party(row)
    organ = read_authority(row, authority, by_name=True)
    if row.refused or party is None or organ is None:
        return None
    return RecordRow(
        line=row.line,
        party=party,
        authority=organ,
        columns=columns,
        headers=row.binding.headers,
        flagged=row.flagged,
    )


def _party(row: RowCells) -> Party | None:
    name = row.text("operator_name", required=True, longest=200)
    code: str | None = None
    printed = uscc.normalise(row.raw("uscc"))
    if printed and printed != uscc.PLACEHOLDER:
        code, _ = read_uscc(row)
    number = read_registration_no(row)
    if not printed and number is None:
        row.refuse("uscc", "no_identifier")
    if name is None:
        return None
    stated = _KIND_WORDS.get(row.raw("category"))
    if code is not None:
        kind = uscc.kind_of(code)
    else:
        kind = stated or (OperatorKind.ENTERPRISE if "公司" in name else OperatorKind.HOUSEHOLD)
    return Party(kind, name, code, registration_no=number)


def _abnormal_reason(row: RowCells) -> tuple[AbnormalReason | None, str | None]:
    text = row.text("reason_text", longest=2000, lines=True)
    cell = row.raw("reason")
    if cell.upper() in set(AbnormalReason):
        reason = AbnormalReason(cell.upper())
        return reason, text or LIST_REASONS[reason]
    words = f"{cell}{text or ''}"
    for reason, signs in _ABNORMAL_WORDS.items():
        if any(sign in words for sign in signs):
            return reason, text or cell
    row.refuse("reason" if cell else "reason_text", "unknown_value", known="R1、R2、R3、R4")
    return None, text


def _report_year(row: RowCells, reason: AbnormalReason | None, text: str | None) -> int | None:
    """Year of the missing report; a missing one is read from the reason, and never guessed."""
    if reason is not AbnormalReason.R1:
        return None
    cell = row.raw("report_year")
    match = _YEAR.search(cell or text or "")
    if cell and match is None:
        row.refuse("report_year", "not_a_year")
    elif match is None:
        row.flag("report_year", "report_year_missing")
    return int(match[1]) if match else None


def _violation_reason(row: RowCells, basis: str) -> ViolationReason | None:
    cell = row.raw("reason")
    if cell in set(ViolationReason):
        return ViolationReason(cell)
    match = _ARTICLE.search(cell) or _ARTICLE.search(basis)
    if match is not None:
        return _ARTICLES[match[1]]
    if cell:
        row.refuse("reason", "unknown_value", known="、".join(ViolationReason))
        return None
    row.flag("reason", "violation_reason_open")
    return ViolationReason.OTHER
