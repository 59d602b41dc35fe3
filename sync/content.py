"""What a message says, checked by its resource: all faults that apply (exchange.md 2 and 4)."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from registry.rules import masking
from registry.rules.calendar import add_months
from registry.rules.operator import OperatorKind, PartyCategory, PresenceType, RegistrationStatus
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Basis, RuleSet, UnknownRuleSet, get
from sync.decisions import check_licence, check_penalty
from sync.faults import Fault
from sync.identity import PREFIXES, check_code, check_organ_code, check_subject
from sync.message import RESOURCES, Message
from sync.reading import Reading, day_of

OPERATIONS = frozenset({"publish", "hold", "end_publicity", "withdraw"})
LISTS = frozenset({"abnormal_listing", "household_mark", "violation_listing"})
_RESTRICTING = {PenaltyKind.RESTRICTION_OF_BUSINESS, PenaltyKind.RESTRICTION_OF_OCCUPATION}
_LAST_YEAR = 9_900  # a period from later on would leave the calendar
_KINDS = frozenset(each.value for each in OperatorKind)
_STATUSES = frozenset(each.value for each in RegistrationStatus)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_IDENTITY = tuple(
    f"{prefix}{name}"
    for prefix in PREFIXES.values()
    for name in ("XDR_ZJLX", "XDR_ZJHM", "FR_ZJLX", "FR_ZJHM", "FR_SFZH")
)
_CODES = re.compile(r"uscc|registration_no|decision_no|icp_no|.*_(SHXYM|GSZC|ZZJG|SWDJ|SYDW|SHZZ|WSH|XKBH|\w*DM)")
_LONGEST_NAME = 64  # of a code; a peer may send any names, and those that were looked at are remembered
_ADDRESS = re.compile(r"(.*_)?(address|phone|mobile|telephone|tel)|.*(住址|地址|电话|手机号?)")


def content_faults(message: Message, today: date) -> list[Fault]:
    """Everything that is wrong with a `publish` or `hold` of sound form; `today` is the receiver's Beijing day."""
    reading = Reading(message, today)
    if reading.resource not in RESOURCES:
        reading.note("field_unknown_value", "resource", "The resource is not known here.")
    if reading.operation not in OPERATIONS:
        reading.note("field_unknown_value", "operation", "The operation is not known here.")
    check_subject(reading)
    kinds: list[PenaltyKind] = []
    match reading.resource:
        case "administrative_penalty":
            kinds = check_penalty(reading)
        case "administrative_licence":
            check_licence(reading)
        case "operator":
            _check_operator(reading)
        case "inspection_result":
            reading.day("inspected_on", past=True)
            _check_authority(reading, "authority")
        case "commitment":
            reading.in_order("valid_until", reading.day("committed_on", past=True), reading.day("valid_until"))
        case resource if resource in LISTS:
            _check_listing(reading)
    if reading.is_publish:
        _check_publicity(reading, kinds)
        _check_personal(reading)
    return reading.faults


def _check_listing(reading: Reading) -> None:
    reading.day("decided_on", past=True)
    reading.in_order("removed_on", reading.day("listed_on", past=True), reading.day("removed_on", past=True))
    for name in ("reason_code", "reason", "legal_basis", "decision_no", "removal_reason"):
        reading.text(name)
    year = reading.text("report_year")
    if year is not None and _YEAR.fullmatch(year) is None:
        reading.note("field_format", "report_year", "A year has four digits.")
    _check_authority(reading, "authority")
    measures = reading.data.get("measures")
    if measures is not None and not (isinstance(measures, list) and all(isinstance(each, dict) for each in measures)):
        reading.note("field_format", "measures", "It is no list of objects.")


def _check_operator(reading: Reading) -> None:
    kind = _word(reading, "kind", _KINDS)
    _word(reading, "registration_status", _STATUSES)
    if kind is not None:
        category = {
            OperatorKind.HOUSEHOLD: PartyCategory.HOUSEHOLD, OperatorKind.NATURAL_PERSON: PartyCategory.NATURAL_PERSON,
        }.get(OperatorKind(kind), PartyCategory.ORGANISATION)  # fmt: skip
        if reading.subject.get("category") != category.value:
            reading.note("category_identity", "kind", "The subject is of another category.")
    reading.day("established_on", past=True)
    _check_authority(reading, "registrar")
    check_code(reading, "successor", reading.text("successor"))
    names = reading.data.get("former_names")
    if names is not None and not (isinstance(names, list) and all(isinstance(each, str) for each in names)):
        reading.note("field_format", "former_names", "It is no list of texts.")
    presences = reading.data.get("online_presences")
    if presences is None:
        return
    if not isinstance(presences, list) or not all(_is_presence(each) for each in presences):
        reading.note("field_format", "online_presences", "It is no list of objects of texts.")
    elif any(each.get("type") not in list(PresenceType) for each in presences):
        reading.note("field_unknown_value", "online_presences", "A type of presence is not known here.")


def _is_presence(value: Any) -> bool:
    return isinstance(value, dict) and all(
        value.get(name) is None or isinstance(value[name], str)
        for name in ("type", "name", "url", "platform", "icp_no")
    )


def _word(reading: Reading, name: str, known: Collection[str]) -> str | None:
    value = reading.text(name)
    if value is not None and value not in known:
        reading.note("field_unknown_value", name, "The word is not known here.")
        return None
    return value


def _check_authority(reading: Reading, name: str) -> None:
    value = reading.data.get(name)
    if value is None:
        return
    if not isinstance(value, dict) or not all(isinstance(value.get(key) or "", str) for key in ("uscc", "name")):
        reading.note("field_format", name, "It is no object with code and name.")
        return
    check_organ_code(reading, name, value.get("uscc"))


def _check_publicity(reading: Reading, kinds: list[PenaltyKind]) -> None:
    """Interval and its length; what has no publicity by its resource has none."""
    publicity = reading.publicity
    if publicity is None:
        if reading.resource in RESOURCES - {"operator", "feedback"}:
            reading.note("field_missing", "publicity", "What is published has its publicity.")
        return
    if publicity.get("basis") not in (None, "", *(basis.value for basis in Basis)):
        reading.note("field_unknown_value", "publicity.basis", "It is neither decision_date nor publication_date.")
    starts, ends = publicity.get("from"), publicity.get("until")
    if not starts:
        reading.note("field_missing", "publicity.from", "It is mandatory.")
    first = reading.checked_day("publicity.from", starts) if starts else None
    until = reading.checked_day("publicity.until", ends) if ends else None
    reading.in_order("publicity.until", first, until, strictly=True)
    longest = latest_until(reading.members, kinds)
    if until is not None and longest is not None and until > longest:
        reading.note("publicity_too_long", "publicity.until", f"The rule set allows no day after {longest}.")


def latest_until(members: dict[str, Any], kinds: list[PenaltyKind]) -> date | None:
    """The latest end of publicity that the named rule set allows; None where it sets none, or is not known here.

    The class of a penalty is not on the wire, so the longest period counts. A restriction that runs longer is shown to
    its end (市场监督管理行政处罚信息公示规定 art. 13): of a penalty CF_YXQ, of a listing `restriction_until`.
    """
    publicity, data, resource = members["publicity"], members["data"], members["resource"]
    rule_set = _rule_set(publicity.get("rule_set"))
    if rule_set is None:
        return None
    if resource == "administrative_penalty":
        rules = rule_set.penalties
        by_decision = publicity.get("basis") == Basis.DECISION.value
        basis_on = day_of(data.get("CF_JDRQ") if by_decision else publicity.get("from"))
        months = max(period.longest for period in (rules.minor, rules.general, rules.serious) if period is not None)
        restricted_to = day_of(data.get("CF_YXQ")) if _RESTRICTING & set(kinds) else None
    elif resource == "violation_listing":
        basis_on = day_of(data.get("listed_on") or publicity.get("from"))
        months = rule_set.listings.violation_months
        restricted_to = day_of(data.get("restriction_until"))
    else:
        return None
    if basis_on is None or basis_on.year > _LAST_YEAR:
        return None
    return max(filter(None, (add_months(basis_on, months), restricted_to)))


def _rule_set(name: Any) -> RuleSet | None:
    try:
        return get(name)
    except UnknownRuleSet:
        return None


def _check_personal(reading: Reading) -> None:
    """Nothing that identifies a person beyond its name may become public (个人信息保护法 art. 28; exchange.md 2)."""
    data = reading.data
    found = [name for name in _IDENTITY if data.get(name)]
    person = reading.subject.get("category") == PartyCategory.NATURAL_PERSON.value
    if person or not all(value is None or type(value) is str for value in data.values()) or _may_name_person(data):
        for name, value in data.items():
            if name in found or not value:
                continue
            if _names_person(name, value) or (person and _ADDRESS.fullmatch(name)):
                found.append(name)
    for name in found:
        reading.note("person_data_public", name, "A message for the public holds data of a person.")
    if masking.names_person_data(reading.subject.get("name") or ""):
        reading.note("person_data_public", "subject.name", "A message for the public holds data of a person.")


def _may_name_person(data: dict[str, str | None]) -> bool:
    """A quick look at all texts at once, which nearly always ends it."""
    return masking.may_name_person_data("\n".join([v for name, v in data.items() if v and not _is_code(name)]))


def _is_code(name: str) -> bool:
    return len(name) <= _LONGEST_NAME and _matches_code(name)


@lru_cache(1024)
def _matches_code(name: str) -> bool:
    return _CODES.fullmatch(name) is not None


def _names_person(name: str, value: Any) -> bool:
    """Whether any text below a member names a person otherwise than by name; codes and numbers of documents do not."""
    if isinstance(value, str):
        return not _is_code(name) and masking.names_person_data(value)
    if isinstance(value, dict):
        return any(_names_person(key, inner) for key, inner in value.items())
    return isinstance(value, list) and any(_names_person(name, inner) for inner in value)
