"""Rule sets: a regime and the day it is in force from. No period, limit or citation stands anywhere else.

The regime follows from the deciding authority, the set from the date of the decision. What was not found in print is marked
`to be confirmed` in its source; what law leaves to a place stands in `local_settings`.
"""

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


class UnknownRuleSet(RuleViolation):
    """No rule set was in force on that day, or none has that name."""

    code = "rule_set_unknown"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A period for somebody to act: how long, from which event, by which article."""

    amount: int
    unit: Unit
    since: str
    source: str


@dataclass(frozen=True, slots=True)
class Period:
    """How long a class of penalty is public: months at most, and months before a repair may be asked for."""

    longest: int
    repair_after: int


@dataclass(frozen=True, slots=True)
class PenaltyPublicity:
    """Publicity of penalties: from which day, how long by class, what is never shown, what can never be repaired early."""

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

    def period_of(self, severity: Severity) -> Period | None:
        """The period of a class; None when that class is not shown at all."""
        return {Severity.MINOR: self.minor, Severity.GENERAL: self.general, Severity.SERIOUS: self.serious}[severity]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """Abnormal list, household marks and the violation list."""

    violation_months: int
    violation_repair_after: int
    needs_superior_consent: bool
    removal_shown: bool
    source: str


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One dated set of rules of one regime."""

    name: str
    regime: Regime
    in_force_from: date
    penalties: PenaltyPublicity
    listings: ListingRules
    deadlines: dict[str, Deadline] = field(default_factory=dict)


_RESTRICTING = frozenset(
    {
        PenaltyKind.DOWNGRADING,
        PenaltyKind.REVOCATION_OF_LICENCE,
        PenaltyKind.RESTRICTION_OF_BUSINESS,
        PenaltyKind.SUSPENSION_OF_BUSINESS,
        PenaltyKind.RESTRICTION_OF_OCCUPATION,
    }
)
SERIOUS_KINDS = _RESTRICTING | {PenaltyKind.CLOSURE}
"""Kinds that put a decision into the serious class by themselves (信用修复管理办法 2025, domain.md 5 SM-D)."""

_WD = Unit.WORKING_DAYS
_CD = Unit.CALENDAR_DAYS

_LISTING_DEADLINES = {
    "publish_penalty": Deadline(20, _WD, "decision", "市场监督管理行政处罚信息公示规定 art. 9"),
    "push_to_other_province": Deadline(10, _WD, "decision", "市场监督管理行政处罚信息公示规定 art. 10"),
    "publish_from_other_province": Deadline(10, _WD, "receipt", "市场监督管理行政处罚信息公示规定 art. 10"),
    "withdraw_penalty": Deadline(3, _WD, "revocation", "市场监督管理行政处罚信息公示规定 art. 11; 行政处罚法 art. 48, 85"),
    "correct_penalty": Deadline(3, _WD, "verification", "市场监督管理行政处罚信息公示规定 art. 12, 三日 by analogy with art. 11"),
    "report_upward_alarm": Deadline(5, _WD, "decision", "two working days before the end of report_upward"),
    "report_upward": Deadline(7, _WD, "decision", "发改办财金〔2018〕424号"),
    "list_r1": Deadline(10, _WD, "end of the annual-report period", "企业经营异常名录管理办法 art. 6"),
    "order_to_publish": Deadline(10, _CD, "service of the order", "企业经营异常名录管理办法 art. 7"),
    "list_r2": Deadline(10, _WD, "end of the ordered time", "企业经营异常名录管理办法 art. 7"),
    "list_r3": Deadline(10, _WD, "verification", "企业经营异常名录管理办法 art. 8"),
    "list_r4": Deadline(10, _WD, "verification", "企业经营异常名录管理办法 art. 9"),
    "remove_abnormal": Deadline(5, _WD, "application (R1, R2) or verification (R3, R4)", "企业经营异常名录管理办法 art. 11-14"),
    "object": Deadline(30, _CD, "publication", "企业经营异常名录管理办法 art. 16"),
    "accept_objection": Deadline(5, _WD, "receipt", "企业经营异常名录管理办法 art. 16"),
    "verify_objection": Deadline(20, _WD, "acceptance", "企业经营异常名录管理办法 art. 16"),
    "correct_listing": Deadline(5, _WD, "verification", "企业经营异常名录管理办法 art. 16"),
}  # fmt: skip


def _with_repair(decide_days: int, source: str) -> dict[str, Deadline]:
    return _LISTING_DEADLINES | {
        "accept_repair": Deadline(2, _WD, "receipt", source),
        "decide_repair": Deadline(decide_days, _WD, "acceptance", source),
        "stop_after_repair": Deadline(3, _WD, "decision", source),
    }


_ORDER_45 = "市场监督管理行政处罚信息公示规定 (总局令45号) art. 2, 13, 14"
_DECREE_44 = "市场监督管理严重违法失信名单管理办法 (总局令44号) art. 16, 21, 22"
_LISTS_2021 = ListingRules(36, 12, needs_superior_consent=True, removal_shown=False, source=_DECREE_44)

_SAMR_2021_PENALTIES = PenaltyPublicity(
    basis=Basis.PUBLICATION,
    minor=Period(3, 3),
    general=Period(36, 6),
    serious=Period(36, 6),
    warning_shown=False,
    criticism_shown=True,
    criticism_severity=Severity.MINOR,
    low_fine_is_minor=True,
    never_repaired=_RESTRICTING,
    source=_ORDER_45,
)


def _graded(source: str) -> PenaltyPublicity:
    """Three classes counted from the document's date (信用修复管理办法 of 2025, both regimes)."""
    return PenaltyPublicity(
        basis=Basis.DECISION,
        minor=None,
        general=Period(12, 3),
        serious=Period(36, 12),
        warning_shown=False,
        criticism_shown=False,
        criticism_severity=Severity.MINOR,
        low_fine_is_minor=False,
        never_repaired=frozenset(),
        source=source,
    )


_SETS = (
    RuleSet(
        "samr-2014",
        Regime.SAMR,
        date(2014, 10, 1),
        PenaltyPublicity(
            basis=Basis.PUBLICATION,
            minor=Period(60, 60),
            general=Period(60, 60),
            serious=Period(60, 60),
            warning_shown=True,
            criticism_shown=True,
            criticism_severity=Severity.GENERAL,
            low_fine_is_minor=False,
            never_repaired=frozenset(),
            source="工商行政管理行政处罚信息公示暂行规定 (工商总局令71号, 2014), to be confirmed",
        ),
        ListingRules(
            60, 60, needs_superior_consent=True, removal_shown=True,
            source="企业信息公示暂行条例 (2014) art. 17; 严重违法失信企业名单管理暂行办法 (工商总局令83号)",
        ),
        _with_repair(15, "企业信息公示暂行条例 (2014)"),
    ),
    RuleSet(
        "samr-2021-09-01", Regime.SAMR, date(2021, 9, 1), _SAMR_2021_PENALTIES, _LISTS_2021,
        _with_repair(15, "市场监督管理信用修复管理办法 (国市监信规〔2021〕3号)"),
    ),
    RuleSet(
        "samr-2025-12-25", Regime.SAMR, date(2025, 12, 25),
        _graded("市场监督管理信用修复管理办法 (in force 2025-12-25)"), _LISTS_2021,
        _with_repair(7, "市场监督管理信用修复管理办法 (in force 2025-12-25)"),
    ),
    RuleSet(
        "ndrc-2019-07-01",
        Regime.NDRC,
        date(2019, 7, 1),
        PenaltyPublicity(
            basis=Basis.DECISION,
            minor=Period(12, 3),
            general=Period(12, 3),
            serious=Period(36, 6),
            warning_shown=True,
            criticism_shown=True,
            criticism_severity=Severity.GENERAL,
            low_fine_is_minor=False,
            never_repaired=frozenset(),
            source="发改办财金〔2019〕527号",
        ),
        _LISTS_2021,
        _with_repair(10, "发改办财金〔2019〕527号"),
    ),
    RuleSet(
        "ndrc-2023-05-01",
        Regime.NDRC,
        date(2023, 5, 1),
        PenaltyPublicity(
            basis=Basis.DECISION,
            minor=None,
            general=Period(36, 3),
            serious=Period(36, 12),
            warning_shown=False,
            criticism_shown=False,
            criticism_severity=Severity.MINOR,
            low_fine_is_minor=False,
            never_repaired=frozenset(),
            source="失信行为纠正后的信用信息修复管理办法(试行) (国家发展改革委令第58号)",
        ),
        _LISTS_2021,
        _with_repair(10, "失信行为纠正后的信用信息修复管理办法(试行) (国家发展改革委令第58号)"),
    ),
    RuleSet(
        "ndrc-2026-04-01", Regime.NDRC, date(2026, 4, 1),
        _graded("信用修复管理办法 (国家发展改革委令第36号)"), _LISTS_2021,
        _with_repair(7, "信用修复管理办法 (国家发展改革委令第36号)"),
    ),
)  # fmt: skip


def all_sets() -> tuple[RuleSet, ...]:
    """All rule sets, by regime and day."""
    return _SETS


def get(name: str) -> RuleSet:
    """The set of this name; UnknownRuleSet where there is none."""
    for rule_set in _SETS:
        if rule_set.name == name:
            return rule_set
    raise UnknownRuleSet(f"There is no rule set named {name}.")


def rule_set_for(regime: Regime, decided_on: date) -> RuleSet:
    """The set in force on the day of the decision. UnknownRuleSet before the first of the regime."""
    found = None
    for rule_set in _SETS:
        if rule_set.regime is regime and rule_set.in_force_from <= decided_on:
            found = rule_set
    if found is None:
        raise UnknownRuleSet(f"No rule set of {regime} was in force on {decided_on}.")
    return found
