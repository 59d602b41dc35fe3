"""States that every published record shares, and why a record stops being public."""

from enum import StrEnum

from registry.rules.listing import EndReason

__all__ = ["EndReason", "RecordState"]


class RecordState(StrEnum):
    """Where a penalty, licence, listing or mark stands (domain.md 5, SM-A to SM-D put together).

    That a record has run out is not a state: it follows from its interval, so that it holds at midnight without a job.
    """

    PENDING = "pending"
    NOT_PUBLISHABLE = "not_publishable"
    IN_FORCE = "in_force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    SHIELDED = "shielded"
