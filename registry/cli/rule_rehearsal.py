"""`rules dry-run`: who would be listed, taken off, hidden or shown for longer under a set or a draft."""

from datetime import datetime
from pathlib import Path

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from blueprints.pages.words_rehearsal import EFFECTS
from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.config import Settings
from registry.rules import rule_sets
from registry.rules.rule_drafts import DraftRefused, drafted
from registry.services.matters import Desk
from registry.services.personal_values import Vault
from registry.services.rule_rehearsal import Effect, rehearse


@click.command("dry-run")
@click.option("--set", "name", required=True, help="The rule set, or the one that the draft is made from.")
@click.option("--on", required=True, type=click.DateTime(formats=["%Y-%m-%d"]), help="As of which day.")
@click.option("--draft", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON with other values.")
@click.option("--first", default=20, show_default=True, help="How many of each kind are named.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
@with_appcontext
@in_chinese
def dry_run(name: str, on: datetime, draft: Path | None, first: int, as_json: bool) -> None:
    """Print who would be listed, taken off, hidden or shown for longer under a set as of a day. Writes nothing."""
    settings: Settings = current_app.extensions["registry_settings"]
    with told_plainly():
        rule_set = rule_sets.get(name)
        if draft is not None:
            rule_set = drafted(_read_draft(draft), on=on.date(), base=name)
        found = rehearse(rule_set, on.date(), desk=Desk(settings.node_id, Vault.of(settings)), first=first)
    if as_json:
        click.echo(orjson.dumps(found.as_object()))
        return
    click.echo(_("%(name)s as of %(day)s; nothing was written", name=found.rule_set, day=found.on))
    for effect, count in found.counts.items():
        click.echo(f"{EFFECTS[effect]}{_(': ')}{count}")
        for each in found.first[effect]:
            ends = f"  {each.until or '…'} → {each.would_be_until or '…'}" if effect is not Effect.LISTED else ""
            click.echo(f"  {each.subject}  {each.operator}{ends}")


def _read_draft(path: Path) -> object:
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise DraftRefused([_("the file is no JSON")]) from error
