"""What a rule set is made of: periods of publicity, rules of the lists, deadlines with their event and article."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from registry.errors import RuleViolation
from registry.rules.penalty_kinds import PenaltyKind


class Regime(StrEnum):
    """Whose rules a decision follows: market regulation, or the other departments."""

    SAMR = "samr"
    NDRC = "ndrc"


class Severity(StrEnum):
    """Class of a penalty for its publicity (轻微、一般、严重)."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"


class Basis(StrEnum):
    """From which day a period of publicity runs (exchange.md 2, `publicity.basis`)."""

    DECISION = "decision_date"
    PUBLICATION = "publication_date"


class Unit(StrEnum):
    """How a deadline is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class Event(StrEnum):
    """The event from which a deadline runs; its own day is not counted."""

    ACCEPTANCE = "acceptance"
    CREATION = "creation of the information"
    DECISION = "decision"
    DISSOLUTION = "revocation, annulment or closure"
    FILING = "filing of the case"
    MEASURE = "measure taken"
    NOTICE = "notice"
    ORDER_ENDED = "end of the ordered time"
    ORDER_SERVED = "service of the order"
    PERIOD_ENDED = "end of the annual-report period"
    PERIOD_ENDED_OR_VERIFICATION = "end of the annual-report period (R1) or verification (R3, R4)"
    APPLICATION_OR_VERIFICATION = "application (R1, R2) or verification (R3, R4)"
    PUBLICATION = "publication"
    RECEIPT = "receipt"
    REVOCATION = "revocation"
    SERVICE = "service"
    SUSPENSION = "suspension of business"
    VERIFICATION = "verification"


class UnknownRuleSet(RuleViolation):
    """No rule set was in force on that day, or none has that name."""

    code = "rule_set_unknown"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period for somebody to act: how long, from which event, by which article."""

    amount: int
    unit: Unit
    since: Event
    source: str


@dataclass(frozen=True, slots=True)
class Period:
    """How long a class of penalty is public: months at most, and months before a repair may be asked for."""

    longest: int
    repair_after: int


@dataclass(frozen=True, slots=True)
class PenaltyPublicity:
    """Publicity of penalties: from which day, how long by class, what is never shown, what can never be repaired early.

    Where the act or its legal basis names one of `safety_words`, a repair waits `safety_repair_after` months at least.
    """

    basis: Basis
    minor: Period | None
    general: Period | None
    serious: Period | None
    warning_shown: bool
    criticism_shown: bool
    criticism_severity: Severity
    low_fine_is_minor: bool
    never_repaired: frozenset[PenaltyKind]
    source: str
    safety_repair_after: int = 0
    safety_words: tuple[str, ...] = ()

    def repair_after(self, severity: Severity, texts: Collection[str | None]) -> int | None:
        """Months before a repair may be asked for, given act and legal basis; None when the class is not shown at all."""
        period = self.period_of(severity)
        if period is None:
            return None
        guarded = any(word in text for word in self.safety_words for text in texts if text)
        return (
            min(period.longest, max(period.repair_after, self.safety_repair_after)) if guarded else period.repair_after
        )

    def period_of(self, severity: Severity) -> Period | None:
        """The period of a class; None when that class is not shown at all."""
        return {Severity.MINOR: self.minor, Severity.GENERAL: self.general, Severity.SERIOUS: self.serious}[severity]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """Abnormal list, household marks and the violation list.

    `source` is the law of the violation list; the other two lists have laws of their own.
    The period for the annual report ends on `annual_report_ends` (month, day) of the year after. A second letter to an
    operator that cannot be reached follows the first by `letter_gap` calendar days (shortest, longest; both valid).
    Officers are reminded `reminder_days` before an abnormal listing is `reminder_months` old.
    """

    violation_months: int
    violation_repair_after: int
    needs_superior_consent: bool
    removal_shown: bool
    source: str
    abnormal_source: str
    mark_source: str
    annual_report_ends: tuple[int, int]
    letter_gap: tuple[int, int]
    reminder_months: int
    reminder_days: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One dated set of rules of one regime."""

    name: str
    regime: Regime
    in_force_from: date
    penalties: PenaltyPublicity
    listings: ListingRules
    deadlines: dict[str, Deadline] = field(default_factory=dict)
