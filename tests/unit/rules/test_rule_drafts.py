"""Drafts of a rule set: the values that differ, and all that is wrong at once."""

from datetime import date

import pytest

from registry.rules.rule_drafts import DraftRefused, drafted
from registry.rules.rule_sets import Basis, Period, get

DAY = date(2026, 12, 1)
BASE = "samr-2025-12-25"


def test_what_is_not_said_stays_as_it_is():
    made = drafted(
        {
            "base": BASE,
            "penalties": {"general": [6, 3], "minor": None, "basis": "publication_date", "warning_shown": True},
            "listings": {"violation_months": 24, "letter_gap": [10, 20]},
            "deadlines": {"list_r1": 5},
        },
        on=DAY,
    )
    standing = get(BASE)
    assert (made.penalties.general, made.penalties.serious) == (Period(6, 3), standing.penalties.serious)
    assert (made.penalties.basis, made.penalties.warning_shown) == (Basis.PUBLICATION, True)
    assert (made.listings.violation_months, made.listings.letter_gap) == (24, (10, 20))
    assert (made.deadlines["list_r1"].amount, made.deadlines["list_r2"]) == (5, standing.deadlines["list_r2"])
    assert (made.in_force_from, made.regime) == (DAY, standing.regime)


def test_all_faults_are_told_at_once():
    with pytest.raises(DraftRefused) as refused:
        drafted(
            {
                "base": BASE,
                "wishes": 1,
                "in_force_from": "soon",
                "penalties": {"general": [3, 6], "basis": "never", "colour": 1, "never_repaired": [], "source": ""},
                "listings": {"violation_months": True, "needs_superior_consent": 1, "letter_gap": [1]},
                "deadlines": {"list_r9": 1, "list_r1": 0},
            },
            on=DAY,
        )
    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "wishes", "in_force_from", "penalties.general", "penalties.basis", "penalties.colour",
        "penalties.never_repaired", "penalties.source", "listings.violation_months",
        "listings.needs_superior_consent", "listings.letter_gap", "deadlines.list_r9", "deadlines.list_r1",
    ]  # fmt: skip


@pytest.mark.parametrize("draft", [[], {"base": "samr-1999"}, {}, {"base": BASE, "penalties": 3}])
def test_what_is_no_draft_is_refused(draft):
    with pytest.raises(DraftRefused):
        drafted(draft, on=DAY)
