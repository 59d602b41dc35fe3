"""Reasons and publicity of the lists."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.calendar import add_months
from registry.rules.listing import AbnormalReason, EndReason, ViolationReason
from registry.rules.publicity import abnormal_publicity, violation_publicity
from registry.rules.rule_sets import UnknownRuleSet


def test_the_reasons_are_those_of_the_decrees():
    assert [reason.value for reason in AbnormalReason] == ["R1", "R2", "R3", "R4"]
    articles = [reason.value for reason in ViolationReason if reason is not ViolationReason.OTHER]
    assert articles == [f"44-{number}" for number in range(5, 12)]


def test_end_reasons_are_the_words_of_the_exchange():
    assert {reason.value for reason in EndReason} == {
        "repaired",
        "expired",
        "shielded",
        "decision_revoked",
        "corrected",
        "other",
    }


def test_an_abnormal_listing_is_public_from_its_day_without_an_end():
    found = abnormal_publicity(listed_on=date(2026, 7, 14))
    assert (found.public_from, found.public_until, found.published) == (date(2026, 7, 14), None, True)
    assert found.rule_set == "samr-2025-12-25"


@pytest.mark.parametrize(
    ("listed_on", "household", "law"),
    [
        (date(2020, 7, 14), False, "企业经营异常名录管理暂行办法 (工商总局令68号) art. 4, 5"),
        (date(2020, 7, 14), True, "个体工商户年度报告暂行办法 (工商总局令69号)"),
        (date(2026, 7, 14), False, "企业经营异常名录管理办法"),
        (date(2026, 7, 14), True, "个体工商户年度报告办法"),
    ],
)
def test_a_listing_and_a_mark_rest_on_their_own_law_not_on_that_of_the_violation_list(listed_on, household, law):
    assert abnormal_publicity(listed_on=listed_on, household=household).citation == law


@pytest.mark.parametrize(
    ("listed_on", "until", "rule_set"),
    [
        (date(2021, 8, 31), date(2026, 8, 31), "samr-2014"),
        (date(2021, 9, 1), date(2024, 9, 1), "samr-2021-09-01"),
        (date(2024, 2, 29), date(2027, 2, 28), "samr-2021-09-01"),
        (date(2026, 3, 2), date(2029, 3, 2), "samr-2025-12-25"),
    ],
)
def test_a_violation_listing_ends_when_its_time_is_full(listed_on, until, rule_set):
    found = violation_publicity(listed_on=listed_on)
    assert (found.public_from, found.public_until, found.rule_set) == (listed_on, until, rule_set)


def test_early_removal_after_a_year():
    assert violation_publicity(listed_on=date(2026, 3, 2)).earliest_repair_on == date(2027, 3, 2)


def test_a_longer_restriction_goes_before_the_three_years():
    listed = date(2026, 3, 2)
    assert violation_publicity(listed_on=listed, restriction_until=date(2031, 3, 2)).public_until == date(2031, 3, 2)
    assert violation_publicity(listed_on=listed, restriction_until=date(2027, 3, 2)).public_until == date(2029, 3, 2)


def test_nothing_is_listed_before_the_first_rules():
    with pytest.raises(UnknownRuleSet):
        abnormal_publicity(listed_on=date(2014, 9, 30))


@given(st.dates(date(2021, 9, 1), date(2040, 1, 1)), st.none() | st.dates(date(2021, 9, 1), date(2060, 1, 1)))
def test_a_violation_listing_is_never_shorter_than_its_time(listed_on, restriction_until):
    found = violation_publicity(listed_on=listed_on, restriction_until=restriction_until)
    assert found.public_until == max(filter(None, [add_months(listed_on, 36), restriction_until]))
