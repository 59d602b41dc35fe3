"""`day run`: everything that a day brings."""

import sys
from datetime import datetime
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import AppGroup

from registry.cli.calendar import DAY
from registry.clock import today
from registry.config import Settings
from registry.ledger import Recovering
from registry.services import day as days
from registry.services.matters import Desk
from registry.services.personal_values import Vault

day = AppGroup("day", help="What each day brings.")


@day.command("run")
@click.option("--on", type=DAY, help="The Beijing day; today when left out. A future one is refused in production.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def run(on: datetime | None, as_json: bool) -> None:
    """New rules for open records, what has run out, reminders and alarms. Safe to repeat.

    Status 1 where a deadline lies in a year whose calendar is not loaded; all else is done then.
    """
    chosen = on.date() if on else today()
    settings: Settings = current_app.extensions["registry_settings"]
    if chosen > today() and settings.is_production:
        raise click.ClickException("A day to come is refused in production.")
    try:
        with days.only_one():
            done = days.run(chosen, Desk(settings.node_id, Vault.of(settings)), _show_progress)
    except (days.AlreadyRunning, Recovering) as error:
        raise click.ClickException(str(error)) from error
    missing = sorted(done.raised.years_missing)
    if missing:
        click.echo(f"No calendar is loaded of {', '.join(map(str, missing))}: some deadlines are not told.", err=True)
    if as_json:
        click.echo(orjson.dumps(_as_object(done)).decode())
    else:
        _show(done)
    if missing:
        raise SystemExit(1)


def _as_object(done: days.Done) -> dict[str, Any]:
    return {
        "expired": done.expired,
        "recomputed": done.recomputed,
        "followed": done.followed,
        "reminders": done.raised.reminders,
        "alarms": done.raised.alarms,
        "notices": done.told,
        "calendar_missing": sorted(done.raised.years_missing),
    }


def _show(done: days.Done) -> None:
    for resource, count in done.recomputed.items():
        click.echo(f"{resource:<24}  {count} end earlier by new rules")
    for resource, count in done.expired.items():
        click.echo(f"{resource:<24}  {count} expired")
    for kind, count in done.followed.items():
        click.echo(f"{kind:<24}  {count} cases")
    click.echo(f"{'reminders':<24}  {done.raised.reminders} raised")
    click.echo(f"{'alarms':<24}  {done.raised.alarms} raised")
    click.echo(f"{'notices':<24}  {done.told} to parties")


def _show_progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"{done:>12,} records", err=True)
