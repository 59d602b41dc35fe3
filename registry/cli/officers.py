"""`officer …`: accounts of the console. The first ones are made here; afterwards the security administrator does it there."""

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.imports import told_plainly
from registry.cli.language import in_chinese
from registry.rules.roles import Role
from registry.services import authorities, demo_access, officers
from registry.transaction import transaction

BY = "system:command-line"

officer = AppGroup("officer", help="Accounts of the console.")


@officer.command("create")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]),
    help="What the officer is trusted with; can be given several times.",
)  # fmt: skip
@click.option("--authority", metavar="USCC", required=True, help="The authority the officer works for.")
@in_chinese
def create(name: str, roles: tuple[str, ...], authority: str) -> None:
    """Make an account and print its one-time password, to be changed at the first sign-in."""
    with told_plainly(), transaction():
        made, password = officers.create(
            name, roles=[Role(role) for role in roles], authority=authorities.get(authority), by=BY, reason="created"
        )
        told = _("%(name)s of %(authority)s can sign in. One-time password, shown only now:",
                 name=made.name, authority=made.authority.name)  # fmt: skip
    click.echo(told)
    click.echo(password)


@officer.command("reset")
@click.argument("name")
@in_chinese
def reset(name: str) -> None:
    """Give a new one-time password and forget the phone; all sessions end."""
    with told_plainly(), transaction():
        password = officers.reset(name, by=BY, reason="reset")
    click.echo(_("New one-time password of %(name)s, shown only now:", name=name))
    click.echo(password)


@officer.command("unlock")
@click.argument("name")
@in_chinese
def unlock(name: str) -> None:
    """Let a locked officer try again at once."""
    with told_plainly(), transaction():
        officers.unlock(name, by=BY, reason="unlocked")
    click.echo(_("%(name)s may try again", name=name))


@officer.command("code")
@click.argument("name")
@in_chinese
def code(name: str) -> None:
    """Print the code that an officer's phone shows now, to try a demo without one; refused in production."""
    with told_plainly():
        click.echo(demo_access.current_code(current_app.extensions["registry_settings"], name))
