"""Kinds of announcements, and which of them may name an operator.

Kinds and their numbers follow the announcement centre of the provincial systems (domain.md 6.1 and 7.1).
"""

from enum import StrEnum


class AnnouncementKind(StrEnum):
    """What an announcement is about; the value is the provincial type code."""

    ABNORMAL_LISTED = "11"
    ABNORMAL_REMOVED = "12"
    ABNORMAL_REMINDER = "13"
    VIOLATION_LISTED = "21"
    VIOLATION_REMOVED = "22"
    VIOLATION_EXPIRED = "23"
    RANDOM_INSPECTION = "31"
    INSPECTION = "32"
    NON_COOPERATION = "33"
    SIMPLE_DEREGISTRATION = "41"
    DEREGISTRATION = "42"
    OTHER = "99"


class AnnouncementState(StrEnum):
    """A draft waits for a second person; what was published can be taken back, never changed in silence."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


NAMELESS = frozenset(
    {AnnouncementKind.ABNORMAL_REMOVED, AnnouncementKind.VIOLATION_REMOVED, AnnouncementKind.VIOLATION_EXPIRED}
)
"""Kinds that may name nobody: since 2021-09-01 an ended stay on a list is not shown, nor its removal announced with the
name (domain.md SM-A, state A7; 国市监信规〔2021〕3号)."""


def may_name_operators(kind: AnnouncementKind) -> bool:
    """Whether an announcement of this kind may name operators at all; then only those whose records are public."""
    return kind not in NAMELESS
