"""What is known of a case of the abnormal list or of a household mark, and the rules that decide on it (domain.md 3.2, 3.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from registry.rules.calendar import WorkingCalendar, add_months
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.rule_sets import RuleSet

R1, R2, R3, R4 = AbnormalReason
DAY = timedelta(days=1)


class RemovalReason(StrEnum):
    """Why an operator comes off the list (企业经营异常名录管理办法 art. 11-14)."""

    REPORTED = "reported"  # 补报年报
    DISCLOSED = "disclosed"  # 履行公示义务
    INFORMATION_CORRECTED = "information_corrected"  # 更正信息
    ADDRESS_CHANGED = "address_changed"  # 变更登记住所
    REACHED = "reached"  # 重新取得联系


class CorrectionGround(StrEnum):
    """Who found that a listing was wrong (art. 16; 行政复议法, 行政诉讼法)."""

    OBJECTION = "objection"
    OWN_FINDING = "own_finding"
    REVIEW = "review"
    COURT = "court"


CURES = {
    R1: frozenset({RemovalReason.REPORTED}),
    R2: frozenset({RemovalReason.DISCLOSED}),
    R3: frozenset({RemovalReason.INFORMATION_CORRECTED}),
    R4: frozenset({RemovalReason.ADDRESS_CHANGED, RemovalReason.REACHED}),
}
"""The reasons for removal that answer a reason for listing (art. 11-14)."""
LISTED_WITHIN = {R1: "list_r1", R2: "list_r2", R3: "list_r3", R4: "list_r4"}
"""The deadline of a listing decision, by its reason (art. 6-9)."""


@dataclass(frozen=True, slots=True)
class OtherListing:
    """Another stay of the same operator that was not corrected away."""

    reason: AbnormalReason
    report_year: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a case on `today`. None and False mean: not known to be so.

    `order_ends_on` and `cured_on` are days within which the law counts; `cured_on` is the day of the report, publication,
    correction, change or contact. `on_register`: registered, not struck off; `registered_here`: with the deciding bureau.
    """

    today: date
    rule_set: RuleSet
    reason: AbnormalReason
    report_year: int | None = None
    founded_on: date | None = None
    order_ends_on: date | None = None
    verified_on: date | None = None
    visited_on: date | None = None
    letters_sent_on: tuple[date, ...] = ()
    letters_answered: bool = False
    cured_on: date | None = None
    on_register: bool = False
    registered_here: bool = False
    other_listings: Collection[OtherListing] = ()
    decided_on: date | None = None
    audited_on: date | None = None
    removal_reason: RemovalReason | None = None
    proof_given: bool = False
    removal_verified_on: date | None = None
    correction_ground: CorrectionGround | None = None
    registration_ended: bool = False
    serious_fraud_found: bool = False


def report_period_ends_on(report_year: int, rule_set: RuleSet) -> date:
    """Last day for the annual report of a year: in the year after (企业信息公示暂行条例 art. 8)."""
    month, day = rule_set.listings.annual_report_ends
    return date(report_year + 1, month, day)


def report_is_missing(case: Case) -> bool:
    """R1: the period has ended and the year was not reported in it; an operator reports from the year after its founding.

    Suspension (歇业) frees nobody from reporting. Source: 企业信息公示暂行条例 art. 8; 企业经营异常名录管理办法 art. 6.
    """
    if case.report_year is None or case.founded_on is None or case.founded_on.year > case.report_year:
        return False
    ends_on = report_period_ends_on(case.report_year, case.rule_set)
    return case.today > ends_on and (case.cured_on is None or case.cured_on > ends_on)


def disclosed_in_time(case: Case) -> bool:
    """R2: published by the last day of the order (art. 7); a day of rest there has been rolled forward already."""
    return case.order_ends_on is not None and case.cured_on is not None and case.cured_on <= case.order_ends_on


def order_is_over(case: Case) -> bool:
    """R2: the ordered time has passed without publication (art. 7)."""
    return case.order_ends_on is not None and case.today > case.order_ends_on and not disclosed_in_time(case)


def letter_window(first_letter_on: date, rule_set: RuleSet) -> tuple[date, date]:
    """First and last day for the second letter to an operator that cannot be reached (art. 9)."""
    shortest, longest = rule_set.listings.letter_gap
    return first_letter_on + shortest * DAY, first_letter_on + longest * DAY


def letters_are_valid(case: Case) -> bool:
    """R4: the last two letters keep the interval; a second one too early or too late starts anew (art. 9)."""
    if len(case.letters_sent_on) < 2:
        return False
    first, second = case.letters_sent_on[-2:]
    earliest, latest = letter_window(first, case.rule_set)
    return earliest <= second <= latest


def is_unreachable(case: Case) -> bool:
    """R4: verified by a visit or by two valid letters, none of them answered (art. 9)."""
    tried = case.visited_on is not None or letters_are_valid(case)
    return tried and not case.letters_answered and case.cured_on is None and is_verified(case)


def is_verified(case: Case) -> bool:
    """查实: established on a day that is not in the future."""
    return case.verified_on is not None and case.verified_on <= case.today


def ground_holds(case: Case) -> bool:
    """The reason for listing is made out on `today` (art. 6-9)."""
    return {
        R1: report_is_missing,
        R2: order_is_over,
        R3: is_verified,
        R4: is_unreachable,
    }[case.reason](case)


def no_second_listing(case: Case) -> bool:
    """Not twice for the same report year, not twice at once for being unreachable (domain.md 3.2)."""
    if case.reason is R1:
        return all(each.reason is not R1 or each.report_year != case.report_year for each in case.other_listings)
    if case.reason is R4:
        return not any(each.reason is R4 and each.is_open for each in case.other_listings)
    return True


def decided_by_the_audit(case: Case) -> bool:
    """The decision does not bear a later day than its approval (domain.md 5, SM-A)."""
    return case.decided_on is not None and case.audited_on is not None and case.decided_on <= case.audited_on


def removal_answers_listing(case: Case) -> bool:
    """The reason for removal is one that cures the reason for listing (art. 11-14)."""
    return case.removal_reason in CURES[case.reason]


def removal_is_verified(case: Case) -> bool:
    """The duty was performed; for R3 and R4 the authority has verified it as well (art. 11-14)."""
    if case.cured_on is None or case.cured_on > case.today:
        return False
    if case.reason in (R3, R4):
        return case.removal_verified_on is not None and case.removal_verified_on <= case.today
    return True


def removal_due_on(
    reason: AbnormalReason,
    *,
    applied_on: date,
    verified_on: date | None,
    rule_set: RuleSet,
    calendar: WorkingCalendar,
    household: bool = False,
) -> date | None:
    """Last day to decide on a removal: from the application (R1, R2), from verification (R3, R4), None before that.

    Source: 企业经营异常名录管理办法 art. 11-14; 个体工商户年度报告办法 art. 18.
    """
    since = applied_on if reason in (R1, R2) else verified_on
    if since is None:
        return None
    return due_on(rule_set.deadlines["restore_household" if household else "remove_abnormal"], since, calendar)


def long_stay(listed_on: date, rule_set: RuleSet) -> tuple[date, date]:
    """From when officers are reminded of a long stay, and when its years are full.

    What followed from it by law in 2014 (企业经营异常名录管理暂行办法 art. 15) is gone; the reminder is internal.
    """
    full_on = add_months(listed_on, rule_set.listings.reminder_months)
    return full_on - rule_set.listings.reminder_days * DAY, full_on
