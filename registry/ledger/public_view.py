"""What the change feed shows of an entry, and so what `public_digest` covers.

A list of what may be shown, never of what may not: a new column stays inside until somebody puts it here.
"""

from typing import Any

from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState

_DECISION = ("rule_set", "public_from", "public_until", "under_objection", "operator", "authority")
_LISTING = ("reason", "reason_text", "legal_basis", "listed_on", *_DECISION)

SHOWN: dict[str, tuple[str, ...]] = {
    "operator": (
        "uscc", "registration_no", "kind", "name", "registration_status", "status_on", "region", "industry",
        "responsible_person", "established_on", "former_names", "online_presences", "successor",
    ),
    "administrative_penalty": (
        "party_name", "document_no", "unlawful_act", "facts", "legal_basis", "kinds", "kinds_printed", "content",
        "fine", "confiscated", "licence_affected", "decided_on", "severity", "source_name", "source_uscc", *_DECISION,
    ),
    "administrative_licence": (
        "party_name", "document_title", "document_no", "licence_kind", "certificate_name", "licence_no", "content",
        "decided_on", "valid_from", "valid_until", "current_status", "source_name", "source_uscc", *_DECISION,
    ),
    "abnormal_listing": ("report_year", "decision_no", "decided_on", *_LISTING),
    "household_mark": ("report_year", *_LISTING),
    "inspection_result": ("kind", "task", "inspected_on", "result_code", "result", *_DECISION),
    "violation_listing": ("decision_no", "decided_on", "measures", *_LISTING),
}  # fmt: skip


def public_view(record_type: str, content: dict[str, Any]) -> dict[str, Any] | None:
    """The public part of a payload's content; None where nothing of the record is for the public."""
    if record_type not in SHOWN:  # proceedings, and messages that only the exchange keeps
        return None
    if record_type == "operator":
        if content["kind"] == OperatorKind.NATURAL_PERSON:
            return None
    elif content["state"] != RecordState.IN_FORCE:
        return None
    return {name: content[name] for name in SHOWN[record_type]}
