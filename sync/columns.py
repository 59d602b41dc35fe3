"""What a message says, as columns of the register; where no column can hold it, why not. Pure.

The interval of a received record is the one that its message states: the rules were applied where the record is.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.rules import amounts, document_numbers, masking, penalty_kinds, uscc
from registry.rules.inspections import InspectionKind, ResultCode
from registry.rules.listing import AbnormalReason, ViolationReason
from registry.rules.local_settings import LocalSettings
from registry.rules.operator import OperatorKind, PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.publicity import severity_of
from registry.rules.record import RecordState
from registry.rules.rule_sets import Basis, Severity, UnknownRuleSet, get
from registry.services.imports.record_rows import Party
from sync.content import latest_until
from sync.identity import PREFIXES
from sync.message import Message
from sync.reading import day_of


class Unheld(Exception):
    """The register has no place for what the message says; `note` is the reason, for programs."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@dataclass(slots=True)
class Said:
    """A record as a message tells it: whom it is about, who decided (code and name), its own and derived columns."""

    party: Party
    authority: tuple[str | None, str]
    columns: dict[str, Any]
    derived: dict[str, Any] = field(default_factory=dict)


def said_by(message: Message) -> Said:
    """A `publish` or `hold` of a penalty, licence, listing, mark or result of an inspection. Unheld."""
    match message.members["resource"]:
        case "administrative_penalty":
            return _penalty(message.members)
        case "administrative_licence":
            return _licence(message.members)
        case "inspection_result":
            return _inspection(message.members)
        case resource:
            return _listing(message.members, resource)


def party_of(members: dict[str, Any]) -> Party:
    """Whom a message is about. Unheld where it names nobody that could be found again. Persons are shown masked."""
    subject, data = members["subject"], members["data"]
    person = subject["category"] == PartyCategory.NATURAL_PERSON.value
    name = masking.mask_person_name(subject["name"]) if person else subject["name"]
    code = subject.get("uscc") or None
    prefix = PREFIXES.get(members["resource"], "")
    party = Party(
        kind=_kind(subject["category"], code),
        name=name,
        uscc=code,
        uscc_doubt=subject.get("uscc_doubt") or None,
        registration_no=subject.get("registration_no") or _text(data, f"{prefix}XDR_GSZC"),
        person_key=(subject.get("person_key") or None) if person else None,
        responsible_person=None if person else _text(data, f"{prefix}FRDB"),
    )
    if not (party.uscc or party.registration_no or party.person_key):
        raise Unheld("party_unnamed")
    return party


def _kind(category: str, code: str | None) -> OperatorKind:
    if category == PartyCategory.NATURAL_PERSON.value:
        return OperatorKind.NATURAL_PERSON
    if category == PartyCategory.HOUSEHOLD.value:
        return OperatorKind.HOUSEHOLD
    return uscc.kind_of(code) if code else OperatorKind.ENTERPRISE


def _penalty(members: dict[str, Any]) -> Said:
    data, party = members["data"], party_of(members)
    decided_on = _day(data, "CF_JDRQ")
    kinds, _ = penalty_kinds.parse(data["CF_CFLB"], decided_on)
    kinds = kinds or [PenaltyKind.OTHER]
    fine, confiscated = _yuan(data, "CF_NR_FK"), _yuan(data, "CF_NR_WFFF")
    columns = {
        **_party_columns(members, party, "CF_"),
        "document_no": data["CF_WSH"],
        "source_name": data["CF_SJLY"],
        "source_uscc": data["CF_SJLYDM"],
        "unlawful_act": data["CF_WFXW"],
        "facts": data["CF_SY"],
        "legal_basis": data["CF_YJ"],
        "kinds": [kind.value for kind in kinds],
        "kinds_printed": data["CF_CFLB"],
        "content": data["CF_NR"],
        "fine": fine,
        "confiscated": confiscated,
        "licence_affected": _text(data, "CF_NR_ZKDX"),
        "decided_on": decided_on,
        "valid_until": day_of(_text(data, "CF_YXQ")),
        "declared_until": day_of(_text(data, "CF_GSJZQ")),
        "restriction_until": None,
        **publicity_columns(members, decided_on),
    }
    if columns["public_from"] is not None and columns["public_until"] is None:
        columns["public_until"] = latest_until(members, kinds)  # no penalty is public for ever
    columns["severity"] = _severity(columns, kinds)
    columns["published_on"] = columns["public_from"]
    key = document_numbers.normalise(data["CF_WSH"])
    return Said(party, (data["CF_CFJGDM"], data["CF_CFJG"]), columns, {"document_no_key": key})


def _severity(columns: dict[str, Any], kinds: list[PenaltyKind]) -> Severity | None:
    """The class that follows from the kinds under the named set; the wire has no member for one that was stated."""
    try:
        rule_set = get(columns["rule_set"])
    except UnknownRuleSet:
        return None
    return severity_of(
        kinds,
        fine=columns["fine"],
        party_category=PartyCategory(columns["party_category"]),
        summary_procedure=False,
        rule_set=rule_set,
        local=LocalSettings(),
    )


def _licence(members: dict[str, Any]) -> Said:
    data, party = members["data"], party_of(members)
    decided_on = _day(data, "XK_JDRQ")
    columns = {
        **_party_columns(members, party, "XK_"),
        "document_no": data["XK_WSH"],
        "source_name": data["XK_LYDW"],
        "source_uscc": data["XK_LYDWDM"],
        "document_title": data["XK_XKWS"],
        "licence_kind": data["XK_XKLB"],
        "certificate_name": _text(data, "XK_XKZS"),
        "licence_no": _text(data, "XK_XKBH"),
        "content": data["XK_NR"],
        "decided_on": decided_on,
        "valid_from": _day(data, "XK_YXQZ"),
        "valid_until": _day(data, "XK_YXQZI"),
        "current_status": data["XK_ZT"],
        **publicity_columns(members, decided_on),
    }
    derived = {
        "document_no_key": document_numbers.normalise(data["XK_WSH"]),
        "licence_no_key": document_numbers.normalise(columns["licence_no"] or ""),
    }
    return Said(party, (data["XK_XKJGDM"], data["XK_XKJG"]), columns, derived)


def _listing(members: dict[str, Any], resource: str) -> Said:
    data, publicity = members["data"], members["publicity"] or {}
    listed_on = day_of(_text(data, "listed_on")) or day_of(_text(data, "decided_on")) or day_of(publicity.get("from"))
    if listed_on is None:
        raise Unheld("day_missing")
    organ = _organ(data)
    columns: dict[str, Any] = {
        "reason": _reason(resource, _text(data, "reason_code")),
        "reason_text": _text(data, "reason") or "",
        "legal_basis": _text(data, "legal_basis") or "",
        "facts": None,
        "listed_on": listed_on,
        "removed_on": day_of(_text(data, "removed_on")),
        "removal_reason": _text(data, "removal_reason"),
        "removal_decision_no": None,
        **publicity_columns(members, listed_on),
    }
    if resource != "household_mark":
        columns["decision_no"] = _text(data, "decision_no") or ""
        columns["decided_on"] = day_of(_text(data, "decided_on")) or listed_on
    derived = {}
    if resource == "violation_listing":
        columns["measures"] = [_measure(each) for each in data.get("measures") or []]
        columns["restriction_until"] = day_of(_text(data, "restriction_until"))
        derived["decision_no_key"] = document_numbers.normalise(columns["decision_no"])
    else:
        year = _text(data, "report_year")
        columns["report_year"] = int(year) if year else None
    return Said(party_of(members), organ, columns, derived)


def _inspection(members: dict[str, Any]) -> Said:
    """What the page of the wire does not name, our own nodes tell beside it: `kind`, and `completed_on`."""
    data = members["data"]
    inspected_on, kind, code = day_of(_text(data, "inspected_on")), _text(data, "kind"), _text(data, "result_code")
    if inspected_on is None:
        raise Unheld("day_missing")
    if kind not in {each.value for each in InspectionKind}:
        raise Unheld("kind_unknown")
    if code not in {each.value for each in ResultCode}:
        raise Unheld("result_unknown")
    columns = {
        "kind": kind,
        "task": _text(data, "task") or "",
        "inspected_on": inspected_on,
        "completed_on": max(inspected_on, day_of(_text(data, "completed_on")) or inspected_on),
        "result_code": code,
        "result": _text(data, "result") or "",
        "linked_record_id": _text(data, "linked_record_id"),
        **publicity_columns(members, inspected_on),
    }
    return Said(party_of(members), _organ(data), columns)


def _organ(data: dict[str, Any]) -> tuple[str | None, str]:
    """Code and name of who decided. Unheld."""
    authority = data.get("authority") or {}
    name = authority.get("name") or authority.get("uscc")
    if not name:
        raise Unheld("authority_missing")
    return authority.get("uscc") or None, name


def _reason(resource: str, code: str | None) -> str:
    if resource == "violation_listing":
        known = {each.value for each in ViolationReason}
        return code if code in known else ViolationReason.OTHER.value
    if code not in {each.value for each in AbnormalReason}:
        raise Unheld("reason_unknown")  # shown from its message
    return code


def _measure(said: dict[str, Any]) -> dict[str, str]:
    return {name: str(said.get(name) or "") for name in ("code", "title", "legal_basis")}


def _party_columns(members: dict[str, Any], party: Party, prefix: str) -> dict[str, Any]:
    data = members["data"]
    codes = {
        "registration_no": party.registration_no,
        "organisation_code": _text(data, f"{prefix}XDR_ZZJG"),
        "tax_no": _text(data, f"{prefix}XDR_SWDJ"),
        "institution_no": _text(data, f"{prefix}XDR_SYDW"),
        "society_no": _text(data, f"{prefix}XDR_SHZZ"),
    }
    return {
        "party_category": members["subject"]["category"],
        "party_name": party.name,
        "party_key": party.key,
        "party_codes": {name: value for name, value in codes.items() if value},
        "legal_representative": party.responsible_person,
        "remark": _text(data, "BZ"),
        "personal": {},
    }


def publicity_columns(members: dict[str, Any], decided_on: date) -> dict[str, Any]:
    """State and interval of a record as its message tells them; `decided_on` is the basis unless it says otherwise."""
    publicity = members["publicity"] or {}
    starts = day_of(publicity.get("from"))
    basis = publicity.get("basis") or None
    return {
        "state": RecordState.IN_FORCE.value if starts else RecordState.NOT_PUBLISHABLE.value,
        "rule_set": publicity.get("rule_set") or "",
        "period_basis": basis,
        "period_basis_on": (starts if basis == Basis.PUBLICATION.value else decided_on) if basis else None,
        "public_from": starts,
        "public_until": day_of(publicity.get("until")),
        "end_reason": None,
        "end_statement": None,
        "ended_on": None,
        "under_objection": False,
    }


def _yuan(data: dict[str, Any], name: str) -> Any:
    value = _text(data, name)
    return (amounts.wan_to_yuan(value) or None) if value else None


def _day(data: dict[str, Any], name: str) -> date:
    found = day_of(_text(data, name))
    assert found is not None  # checked with the content of the message
    return found


def _text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value if isinstance(value, str) and value else None
