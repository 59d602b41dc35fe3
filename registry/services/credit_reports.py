"""Issuing a credit report: what is public now, printed, signed, and entered so that it can be verified for ever.

Content and ledger number belong together. The number is read first, then the content, then whether the ledger has an
entry of this operator behind the number. Every change of an operator and its records commits with such an entry, and
numbers rise in the order of commits (architecture.md 1), so when there is none, no statement in between can have seen
another state than the one of the number; when there is one, everything is read anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from models import AccessLog, Authority, CreditReport, LedgerEntry, Operator, db
from models.credit_report import ReportKind
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.ledger.canonical import canonical, sha256
from registry.queries import public_findings, public_operators
from registry.reports.credit_report import render
from registry.reports.model import CreditReportData, ReportItem, ReportSubject
from registry.reports.numbering import new_report_no
from registry.reports.signing import SigningIdentity
from registry.rules import regions
from registry.rules.law_fields import LawField
from registry.services.credit_report_content import public_records, sections_of, special_scope, subject_of

_READINGS = 5
"""How often the content is read anew when decisions on the same operator keep committing."""


class OperatorIsChanging(Conflict):
    """Decisions on the operator commit faster than its report can be read."""

    code = "operator_is_changing"


@dataclass(frozen=True, slots=True)
class SpecialQuestion:
    """What a special report is asked: fields of law, and days of decision, both ends included."""

    fields: Sequence[LawField]
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """The row that was entered, and the signed file it speaks of."""

    report: CreditReport
    pdf: bytes = field(repr=False)


@lru_cache(maxsize=4)
def signer_of(key_dir: Path, common_name: str) -> SigningIdentity:
    """The node's identity for signing documents; made on first use, read once a process."""
    return SigningIdentity.load_or_create(key_dir, common_name)


def issue(
    operator_id: int, *, settings: Settings, special: SpecialQuestion | None = None, client_id: int | None = None
) -> IssuedReport:
    """Print what is public of an operator at this moment, sign it and enter it. The caller commits.

    A full report, or a special one when a question is given. `client_id`: the platform that asks, None for the public.
    OperatorIsChanging when no consistent reading succeeds.
    """
    report = _consistent_report(operator_id, settings, special)
    pdf = render(report, signer_of(settings.key_dir, settings.issuer_name))
    kind = ReportKind.SPECIAL if special else ReportKind.FULL
    entered = CreditReport(
        report_no=report.report_no,
        kind=kind,
        operator_id=operator_id,
        subject_name=report.subject.name,
        subject_code=report.subject.code,
        scope=_scope(special),
        issued_at=report.issued_at,
        ledger_seq=report.ledger_seq,
        content_digest=content_digest(report),
        sha256=sha256(pdf),
    )
    db.session.add(entered)
    db.session.add(
        AccessLog(
            at=report.issued_at,
            event=f"report.{kind.value}",
            client_id=client_id,
            operator_id=operator_id,
            purpose=report.report_no,
        )
    )
    db.session.flush()
    return IssuedReport(entered, pdf)


def content_digest(report: CreditReportData) -> bytes:
    """SHA-256 of the canonical JSON of what the report says of its subject, less number, moments and position."""
    special = report.special
    content: dict[str, Any] = {
        "subject": _subject_content(report.subject),
        "sections": {section.kind.value: _item_contents(section.items) for section in report.sections},
        "special": special
        and {
            "fields": [
                {"name": each.name, "items": None if each.items is None else _item_contents(each.items)}
                for each in special.fields
            ],
            "from": special.from_on.isoformat(),
            "to": special.to_on.isoformat(),
        },
    }
    return sha256(canonical(content))


def _consistent_report(operator_id: int, settings: Settings, special: SpecialQuestion | None) -> CreditReportData:
    for _ in range(_READINGS):
        db.session.expire_all()  # what the session holds may be older than the number
        newest = db.session.execute(select(func.coalesce(func.max(LedgerEntry.seq), 0))).scalar_one()
        report = _read(operator_id, newest, now(), settings, special)
        if not _changed_since(operator_id, newest):
            return report
    raise OperatorIsChanging("Records of this operator are being changed at this moment. Please try again.")


def _changed_since(operator_id: int, seq: int) -> bool:
    newest = select(func.max(LedgerEntry.seq)).where(LedgerEntry.operator_id == operator_id)
    return (db.session.execute(newest).scalar_one() or 0) > seq


def _read(
    operator_id: int, ledger_seq: int, moment: datetime, settings: Settings, special: SpecialQuestion | None
) -> CreditReportData:
    operator = db.session.get_one(Operator, operator_id)
    findings = public_findings.findings_of(operator_id, moment.date())
    records = public_records(findings, public_operators.records_behind([each.record_id for each in findings]))
    report_no = new_report_no(moment)
    return CreditReportData(
        report_no=report_no,
        issued_at=moment,
        data_as_of=public_operators.data_as_of() or moment,
        ledger_seq=ledger_seq,
        issuer=settings.issuer_name,
        scope_name=f"{regions.NAMES.get(settings.node_region, '本市')}登记注册的经营主体",
        verify_url=f"{settings.site_url}/verify/{report_no}",
        subject=subject_of(operator, findings, with_lists=special is None),
        sections=() if special else sections_of(records),
        special=special_scope(records, special.fields, _authority_names(), special.from_on, special.to_on)
        if special
        else None,
    )


def _authority_names() -> Sequence[str]:
    return db.session.execute(select(Authority.name).order_by(Authority.id)).scalars().all()


def _scope(special: SpecialQuestion | None) -> dict[str, Any]:
    if special is None:
        return {}
    return {
        "fields": [each.code for each in special.fields],
        "from": special.from_on.isoformat(),
        "to": special.to_on.isoformat(),
    }


def _subject_content(subject: ReportSubject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "code": subject.code,
        "rows": [list(row) for row in subject.rows],
        "tags": [tag.text for tag in subject.tags],
    }


def _item_contents(items: Sequence[ReportItem]) -> list[dict[str, Any]]:
    return [
        {
            "record_id": item.record_id,
            "kind": item.kind,
            "rows": [list(row) for row in item.rows],
            "ends": item.ends,
            "under_objection": item.under_objection,
        }
        for item in items
    ]
