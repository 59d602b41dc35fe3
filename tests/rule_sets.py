"""A made-up rule set, as a rehearsal needs one."""

from dataclasses import replace
from datetime import date

import pytest

from registry.rules import rule_sets
from registry.rules.rule_sets import Period, RuleSet, get

TOMORROWS_DAY = date(2026, 12, 1)


def tomorrows_set(monkeypatch: pytest.MonkeyPatch, **listings: object) -> RuleSet:
    """In force from 2026-12-01: six months for the general class, a year for the serious one, two for the violation list."""
    today = get("samr-2025-12-25")
    made_up = replace(
        today,
        name="samr-2026-12-01",
        in_force_from=TOMORROWS_DAY,
        penalties=replace(today.penalties, general=Period(6, 3), serious=Period(12, 6), source="made up"),
        listings=replace(today.listings, violation_months=24, **listings),
    )
    monkeypatch.setattr(rule_sets, "SETS", (*rule_sets.SETS, made_up))
    return made_up
