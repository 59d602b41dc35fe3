"""From when until when the public may see a record. Intervals are half-open: shown while from <= day < until."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from registry.errors import RuleViolation
from registry.rules import rule_sets
from registry.rules.calendar import add_months
from registry.rules.local_settings import LocalSettings
from registry.rules.operator import PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import (
    SERIOUS_KINDS,
    Basis,
    Regime,
    RuleSet,
    Severity,
    rule_set_for,
)

_ORDER = (Severity.MINOR, Severity.GENERAL, Severity.SERIOUS)
_LOCAL = LocalSettings()


class DeclaredTooLong(RuleViolation):
    """The end of publicity that was handed in lies beyond what the rule set allows."""

    code = "publicity_too_long"


@dataclass(frozen=True, slots=True)
class Publicity:
    """What a rule set says of one record: the set, the basis and its day, the interval, and why it is not shown.

    `public_until` is the first day on which the record is no longer public; None means open. `earliest_repair_on` is the
    first day on which a repair may be asked for, None where never or not needed.
    """

    rule_set: str
    severity: Severity | None
    basis: Basis
    basis_on: date
    public_from: date | None
    public_until: date | None
    published: bool
    reason_not_published: str | None
    citation: str
    earliest_repair_on: date | None


def severity_of(
    kinds: Collection[PenaltyKind],
    *,
    fine: Decimal | None,
    party_category: PartyCategory,
    summary_procedure: bool,
    rule_set: RuleSet,
    local: LocalSettings,
) -> Severity:
    """Class of a decision: that of its heaviest kind (several kinds: the longest period, 信用修复管理办法).

    Warnings and summary procedure are minor; criticism as the set says; a low fine only where the set knows one
    (市场监督管理行政处罚信息公示规定 art. 13).
    """
    if any(kind in SERIOUS_KINDS for kind in kinds):
        return Severity.SERIOUS
    rules = rule_set.penalties
    light = {PenaltyKind.WARNING, PenaltyKind.CIRCULATED_CRITICISM}
    if set(kinds) <= light or (summary_procedure and rules.minor is None):
        shown_criticism = PenaltyKind.CIRCULATED_CRITICISM in kinds and not summary_procedure
        return rules.criticism_severity if shown_criticism else Severity.MINOR
    if rules.low_fine_is_minor and fine is not None and set(kinds) <= light | {PenaltyKind.FINE}:
        person = party_category is PartyCategory.NATURAL_PERSON
        if fine < (local.low_fine_person if person else local.low_fine_organisation):
            return Severity.MINOR
    return Severity.GENERAL


def penalty_publicity(
    *,
    regime: Regime,
    decided_on: date,
    published_on: date,
    kinds: Collection[PenaltyKind],
    fine: Decimal | None = None,
    party_category: PartyCategory = PartyCategory.ORGANISATION,
    severity: Severity | None = None,
    summary_procedure: bool = False,
    minor_party: bool = False,
    restriction_until: date | None = None,
    declared_until: date | None = None,
    local: LocalSettings = _LOCAL,
    rule_set: RuleSet | None = None,
) -> Publicity:
    """Whether and how long a penalty is public, by the set in force on the day of its decision, or by `rule_set`.

    An explicit `severity` goes before the one that follows from the kinds. A restriction that runs longer than the period
    is shown to its end (art. 13). An earlier end that was handed in wins; a later one raises DeclaredTooLong.
    """
    rule_set = rule_set or rule_set_for(regime, decided_on)
    rules = rule_set.penalties
    grade = severity or severity_of(
        kinds,
        fine=fine,
        party_category=party_category,
        summary_procedure=summary_procedure,
        rule_set=rule_set,
        local=local,
    )
    basis_on = decided_on if rules.basis is Basis.DECISION else published_on
    hidden = Publicity(rule_set.name, grade, rules.basis, basis_on, None, None, False, None, rules.source, None)
    period = rules.period_of(grade)
    reason = _reason_not_shown(kinds, minor_party, rule_set, period is None)
    if reason is not None or period is None:
        return replace(hidden, reason_not_published=reason)
    until = _end(basis_on, period.longest, restriction_until)
    if declared_until is not None:
        if declared_until > until:
            raise DeclaredTooLong(f"{declared_until} lies beyond {until}, the latest end that {rule_set.name} allows.")
        until = declared_until
    if until <= published_on:
        return replace(hidden, reason_not_published="period_over")
    never = any(kind in rules.never_repaired for kind in kinds)
    return replace(
        hidden,
        public_from=published_on,
        public_until=until,
        published=True,
        earliest_repair_on=None if never else add_months(basis_on, period.repair_after),
    )


def _reason_not_shown(
    kinds: Collection[PenaltyKind], minor_party: bool, rule_set: RuleSet, class_hidden: bool
) -> str | None:
    if minor_party:
        return "party_under_age"
    if set(kinds) == {PenaltyKind.WARNING} and not rule_set.penalties.warning_shown:
        return "warning_only"
    return "minor_class" if class_hidden else None


def latest_end(regime: Regime, decided_on: date, published_on: date, severity: Severity) -> date | None:
    """The latest legal end for a class; None when the class is not shown."""
    rules = rule_set_for(regime, decided_on).penalties
    period = rules.period_of(severity)
    if period is None:
        return None
    return add_months(decided_on if rules.basis is Basis.DECISION else published_on, period.longest)


def recomputed_until(
    current_until: date | None,
    *,
    new_set: RuleSet,
    severity: Severity,
    decided_on: date,
    published_on: date,
    restriction_until: date | None = None,
) -> date | None:
    """The end of an open penalty once a new set is in force: the earlier of the old and the new (domain.md 5).

    Never before the day from which the new set is in force: until then the old one showed the record.
    """
    period = new_set.penalties.period_of(severity)
    if period is None:
        return _earlier(current_until, new_set.in_force_from, new_set)
    basis_on = decided_on if new_set.penalties.basis is Basis.DECISION else published_on
    return _earlier(current_until, _end(basis_on, period.longest, restriction_until), new_set)


def recomputed_listing_until(
    current_until: date | None, *, new_set: RuleSet, listed_on: date, restriction_until: date | None = None
) -> date | None:
    """`recomputed_until` of a stay on the violation list."""
    return _earlier(current_until, _end(listed_on, new_set.listings.violation_months, restriction_until), new_set)


def _end(basis_on: date, months: int, restriction_until: date | None) -> date:
    """A period's end; a legal restriction that runs longer is shown to its own end."""
    until = add_months(basis_on, months)
    return until if restriction_until is None else max(until, restriction_until)


def _earlier(current_until: date | None, until: date, new_set: RuleSet) -> date:
    until = max(until, new_set.in_force_from)
    return until if current_until is None else min(until, current_until)


def restarted_until(rule_set: str, *, severity: Severity | None, on: date, restriction_until: date | None) -> date:
    """First day without publicity of a record whose repair was revoked for fraud: its longest period runs anew from `on`.

    `severity` is that of a penalty, None for a stay on the violation list. A longer restriction is shown to its end.
    Source: 市场监督管理信用修复管理办法 (period counted anew); domain.md 5 SM-D.
    """
    rules = rule_sets.get(rule_set)
    period = rules.penalties.period_of(severity) if severity is not None else None
    months = rules.listings.violation_months if severity is None else period.longest if period is not None else 0
    until = add_months(on, months)
    return until if restriction_until is None else max(until, restriction_until)


def abnormal_publicity(*, listed_on: date, household: bool = False) -> Publicity:
    """A stay on the abnormal list or a household mark: public from the day of listing until it is taken off.

    Source: 企业信息公示暂行条例 art. 17; 企业经营异常名录管理办法 art. 5; for marks 个体工商户年度报告办法.
    """
    rule_set = rule_set_for(Regime.SAMR, listed_on)
    rules = rule_set.listings
    law = rules.mark_source if household else rules.abnormal_source
    return Publicity(rule_set.name, None, Basis.DECISION, listed_on, listed_on, None, True, None, law, None)


def violation_publicity(
    *, listed_on: date, restriction_until: date | None = None, rule_set: RuleSet | None = None
) -> Publicity:
    """A stay on the violation list: ends by itself when its months are full, or with a longer legal restriction (art. 21)."""
    rule_set = rule_set or rule_set_for(Regime.SAMR, listed_on)
    rules = rule_set.listings
    until = _end(listed_on, rules.violation_months, restriction_until)
    return Publicity(
        rule_set.name,
        None,
        Basis.DECISION,
        listed_on,
        listed_on,
        until,
        True,
        None,
        rules.source,
        add_months(listed_on, rules.violation_repair_after),
    )
