"""The form of a message (code `schema`): every member there, of its type, identifiers well made (exchange.md 2).

Words that are not known, dates and codes that are none are no matter of form: an end of publicity is never refused for them.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from registry.clock import BEIJING
from sync.faults import Fault
from sync.message import ENDS, LARGEST, TOMBSTONES, Message

MEMBERS = (
    "message_id", "origin", "resource", "record_id", "revision", "operation", "reason", "subject", "publicity", "data",
    "source", "recorded_at", "digest",
)  # fmt: skip
_SUBJECT = ("category", "region", "uscc", "uscc_doubt", "registration_no", "name", "person_key")
_PUBLICITY = ("rule_set", "basis", "from", "until")
_SOURCE = ("uscc", "name")
_NEVER_PUBLIC = frozenset({"operator", "feedback"})

_NODE = re.compile(r"[0-9]{6}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MESSAGE_ID = re.compile(r"[0-9]{6}\.[0-9a-f]{8}\.[0-9]{1,19}")
RECORD_ID = re.compile(r"[0-9]{6}\.[a-z][a-z0-9_]{0,63}\.[A-Za-z0-9_-]{1,64}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)")


def form_faults(message: Message) -> list[Fault]:
    """What is wrong with the form; an empty list for a message whose members can be relied on."""
    if message.irregular is not None:
        return [_fault("", f"The message is no I-JSON: {message.irregular}.")]
    members = message.members
    missing = [name for name in MEMBERS if name not in members]
    if missing:
        return [_fault(name, "The member is missing.") for name in missing]
    faults = [_fault(name, words) for name, (fits, words) in _FITS.items() if not fits(members[name])]
    if not faults:
        faults = [*_identifiers(members), *_dependent(members)]
    return faults


def _identifiers(members: dict[str, Any]) -> list[Fault]:
    faults = []
    if not members["record_id"].startswith(f"{members['origin']}.{members['resource']}."):
        faults.append(_fault("record_id", "The record belongs to another origin or resource."))
    if not members["message_id"].startswith(f"{members['origin']}."):
        faults.append(_fault("message_id", "The message names another origin."))
    return faults


def _dependent(members: dict[str, Any]) -> list[Fault]:
    """What depends on operation and reason."""
    faults = []
    operation, reason, data = members["operation"], members["reason"], members["data"]
    if operation in ENDS and reason is None:
        faults.append(_fault("reason", "An end needs a reason."))
    if operation in {"publish", "hold"} and reason is not None:
        faults.append(_fault("reason", "Only an end has a reason."))
    if members["publicity"] is not None and (operation == "hold" or members["resource"] in _NEVER_PUBLIC):
        faults.append(_fault("publicity", "What is not published has no publicity."))
    tombstone = operation == "withdraw" or (operation == "end_publicity" and reason in TOMBSTONES)
    if tombstone and data:
        faults.append(_fault("data", "A record that was repaired, shielded or withdrawn has no data."))
    faults += [_fault(name, "Numbers are not used inside data.") for name, value in data.items() if _has_number(value)]
    return faults


def _has_number(value: Any) -> bool:
    if value is None or isinstance(value, str | bool):
        return False
    if isinstance(value, dict):
        return any(_has_number(inner) for inner in value.values())
    if isinstance(value, list):
        return any(_has_number(inner) for inner in value)
    return True


def _text(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _texts_or_null(names: tuple[str, ...]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        return isinstance(value, dict) and all(
            value.get(name) is None or isinstance(value[name], str) for name in names
        )

    return fits


def is_moment(value: Any) -> bool:
    """Whether a value is an RFC 3339 moment with an offset."""
    if not isinstance(value, str) or _MOMENT.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value.upper()).astimezone(BEIJING)
    except (ValueError, OverflowError):
        return False
    return True


def _is_revision(value: Any) -> bool:
    return type(value) is int and 1 <= value <= LARGEST


_is_word = _text(_WORD)
_publicity_fits = _texts_or_null(_PUBLICITY)
_FITS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "message_id": (_text(_MESSAGE_ID), "It is no message id."),
    "origin": (_text(_NODE), "It is no node."),
    "resource": (_text(_WORD), "It is no word."),
    "record_id": (_text(RECORD_ID), "It is no record id."),
    "revision": (_is_revision, "It is no whole number from 1 to 2^53 - 1."),
    "operation": (lambda value: isinstance(value, str), "It is no text."),
    "reason": (lambda value: value is None or _is_word(value), "It is neither a word nor null."),
    "subject": (_texts_or_null(_SUBJECT), "It is no object of texts."),
    "publicity": (lambda value: value is None or _publicity_fits(value), "It is neither an object of texts nor null."),
    "data": (lambda value: isinstance(value, dict), "It is no object."),
    "source": (_texts_or_null(_SOURCE), "It is no object of texts."),
    "recorded_at": (is_moment, "It is no moment with an offset (RFC 3339)."),
    "digest": (_text(_DIGEST), "It is no digest."),
}


def _fault(field: str, message: str) -> Fault:
    return Fault("schema", field, message)
