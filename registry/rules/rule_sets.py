"""Rule sets: a regime and the day it is in force from."""

from enum import StrEnum


class Regime(StrEnum):
    """Whose rules a decision follows: market regulation, or the other departments."""

    SAMR = "samr"
    NDRC = "ndrc"


class Severity(StrEnum):
    """Class of a penalty for its publicity (轻微、一般、严重)."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"
