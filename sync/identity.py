"""Whom a message is about: category, codes and their agreement with the standard's members (standards.md 1.3, 1.5).

`party_key` names a party in natural keys: its code, else its registration number, else its person key.
"""

import re
from typing import Any

from registry.rules import uscc
from registry.rules.operator import PartyCategory
from registry.rules.uscc import UsccFault
from sync.reading import Reading

CATEGORIES = {
    "法人及非法人组织": PartyCategory.ORGANISATION.value,
    "个体工商户": PartyCategory.HOUSEHOLD.value,
    "自然人": PartyCategory.NATURAL_PERSON.value,
}
"""行政相对人类别 as the standard prints it, and as `subject.category` names it."""

PREFIXES = {"administrative_penalty": "CF_", "administrative_licence": "XK_"}
_OTHER_CODES = ("XDR_ZZJG", "XDR_SWDJ", "XDR_SYDW", "XDR_SHZZ")
_DOCUMENT = ("XDR_ZJLX", "XDR_ZJHM")
_REPRESENTATIVE = ("FRDB", "FR_ZJLX", "FR_ZJHM", "FR_SFZH")
_MUST_BE_EMPTY = {
    PartyCategory.ORGANISATION.value: _DOCUMENT,
    PartyCategory.HOUSEHOLD.value: (*_DOCUMENT, "XDR_SYDW", "XDR_SHZZ"),
    PartyCategory.NATURAL_PERSON.value: ("XDR_SHXYM", "XDR_GSZC", *_OTHER_CODES, *_REPRESENTATIVE),
}
_CODE = re.compile(r"[0-9A-Z]{18}")
_REGION = re.compile(r"[0-9]{6}")
_PERSON_KEY = re.compile(r"[0-9a-f]{64}")


def party_key(subject: dict[str, Any]) -> str | None:
    """Who a subject is, in natural keys; None where it says nothing that could tell."""
    if subject.get("uscc"):
        return str(subject["uscc"])
    if subject.get("registration_no"):
        return f"reg:{subject['registration_no']}"
    return f"person:{subject['person_key']}" if subject.get("person_key") else None


def check_subject(reading: Reading) -> None:
    """Note what is wrong with the subject, and where it disagrees with the members of a penalty or licence."""
    subject, category = reading.subject, reading.subject.get("category")
    if category not in _MUST_BE_EMPTY:
        code = "field_unknown_value" if category else "field_missing"
        reading.note(code, "subject.category", "It is none of organisation, household, natural_person.")
    if not subject.get("name"):
        reading.note("field_missing", "subject.name", "It is mandatory.")
    _check_region(reading, category)
    key = subject.get("person_key")
    if key and _PERSON_KEY.fullmatch(key) is None:
        reading.note("field_format", "subject.person_key", "It is no HMAC-SHA-256 in hex.")
    prefix = PREFIXES.get(reading.resource)
    if prefix is None:
        check_code(reading, "subject.uscc", subject.get("uscc"))
        _check_plain(reading, category)
    else:
        _check_party(reading, category, prefix)


def check_code(reading: Reading, field: str, code: str | None) -> None:
    """Note a code that is none. A wrong check character is let through with a reason in `uscc_doubt`."""
    if not code:
        return
    if _CODE.fullmatch(code) is None:
        reading.note("field_format", field, "A code has 18 digits and capital letters.")
        return
    fault = uscc.fault(code)
    doubted = fault is UsccFault.CHECK_CHARACTER and reading.subject.get("uscc_doubt")
    if fault is not None and not doubted:
        reading.note("uscc_check", field, "The code does not pass the check of GB 32100.")


def check_organ_code(reading: Reading, field: str, code: str | None) -> None:
    """Note a code of an authority or source that cannot be one; old ones fail the check and stay."""
    if code and _CODE.fullmatch(code) is None:
        reading.note("field_format", field, "A code has 18 digits and capital letters.")


def _check_region(reading: Reading, category: Any) -> None:
    region = reading.subject.get("region")
    if not region:
        if category != PartyCategory.NATURAL_PERSON.value:
            reading.note("field_missing", "subject.region", "It is mandatory but for persons.")
    elif _REGION.fullmatch(region) is None:
        reading.note("field_format", "subject.region", "A region has six digits.")


def _check_plain(reading: Reading, category: Any) -> None:
    """Category against identifiers where the message has no members of the standard."""
    subject = reading.subject
    code, number, key = subject.get("uscc"), subject.get("registration_no"), subject.get("person_key")
    match category:
        case PartyCategory.NATURAL_PERSON.value:
            if code:
                _disagrees(reading, "subject.uscc", "A person has no code.")
            if not key:
                _disagrees(reading, "subject.person_key", "A person is named by its key.")
        case PartyCategory.ORGANISATION.value:
            if not code and not number:
                _disagrees(reading, "subject.uscc", "An organisation is named by its code.")
        case PartyCategory.HOUSEHOLD.value:
            if not code and not number:
                _without_number(reading, "subject.registration_no")
    if key and category in {PartyCategory.ORGANISATION.value, PartyCategory.HOUSEHOLD.value}:
        _disagrees(reading, "subject.person_key", "Only a person has a key.")
    if code and category in _MUST_BE_EMPTY:
        _check_prefix(reading, "subject.uscc", code, category)


def _check_party(reading: Reading, category: Any, prefix: str) -> None:
    """The reject matrix of standards.md 1.5, and the agreement of subject and members."""
    subject = reading.subject
    printed = reading.text(f"{prefix}XDR_LB")
    if printed is not None:
        named = CATEGORIES.get(printed)
        if named is None:
            reading.note("field_unknown_value", f"{prefix}XDR_LB", "It is none of the three categories.")
        elif named != category:
            _disagrees(reading, "subject.category", f"{prefix}XDR_LB says another category.")
    for name in _MUST_BE_EMPTY.get(category, ()):
        if reading.text(f"{prefix}{name}") is not None:
            _disagrees(reading, f"{prefix}{name}", "It must be empty in this category.")
    code = reading.text(f"{prefix}XDR_SHXYM")
    number = reading.text(f"{prefix}XDR_GSZC")
    placeholder = code == uscc.PLACEHOLDER
    if category == PartyCategory.NATURAL_PERSON.value:
        _check_person(reading, prefix)
    elif category in _MUST_BE_EMPTY:
        household = category == PartyCategory.HOUSEHOLD.value
        if placeholder and not household:
            _disagrees(reading, f"{prefix}XDR_SHXYM", "Only a household may have the placeholder.")
        elif placeholder or (household and code is None and number is None):
            if number is None:
                _without_number(reading, f"{prefix}XDR_GSZC")
        elif code is None and not household:
            _disagrees(reading, f"{prefix}XDR_SHXYM", "It must be filled in this category.")
        elif code is not None:
            check_code(reading, f"{prefix}XDR_SHXYM", code)
            _check_prefix(reading, f"{prefix}XDR_SHXYM", code, category)
        if subject.get("person_key"):
            _disagrees(reading, "subject.person_key", "Only a person has a key.")
    _check_agreement(reading, prefix, None if placeholder else code, number)


def _check_person(reading: Reading, prefix: str) -> None:
    """In a publish a person is named by its key; in a hold by its document, as the standard has it."""
    if reading.is_publish:
        if not reading.subject.get("person_key"):
            _disagrees(reading, "subject.person_key", "A person is named by its key.")
        return
    for name in _DOCUMENT:
        if reading.text(f"{prefix}{name}") is None:
            _disagrees(reading, f"{prefix}{name}", "It must be filled in this category.")


def _check_agreement(reading: Reading, prefix: str, code: str | None, number: str | None) -> None:
    subject = reading.subject
    pairs = (
        ("uscc", f"{prefix}XDR_SHXYM", code),
        ("registration_no", f"{prefix}XDR_GSZC", number),
        ("name", f"{prefix}XDR_MC", reading.text(f"{prefix}XDR_MC")),
    )
    for name, member, value in pairs:
        stated = subject.get(name) or None
        if name == "uscc" and stated != value:
            _disagrees(reading, "subject.uscc", f"{member} says another one.")
        elif stated is not None and value is not None and stated != value:
            _disagrees(reading, f"subject.{name}", f"{member} says another one.")


def _check_prefix(reading: Reading, field: str, code: str, category: str) -> None:
    """A code that begins with 92 is a household's, any other an organisation's, none a person's."""
    if category != PartyCategory.NATURAL_PERSON.value and code.startswith("92") is not (
        category == PartyCategory.HOUSEHOLD.value
    ):
        _disagrees(reading, field, "The code belongs to another category.")


def _without_number(reading: Reading, field: str) -> None:
    reading.note("placeholder_without_registration_no", field, "Without a code the registration number is mandatory.")


def _disagrees(reading: Reading, field: str, message: str) -> None:
    reading.note("category_identity", field, message)
