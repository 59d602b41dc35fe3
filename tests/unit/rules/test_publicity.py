"""From when until when a penalty is public: six sets, two regimes, and the days on which one follows another."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import publicity
from registry.rules.calendar import add_months
from registry.rules.local_settings import LocalSettingInvalid, LocalSettings
from registry.rules.operator import PartyCategory
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.publicity import DeclaredTooLong, Publicity, penalty_publicity
from registry.rules.rule_sets import (
    SERIOUS_KINDS,
    Basis,
    Regime,
    Severity,
    all_sets,
    get,
)

K = PenaltyKind
SAMR, NDRC = Regime.SAMR, Regime.NDRC


def of(regime: Regime, decided_on: date, kinds: list[PenaltyKind], **more) -> Publicity:
    """A fine of 200,000 yuan published ten days after its decision, unless the test says otherwise."""
    given = {"fine": Decimal(200_000), "published_on": decided_on + timedelta(days=10)}
    return penalty_publicity(regime=regime, decided_on=decided_on, kinds=kinds, **{**given, **more})


@pytest.mark.parametrize(
    ("regime", "decided_on", "rule_set", "basis", "general", "serious"),
    [
        (SAMR, date(2021, 8, 31), "samr-2014", Basis.PUBLICATION, date(2026, 9, 10), date(2026, 9, 10)),
        (SAMR, date(2021, 9, 1), "samr-2021-09-01", Basis.PUBLICATION, date(2024, 9, 11), date(2024, 9, 11)),
        (SAMR, date(2025, 12, 24), "samr-2021-09-01", Basis.PUBLICATION, date(2029, 1, 3), date(2029, 1, 3)),
        (SAMR, date(2025, 12, 25), "samr-2025-12-25", Basis.DECISION, date(2026, 12, 25), date(2028, 12, 25)),
        (NDRC, date(2023, 4, 30), "ndrc-2019-07-01", Basis.DECISION, date(2024, 4, 30), date(2026, 4, 30)),
        (NDRC, date(2023, 5, 1), "ndrc-2023-05-01", Basis.DECISION, date(2026, 5, 1), date(2026, 5, 1)),
        (NDRC, date(2026, 3, 31), "ndrc-2023-05-01", Basis.DECISION, date(2029, 3, 31), date(2029, 3, 31)),
        (NDRC, date(2026, 4, 1), "ndrc-2026-04-01", Basis.DECISION, date(2027, 4, 1), date(2029, 4, 1)),
    ],
)
def test_the_days_on_which_the_law_changed(regime, decided_on, rule_set, basis, general, serious):
    fine, revocation = of(regime, decided_on, [K.FINE]), of(regime, decided_on, [K.FINE, K.REVOCATION_OF_LICENCE])
    assert (fine.rule_set, fine.basis) == (rule_set, basis)
    assert (fine.severity, fine.public_until) == (Severity.GENERAL, general)
    assert (revocation.severity, revocation.public_until) == (Severity.SERIOUS, serious)
    assert fine.public_from == decided_on + timedelta(days=10)


def test_the_basis_day_stands_beside_the_end():
    decided, published = date(2024, 1, 10), date(2024, 2, 5)
    by_order_45 = of(SAMR, decided, [K.FINE], published_on=published)
    by_order_58 = of(NDRC, decided, [K.FINE], published_on=published)
    assert (by_order_45.basis_on, by_order_45.public_until) == (published, date(2027, 2, 5))
    assert (by_order_58.basis_on, by_order_58.public_until) == (decided, date(2027, 1, 10))


@pytest.mark.parametrize(
    ("regime", "decided_on", "published_on", "until"),
    [
        (SAMR, date(2026, 3, 31), date(2026, 4, 1), date(2027, 3, 31)),
        (NDRC, date(2024, 2, 29), date(2024, 3, 1), date(2027, 2, 28)),
        (SAMR, date(2023, 10, 1), date(2024, 2, 29), date(2027, 2, 28)),
    ],
)
def test_months_are_clamped_to_the_last_day(regime, decided_on, published_on, until):
    assert of(regime, decided_on, [K.FINE], published_on=published_on).public_until == until


def test_three_months_of_a_low_fine_are_clamped():
    found = of(SAMR, date(2025, 11, 20), [K.FINE], fine=Decimal(500), published_on=date(2025, 11, 30))
    assert (found.severity, found.public_until) == (Severity.MINOR, date(2026, 2, 28))


@pytest.mark.parametrize("rule_set", all_sets(), ids=lambda each: each.name)
def test_a_warning_alone(rule_set):
    found = of(rule_set.regime, rule_set.in_force_from, [K.WARNING], fine=None)
    shown = rule_set.name in {"samr-2014", "ndrc-2019-07-01"}
    assert found.published is shown
    assert found.reason_not_published == (None if shown else "warning_only")
    assert (found.public_from is None) == (found.public_until is None) == (not shown)


@pytest.mark.parametrize(
    ("regime", "decided_on", "until"),
    [
        (SAMR, date(2024, 1, 10), date(2024, 4, 20)),
        (SAMR, date(2026, 1, 10), None),
        (NDRC, date(2024, 1, 10), None),
        (NDRC, date(2022, 1, 10), date(2023, 1, 10)),
        (NDRC, date(2026, 4, 10), None),
    ],
)
def test_circulated_criticism_alone(regime, decided_on, until):
    found = of(regime, decided_on, [K.CIRCULATED_CRITICISM], fine=None)
    assert found.public_until == until
    assert found.reason_not_published == (None if until else "minor_class")


@pytest.mark.parametrize(
    ("category", "fine", "severity"),
    [
        (PartyCategory.ORGANISATION, "99999.99", Severity.MINOR),
        (PartyCategory.ORGANISATION, "100000", Severity.GENERAL),
        (PartyCategory.HOUSEHOLD, "99999.99", Severity.MINOR),
        (PartyCategory.NATURAL_PERSON, "9999.99", Severity.MINOR),
        (PartyCategory.NATURAL_PERSON, "10000", Severity.GENERAL),
    ],
)
def test_a_low_fine_under_order_45(category, fine, severity):
    found = of(SAMR, date(2024, 1, 10), [K.FINE], fine=Decimal(fine), party_category=category)
    assert found.severity is severity
    assert of(SAMR, date(2026, 1, 10), [K.FINE], fine=Decimal(fine), party_category=category).severity is not (
        Severity.MINOR
    )


def test_a_low_fine_with_another_kind_is_not_minor():
    found = of(SAMR, date(2024, 1, 10), [K.FINE, K.CONFISCATION_OF_GAINS], fine=Decimal(100))
    assert found.severity is Severity.GENERAL


def test_what_a_low_fine_is_is_left_to_the_place():
    local = LocalSettings.of({"low_fine_organisation": "50000", "low_fine_person": 2000, "letterhead": "…"})
    assert (local.low_fine_organisation, local.low_fine_person) == (Decimal(50_000), Decimal(2_000))
    found = of(SAMR, date(2024, 1, 10), [K.FINE], fine=Decimal(50_000), local=local)
    assert found.severity is Severity.GENERAL
    assert LocalSettings.of({}) == LocalSettings()


@pytest.mark.parametrize(
    "settings",
    [
        {"low_fine_person": "much"},
        {"low_fine_person": -1},
        {"low_fine_organisation": True},
        {"low_fine_organisation": "NaN"},
        {"needs_superior_consent": "no"},
    ],
)
def test_a_bad_local_setting_is_refused(settings):
    with pytest.raises(LocalSettingInvalid):
        LocalSettings.of(settings)


def test_summary_procedure_is_minor_where_the_set_hides_that_class():
    assert not of(SAMR, date(2026, 1, 10), [K.FINE], summary_procedure=True).published
    assert of(SAMR, date(2024, 1, 10), [K.FINE], summary_procedure=True).published


def test_a_class_that_was_handed_in_goes_before_the_one_that_follows():
    found = of(SAMR, date(2026, 1, 10), [K.FINE], severity=Severity.SERIOUS)
    assert (found.severity, found.public_until) == (Severity.SERIOUS, date(2029, 1, 10))


def test_several_kinds_have_the_longest_period():
    found = of(NDRC, date(2026, 4, 10), [K.WARNING, K.FINE, K.SUSPENSION_OF_BUSINESS])
    assert found.public_until == date(2029, 4, 10)


def test_a_longer_restriction_is_shown_to_its_end():
    kinds = [K.RESTRICTION_OF_OCCUPATION]
    assert of(SAMR, date(2024, 1, 10), kinds, restriction_until=date(2030, 1, 10)).public_until == date(2030, 1, 10)
    assert of(SAMR, date(2024, 1, 10), kinds, restriction_until=date(2025, 1, 10)).public_until == date(2027, 1, 20)


def test_an_earlier_end_that_was_handed_in_wins_and_a_later_one_is_refused():
    decided = date(2026, 1, 10)
    assert of(SAMR, decided, [K.FINE], declared_until=date(2026, 6, 1)).public_until == date(2026, 6, 1)
    assert of(SAMR, decided, [K.FINE], declared_until=date(2027, 1, 10)).public_until == date(2027, 1, 10)
    with pytest.raises(DeclaredTooLong):
        of(SAMR, decided, [K.FINE], declared_until=date(2027, 1, 11))


def test_seven_years_are_above_every_maximum():
    for rule_set in all_sets():
        decided = rule_set.in_force_from
        with pytest.raises(DeclaredTooLong):
            of(rule_set.regime, decided, [K.FINE], declared_until=add_months(decided, 84))


def test_publishing_after_the_period_is_over_shows_nothing():
    decided = date(2026, 1, 10)
    last = of(SAMR, decided, [K.FINE], published_on=date(2027, 1, 9))
    over = of(SAMR, decided, [K.FINE], published_on=date(2027, 1, 10))
    assert (last.published, last.public_from, last.public_until) == (True, date(2027, 1, 9), date(2027, 1, 10))
    assert (over.published, over.reason_not_published, over.public_from) == (False, "period_over", None)


def test_late_publication_shortens_what_is_seen_only_where_the_decision_counts():
    late = date(2026, 6, 10)
    assert of(NDRC, date(2026, 4, 10), [K.FINE], published_on=late).public_until == date(2027, 4, 10)
    assert of(SAMR, date(2025, 12, 1), [K.FINE], published_on=late).public_until == date(2029, 6, 10)


def test_a_decision_on_a_minor_is_never_public():
    found = of(SAMR, date(2026, 1, 10), [K.FINE], minor_party=True)
    assert (found.published, found.reason_not_published) == (False, "party_under_age")


@pytest.mark.parametrize("kind", sorted(SERIOUS_KINDS - {K.CLOSURE}))
def test_order_45_lets_nobody_repair_a_restriction_early(kind):
    assert of(SAMR, date(2024, 1, 10), [kind]).earliest_repair_on is None
    assert of(SAMR, date(2026, 1, 10), [kind]).earliest_repair_on == date(2027, 1, 10)


@pytest.mark.parametrize(
    ("name", "until"),
    [("samr-2025-12-25", date(2025, 1, 10)), ("samr-2021-09-01", date(2027, 1, 20))],
)
def test_the_latest_end_of_a_class(name, until):
    rule_set = get(name)
    decided = date(2024, 1, 10) if name == "samr-2021-09-01" else date(2026, 1, 10)
    found = publicity.latest_end(rule_set.regime, decided, date(2024, 1, 20), Severity.GENERAL)
    assert found == (until if name == "samr-2021-09-01" else date(2027, 1, 10))
    hidden = publicity.latest_end(Regime.SAMR, date(2026, 1, 10), date(2026, 1, 20), Severity.MINOR)
    assert hidden is None


@pytest.mark.parametrize(
    ("current", "severity", "until"),
    [
        (date(2028, 6, 10), Severity.GENERAL, date(2026, 6, 1)),
        (date(2026, 2, 1), Severity.GENERAL, date(2026, 2, 1)),
        (None, Severity.GENERAL, date(2026, 6, 1)),
        (date(2028, 6, 10), Severity.SERIOUS, date(2028, 6, 1)),
        (date(2026, 2, 1), Severity.MINOR, date(2025, 12, 25)),
        (None, Severity.MINOR, date(2025, 12, 25)),
    ],
)
def test_when_a_new_set_comes_into_force_the_earlier_end_counts(current, severity, until):
    found = publicity.recomputed_until(
        current,
        new_set=get("samr-2025-12-25"),
        severity=severity,
        decided_on=date(2025, 6, 1),
        published_on=date(2025, 6, 10),
    )
    assert found == until


def test_no_record_ends_before_the_new_set_is_in_force():
    rules = get("samr-2025-12-25")
    of_2023 = {"severity": Severity.GENERAL, "decided_on": date(2023, 5, 1), "published_on": date(2023, 5, 10)}
    assert publicity.recomputed_until(date(2026, 5, 10), new_set=rules, **of_2023) == date(2025, 12, 25)
    assert publicity.recomputed_until(date(2025, 12, 1), new_set=rules, **of_2023) == date(2025, 12, 1)


def test_a_longer_restriction_outlasts_the_new_period_too():
    found = publicity.recomputed_until(
        date(2031, 1, 1),
        new_set=get("samr-2025-12-25"),
        severity=Severity.SERIOUS,
        decided_on=date(2025, 6, 1),
        published_on=date(2025, 6, 10),
        restriction_until=date(2030, 6, 1),
    )
    assert found == date(2030, 6, 1)


@pytest.mark.parametrize(
    ("listed_on", "restricted", "until"),
    [
        (date(2020, 3, 2), None, date(2023, 3, 2)),
        (date(2017, 3, 2), None, date(2021, 9, 1)),
        (date(2020, 3, 2), date(2024, 1, 1), date(2024, 1, 1)),
        (date(2020, 3, 2), date(2027, 1, 1), date(2025, 3, 2)),
    ],
)
def test_a_listing_of_the_older_decree_ends_with_the_months_of_the_newer(listed_on, restricted, until):
    found = publicity.recomputed_listing_until(
        date(2025, 3, 2), new_set=get("samr-2021-09-01"), listed_on=listed_on, restriction_until=restricted
    )
    assert found == until


@given(
    st.sampled_from(Regime),
    st.dates(date(2019, 7, 1), date(2030, 1, 1)),
    st.integers(0, 2000),
    st.sets(st.sampled_from(PenaltyKind), min_size=1),
    st.none() | st.decimals(1, 10**7, places=2),
    st.sampled_from(PartyCategory),
    st.none() | st.integers(0, 4000),
)
def test_an_interval_is_never_empty_nor_longer_than_the_law(regime, decided, late, kinds, fine, category, restricted):
    published_on = decided + timedelta(days=late)
    restriction_until = None if restricted is None else decided + timedelta(days=restricted)
    found = penalty_publicity(
        regime=regime,
        decided_on=decided,
        published_on=published_on,
        kinds=kinds,
        fine=fine,
        party_category=category,
        restriction_until=restriction_until,
    )
    assert found.published is (found.reason_not_published is None)
    if not found.published:
        assert (found.public_from, found.public_until, found.earliest_repair_on) == (None, None, None)
        return
    latest = publicity.latest_end(regime, decided, published_on, found.severity)
    assert found.public_from == published_on < found.public_until
    assert found.public_until == max(filter(None, [latest, restriction_until]))
    assert found.basis_on in {decided, published_on}


@given(
    st.sampled_from(Regime),
    st.dates(date(2021, 9, 1), date(2030, 1, 1)),
    st.sets(st.sampled_from(PenaltyKind), min_size=1),
    st.sets(st.sampled_from(PenaltyKind)),
)
def test_a_further_kind_never_shortens_the_publicity(regime, decided, kinds, more):
    few, many = of(regime, decided, list(kinds)), of(regime, decided, list(kinds | more))
    assert not few.published or (many.published and many.public_until >= few.public_until)
