"""Real databases for tests: one embedded server a session, a migrated template, clones where a test needs its own."""

import atexit
import base64
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import time_machine
from flask import Flask
from psycopg import sql
from sqlalchemy import make_url

from models import db
from registry.config import Settings
from registry.launcher.environment import OWNER, SERVING, make_roles_and_database
from registry.launcher.postgres import SUPERUSER, EmbeddedPostgres
from registry.launcher.privileges import die_with_parent
from registry.queries.answering import connections_to

TEMPLATE = f"template_registry_{os.getpid()}"  # sessions beside each other may share a server
PASSWORDS = {"OWNER_PASSWORD": "owner-of-tests", "SERVING_PASSWORD": "serving-of-tests"}
FIXED_DAYS_FROM = datetime(2026, 11, 1, tzinfo=UTC)
"""The earliest day on which tests sign in, whatever day it is."""

_clones = count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """The server of this session: how to reach it as a role, and a folder for what nodes on it keep."""

    url: Callable[[str, str, str], str]
    superuser: tuple[str, str]
    folder: Path

    def connect(self) -> psycopg.Connection:
        """A superuser's connection, for making and dropping databases."""
        return psycopg.connect(self.url(*self.superuser, "postgres"), autocommit=True)

    def settings(self, database: str) -> Settings:
        """Settings of a node on one database of this server."""
        return Settings.from_env(
            {
                "REGISTRY_ENV": "test",
                "REGISTRY_DATA_DIR": str(self.folder / "node"),
                "DATABASE_URL": self.url(SERVING, PASSWORDS["SERVING_PASSWORD"], database),
                "DATABASE_OWNER_URL": self.url(OWNER, PASSWORDS["OWNER_PASSWORD"], database),
                "REGISTRY_SECRET_KEY": "k2v8-for-the-tests-of-this-tree-only-0f3b",
                "REGISTRY_PERSONAL_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
                "REGISTRY_SITE_URL": "http://registry.test",
            }
        )


@cache
def server() -> Server:
    """The server of this session: a superuser's TEST_DATABASE_URL, else an embedded one that goes with the session.

    A server that is given has to be there for tests alone: its two roles get the passwords of this file.
    """
    folder = Path(tempfile.mkdtemp(prefix="registry-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        address = make_url(given)

        def url(user: str, password: str, database: str) -> str:
            other = address.set(drivername="postgresql", username=user, password=password, database=database)
            return other.render_as_string(hide_password=False)

        made = Server(url, (address.username or "postgres", address.password or ""), folder)
    else:
        made = _embedded_server(folder)
    with made.connect() as connection:
        make_roles_and_database(connection, PASSWORDS, TEMPLATE)
    atexit.register(_drop, made, TEMPLATE)
    return made


def _embedded_server(folder: Path) -> Server:
    postgres = EmbeddedPostgres(folder / "postgres", "superuser-of-tests", durable=False)
    postgres.prepare()
    process = subprocess.Popen(
        postgres.command(),
        cwd="/",
        env=postgres.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent(signal.SIGINT),
    )

    def stop() -> None:
        process.send_signal(signal.SIGQUIT)  # nothing in it is worth a checkpoint
        process.wait()

    atexit.register(stop)
    postgres.wait_until_ready(lambda: process.poll() is None)
    return Server(postgres.url, (SUPERUSER, postgres.password), folder)


def _drop(server: Server, database: str) -> None:
    with server.connect() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


@cache
def template() -> Settings:
    """Settings on the migrated template database."""
    from registry.app import create_app

    settings = server().settings(TEMPLATE)
    application = create_app(settings)
    for day in (FIXED_DAYS_FROM, datetime.now(UTC)):  # the access log has room from the month of its preparation on
        with time_machine.travel(day):
            result = application.test_cli_runner().invoke(args=["db-prepare"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    close(application)
    return settings


def close(application: Flask) -> None:
    """Give back every connection of an application."""
    with application.app_context():
        db.session.remove()
        connections_to(db.engine.url).close()
        db.engine.dispose()


@contextmanager
def cloned_database(of: Settings | None = None) -> Iterator[Settings]:
    """A database of its own for a race, a worker, or anything that cannot see rolled-back data.

    A copy of the migrated template, or of the database of other settings, whose connections are ended.
    """
    source = make_url((of or template()).database_url).database
    assert source is not None
    name = f"clone_{os.getpid()}_{next(_clones)}"
    with server().connect() as connection:
        # the template may still be used by sessions that are about to close
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [source],
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(source), sql.Identifier(OWNER)
            )
        )
    try:
        settings = server().settings(name)
        yield replace(settings, data_dir=server().folder / name, key_dir=server().folder / name / "keys")
    finally:
        _drop(server(), name)


def plain_url(url: str) -> str:
    """An SQLAlchemy address as psycopg itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connect_as_owner(settings: Settings) -> psycopg.Connection:
    """A connection of the owner, as a migration has it."""
    return psycopg.connect(plain_url(settings.database_owner_url), autocommit=True)
