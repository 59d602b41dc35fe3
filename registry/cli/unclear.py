"""`exchange unclear`, `exchange settle`: messages that a person must settle."""

import click
from flask_babel import gettext as _

from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.cli.peers import exchange
from registry.ledger import Actor
from registry.transaction import transaction
from sync import settling

__all__ = ["exchange"]

ACTOR = Actor("system", "command-line")  # who sits at the console of the machine, nobody can tell


@exchange.command("unclear")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
def unclear(limit: int) -> None:
    """List records of other nodes that met this register in an unclear way: when, which, why."""
    for each in settling.unclear(limit):
        click.echo(f"{each.received_at:%Y-%m-%d %H:%M}  {each.record_id}  {each.note}")


@exchange.command("settle")
@click.argument("record_id")
@click.option("--same-as", metavar="RECORD", help="The record of this register that says the same.")
@in_chinese
def settle(record_id: str, same_as: str | None) -> None:
    """Settle the message about RECORD_ID: link it to a record, or else try once more to take it in."""
    with told_plainly(), transaction():
        if same_as is not None:
            found = settling.link(record_id, same_as=same_as, actor=ACTOR)
        else:
            found = settling.place_again(record_id, actor=ACTOR)
        told = _("%(record_id)s is now %(state)s", record_id=record_id, state=found.state.value)
    click.echo(told)
