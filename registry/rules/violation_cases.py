"""What is known of a case of the violation list, and the rules that decide on it (SAMR decree 44; domain.md 3.5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.calendar import add_months
from registry.rules.listing import ViolationReason
from registry.rules.local_settings import LocalSettings
from registry.rules.repair import earliest_for_violation
from registry.rules.rule_sets import RuleSet


class Factor(StrEnum):
    """What an assessment weighs; each has to be answered (decree 44 art. 12)."""

    INTENT = "intent"  # 主观恶意
    FREQUENCY = "frequency"  # 违法频次
    DURATION = "duration"  # 持续时间
    PENALTY = "penalty"  # 处罚类型
    AMOUNT = "amount"  # 罚没数额
    VALUE_OF_GOODS = "value_of_goods"  # 货值
    HARM_TO_HEALTH = "harm_to_health"  # 生命健康危害
    LOSS = "loss"  # 财产损失
    SOCIAL_EFFECT = "social_effect"  # 社会影响


class AuthorityLevel(StrEnum):
    """How high the deciding authority stands."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


def level_of(region: str | None) -> AuthorityLevel:
    """How high an authority of this region stands: codes of provinces end in 0000, of cities in 00.

    One without a region counts as the lowest, whose decisions always need consent.
    """
    if region is not None and region.endswith("0000"):
        return AuthorityLevel.PROVINCE
    return AuthorityLevel.CITY if region is not None and region.endswith("00") else AuthorityLevel.COUNTY


class TakingPart(StrEnum):
    """What the party made of its right to a hearing."""

    SILENT = "silent"
    ASKED = "asked"
    WAIVED = "waived"
    HEARD = "heard"


_LOCAL = LocalSettings()
_CONDUCT = frozenset(ViolationReason) - {ViolationReason.REFUSAL, ViolationReason.OTHER}


@dataclass(frozen=True, slots=True)
class ViolationCase:
    """What is known of a case on `today`. None and False mean: not known to be so.

    `hearing_may_be_asked_until` is the last day of `request_hearing` from the service of the notice, `hearing_asked_on` the
    day on which the party asked. `listed_on` is the
    day that the months count from: the decision, or the decision that restored the listing. `decree_11_decided_apart`:
    a listing for refusing to perform (art. 11) need not come with a penalty. `shown_until` is the end of its publicity.
    """

    today: date
    rule_set: RuleSet
    reason: ViolationReason | None = None
    heavier_penalty: bool = False
    grave: bool = False
    sold_fake_food_or_drugs_online: bool = False
    factors_answered: Collection[Factor] = ()
    no_intent_proved: bool = False
    notice_served_on: date | None = None
    notice_tells_facts_basis_and_rights: bool = False
    hearing: TakingPart = TakingPart.SILENT
    hearing_may_be_asked_until: date | None = None
    hearing_asked_on: date | None = None
    authority_level: AuthorityLevel = AuthorityLevel.COUNTY
    local: LocalSettings = _LOCAL
    superior_consented_on: date | None = None
    decided_on: date | None = None
    penalty_decided_on: date | None = None
    audited_on: date | None = None
    listed_on: date | None = None
    shown_until: date | None = None
    restriction_until: date | None = None
    duties_performed: bool = False
    harm_removed: bool = False
    heavier_penalty_since: bool = False
    commitment_made: bool = False
    penalty_annulled: bool = False
    found_wrong: bool = False
    serious_fraud_found: bool = False
    reorganisation_approved: bool = False
    reorganisation_failed: bool = False


def must_be_assessed(case: ViolationCase) -> bool:
    """Whether an assessment has to be opened; it never means a listing by itself.

    Heavier penalty and conduct of art. 5-10; refusal to perform (art. 11); fake or inferior food or drugs sold online
    (石家庄市关于加强互联网领域侵权假冒行为治理的实施意见, 五(十一)).
    """
    by_decree = case.heavier_penalty and case.reason in _CONDUCT
    return by_decree or case.reason is ViolationReason.REFUSAL or case.sold_fake_food_or_drugs_online


def is_listable(case: ViolationCase) -> bool:
    """Art. 2 and 12: a named circumstance, a heavier penalty (art. 11: not needed), grave, and no proof of no intent."""
    if case.reason is None or case.reason is ViolationReason.OTHER or case.no_intent_proved or not case.grave:
        return False
    return case.heavier_penalty or case.reason is ViolationReason.REFUSAL


def all_factors_answered(case: ViolationCase) -> bool:
    """Art. 12: no factor is left open."""
    return set(case.factors_answered) == set(Factor)


def notice_served(case: ViolationCase) -> bool:
    """Art. 13: told before, with facts, basis and rights."""
    served = case.notice_served_on is not None and case.notice_served_on <= case.today
    return served and case.notice_tells_facts_basis_and_rights


def hearing_may_be_asked(case: ViolationCase) -> bool:
    """行政处罚法 art. 64: the time to ask for a hearing was not over when the party asked; today, where no day is stated."""
    until = case.hearing_may_be_asked_until
    return until is not None and min(case.hearing_asked_on or case.today, case.today) <= until


def hearing_wait_is_over(case: ViolationCase) -> bool:
    """Art. 13, 行政处罚法 art. 64: heard, waived, or the time to ask has passed in silence."""
    if case.hearing in (TakingPart.HEARD, TakingPart.WAIVED):
        return True
    until = case.hearing_may_be_asked_until
    return case.hearing is TakingPart.SILENT and until is not None and case.today > until


def consent_needed(rule_set: RuleSet, level: AuthorityLevel, local: LocalSettings) -> bool:
    """Art. 22: below the province the next level has to consent, unless the set or the authority's setting says no."""
    if level is AuthorityLevel.PROVINCE:
        return False
    if local.needs_superior_consent is not None:
        return local.needs_superior_consent
    return rule_set.listings.needs_superior_consent


def superior_agrees(case: ViolationCase) -> bool:
    """Art. 22: consent was given by today, or is not needed."""
    if not consent_needed(case.rule_set, case.authority_level, case.local):
        return True
    return case.superior_consented_on is not None and case.superior_consented_on <= case.today


def decided_with_the_penalty(case: ViolationCase) -> bool:
    """Art. 13: the same day as the penalty, and not later than the approval; art. 11 is decided apart."""
    if case.decided_on is None or case.audited_on is None or case.decided_on > case.audited_on:
        return False
    return case.reason is ViolationReason.REFUSAL or case.decided_on == case.penalty_decided_on


def ends_on(listed_on: date, restriction_until: date | None, rule_set: RuleSet) -> date:
    """First day off the list by itself: months full, or the end of a longer legal restriction (art. 21)."""
    full_on = add_months(listed_on, rule_set.listings.violation_months)
    return full_on if restriction_until is None else max(full_on, restriction_until)


def early_removal_is_open(case: ViolationCase) -> bool:
    """Art. 16: a year on the list is full, the last months are not, and no legal restriction runs."""
    if case.listed_on is None:
        return False
    first = earliest_for_violation(
        case.rule_set.name, listed_on=case.listed_on, restriction_until=case.restriction_until
    )
    return first <= case.today < add_months(case.listed_on, case.rule_set.listings.violation_months)


def may_come_off_early(case: ViolationCase) -> bool:
    """Art. 16: duties performed, harm removed, no further heavier penalty."""
    return case.duties_performed and case.harm_removed and not case.heavier_penalty_since


def months_are_full(case: ViolationCase) -> bool:
    """Art. 21: today is the end of the listing or later; a newer set may have moved the end that the register holds."""
    if case.listed_on is None:
        return False
    end = ends_on(case.listed_on, case.restriction_until, case.rule_set)
    return case.today >= (end if case.shown_until is None else min(end, case.shown_until))
