"""The six dated sets: which one is in force on which day, and what each of them says (standards.md 1.2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.rule_sets import (
    Basis,
    Period,
    Regime,
    Severity,
    UnknownRuleSet,
    all_sets,
    get,
    rule_set_for,
)


@pytest.mark.parametrize(
    ("regime", "day", "name"),
    [
        (Regime.SAMR, date(2014, 10, 1), "samr-2014"),
        (Regime.SAMR, date(2021, 8, 31), "samr-2014"),
        (Regime.SAMR, date(2021, 9, 1), "samr-2021-09-01"),
        (Regime.SAMR, date(2025, 12, 24), "samr-2021-09-01"),
        (Regime.SAMR, date(2025, 12, 25), "samr-2025-12-25"),
        (Regime.SAMR, date(2026, 4, 1), "samr-2025-12-25"),
        (Regime.NDRC, date(2019, 7, 1), "ndrc-2019-07-01"),
        (Regime.NDRC, date(2023, 4, 30), "ndrc-2019-07-01"),
        (Regime.NDRC, date(2023, 5, 1), "ndrc-2023-05-01"),
        (Regime.NDRC, date(2026, 3, 31), "ndrc-2023-05-01"),
        (Regime.NDRC, date(2026, 4, 1), "ndrc-2026-04-01"),
    ],
)
def test_the_set_follows_from_regime_and_day(regime, day, name):
    assert rule_set_for(regime, day) is get(name)


@pytest.mark.parametrize(("regime", "day"), [(Regime.SAMR, date(2014, 9, 30)), (Regime.NDRC, date(2019, 6, 30))])
def test_before_the_first_set_nothing_is_guessed(regime, day):
    with pytest.raises(UnknownRuleSet):
        rule_set_for(regime, day)


def test_an_unknown_name_is_refused():
    with pytest.raises(UnknownRuleSet):
        get("samr-1999")


@pytest.mark.parametrize(
    ("name", "basis", "minor", "general", "serious", "warning_shown", "decide_repair"),
    [
        ("samr-2014", Basis.PUBLICATION, Period(60, 60), Period(60, 60), Period(60, 60), True, 15),
        ("samr-2021-09-01", Basis.PUBLICATION, Period(3, 3), Period(36, 6), Period(36, 6), False, 15),
        ("samr-2025-12-25", Basis.DECISION, None, Period(12, 3), Period(36, 12), False, 7),
        ("ndrc-2019-07-01", Basis.DECISION, Period(12, 3), Period(12, 3), Period(36, 6), True, 10),
        ("ndrc-2023-05-01", Basis.DECISION, None, Period(36, 3), Period(36, 12), False, 10),
        ("ndrc-2026-04-01", Basis.DECISION, None, Period(12, 3), Period(36, 12), False, 7),
    ],
)
def test_what_each_set_says(name, basis, minor, general, serious, warning_shown, decide_repair):
    rules = get(name).penalties
    assert (rules.basis, rules.minor, rules.general, rules.serious) == (basis, minor, general, serious)
    assert rules.warning_shown is warning_shown
    assert get(name).deadlines["decide_repair"].amount == decide_repair


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ndrc-2019-07-01", "〔2019〕527号"),
        ("ndrc-2023-05-01", "第58号"),
        ("ndrc-2026-04-01", "第36号"),
        ("samr-2021-09-01", "45号"),
        ("samr-2025-12-25", "2025-12-25"),
    ],
)
def test_each_set_names_its_text(name, text):
    assert text in get(name).penalties.source


def test_a_place_on_the_violation_list_is_three_years_with_consent_and_five_before():
    for rule_set in all_sets():
        months = 60 if rule_set.name == "samr-2014" else 36
        assert rule_set.listings.violation_months == months
        assert rule_set.listings.needs_superior_consent


@pytest.mark.parametrize("rule_set", all_sets(), ids=lambda each: each.name)
def test_every_set_is_whole(rule_set):
    assert rule_set.name.startswith(rule_set.regime)
    assert rule_set.penalties.source
    assert rule_set.listings.source
    assert all(deadline.source and deadline.since and deadline.amount > 0 for deadline in rule_set.deadlines.values())
    for severity in Severity:
        period = rule_set.penalties.period_of(severity)
        assert period is None or period.repair_after <= period.longest


@given(st.sampled_from(Regime), st.dates(date(2019, 7, 1), date(2030, 1, 1)))
def test_a_set_holds_until_the_next_begins(regime, day):
    found = rule_set_for(regime, day)
    later = [each for each in all_sets() if each.regime is regime and each.in_force_from > found.in_force_from]
    assert found.in_force_from <= day
    assert all(day < each.in_force_from for each in later)
    assert rule_set_for(regime, found.in_force_from) is found
    if later:
        assert rule_set_for(regime, later[0].in_force_from - timedelta(days=1)) is found
