"""Receipts of status lookups: evidence that a platform asked, what it was told, and when.

A receipt is a compact JWS over the canonical answer with `receipt_no`, `client`, `purpose` and `issued_at`. It is kept by
whoever asked and by nobody else: anybody can check it against the published keys, also years later. Checking one here
says beside that what has changed since, without repeating anything of a record that is no longer public.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from models import Operator, PublicFinding
from registry.clock import BEIJING
from registry.ledger.canonical import canonical
from registry.queries import public_findings
from registry.queries.operators import OperatorNotFound
from registry.queries.public_operators import get_public_operator
from registry.reports.numbering import new_report_no
from registry.services.admission import Admission
from registry.signing_keys import SigningKeys

KIND = "status-receipt"  # `typ` of the JWS
LONGEST = 1 << 16
"""Characters of a receipt that is looked at; the longest of ours, with a hundred findings, stay below."""

_OWN = ("uscc", "registration_no", "name", "former_names", "kind", "registration_status")
_OF_DATA = ("code", "title", "authority", "decision_no", "decided_on", "legal_basis", "rule_set", "measures")


class Verdict(StrEnum):
    """What can be said of a receipt."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """A verdict on a receipt of ours, whose signed members are `told`, and the records that differ today.

    `appeared` and `altered` are public now; of those that are no longer, only the number is said.
    """

    verdict: Verdict
    told: dict[str, Any] = field(default_factory=dict)
    operator: Operator | None = None
    own: tuple[str, ...] = ()
    appeared: tuple[PublicFinding, ...] = ()
    altered: tuple[PublicFinding, ...] = ()
    ended: int = 0


def sign(told: Mapping[str, Any], admitted: Admission, purpose: str | None, keys: SigningKeys) -> str:
    """The receipt of what a client is told now; `told` is the whole answer without `receipt`."""
    added = {
        "receipt_no": new_report_no(admitted.at),
        "client": admitted.client_name,
        "purpose": purpose,
        "issued_at": admitted.at.astimezone(BEIJING).isoformat(),
    }
    return keys.sign(canonical({**told, **added}), kind=KIND)


def check(token: str, keys: SigningKeys, at: datetime) -> ReceiptCheck:
    """Whether a receipt is ours, and what the public sees otherwise at this moment."""
    payload = keys.verify("".join(token.split()), kind=KIND) if len(token) <= LONGEST else None
    if payload is None:
        return ReceiptCheck(Verdict.NOT_OURS)
    told: dict[str, Any] = orjson.loads(payload)
    try:
        operator = get_public_operator(told.get("uscc") or told.get("registration_no") or told["id"])
    except OperatorNotFound:
        return ReceiptCheck(Verdict.CHANGED if "findings" in told else Verdict.UNCHANGED, told)
    if "findings" not in told:  # there was none then
        return ReceiptCheck(Verdict.CHANGED, told, operator)
    shown = public_findings.findings_of(operator.id, at.astimezone(BEIJING).date())
    return _compared(told, operator, shown)


def _compared(told: dict[str, Any], operator: Operator, shown: Iterable[PublicFinding]) -> ReceiptCheck:
    held = {(each["record_id"], each["type"]): each for each in told["findings"]}
    appeared, altered = [], []
    for finding in shown:
        then = held.pop((finding.record_id, finding.type.value), None)
        if then is None:
            appeared.append(finding)
        elif any(then[name] != value for name, value in _members_of(finding).items()):
            altered.append(finding)
    own = tuple(name for name, value in _own_members(operator).items() if told[name] != value)
    changed = bool(own or appeared or altered or held)
    verdict = Verdict.CHANGED if changed else Verdict.UNCHANGED
    return ReceiptCheck(verdict, told, operator, own, tuple(appeared), tuple(altered), len(held))


def _own_members(operator: Operator) -> dict[str, Any]:
    values = {name: getattr(operator, name) for name in _OWN}
    return {
        **values,
        "former_names": [each.name for each in operator.former_names],
        "kind": operator.kind.value,
        "registration_status": operator.registration_status.value,
    }


def _members_of(finding: PublicFinding) -> dict[str, Any]:
    """A finding as the status object tells it, less its address."""
    until = finding.public_until
    return {
        "level": finding.level.value,
        "public_from": finding.public_from.isoformat(),
        "public_until": until and until.isoformat(),
        "under_objection": finding.data["under_objection"],
        **{name: finding.data[name] for name in _OF_DATA},
    }
