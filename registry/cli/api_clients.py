"""`api-client …`: platforms that may ask."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.transaction import transaction

api_client = AppGroup("api-client", help="Platforms that may ask the API.")


@api_client.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]),
    help="What it may ask for; can be given several times.",
)  # fmt: skip
@click.option(
    "--per-minute",
    type=click.IntRange(1, 1_000_000),
    default=api_clients.REQUESTS_PER_MINUTE,
    show_default=True,
    help="Requests a minute.",
)
@in_chinese
def create(name: str, scopes: tuple[str, ...], per_minute: int) -> None:
    """Make a client and print its key, once: only the key's hash is kept."""
    with told_plainly(), transaction():
        client, key = api_clients.create(name, [Scope(scope) for scope in scopes], per_minute)
        told = _(
            "%(name)s may ask for %(scopes)s, %(limit)s times a minute. Its key, shown only now:",
            name=client.name,
            scopes=", ".join(client.scopes),
            limit=client.requests_per_minute,
        )
    click.echo(told)
    click.echo(key)


@api_client.command("disable")
@click.argument("name")
@in_chinese
def disable(name: str) -> None:
    """Take a client's access away, from its next request on."""
    with told_plainly(), transaction():
        client = api_clients.disable(name)
        told = _("%(name)s may not ask any more", name=client.name)
    click.echo(told)


@api_client.command("list")
@in_chinese
def list_clients() -> None:
    """Show every client with its scopes and limit."""
    for client in api_clients.all_clients():
        state = _("disabled") if client.disabled_at else _("%(limit)s a minute", limit=client.requests_per_minute)
        click.echo(f"{client.name}\t{', '.join(client.scopes)}\t{state}")
