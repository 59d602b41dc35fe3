"""What the end of a record does to its columns: why, since when, and, in a tombstone, that nothing is said any more."""

from datetime import datetime
from typing import Any

from registry.clock import BEIJING
from registry.rules.record import EndReason, RecordState
from sync.message import Message
from sync.reading import day_of

STATEMENTS = {
    EndReason.DECISION_REVOKED: "原决定已被变更、撤销、确认违法或者确认无效",
    EndReason.CORRECTED: "信息有误，已由来源单位更正撤回",
}
_OTHER_STATEMENT = "来源单位已撤回该信息"
"""What the public is told of a withdrawal, whose message carries a code only (行政处罚法 art. 48)."""

_BLANK: dict[str, Any] = {
    "unlawful_act": "",
    "facts": "",
    "legal_basis": "",
    "kinds": ["other"],
    "kinds_printed": "",
    "content": "",
    "fine": None,
    "confiscated": None,
    "licence_affected": None,
    "valid_until": None,
    "declared_until": None,
    "restriction_until": None,
    "severity": None,
    "party_codes": {},
    "legal_representative": None,
    "remark": None,
    "document_title": "",
    "licence_kind": "",
    "certificate_name": None,
    "reason_text": "",
    "removal_reason": None,
    "removal_decision_no": None,
    "measures": [],
}
"""Facts, blank. Who decided, under which number and about whom stays, so that the record can still be told apart."""


def end_verb(message: Message) -> str:
    """The verb of the ledger entry."""
    if message.members["operation"] == "withdraw":
        return "withdrawn"
    return "shielded" if message.members["reason"] == EndReason.SHIELDED.value else "ended"


def end_columns(message: Message, standing: dict[str, Any]) -> dict[str, Any]:
    """Columns of a record after its end, from those that stand. A reason that is not known here counts as `other`."""
    members = message.members
    named = members["reason"]
    reason = EndReason(named) if named in {each.value for each in EndReason} else EndReason.OTHER
    withdrawn = members["operation"] == "withdraw"
    hidden = RecordState.SHIELDED if reason is EndReason.SHIELDED else RecordState.ENDED
    state = RecordState.WITHDRAWN if withdrawn else hidden
    columns = dict(standing)
    if message.is_tombstone:
        columns |= {name: value for name, value in _BLANK.items() if name in columns and _may_be(name, columns)}
    elif "removed_on" in columns:
        removed_on = day_of(members["data"].get("removed_on"))
        if removed_on is not None and removed_on >= columns["listed_on"]:
            columns["removed_on"] = removed_on
    return columns | {
        "state": state.value,
        "end_reason": reason.value,
        "end_statement": STATEMENTS.get(reason, _OTHER_STATEMENT) if withdrawn else None,
        "ended_on": datetime.fromisoformat(members["recorded_at"].upper()).astimezone(BEIJING).date(),
    }


def _may_be(name: str, columns: dict[str, Any]) -> bool:
    """A licence's validity is part of its key in law and has no blank; facts of a listing are null, not empty."""
    return not (name == "valid_until" and "valid_from" in columns) and not (name == "facts" and "listed_on" in columns)
