"""Reminders before legal deadlines and alarms after them, each raised once, with the day from which it stands.

That day follows from the deadline and not from the run: whoever runs a week late raises the same. What depends on a year
whose calendar is not loaded is left out and told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from models import Matter, Reminder, ReminderKind, db
from registry.queries.calendar import working_calendar
from registry.queries.matters import elsewhere
from registry.rules.abnormal_cases import long_stay
from registry.rules.calendar import CalendarYearMissing, WorkingCalendar
from registry.rules.penalty_procedure import OPEN, MatterKind
from registry.rules.reminders import full_on, reminded_on
from registry.rules.rule_sets import Regime, RuleSet, UnknownRuleSet, rule_set_for
from registry.services.imports.tables import cursor
from registry.services.matters.deadlines import clocks
from registry.transaction import transaction

DAY = timedelta(days=1)
_PART = 1000

_PLACED = """
    JOIN LATERAL (
        SELECT a.id FROM authority a
         WHERE a.regime = 'samr'
           AND (a.name = o.registrar_name OR a.region = o.region OR a.region = left(o.region, 4) || '00')
         ORDER BY coalesce(a.name = o.registrar_name, false) DESC, coalesce(a.region = o.region, false) DESC,
                  a.confirmed DESC, a.id LIMIT 1) AS bureau ON true"""
"""The bureau that looks after an operator: that of its registration, else the one of its district, else of its city."""


@dataclass(slots=True)
class Raised:
    """How many were raised, and the years without which some could not be told."""

    reminders: int = 0
    alarms: int = 0
    years_missing: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Due:
    """A day on which a deadline ends or a period is full, and what stands from when because of it."""

    key: tuple[object, ...]
    deadline: str
    due_on: date
    kind: ReminderKind
    raised_on: date


def remind(on: date) -> Raised:
    """Raise what stands on this day and was not raised before. Commits each kind of subject by itself."""
    raised = Raised()
    calendar = working_calendar()
    for raise_them in (_of_proceedings, _of_matters, _of_long_stays, _of_suspensions, _of_undissolved):
        with transaction():
            raise_them(on, calendar, raised)
    return raised


def _of_proceedings(on: date, calendar: WorkingCalendar, raised: Raised) -> None:
    work = cursor()
    work.execute(
        "SELECT DISTINCT a.regime, p.deadline, p.due_on FROM proceeding p JOIN authority a ON a.id = p.authority_id"
        " WHERE p.closed_on IS NULL AND p.due_on IS NOT NULL ORDER BY 1, 2, 3"
    )

    def stands(regime: str, deadline: str, due_on: date) -> Iterator[_Due]:
        rules = rule_set_for(Regime(regime), on)
        since = reminded_on(due_on, rules.deadlines.get(deadline), rules, calendar)
        yield _Due((regime,), deadline, due_on, ReminderKind.REMINDER, since)
        yield _Due((regime,), deadline, due_on, ReminderKind.ALARM, due_on + DAY)

    dues = _standing(work.fetchall(), stands, on, raised)
    work.execute(
        """
        INSERT INTO reminder (subject, authority_id, deadline, due_on, kind, raised_on)
        SELECT p.record_id, p.authority_id, p.deadline, p.due_on, k.kind, k.raised_on
          FROM proceeding p JOIN authority a ON a.id = p.authority_id
          JOIN unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::date[])
            AS k(regime, deadline, due_on, kind, raised_on)
            ON (k.regime, k.deadline, k.due_on) = (a.regime, p.deadline, p.due_on)
         WHERE p.closed_on IS NULL
        ON CONFLICT DO NOTHING RETURNING kind
        """,
        [
            [due.key[0] for due in dues],
            [due.deadline for due in dues],
            [due.due_on for due in dues],
            [due.kind for due in dues],
            [due.raised_on for due in dues],
        ],
    )
    _count(work.fetchall(), raised)


def _of_matters(on: date, calendar: WorkingCalendar, raised: Raised) -> None:
    """Of entries also the fifth working day, on which the report upward of the seventh becomes urgent (双公示)."""
    matters = select(Matter).where(Matter.state.in_(OPEN)).options(joinedload(Matter.authority)).order_by(Matter.id)
    rows = []
    found = db.session.execute(matters).scalars().all()
    away = elsewhere(found)
    for matter in found:
        rules = rule_set_for(matter.authority.regime, on)
        for clock in clocks(matter, calendar, on, elsewhere=matter.id in away):
            try:
                since = reminded_on(clock.due_on, rules.deadlines[clock.name], rules, calendar)
            except CalendarYearMissing as error:
                raised.years_missing.add(error.year)
                continue
            rows += [(matter, clock.name, clock.due_on, ReminderKind.ALARM, clock.due_on + DAY)]
            if clock.name != "report_upward":
                rows += [(matter, clock.name, clock.due_on, ReminderKind.REMINDER, since)]
        if matter.kind is MatterKind.ENTRY and matter.decided_on is not None:
            rows += _urgent_reports(matter, calendar, raised)
    for start in range(0, len(rows), _PART):
        values = [
            {
                "subject": matter.name,
                "authority_id": matter.authority_id,
                "deadline": deadline,
                "due_on": due_on,
                "kind": kind,
                "raised_on": raised_on,
            }
            for matter, deadline, due_on, kind, raised_on in rows[start : start + _PART]
            if raised_on <= on
        ]
        if values:
            kept = insert(Reminder).values(values).on_conflict_do_nothing().returning(Reminder.kind)
            _count(db.session.execute(kept).all(), raised)


def _urgent_reports(
    matter: Matter, calendar: WorkingCalendar, raised: Raised
) -> list[tuple[Matter, str, date, ReminderKind, date]]:
    assert matter.decided_on is not None
    name = "report_upward_alarm"
    try:
        deadline = rule_set_for(matter.authority.regime, matter.decided_on).deadlines[name]
        urgent_on = calendar.add_working_days(matter.decided_on, deadline.amount)
    except CalendarYearMissing as error:
        raised.years_missing.add(error.year)
        return []
    except UnknownRuleSet:  # decided before the first rules: nobody was to report it
        return []
    return [(matter, name, urgent_on, ReminderKind.ALARM, urgent_on)]


def _of_long_stays(on: date, calendar: WorkingCalendar, raised: Raised) -> None:
    """Enterprises only: neither households nor cooperatives were ever escalated (domain.md 3.3)."""
    del calendar

    def stands(listed_on: date) -> Iterator[_Due]:
        since, full = long_stay(listed_on, rule_set_for(Regime.SAMR, listed_on))
        yield _Due((listed_on,), "long_stay", full, ReminderKind.REMINDER, since)

    work = cursor()
    work.execute("SELECT DISTINCT listed_on FROM abnormal_listing WHERE state = 'in_force' ORDER BY 1")
    dues = _standing(work.fetchall(), stands, on, raised)
    work.execute(
        """
        INSERT INTO reminder (subject, authority_id, deadline, due_on, kind, raised_on)
        SELECT r.record_id, r.authority_id, 'long_stay', k.due_on, 'reminder', k.raised_on
          FROM abnormal_listing r JOIN operator o ON o.id = r.operator_id
          JOIN unnest(%s::date[], %s::date[], %s::date[]) AS k(listed_on, due_on, raised_on) USING (listed_on)
         WHERE r.state = 'in_force' AND o.kind = 'enterprise'
        ON CONFLICT DO NOTHING RETURNING kind
        """,
        [[due.key[0] for due in dues], [due.due_on for due in dues], [due.raised_on for due in dues]],
    )
    _count(work.fetchall(), raised)


def _of_suspensions(on: date, calendar: WorkingCalendar, raised: Raised) -> None:
    """Suspended for three years: 市场主体登记管理条例 art. 30."""
    rules = rule_set_for(Regime.SAMR, on)
    deadline = rules.deadlines["end_suspension"]

    def stands(since: date) -> Iterator[_Due]:
        due_on = full_on(deadline, since, calendar)
        first = reminded_on(due_on, deadline, rules, calendar)
        yield _Due((since,), "end_suspension", due_on, ReminderKind.REMINDER, first)
        yield _Due((since,), "end_suspension", due_on, ReminderKind.ALARM, due_on + DAY)

    _of_statuses(("suspended",), stands, on, raised)


def _of_undissolved(on: date, calendar: WorkingCalendar, raised: Raised) -> None:
    """Struck off and not dissolved within six months: 市场主体登记管理条例实施细则 art. 67."""
    rules: RuleSet = rule_set_for(Regime.SAMR, on)

    def stands(since: date) -> Iterator[_Due]:
        due_on = full_on(rules.deadlines["mark_undissolved"], since, calendar)
        yield _Due((since,), "mark_undissolved", due_on, ReminderKind.REMINDER, due_on + DAY)

    _of_statuses(("revoked", "annulled", "closed_by_order"), stands, on, raised)


def _of_statuses(statuses: Sequence[str], stands: Callable[[date], Iterator[_Due]], on: date, raised: Raised) -> None:
    work = cursor()
    work.execute(
        "SELECT DISTINCT status_on FROM operator"
        " WHERE registration_status = ANY(%s) AND status_on IS NOT NULL AND successor_id IS NULL ORDER BY 1",
        (list(statuses),),
    )
    dues = _standing(work.fetchall(), stands, on, raised)
    work.execute(
        f"""
        INSERT INTO reminder (subject, authority_id, deadline, due_on, kind, raised_on)
        SELECT o.record_id, bureau.id, k.deadline, k.due_on, k.kind, k.raised_on
          FROM operator o
          JOIN unnest(%s::date[], %s::text[], %s::date[], %s::text[], %s::date[])
            AS k(since, deadline, due_on, kind, raised_on) ON k.since = o.status_on
          {_PLACED}
         WHERE o.registration_status = ANY(%s) AND o.successor_id IS NULL
        ON CONFLICT DO NOTHING RETURNING kind
        """,  # noqa: S608 - constant text
        [
            [due.key[0] for due in dues],
            [due.deadline for due in dues],
            [due.due_on for due in dues],
            [due.kind for due in dues],
            [due.raised_on for due in dues],
            list(statuses),
        ],
    )
    _count(work.fetchall(), raised)


def _standing(
    rows: Iterable[Sequence[object]], stands: Callable[..., Iterator[_Due]], on: date, raised: Raised
) -> list[_Due]:
    """What stands on the day because of these keys; days before the first rules, and years not loaded, give nothing."""
    dues: list[_Due] = []
    for row in rows:
        try:
            dues += [due for due in stands(*row) if due.raised_on <= on]
        except CalendarYearMissing as error:
            raised.years_missing.add(error.year)
        except UnknownRuleSet:
            continue
    return dues


def _count(rows: Iterable[Sequence[object]], raised: Raised) -> None:
    for (kind,) in rows:
        if kind == ReminderKind.ALARM:
            raised.alarms += 1
        else:
            raised.reminders += 1
