"""One record's rows in the projection: what it is called, how heavy it weighs, from when until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.rules import merchant_status, penalty_kinds
from registry.rules.merchant_status import FindingType, Level
from registry.rules.operator import RegistrationStatus

_DECISION = (
    "record_id", "operator_id", "public_from", "public_until", "decided_on", "legal_basis", "rule_set", "under_objection",
)  # fmt: skip
_LISTING = (*_DECISION, "reason", "reason_text", "decision_no")
READ: dict[FindingType, tuple[str, ...]] = {
    FindingType.REGISTRATION_STATUS: (
        "id", "record_id", "recorded_at", "registration_status", "status_on", "registrar_name",
    ),
    FindingType.PENALTY: (
        *_DECISION, "document_no", "severity", "unlawful_act", "kinds", "content", "restriction_until",
    ),
    FindingType.LICENCE: (
        *_DECISION, "document_no", "licence_kind", "certificate_name", "document_title", "licence_no", "valid_until",
    ),
    FindingType.ABNORMAL_LISTING: _LISTING,
    FindingType.HOUSEHOLD_MARK: (*_LISTING, "listed_on"),
    FindingType.VIOLATION_LISTING: (*_LISTING, "measures"),
}  # fmt: skip
"""Columns that a finding of each type is made of, where the table has them: long texts need not be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of `public_finding`; `data` holds the members of a finding in the status answer, less its address."""

    record_id: str
    type: FindingType
    public_from: date
    public_until: date | None
    operator_id: int
    level: Level
    data: dict[str, Any]


def of_registration(operator: Mapping[str, Any]) -> list[Finding]:
    """The special mark of an operator that is not simply active (实施细则 art. 67); none for an active one."""
    status = RegistrationStatus(operator["registration_status"])
    if status is RegistrationStatus.ACTIVE:
        return []
    since: date = operator["status_on"] or operator["recorded_at"].date()
    data = {
        "code": status.value,
        "title": merchant_status.title_of_registration_status(status),
        "authority": {"uscc": None, "name": operator["registrar_name"]},
        "decision_no": None,
        "decided_on": operator["status_on"] and operator["status_on"].isoformat(),
        "legal_basis": merchant_status.basis_of_registration_status(status),
        "rule_set": None,
        "measures": [],
        "under_objection": False,
    }
    return [
        Finding(
            record_id=operator["record_id"],
            type=FindingType.REGISTRATION_STATUS,
            public_from=since,
            public_until=None,
            operator_id=operator["id"],
            level=merchant_status.level_of_registration_status(status),
            data=data,
        )
    ]


def of_penalty(row: Mapping[str, Any]) -> list[Finding]:
    """A penalty: one row for each stretch of weight (a restriction in force bars, afterwards the class counts)."""
    kinds = [penalty_kinds.PenaltyKind(kind) for kind in row["kinds"]]
    data = _decision(row, code=row["severity"], title=row["unlawful_act"])
    data |= {"kinds": [kind.value for kind in kinds], "content": row["content"]}
    return [
        Finding(row["record_id"], FindingType.PENALTY, start, end, row["operator_id"], level, data)
        for start, end, level in merchant_status.penalty_stretches(
            severity=row["severity"],
            kinds=kinds,
            restriction_until=row["restriction_until"],
            public_from=row["public_from"],
            public_until=row["public_until"],
        )
    ]


def of_licence(row: Mapping[str, Any]) -> list[Finding]:
    """A licence, as long as it is valid."""
    data = _decision(row, code=row["licence_kind"], title=row["certificate_name"] or row["document_title"])
    data |= {"licence_no": row["licence_no"], "valid_until": row["valid_until"].isoformat()}
    return [_whole(row, FindingType.LICENCE, merchant_status.level_of_licence(), data)]


def of_abnormal(row: Mapping[str, Any]) -> list[Finding]:
    """A stay on the abnormal-operations list."""
    data = _decision(row, code=row["reason"], title=row["reason_text"])
    return [_whole(row, FindingType.ABNORMAL_LISTING, merchant_status.level_of_abnormal(row["reason"]), data)]


def of_mark(row: Mapping[str, Any]) -> list[Finding]:
    """A household mark. It has no document, so its listing day stands for the decision."""
    data = _decision({"decision_no": None, "decided_on": row["listed_on"], **row}, row["reason"], row["reason_text"])
    return [_whole(row, FindingType.HOUSEHOLD_MARK, merchant_status.level_of_abnormal(row["reason"]), data)]


def of_violation(row: Mapping[str, Any]) -> list[Finding]:
    """A stay on the violation list, with its measures."""
    data = _decision(row, code=row["reason"], title=row["reason_text"]) | {"measures": row["measures"]}
    return [_whole(row, FindingType.VIOLATION_LISTING, merchant_status.level_of_violation(), data)]


def _decision(row: Mapping[str, Any], code: str | None, title: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": title,
        "authority": {"uscc": row["authority_uscc"], "name": row["authority_name"]},
        "decision_no": row["decision_no"] if "decision_no" in row else row["document_no"],
        "decided_on": row["decided_on"].isoformat(),
        "legal_basis": row.get("legal_basis"),
        "rule_set": row["rule_set"],
        "measures": [],
        "under_objection": row["under_objection"],
    }


def _whole(row: Mapping[str, Any], kind: FindingType, level: Level, data: dict[str, Any]) -> Finding:
    return Finding(row["record_id"], kind, row["public_from"], row["public_until"], row["operator_id"], level, data)
