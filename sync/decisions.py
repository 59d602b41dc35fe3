"""What penalties and licences must say (standards.md 1.3, 1.4, 1.6, 1.7), and the key of a decision."""

import re
from typing import Any

from registry.ledger.canonical import sha256
from registry.rules import document_numbers, penalty_kinds
from registry.rules.penalty_kinds import PenaltyKind
from sync.identity import check_organ_code, party_key
from sync.message import Message
from sync.reading import Reading

PENALTY_MEMBERS = (
    "CF_XDR_MC", "CF_XDR_LB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB", "CF_NR", "CF_JDRQ", "CF_CFJG",
    "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM",
)  # fmt: skip
LICENCE_MEMBERS = (
    "XK_XDR_MC", "XK_XDR_LB", "XK_XKWS", "XK_WSH", "XK_XKLB", "XK_NR", "XK_JDRQ", "XK_YXQZ", "XK_YXQZI", "XK_XKJG",
    "XK_XKJGDM", "XK_ZT", "XK_LYDW", "XK_LYDWDM",
)  # fmt: skip
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_NOT_A_PENALTY = ("不罚", "不予")


def check_penalty(reading: Reading) -> list[PenaltyKind]:
    """Note what is wrong with a penalty; the kinds that it names."""
    reading.require(PENALTY_MEMBERS)
    decided_on = reading.day("CF_JDRQ", past=True)
    reading.in_order("CF_YXQ", decided_on, reading.day("CF_YXQ"))
    reading.in_order("CF_GSJZQ", decided_on, reading.day("CF_GSJZQ"), strictly=True)
    check_organ_code(reading, "CF_CFJGDM", reading.text("CF_CFJGDM"))
    check_organ_code(reading, "CF_SJLYDM", reading.text("CF_SJLYDM"))
    number = reading.text("CF_WSH")
    if number is not None and any(word in document_numbers.normalise(number) for word in _NOT_A_PENALTY):
        reading.note("not_a_penalty", "CF_WSH", "It is the number of a decision not to punish.")
    kinds: list[PenaltyKind] = []
    printed = reading.text("CF_CFLB")
    if printed is not None:
        kinds, unknown = penalty_kinds.parse(printed, decided_on or reading.today)
        if unknown:
            reading.note("field_unknown_value", "CF_CFLB", "It names a kind that the law does not know.")
    named = set(kinds)
    _check_amount(reading, "CF_NR_FK", demanded=PenaltyKind.FINE in named, allowed=PenaltyKind.FINE in named)
    gains = PenaltyKind.CONFISCATION_OF_GAINS in named
    _check_amount(reading, "CF_NR_WFFF", demanded=gains, allowed=gains or PenaltyKind.CONFISCATION_OF_PROPERTY in named)
    return kinds


def check_licence(reading: Reading) -> None:
    """Note what is wrong with a licence."""
    reading.require(LICENCE_MEMBERS)
    reading.day("XK_JDRQ", past=True)
    reading.in_order("XK_YXQZI", reading.day("XK_YXQZ"), reading.day("XK_YXQZI"))
    check_organ_code(reading, "XK_XKJGDM", reading.text("XK_XKJGDM"))
    check_organ_code(reading, "XK_LYDWDM", reading.text("XK_LYDWDM"))


def key_of(message: Message) -> str | None:
    """`decision_key` of a message of sound form, computed once."""
    if message.decision is None:
        message.decision = (decision_key(message.members),)
    return message.decision[0]


def decision_key(members: dict[str, Any]) -> str | None:
    """Hash of authority, normalised number and party of a penalty or licence; None where it is none, or says none.

    Several licences can stand under one number, so theirs counts too (standards.md 1.4).
    """
    data, resource = members["data"], members["resource"]
    if resource == "administrative_penalty":
        parts = [data.get("CF_CFJGDM"), data.get("CF_WSH")]
    elif resource == "administrative_licence":
        parts = [data.get("XK_XKJGDM"), data.get("XK_WSH")]
    else:
        return None
    party = party_key(members["subject"])
    if party is None or not all(isinstance(part, str) and part for part in parts):
        return None
    key = [resource, str(parts[0]), document_numbers.normalise(str(parts[1])), party]
    if resource == "administrative_licence":
        key.append(document_numbers.normalise(str(data.get("XK_XKBH") or "")))
    return sha256("|".join(key).encode()).hex()


def _check_amount(reading: Reading, name: str, *, demanded: bool, allowed: bool) -> None:
    value = reading.text(name)
    if value is None:
        if demanded and reading.data.get(name) in (None, ""):
            reading.note("amount_missing", name, "A kind of this decision demands the amount.")
        return
    if not allowed:
        reading.note("amount_without_kind", name, "No kind of this decision goes with an amount.")
    if _AMOUNT.fullmatch(value) is None:
        reading.note("amount_format", name, "An amount is 万元, with at most six decimals.")
