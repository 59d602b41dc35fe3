"""What a finding weighs for a platform (domain.md 9.2)."""

from enum import StrEnum


class FindingType(StrEnum):
    """Kinds of findings in a status answer."""

    REGISTRATION_STATUS = "registration_status"
    VIOLATION_LISTING = "violation_listing"
    ABNORMAL_LISTING = "abnormal_listing"
    HOUSEHOLD_MARK = "household_mark"
    PENALTY = "penalty"
    LICENCE = "licence"
    PERSON_BAN = "person_ban"


class Level(StrEnum):
    """How heavy, from nothing found to a legal bar; `unknown` only where no operator matched."""

    CLEAR = "clear"
    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    BARRED = "barred"
    UNKNOWN = "unknown"
