"""A draft of a rule set: one that stands, with some of its values put in the place of others; checked as a whole."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from registry.errors import RuleViolation
from registry.rules import rule_sets
from registry.rules.rule_sets import Deadline, ListingRules, PenaltyPublicity, Period, RuleSet, UnknownRuleSet

P = TypeVar("P", PenaltyPublicity, ListingRules)

_MEMBERS = ("base", "in_force_from", "penalties", "listings", "deadlines")


class DraftRefused(RuleViolation):
    """A draft that says what no rule set can; `faults` names everything that is wrong."""

    code = "rule_draft_refused"

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


def drafted(draft: Any, *, on: date, base: str | None = None) -> RuleSet:
    """The set that a draft describes: `base` (a set's name) and, where they differ, members as the set has them.

    Periods are `[months, months before a repair]` or null for a class that is not shown, deadlines a number of their unit.
    DraftRefused with all faults; UnknownRuleSet.
    """
    if not isinstance(draft, Mapping):
        raise DraftRefused(["the draft is no object"])
    faults = [f"{name}: no such member" for name in draft if name not in _MEMBERS]
    try:
        standing = rule_sets.get(str(draft.get("base") or base or ""))
    except UnknownRuleSet:
        raise DraftRefused([*faults, "base: there is no rule set of this name"]) from None
    since = on
    if "in_force_from" in draft:
        try:
            since = date.fromisoformat(str(draft["in_force_from"]))
        except ValueError:
            faults.append("in_force_from: no day")
    parts = {name: draft.get(name, {}) for name in _MEMBERS[2:]}
    faults += [f"{name}: no object" for name, part in parts.items() if not isinstance(part, Mapping)]
    parts = {name: part if isinstance(part, Mapping) else {} for name, part in parts.items()}
    changed = replace(
        standing,
        name=f"draft of {standing.name}",
        in_force_from=since,
        penalties=_overridden("penalties", standing.penalties, parts["penalties"], faults),
        listings=_overridden("listings", standing.listings, parts["listings"], faults),
        deadlines=_deadlines(standing.deadlines, parts["deadlines"], faults),
    )
    if faults:
        raise DraftRefused(faults)
    return changed


def _overridden(part: str, standing: P, given: Mapping[str, Any], faults: list[str]) -> P:
    known = {field.name for field in fields(standing)}
    changes = {}
    for name, value in given.items():
        where = f"{part}.{name}"
        if name not in known:
            faults.append(f"{where}: no such rule")
            continue
        try:
            changes[name] = _like(getattr(standing, name), value, may_be_period=name in ("minor", "general", "serious"))
        except ValueError as error:
            faults.append(f"{where}: {error}")
    return replace(standing, **changes)


def _like(standing: Any, value: Any, *, may_be_period: bool) -> Any:
    """A value of the same kind as the standing one. ValueError says what was expected."""
    if may_be_period:
        if value is None:
            return None
        if _counts(value) and len(value) == 2 and value[0] >= value[1]:
            return Period(*value)
        raise ValueError("must be [months, months before a repair] or null")
    if isinstance(standing, bool):
        if isinstance(value, bool):
            return value
        raise ValueError("must be true or false")
    if isinstance(standing, int):
        if _counts([value]):
            return value
        raise ValueError("must be a whole number above zero")
    if isinstance(standing, tuple):
        if _counts(value) and len(value) == len(standing):
            return tuple(value)
        raise ValueError(f"must be {len(standing)} whole numbers")
    if isinstance(standing, StrEnum):
        return type(standing)(value)
    if isinstance(standing, frozenset):
        raise ValueError("cannot be drafted")
    if isinstance(value, str) and value:
        return value
    raise ValueError("must be a text")


def _counts(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int and each > 0 for each in value)


def _deadlines(standing: dict[str, Deadline], given: Mapping[str, Any], faults: list[str]) -> dict[str, Deadline]:
    changes = {}
    for name, amount in given.items():
        if name not in standing:
            faults.append(f"deadlines.{name}: no such deadline")
        elif not _counts([amount]):
            faults.append(f"deadlines.{name}: must be a whole number above zero")
        else:
            changes[name] = replace(standing[name], amount=amount)
    return standing | changes
