"""`calendar …` and `rules …`: the working-day table, and what a rule set says of one decision."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click
import orjson
from flask.cli import AppGroup
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from blueprints.pages import words
from blueprints.pages.citations import citation
from blueprints.pages.words_matters import NOT_PUBLIC
from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.cli.rule_rehearsal import dry_run
from registry.cli.rule_sets import diff
from registry.queries.calendar import days_of, working_calendar
from registry.rules import penalty_kinds, publicity
from registry.rules.publicity import Publicity
from registry.rules.rule_sets import Basis, Regime, Severity
from registry.services import calendar as calendars
from registry.transaction import transaction

calendar = AppGroup("calendar", help="The working-day calendar.")
rules = AppGroup("rules", help="What the dated rule sets say.")

rules.add_command(diff)
rules.add_command(dry_run)

LABELS = {
    "rule_set": _("Rules applied"),
    "class": _("Class for publicity"),
    "basis": _("Counted from"),
    "published": _("Made public"),
    "from": _("Public since"),
    "until": _("Public until (that day excluded)"),
    "source": _("Basis"),
}
BASES = {
    Basis.DECISION: _("the day of the decision"),
    Basis.PUBLICATION: _("the day of publication"),
}
DAY = click.DateTime(formats=["%Y-%m-%d"])


@calendar.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_chinese
def load(file: Path) -> None:
    """Load whole years from FILE (csv: day, is_working, note)."""
    with told_plainly(), transaction():
        count = calendars.load_file(file)
    click.echo(ngettext("%(num)s day loaded", "%(num)s days loaded", count))


@calendar.command("show")
@click.argument("year", type=int)
@in_chinese
def show(year: int) -> None:
    """Show the days of YEAR that differ from an ordinary week."""
    days = days_of(year)
    if not days:
        raise click.ClickException(gettext("The year %(year)s is not loaded.", year=year))
    for day in days:
        if day.is_working == (day.day.weekday() >= 5):
            kind = gettext("working day") if day.is_working else gettext("day of rest")
            click.echo(f"{day.day}  {kind}  {day.note or ''}".rstrip())
    working = sum(day.is_working for day in days)
    click.echo(gettext("%(working)s working days of %(days)s", working=working, days=len(days)))


@calendar.command("add")
@click.argument("start", type=DAY)
@click.argument("days", type=click.IntRange(min=0))
@in_chinese
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@in_chinese
def period(
    regime: str,
    decided_on: datetime,
    published_on: datetime | None,
    kinds: str,
    severity: str | None,
    fine: Decimal | None,
    as_json: bool,
) -> None:
    """Print rule set, class, basis, and from when until when (the first day no longer public) a penalty is public."""
    decided: date = decided_on.date()
    found, unknown = penalty_kinds.parse(kinds, decided)
    if unknown:
        raise click.ClickException(gettext("Not a kind of penalty: %(kinds)s", kinds=gettext(", ").join(unknown)))
    with told_plainly():
        answer = publicity.penalty_publicity(
            regime=Regime(regime),
            decided_on=decided,
            published_on=published_on.date() if published_on else decided,
            kinds=found,
            fine=fine,
            severity=Severity(severity) if severity else None,
        )
    members = _members(answer)
    if as_json:
        click.echo(orjson.dumps(members).decode())
        return
    for name, told in _in_words(answer).items():
        click.echo(f"{LABELS[name]}{gettext(': ')}{told}")


def _members(answer: Publicity) -> dict[str, object]:
    return {
        "rule_set": answer.rule_set,
        "class": answer.severity,
        "basis": answer.basis,
        "basis_on": answer.basis_on,
        "published": answer.published,
        "reason_not_published": answer.reason_not_published,
        "from": answer.public_from,
        "until": answer.public_until,
        "source": answer.citation,
    }


def _in_words(answer: Publicity) -> dict[str, str]:
    none = gettext("not applicable")
    hidden = gettext("no: %(reason)s", reason=NOT_PUBLIC.get(answer.reason_not_published or "", ""))
    return {
        "rule_set": words.rule_set(answer.rule_set),
        "class": str(words.SEVERITIES[answer.severity]) if answer.severity else none,
        "basis": f"{BASES[answer.basis]} {answer.basis_on}",
        "published": gettext("yes") if answer.published else hidden,
        "from": str(answer.public_from or none),
        "until": str(answer.public_until or none),
        "source": citation(answer.citation),
    }
