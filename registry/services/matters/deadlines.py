"""The legal clocks of a matter: what must be done by when, and how many working days are left."""

from dataclasses import dataclass
from datetime import date

from models import Authority, Matter
from registry.errors import RuleViolation
from registry.rules.calendar import WorkingCalendar
from registry.rules.penalty_procedure import MatterKind
from registry.rules.rule_sets import rule_set_for

_ELSEWHERE = ("report_upward", "push_to_other_province")
"""Of an entry whose party is registered in another province: passed on instead, and published there (art. 10)."""
_CLOCKS = {
    MatterKind.ENTRY: ("report_upward", "publish_penalty"),
    MatterKind.CORRECTION: ("correct_penalty",),
    MatterKind.WITHDRAWAL: ("withdraw_penalty",),
    MatterKind.SHIELD: (),  # the law gives no time (domain.md 13)
    MatterKind.LIFT_SHIELD: (),
}

_WEEK_OF_WORK = 5  # our own warning, not law's: a week in which a second officer can still be found


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline: its name, its day, working days left (negative when it has passed), the article.

    `alarming` from the day on which somebody should be worried.
    """

    name: str
    due_on: date
    left: int
    source: str
    alarming: bool


def clocks(matter: Matter, calendar: WorkingCalendar, today: date, *, elsewhere: bool = False) -> list[Clock]:
    """The deadlines of a matter, the nearest first; none where the day they run from is not known yet.

    `elsewhere`: the party is registered in another province (`registry.queries.matters.elsewhere` knows).
    """
    try:
        if matter.kind is not MatterKind.ENTRY and matter.due_on is not None:
            (name,) = _CLOCKS[matter.kind]
            source = rule_set_for(matter.authority.regime, matter.decided_on or today).deadlines[name].source
            left = calendar.working_days_between(today, matter.due_on)
            return [Clock(name, matter.due_on, left, source, left <= 1)]
        if matter.decided_on is None:
            return []
        rules = rule_set_for(matter.authority.regime, matter.decided_on).deadlines
        slack = {
            "report_upward": rules["report_upward"].amount - rules["report_upward_alarm"].amount,
            "publish_penalty": _WEEK_OF_WORK,
            "push_to_other_province": _WEEK_OF_WORK,
        }
        found = []
        for name in _ELSEWHERE if elsewhere else _CLOCKS[matter.kind]:
            due_on = calendar.add_working_days(matter.decided_on, rules[name].amount)
            left = calendar.working_days_between(today, due_on)
            found.append(Clock(name, due_on, left, rules[name].source, left <= slack[name]))
    except RuleViolation:  # a day before the first rules, or in a year whose calendar is not loaded
        return []
    return found


def due_on(
    kind: MatterKind, authority: Authority, *, since: date | None, decided_on: date | None, calendar: WorkingCalendar
) -> date | None:
    """The nearest deadline of a matter that runs from `since`; None where it cannot be told yet."""
    if since is None:
        return None
    try:
        rules = rule_set_for(authority.regime, decided_on or since).deadlines
        return min(calendar.add_working_days(since, rules[name].amount) for name in _CLOCKS[kind])
    except RuleViolation:
        return None
