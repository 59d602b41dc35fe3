"""The environment of a node that `make serve` sets up: drawn once, kept over restarts, for its owner's eyes only."""

import base64
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from registry.config import PERSON_MATCHING_KEY, derived_matching_key, read_environment_file
from registry.launcher.postgres import EmbeddedPostgres

OWNER = "registry_owner"
SERVING = "registry_app"
DATABASE = "registry"
FILE = "environment"
HEADER = "# Made by make serve. The secrets protect what is in the database: without them it cannot be read again.\n"
SECRETS = ("REGISTRY_SECRET_KEY", "REGISTRY_PERSONAL_DATA_KEY", PERSON_MATCHING_KEY)
_PASSWORDS = ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "SERVING_PASSWORD")


class RefusedError(Exception):
    """Something that the person who starts us has to change first."""


@dataclass(frozen=True, slots=True)
class Node:
    """What a node needs to run: its variables, and the embedded server when it has no other."""

    variables: dict[str, str]
    postgres: EmbeddedPostgres | None


def describe(environ: Mapping[str, str], data_dir: Path, *, site_url: str) -> Node:
    """Read the kept environment, add what is missing, keep it again. Nothing that was kept ever changes by itself.

    RefusedError when the process's own environment contradicts what the data were made with.
    """
    if environ.get("REGISTRY_ENV", "demo") != "demo":
        raise RefusedError("REGISTRY_ENV: make serve runs a demo node; docs/deploy.md tells how to run a real one.")
    path = data_dir / FILE
    kept = read_environment_file(path)
    for name in SECRETS:
        if name in environ and environ[name] != kept.setdefault(name, environ[name]):
            raise RefusedError(f"{name}: differs from the one in {path}, with which the data were made.")
    draw_secrets(kept)
    kept["REGISTRY_ENV"] = "demo"
    kept["REGISTRY_SITE_URL"] = environ.get("REGISTRY_SITE_URL") or site_url
    postgres = None
    if environ.get("DATABASE_URL"):
        if not environ.get("DATABASE_OWNER_URL"):
            raise RefusedError(
                "DATABASE_OWNER_URL: has to be given with DATABASE_URL. The first is the role that owns the database, "
                "the second another one that serves requests and owns nothing:\n"
                f"  CREATE ROLE {OWNER} LOGIN PASSWORD '…'; CREATE ROLE {SERVING} LOGIN PASSWORD '…';\n"
                f"  CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';"
            )
        kept |= {name: environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    else:
        for name in _PASSWORDS:
            kept.setdefault(name, secrets.token_urlsafe(24))
        postgres = EmbeddedPostgres(data_dir / "postgres", kept["POSTGRES_PASSWORD"])
        kept["DATABASE_URL"] = postgres.url(SERVING, kept["SERVING_PASSWORD"], DATABASE)
        kept["DATABASE_OWNER_URL"] = postgres.url(OWNER, kept["OWNER_PASSWORD"], DATABASE)
    write_private(path, HEADER + "".join(f"{name}={value}\n" for name, value in sorted(kept.items())))
    return Node(kept, postgres)


def draw_secrets(kept: dict[str, str]) -> None:
    """Add the secrets of a node that it has not yet. Persons keep the names they had before there was a key for that."""
    kept.setdefault(SECRETS[0], secrets.token_urlsafe(48))
    kept.setdefault(SECRETS[1], base64.b64encode(secrets.token_bytes(32)).decode())
    with suppress(ValueError):  # a key that is none is refused by name when the node starts
        matching = derived_matching_key(base64.b64decode(kept[SECRETS[1]]))
        kept.setdefault(PERSON_MATCHING_KEY, base64.b64encode(matching).decode())


def make_roles_and_database(
    connection: psycopg.Connection, variables: Mapping[str, str], database: str = DATABASE
) -> None:
    """The two roles, neither a superuser, and the database that the first owns. Safe to repeat.

    `connection` is a superuser's, in autocommit; `variables` holds OWNER_PASSWORD and SERVING_PASSWORD.
    """
    passwords = {OWNER: variables["OWNER_PASSWORD"], SERVING: variables["SERVING_PASSWORD"]}
    for role, password in passwords.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
        )
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(database), sql.Identifier(OWNER)
            )
        )


def is_empty(url: str) -> bool:
    """Whether the register holds no operator yet."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute("SELECT 1 FROM operator LIMIT 1").fetchone() is None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
