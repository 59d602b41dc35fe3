"""Preparing a database: migrations, rights of the serving role, partitions, the job queue's own schema, the calendar."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text

from models.rights import grant_rights, make_partitions
from registry.clock import today
from registry.job_queue import prepare_schema
from registry.services import exchange_node
from registry.services.calendar import load_packaged_years
from registry.transaction import transaction


@click.command("db-prepare")
@with_appcontext
def db_prepare() -> None:
    """Bring the database to the newest migration, give the serving role its rights, load the calendar. Safe to repeat."""
    settings = current_app.extensions["registry_settings"]
    upgrade()
    engine = create_engine(settings.database_owner_url)
    with engine.begin() as connection:
        role = make_url(settings.database_url).username
        assert role is not None
        grant_rights(connection, role)
        prepare_schema(connection, role)
        make_partitions(connection, today())
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    with transaction():
        load_packaged_years()
        exchange_node.settle(settings.node_id)
    click.echo(f"database ready, migration {revision}")
