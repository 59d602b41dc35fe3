"""What is wrong with a message: a code for programs, the member, words for people (exchange.md 4, "Codes")."""

from typing import NamedTuple

CODES = (
    "schema", "digest", "origin_mismatch", "revision_conflict", "field_missing", "field_unknown_value", "field_format",
    "uscc_check", "category_identity", "placeholder_without_registration_no", "amount_missing", "amount_without_kind",
    "amount_format", "date_future", "date_order", "publicity_too_long", "not_a_penalty", "duplicate_decision",
    "person_data_public",
)  # fmt: skip
"""In the order in which they are checked and told."""

_ORDER = {code: place for place, code in enumerate(CODES)}


class Fault(NamedTuple):
    """`field` is the bare member of `data`, or a dotted path elsewhere; empty where it is the message as a whole."""

    code: str
    field: str
    message: str


def ordered(faults: list[Fault]) -> list[Fault]:
    """Each fault once, in the order of their codes."""
    return sorted(dict.fromkeys(faults), key=lambda fault: _ORDER[fault.code])
