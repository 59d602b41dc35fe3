"""Runs migrations as the owner of the database, never as the role that serves requests."""

from alembic import context
from flask import current_app
from sqlalchemy import create_engine

from models import db


def _is_ours(name, kind, parent_names):
    """The job queue has a schema of its own, and partitions of the access log come and go."""
    if kind == "schema":
        return name is None
    return not (kind == "table" and name.startswith("access_log_"))


def run() -> None:
    url = current_app.extensions["registry_settings"].database_owner_url
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_name=_is_ours,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
