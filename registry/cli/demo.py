"""`demo …`: an invented register to try things on; refused in production."""

import json
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.imports import SOME_REJECTED, Progress, told_plainly
from registry.cli.language import in_chinese
from registry.clock import today
from registry.services import demo as demo_register
from registry.services import demo_access
from registry.services.imports import upkeep

demo = AppGroup("demo", help="An invented register to try things on.")


@demo.command("load")
@click.option(
    "--operators", type=click.IntRange(100, 1_000_000), default=demo_register.OPERATORS, show_default=True,
    help="How many operators.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON on the last line.")
@in_chinese
def load(operators: int, as_json: bool) -> None:
    """Load invented authorities, operators and records, and draw the demo's keys. Safe to repeat; refused in production."""
    settings = current_app.extensions["registry_settings"]
    with told_plainly():
        loaded = demo_register.load(
            settings, today(), operators=operators, say=lambda kind: click.echo(f"{kind}:", err=True), progress=Progress
        )
        credentials = demo_access.grant(settings)
    if loaded.applied >= upkeep.LARGE:
        upkeep.tidy(settings.database_owner_url)
    for kind, counts in loaded.files.items():
        click.echo(
            _(
                "%(kind)s: read %(read)s, applied %(applied)s, unchanged %(unchanged)s, rejected %(rejected)s",
                kind=kind, read=counts.read, applied=counts.applied, unchanged=counts.unchanged, rejected=counts.rejected,
            )
        )  # fmt: skip
    click.echo(", ".join(f"{state} {count}" for state, count in sorted(loaded.states.items())))
    click.echo(_("Keys and passwords are in %(file)s", file=credentials))
    if as_json:
        files = {kind: asdict(counts) for kind, counts in loaded.files.items()}
        click.echo(json.dumps({"day": loaded.day.isoformat(), "files": files, "states": loaded.states}))
    if any(counts.rejected for counts in loaded.files.values()):
        raise SystemExit(SOME_REJECTED)


@demo.command("access")
@in_chinese
def access() -> None:
    """Draw the demo's keys and accounts alone, without an invented register. Safe to repeat; refused in production."""
    with told_plainly():
        credentials = demo_access.grant(current_app.extensions["registry_settings"])
    click.echo(_("Keys and passwords are in %(file)s", file=credentials))
