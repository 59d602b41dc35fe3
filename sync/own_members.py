"""From a record of ours to the members of its message (exchange.md 2): pure but for the vault that opens documents.

What the public may see goes as `publish`, what it may not as `hold`; what is only being decided is not sent at all. A
`publish` holds no identity number, telephone or home address of anybody; in a `hold` a person is named by its document,
as standards.md 1.5 has it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from registry.clock import BEIJING
from registry.rules import amounts
from registry.rules.operator import OperatorKind
from registry.rules.record import EndReason, RecordState
from registry.services.personal_values import PersonalValueGone
from sync.message import TOMBSTONES, digest_of
from sync.own_parties import OwnNode, Row, Speaking, category_of, day, party, region_of


def members_of(resource: str, row: Row, own: OwnNode) -> dict[str, Any] | None:
    """All members, `digest` too; None for a record that is nobody else's business yet, or cannot be named any more."""
    said = _operation(resource, row)
    if said is None:
        return None
    operation, reason = said
    speaking = Speaking(row, own, operation)
    try:
        subject, data, source = _SPOKEN[resource](speaking)
    except PersonalValueGone:  # erased: there is no document left to name the person by
        return None
    members = {
        "message_id": f"{own.node}.{own.epoch[:8]}.{row['seq']}",
        "origin": own.node,
        "resource": resource,
        "record_id": row["record_id"],
        "revision": row["revision"],
        "operation": operation,
        "reason": reason,
        "subject": subject,
        "publicity": None if operation == "hold" or resource == "operator" else _publicity(row),
        "data": {} if operation == "withdraw" or reason in TOMBSTONES else _without_nulls(data),
        "source": source,
        "recorded_at": _moment(row["entered_at"]),
    }
    return members | {"digest": digest_of(members)}


def _operation(resource: str, row: Row) -> tuple[str, str | None] | None:
    if resource == "operator":
        return ("hold" if row["kind"] == OperatorKind.NATURAL_PERSON else "publish"), None
    reason = row["end_reason"]
    match RecordState(row["state"]):
        case RecordState.PENDING:
            return None
        case RecordState.NOT_PUBLISHABLE:
            return "hold", None
        case RecordState.IN_FORCE:
            return "publish", None
        case RecordState.WITHDRAWN:
            return "withdraw", reason or EndReason.OTHER.value
        case RecordState.SHIELDED:
            return "end_publicity", EndReason.SHIELDED.value
        case RecordState.ENDED:
            return "end_publicity", reason or EndReason.OTHER.value


def _publicity(row: Row) -> dict[str, Any]:
    return {
        "rule_set": row["rule_set"],
        "basis": row["period_basis"],
        "from": day(row["public_from"]),
        "until": day(row["public_until"]),
    }


def _operator(speaking: Speaking) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    row, own = speaking.row, speaking.own
    person = row["kind"] == OperatorKind.NATURAL_PERSON
    subject = {
        "category": category_of(row["kind"]),
        "region": region_of(row["region"], own, person=person),
        "uscc": row["uscc"],
        "uscc_doubt": row["uscc_doubt"],
        "registration_no": row["registration_no"],
        "name": speaking.cleaned(row["name"]),
        "person_key": row["person_key"],
    }
    registrar = {"uscc": None, "name": row["registrar_name"]}
    data = {
        "kind": row["kind"],
        "registration_status": row["registration_status"],
        "status_on": day(row["status_on"]),
        "former_names": [speaking.cleaned(name) for name in row["former_names"]],
        "region": subject["region"],
        "industry": speaking.free("industry"),
        "responsible_person": speaking.free("responsible_person"),
        "established_on": day(row["established_on"]),
        "registrar": registrar if row["registrar_name"] else None,
        "successor": row["successor_uscc"],
        "online_presences": [
            {name: speaking.cleaned(value) for name, value in each.items()} for each in row["online_presences"]
        ],
    }
    return subject, data, {"uscc": None, "name": row["registrar_name"] or own.issuer}


def _penalty(speaking: Speaking) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    row = speaking.row
    subject, named = party(speaking, "administrative_penalty")
    ends = row["declared_until"] or row["public_until"]
    data = named | {
        "CF_WSH": row["document_no"],
        "CF_WFXW": speaking.free("unlawful_act"),
        "CF_SY": speaking.free("facts"),
        "CF_YJ": speaking.free("legal_basis"),
        "CF_CFLB": row["kinds_printed"],
        "CF_NR": speaking.free("content"),
        "CF_NR_FK": _wan(row["fine"]),
        "CF_NR_WFFF": _wan(row["confiscated"]),
        "CF_NR_ZKDX": speaking.free("licence_affected"),
        "CF_JDRQ": day(row["decided_on"]),
        "CF_YXQ": day(row["valid_until"] or row["restriction_until"]),
        "CF_GSJZQ": day(ends) if ends and ends > row["decided_on"] else None,
        "CF_CFJG": row["authority_name"],
        "CF_CFJGDM": row["authority_uscc"],
        "CF_SJLY": row["source_name"],
        "CF_SJLYDM": row["source_uscc"],
        "BZ": speaking.free("remark"),
    }
    return subject, data, {"uscc": row["source_uscc"], "name": row["source_name"]}


def _licence(speaking: Speaking) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    row = speaking.row
    subject, named = party(speaking, "administrative_licence")
    data = named | {
        "XK_XKWS": speaking.free("document_title"),
        "XK_WSH": row["document_no"],
        "XK_XKLB": row["licence_kind"],
        "XK_XKZS": speaking.free("certificate_name"),
        "XK_XKBH": row["licence_no"],
        "XK_NR": speaking.free("content"),
        "XK_JDRQ": day(row["decided_on"]),
        "XK_YXQZ": day(row["valid_from"]),
        "XK_YXQZI": day(row["valid_until"]),
        "XK_XKJG": row["authority_name"],
        "XK_XKJGDM": row["authority_uscc"],
        "XK_ZT": row["current_status"],
        "XK_LYDW": row["source_name"],
        "XK_LYDWDM": row["source_uscc"],
        "BZ": speaking.free("remark"),
    }
    return subject, data, {"uscc": row["source_uscc"], "name": row["source_name"]}


def _registered(speaking: Speaking) -> dict[str, Any]:
    """The subject of a record that names its party by the register, not in words of its own."""
    row, own = speaking.row, speaking.own
    person = row["operator_kind"] == OperatorKind.NATURAL_PERSON
    return {
        "category": category_of(row["operator_kind"]),
        "region": region_of(row["operator_region"], own, person=person),
        "uscc": row["operator_uscc"],
        "uscc_doubt": row["uscc_doubt"],
        "registration_no": row["operator_registration_no"],
        "name": speaking.cleaned(row["operator_name"]),
        "person_key": row["person_key"],
    }


def _inspection(speaking: Speaking) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    row = speaking.row
    authority = {"uscc": row["authority_uscc"], "name": row["authority_name"]}
    data = {
        "kind": row["kind"],
        "task": speaking.free("task"),
        "inspected_on": day(row["inspected_on"]),
        "completed_on": day(row["completed_on"]),
        "result_code": row["result_code"],
        "result": speaking.free("result"),
        "authority": authority,
        "linked_record_id": row["linked_record_id"],
    }
    return _registered(speaking), data, authority


def _listing(speaking: Speaking) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    row = speaking.row
    authority = {"uscc": row["authority_uscc"], "name": row["authority_name"]}
    year, measures = row.get("report_year"), row.get("measures")
    data = {
        "reason_code": row["reason"],
        "reason": speaking.free("reason_text"),
        "report_year": None if year is None else str(year),
        "legal_basis": speaking.free("legal_basis"),
        "decision_no": row.get("decision_no"),
        "decided_on": day(row.get("decided_on")),
        "authority": authority,
        "listed_on": day(row["listed_on"]),
        "removed_on": day(row["removed_on"]),
        "removal_reason": speaking.free("removal_reason"),
        "restriction_until": day(row.get("restriction_until")),
        "measures": None if measures is None else [_measure(speaking, each) for each in measures],
    }
    return _registered(speaking), data, authority


def _measure(speaking: Speaking, measure: Mapping[str, Any]) -> dict[str, Any]:
    return {name: speaking.cleaned(measure.get(name)) for name in ("code", "title", "legal_basis")}


def _wan(yuan: Any) -> str | None:
    return None if yuan is None else amounts.yuan_to_wan(yuan)


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat()


def _without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None and value != ""}


_SPOKEN: dict[str, Callable[[Speaking], tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
    "operator": _operator,
    "administrative_penalty": _penalty,
    "administrative_licence": _licence,
    "abnormal_listing": _listing,
    "household_mark": _listing,
    "violation_listing": _listing,
    "inspection_result": _inspection,
}
