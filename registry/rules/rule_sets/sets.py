"""The six sets, by regime and day."""

from dataclasses import replace
from datetime import date

from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets.deadlines import with_push, with_repair
from registry.rules.rule_sets.vocabulary import Basis, ListingRules, PenaltyPublicity, Period, Regime, RuleSet, Severity

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

_ORDER_45 = "市场监督管理行政处罚信息公示规定 (总局令45号) art. 2, 13, 14"
_DECREE_44 = "市场监督管理严重违法失信名单管理办法 (总局令44号) art. 16, 21, 22"
_LISTS_2014 = ListingRules(
    violation_months=60,
    violation_repair_after=60,
    needs_superior_consent=True,
    removal_shown=True,
    source="企业信息公示暂行条例 (2014) art. 17; 严重违法失信企业名单管理暂行办法 (工商总局令83号)",
    abnormal_source="企业经营异常名录管理暂行办法 (工商总局令68号) art. 4, 5",
    mark_source="个体工商户年度报告暂行办法 (工商总局令69号)",
    annual_report_ends=(6, 30),  # 企业信息公示暂行条例 art. 8
    letter_gap=(15, 30),  # 企业经营异常名录管理暂行办法 art. 9
    reminder_months=36,  # the same, art. 15: three years, announced sixty days before
    reminder_days=60,
)
_LISTS_2021 = replace(
    _LISTS_2014,
    violation_months=36,
    violation_repair_after=12,
    removal_shown=False,
    source=_DECREE_44,
)
_LISTS_2025 = replace(  # both laws were renamed in 2025 (市场监管总局令101号); their articles were not found in print
    _LISTS_2021,
    abnormal_source="企业经营异常名录管理办法",
    mark_source="个体工商户年度报告办法",
)

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
    safety_repair_after=12,  # 市场监督管理信用修复管理办法 (国市监信规〔2021〕3号)
    safety_words=("食品", "药品", "特种设备"),
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


SETS = (
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
        _LISTS_2014,
        with_repair(15, "企业信息公示暂行条例 (2014)"),
    ),
    RuleSet(
        "samr-2021-09-01", Regime.SAMR, date(2021, 9, 1), _SAMR_2021_PENALTIES, _LISTS_2021,
        with_repair(15, "市场监督管理信用修复管理办法 (国市监信规〔2021〕3号)"),
    ),
    RuleSet(
        "samr-2025-12-25", Regime.SAMR, date(2025, 12, 25),
        _graded("市场监督管理信用修复管理办法 (in force 2025-12-25)"), _LISTS_2025,
        with_push(
            with_repair(7, "市场监督管理信用修复管理办法 (in force 2025-12-25)"),
            "市场监督管理信用修复管理办法 (in force 2025-12-25)",
        ),
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
        with_repair(10, "发改办财金〔2019〕527号"),
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
            safety_repair_after=12,
            safety_words=("食品", "药品", "特种设备", "安全生产", "消防"),
        ),
        _LISTS_2021,
        with_repair(10, "失信行为纠正后的信用信息修复管理办法(试行) (国家发展改革委令第58号)"),
    ),
    RuleSet(
        "ndrc-2026-04-01", Regime.NDRC, date(2026, 4, 1),
        _graded("信用修复管理办法 (国家发展改革委令第36号)"), _LISTS_2021,
        with_repair(7, "信用修复管理办法 (国家发展改革委令第36号)"),
    ),
)  # fmt: skip
