"""`export …`: the 双公示 upload templates."""

import getpass
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from registry.cli.language import in_chinese
from registry.services import exports
from registry.services.personal_values import Vault
from registry.transaction import transaction

export = AppGroup("export", help="Write the 双公示 upload templates.")


def _command(what: str) -> None:
    @export.command(what, help=f"Write the {what} in force to OUT (xlsx).")
    @click.option("--layout", type=click.Choice(["organisation", "person"]), required=True)
    @click.option("--purpose", help="Why the personal data are needed; kept in the access log.")
    @click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
    @in_chinese
    def write(layout: str, purpose: str | None, out: Path) -> None:
        vault = Vault.of(current_app.extensions["registry_settings"])
        with transaction():
            count = exports.export(
                what, layout, out, vault=vault, actor=f"system:cli:{getpass.getuser()}", purpose=purpose
            )
        click.echo(_("%(count)s records written to %(file)s", count=count, file=out.name))


for _what in ("penalties", "licences"):
    _command(_what)
