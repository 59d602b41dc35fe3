"""`backup OUT` and `restore FILE`: the whole register as one file."""

from pathlib import Path

import click
import orjson
import psycopg
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url

from registry.config import Settings
from registry.services.backup import BackupRefused, Manifest, restoring, taking


@click.command("backup")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
@with_appcontext
def backup(out: Path, as_json: bool) -> None:
    """Write the whole register, as it stands at this moment, to the file OUT. The keys are not in it; keep them apart."""
    settings = _settings()
    with _owner(settings) as connection:
        manifest = taking.take(connection, settings.data_dir, out, _tell)
    _print(manifest, as_json)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object on the last line.")
@with_appcontext
def restore(file: Path, as_json: bool) -> None:
    """Put the register of FILE in place of the one in the database; the node gets a new epoch and asks its peers."""
    settings = _settings()
    try:
        with _owner(settings) as connection:
            manifest = restoring.restore(connection, settings.data_dir, file, settings.node_id, _tell)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    _print(manifest, as_json)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings


def _owner(settings: Settings) -> psycopg.Connection:
    address = make_url(settings.database_owner_url).set(drivername="postgresql")
    return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


def _tell(table: str, rows: int) -> None:
    click.echo(f"{table}: {rows}", err=True)


def _print(manifest: Manifest, as_json: bool) -> None:
    counts = {
        "tables": len(manifest.tables),
        "rows": sum(table.rows for table in manifest.tables),
        "files": len(manifest.files),
        "ledger_size": manifest.ledger_size,
    }
    if as_json:
        click.echo(orjson.dumps(counts).decode())
    else:
        click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))
