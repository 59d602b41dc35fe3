"""`authority …`: the organs that decide."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.rules.rule_sets import Regime
from registry.services import authorities
from registry.transaction import transaction

authority = AppGroup("authority", help="The organs that decide.")


@authority.command("create")
@click.argument("uscc")
@click.argument("name")
@click.option("--regime", type=click.Choice([regime.value for regime in Regime]), required=True)
@click.option("--region", metavar="CODE", help="Region code of six digits.")
@click.option("--parent", metavar="USCC", help="The authority above it.")
@in_chinese
def create(uscc: str, name: str, regime: str, region: str | None, parent: str | None) -> None:
    """Enter an organ with its code USCC, or confirm one that only a file has named."""
    with told_plainly(), transaction():
        made = authorities.create(uscc, name, regime=Regime(regime), region=region, parent=parent)
        told = _("%(name)s (%(uscc)s, %(regime)s) entered", name=made.name, uscc=made.uscc, regime=made.regime.value)
    click.echo(told)


@authority.command("set")
@click.argument("uscc")
@click.option("--low-fine-person", metavar="YUAN", help="Fines of natural persons below this are low.")
@click.option("--low-fine-organisation", metavar="YUAN", help="Fines of organisations below this are low.")
@click.option("--superior-consent", type=click.Choice(["yes", "no"]), help="Violation listings need the next level.")
@click.option("--document-word", metavar="WORD", help="The organ's word in numbers of documents (部门字号).")
@click.option("--document-pattern", metavar="PATTERN", help="With {word}, {mark}, {year} and {number}.")
@click.option("--review-government", metavar="NAME", help="The government that reviews its decisions.")
@click.option("--court", metavar="NAME", help="The court that its decisions can be taken to.")
@in_chinese
def set_local(uscc: str, superior_consent: str | None, **texts: str | None) -> None:
    """Set what law leaves to the organ with the code USCC; an option that is left out stays as it is."""
    consent = None if superior_consent is None else superior_consent == "yes"
    given: dict[str, str | bool | None] = {**texts, "needs_superior_consent": consent}
    with told_plainly(), transaction():
        changed = authorities.set_local(uscc, {name: value for name, value in given.items() if value is not None})
        told = ", ".join(f"{name} = {value}" for name, value in sorted(changed.settings.items())) or "-"
        name = changed.name
    click.echo(_("%(name)s, local settings: %(settings)s", name=name, settings=told))
