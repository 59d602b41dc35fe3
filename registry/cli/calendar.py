"""`calendar …` and `rules …`: the working-day table, and what a rule set says of one decision."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
from flask.cli import AppGroup

from registry.cli.imports import told_plainly
from registry.cli.rule_sets import diff
from registry.queries.calendar import days_of, working_calendar
from registry.rules import penalty_kinds, publicity
from registry.rules.rule_sets import Regime, Severity
from registry.services import calendar as calendars
from registry.transaction import transaction

calendar = AppGroup("calendar", help="The working-day calendar.")
rules = AppGroup("rules", help="What the dated rule sets say.")

rules.add_command(diff)

DAY = click.DateTime(formats=["%Y-%m-%d"])


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load whole years from FILE (csv: day, is_working, note)."""
    with told_plainly(), transaction():
        count = calendars.load_file(file)
    click.echo(f"{count} days loaded")


@calendar.command("show")
@click.argument("year", type=int)
def show(year: int) -> None:
    """Show the days of YEAR that differ from an ordinary week."""
    days = days_of(year)
    if not days:
        raise click.ClickException(f"The year {year} is not loaded.")
    for day in days:
        if day.is_working == (day.day.weekday() >= 5):
            click.echo(f"{day.day}  {'working' if day.is_working else 'rest   '}  {day.note or ''}".rstrip())
    click.echo(f"{sum(day.is_working for day in days)} working days of {len(days)}")


@calendar.command("add")
@click.argument("start", type=DAY)
@click.argument("days", type=click.IntRange(min=0))
def add(start: datetime, days: int) -> None:
    """Print the date DAYS working days after START."""
    with told_plainly():
        end = working_calendar().add_working_days(start.date(), days)
    click.echo(end)


@rules.command("period")
@click.argument("regime", type=click.Choice([regime.value for regime in Regime]))
@click.argument("decided_on", type=DAY)
@click.option("--published-on", type=DAY, help="Day of publication; the day of the decision when left out.")
@click.option("--kinds", required=True, help='Penalty kinds as printed, e.g. "罚款;没收违法所得".')
@click.option("--class", "severity", type=click.Choice([severity.value for severity in Severity]))
@click.option("--fine", type=Decimal, help="Fine in yuan.")
def period(
    regime: str,
    decided_on: datetime,
    published_on: datetime | None,
    kinds: str,
    severity: str | None,
    fine: Decimal | None,
) -> None:
    """Print rule set, class, basis, and from when until when (the first day no longer public) a penalty is public."""
    decided: date = decided_on.date()
    found, unknown = penalty_kinds.parse(kinds, decided)
    if unknown:
        raise click.ClickException(f"Not a kind of penalty: {'; '.join(unknown)}")
    with told_plainly():
        answer = publicity.penalty_publicity(
            regime=Regime(regime),
            decided_on=decided,
            published_on=published_on.date() if published_on else decided,
            kinds=found,
            fine=fine,
            severity=Severity(severity) if severity else None,
        )
    click.echo(f"rule_set  {answer.rule_set}")
    click.echo(f"class     {answer.severity or '-'}")
    click.echo(f"basis     {answer.basis} {answer.basis_on}")
    click.echo(f"published {'yes' if answer.published else 'no: ' + str(answer.reason_not_published)}")
    click.echo(f"from      {answer.public_from or '-'}")
    click.echo(f"until     {answer.public_until or '-'}")
    click.echo(f"source    {answer.citation}")
