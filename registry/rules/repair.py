"""When a repair may be asked for at the earliest, and how long the authority may take. The law is in the rule sets."""

from collections.abc import Collection
from datetime import date

from registry.rules import rule_sets
from registry.rules.calendar import add_months
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Severity


def earliest_for_penalty(
    rule_set: str,
    *,
    severity: Severity | None,
    kinds: Collection[PenaltyKind],
    basis_on: date | None,
    texts: Collection[str | None] = (),
) -> date | None:
    """First day on which an early end of publicity may be asked for; None where the set allows none.

    `texts`: the act and its legal basis; food, drugs and special equipment wait longer under some sets. Source:
    市场监督管理行政处罚信息公示规定 art. 14; 信用修复管理办法 (the article that the set names).
    """
    rules = rule_sets.get(rule_set).penalties
    months = rules.repair_after(severity, texts) if severity is not None else None
    if months is None or basis_on is None or rules.never_repaired & set(kinds):
        return None
    return add_months(basis_on, months)


def earliest_for_violation(rule_set: str, *, listed_on: date, restriction_until: date | None) -> date:
    """First day on which early removal from the violation list may be asked for (decree 44 art. 16).

    Not while a legal restriction still runs.
    """
    first = add_months(listed_on, rule_sets.get(rule_set).listings.violation_repair_after)
    return first if restriction_until is None else max(first, restriction_until)


def working_days_to_remove(rule_set: str) -> int:
    """Working days within which removal from the abnormal list is decided (企业经营异常名录管理办法 art. 11-14)."""
    return rule_sets.get(rule_set).deadlines["remove_abnormal"].amount


def working_days_to_decide(rule_set: str) -> int:
    """Working days from acceptance within which a repair of a penalty or a violation listing is decided."""
    return rule_sets.get(rule_set).deadlines["decide_repair"].amount
