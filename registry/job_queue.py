"""Deferring work by name, inside the caller's transaction; and the schema that the jobs live in.

A job carries the id of a row and nothing else: the row holds what there is to do and how far it has come, so a job can
be run again at any time. The handlers stand in `registry.jobs`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, make_url, text

SCHEMA = "procrastinate"

_publisher = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())  # never opened: callers bring theirs


def defer(connection: Connection, name: str, *, once: str | None = None, **arguments: Any) -> int | None:
    """Put a job in the queue when the transaction of `connection` (`db.session.connection()`) commits; its number.

    With `once`, None where a job under this word is waiting already: that one will do.
    """
    driver = connection.connection.driver_connection
    with _search_path(connection):
        savepoint = connection.begin_nested()
        try:
            number = _publisher.configure_task(name, queueing_lock=once, connection=driver).defer(**arguments)
        except AlreadyEnqueued:
            savepoint.rollback()
            number = None
        else:
            savepoint.commit()
    return number


def _numbers(release: str) -> list[int]:
    return [int(number) for number in release.split(".")[:3]]


@contextmanager
def _search_path(connection: Connection) -> Iterator[None]:
    """Let the library find its tables, which it names without their schema; then as before."""
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    choose = text("SELECT set_config('search_path', :path, true)")
    connection.execute(choose, {"path": SCHEMA})
    yield
    connection.execute(choose, {"path": before})


def worker_connector(database_url: str) -> procrastinate.PsycopgConnector:
    """Connections of a worker, which sees the queue's own schema."""
    written = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    address, mark, options = written.partition("?")
    address += mark + options.replace("+", "%20")  # a blank in the path of a socket: libpq takes + for itself
    return procrastinate.PsycopgConnector(
        conninfo=address, kwargs={"options": f"-c search_path={SCHEMA}"}, min_size=1, max_size=4
    )


def prepare_schema(connection: Connection, role: str) -> None:
    """Bring the queue's schema to the version of the library and let `role` work on it. Run by the owner; repeatable.

    The schema's comment holds the version it was last brought to.
    """
    installed = version("procrastinate")
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    with _search_path(connection):
        known = connection.execute(text("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")).scalar_one()
        for statements in _pending(connection) if known else [SchemaManager.get_schema()]:
            cursor = connection.connection.cursor()
            cursor.execute(statements)  # without parameters the driver sends several statements as they are
    connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS '{installed}'"))
    quoted = connection.dialect.identifier_preparer.quote(role)
    for right in (
        f"USAGE ON SCHEMA {SCHEMA}",
        f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA}",
        f"USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA}",
    ):
        connection.execute(text(f"GRANT {right} TO {quoted}"))


def _pending(connection: Connection) -> list[str]:
    """Migrations of the library that are newer than the schema, oldest first."""
    at = connection.execute(text(f"SELECT obj_description('{SCHEMA}'::regnamespace)")).scalar_one()
    newer = [
        path
        for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
        if _numbers(path.name.split("_", 1)[0]) > _numbers(at)
    ]
    return [path.read_text(encoding="utf-8") for path in newer]
