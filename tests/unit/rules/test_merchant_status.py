"""What findings weigh for a platform: the table of domain.md 9.2."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules import merchant_status
from registry.rules.listing import AbnormalReason
from registry.rules.merchant_status import Level, overall, penalty_stretches
from registry.rules.operator import RegistrationStatus
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.rule_sets import Severity

START, END = date(2026, 3, 2), date(2029, 3, 2)
DAY = timedelta(days=1)


def stretches(kinds, *, severity=Severity.SERIOUS, restriction_until=None, public_until=END):
    return list(
        penalty_stretches(
            severity=severity,
            kinds=kinds,
            restriction_until=restriction_until,
            public_from=START,
            public_until=public_until,
        )
    )


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (RegistrationStatus.ACTIVE, Level.CLEAR),
        (RegistrationStatus.SUSPENDED, Level.INFO),
        (RegistrationStatus.MOVED_OUT, Level.INFO),
        (RegistrationStatus.LIQUIDATION, Level.MEDIUM),
        (RegistrationStatus.REVOKED, Level.BARRED),
        (RegistrationStatus.ANNULLED, Level.BARRED),
        (RegistrationStatus.CLOSED_BY_ORDER, Level.BARRED),
        (RegistrationStatus.CANCELLED, Level.BARRED),
    ],
)
def test_registration_status(status, level):
    assert merchant_status.level_of_registration_status(status) is level
    assert merchant_status.title_of_registration_status(status)
    assert merchant_status.basis_of_registration_status(status).startswith("《")


@pytest.mark.parametrize("reason", AbnormalReason)
def test_abnormal_listings_and_marks_are_medium(reason):
    assert merchant_status.level_of_abnormal(reason) is Level.MEDIUM


def test_the_violation_list_is_high_and_a_licence_weighs_nothing():
    assert merchant_status.level_of_violation() is Level.HIGH
    assert merchant_status.level_of_licence() is Level.CLEAR


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.SERIOUS, Level.HIGH), (Severity.GENERAL, Level.LOW), (Severity.MINOR, Level.LOW)]
)
def test_a_penalty_weighs_by_its_class(severity, level):
    assert stretches([PenaltyKind.FINE], severity=severity) == [(START, END, level)]


def test_a_suspension_bars_until_it_ends():
    end = date(2026, 9, 2)
    for kind in (PenaltyKind.SUSPENSION_OF_BUSINESS, PenaltyKind.RESTRICTION_OF_BUSINESS):
        assert stretches([kind], restriction_until=end) == [(START, end, Level.BARRED), (end, END, Level.HIGH)]


def test_a_closure_bars_as_long_as_it_is_public():
    assert stretches([PenaltyKind.CLOSURE]) == [(START, END, Level.BARRED)]
    assert stretches([PenaltyKind.CLOSURE], public_until=None) == [(START, None, Level.BARRED)]


def test_a_suspension_without_an_end_bars_nobody_for_ever():
    assert stretches([PenaltyKind.SUSPENSION_OF_BUSINESS]) == [(START, END, Level.HIGH)]


def test_a_restriction_that_was_over_before_publication_bars_no_more():
    assert stretches([PenaltyKind.SUSPENSION_OF_BUSINESS], restriction_until=START) == [(START, END, Level.HIGH)]


def test_a_revoked_licence_is_serious_and_no_bar_by_itself():
    assert stretches([PenaltyKind.REVOCATION_OF_LICENCE], restriction_until=END) == [(START, END, Level.HIGH)]


@given(
    st.sets(st.sampled_from(PenaltyKind), min_size=1),
    st.sampled_from(Severity),
    st.none() | st.dates(date(2026, 1, 1), date(2032, 1, 1)),
    st.none() | st.dates(START + DAY, date(2032, 1, 1)),
)
def test_stretches_cover_the_publicity_without_gap_or_overlap(kinds, severity, restriction_until, public_until):
    found = stretches(kinds, severity=severity, restriction_until=restriction_until, public_until=public_until)
    assert found[0][0] == START
    assert found[-1][1] == public_until
    assert all(until is None or since < until for since, until, _ in found)
    assert all(one[1] == other[0] for one, other in pairwise(found))


def test_the_heaviest_finding_decides():
    assert overall([]) is Level.CLEAR
    assert overall([Level.LOW, Level.BARRED, Level.MEDIUM]) is Level.BARRED
    order = [Level.CLEAR, Level.INFO, Level.LOW, Level.MEDIUM, Level.HIGH, Level.BARRED]
    for lower, higher in pairwise(order):
        assert overall([higher, lower]) is higher
