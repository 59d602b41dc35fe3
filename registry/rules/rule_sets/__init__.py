"""Rule sets: a regime and the day it is in force from. No period, limit or citation stands anywhere else.

The regime follows from the deciding authority, the set from the date of the decision. What was not found in print is marked
`to be confirmed` in its source; what law leaves to a place stands in `local_settings`.
"""

from datetime import date

from registry.rules.rule_sets.sets import SERIOUS_KINDS, SETS
from registry.rules.rule_sets.vocabulary import (
    Basis,
    Deadline,
    Event,
    ListingRules,
    PenaltyPublicity,
    Period,
    Regime,
    RuleSet,
    Severity,
    Unit,
    UnknownRuleSet,
)

__all__ = [
    "SERIOUS_KINDS",
    "Basis",
    "Deadline",
    "Event",
    "ListingRules",
    "PenaltyPublicity",
    "Period",
    "Regime",
    "RuleSet",
    "Severity",
    "Unit",
    "UnknownRuleSet",
    "all_sets",
    "get",
    "rule_set_for",
]


def all_sets() -> tuple[RuleSet, ...]:
    """All rule sets, by regime and day."""
    return SETS


def get(name: str) -> RuleSet:
    """The set of this name; UnknownRuleSet where there is none."""
    for rule_set in SETS:
        if rule_set.name == name:
            return rule_set
    raise UnknownRuleSet(f"There is no rule set named {name}.")


def rule_set_for(regime: Regime, decided_on: date) -> RuleSet:
    """The set in force on the day of the decision. UnknownRuleSet before the first of the regime."""
    found = None
    for rule_set in SETS:
        if rule_set.regime is regime and rule_set.in_force_from <= decided_on:
            found = rule_set
    if found is None:
        raise UnknownRuleSet(f"No rule set of {regime} was in force on {decided_on}.")
    return found
