"""`day run`: everything that a day brings."""

import sys
from datetime import datetime

import click
import orjson
from flask import current_app
from flask.cli import AppGroup

from registry.cli.calendar import DAY
from registry.clock import today
from registry.services import day as days

day = AppGroup("day", help="What each day brings.")


@day.command("run")
@click.option("--on", type=DAY, help="The Beijing day; today when left out. A future one is refused in production.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
def run(on: datetime | None, as_json: bool) -> None:
    """End what has run out. Safe to repeat."""
    chosen = on.date() if on else today()
    if chosen > today() and current_app.extensions["registry_settings"].is_production:
        raise click.ClickException("A day to come is refused in production.")
    try:
        with days.only_one():
            counts = days.expire(chosen, _show_progress)
    except days.AlreadyRunning as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(orjson.dumps({"expired": counts}).decode())
        return
    for resource, count in counts.items():
        click.echo(f"{resource:<24}  {count} expired")


def _show_progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"{done:>12,} ended", err=True)
