"""What changes from one rule set to another: periods, deadlines, conditions, articles."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from registry.rules.rule_sets import Deadline, ListingRules, PenaltyPublicity, Period, RuleSet


class Part(StrEnum):
    """What kind of rule differs."""

    PERIOD = "period"
    DEADLINE = "deadline"
    CONDITION = "condition"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that is not the same in both sets.

    `name` is its way through the set, as in `penalties.general` or `deadlines.decide_repair`. `before` and `after` are values
    of the sets; None where the one has no such rule.
    """

    part: Part
    name: str
    before: object
    after: object


_PERIODS = frozenset(
    {
        "minor",
        "general",
        "serious",
        "safety_repair_after",
        "violation_months",
        "violation_repair_after",
        "reminder_months",
        "reminder_days",
    }
)


def differences(before: RuleSet, after: RuleSet) -> tuple[Difference, ...]:
    """Every rule that differs, by part, then in the order of the sets. A deadline and its article are told apart."""
    found = [
        *_of_fields("penalties", before.penalties, after.penalties),
        *_of_fields("listings", before.listings, after.listings),
        *_of_deadlines(before.deadlines, after.deadlines),
    ]
    return tuple(each for part in Part for each in found if each.part is part)


def _of_fields(
    group: str, before: PenaltyPublicity | ListingRules, after: PenaltyPublicity | ListingRules
) -> Iterator[Difference]:
    for field in fields(before):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if one != other:
            yield Difference(_part_of(field.name), f"{group}.{field.name}", one, other)


def _part_of(field_name: str) -> Part:
    if field_name == "source":
        return Part.ARTICLE
    return Part.PERIOD if field_name in _PERIODS else Part.CONDITION


def _of_deadlines(before: dict[str, Deadline], after: dict[str, Deadline]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            yield Difference(Part.DEADLINE, f"deadlines.{name}", one, other)
            continue
        if (one.amount, one.unit, one.since) != (other.amount, other.unit, other.since):
            yield Difference(Part.DEADLINE, f"deadlines.{name}", one, other)
        if one.source != other.source:
            yield Difference(Part.ARTICLE, f"deadlines.{name}", one.source, other.source)


def plain(value: object) -> object:
    """A value of a set as JSON can hold it: periods and deadlines as objects, kinds as a sorted list."""
    if isinstance(value, Deadline | Period):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    return list(value) if isinstance(value, tuple) else value
