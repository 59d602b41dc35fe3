"""The environment of a node that `make serve` sets up: drawn once, kept over restarts, for its owner's eyes only."""

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from registry.config import read_environment_file
from registry.launcher.postgres import EmbeddedPostgres

OWNER = "registry_owner"
SERVING = "registry_app"
FILE = "environment"


@dataclass(frozen=True, slots=True)
class Node:
    """What a node needs to run: its variables, and the embedded server when it has no other."""

    variables: dict[str, str]
    postgres: EmbeddedPostgres | None


def describe(environ: Mapping[str, str], data_dir: Path, *, port: int) -> Node:
    """Read the kept environment, add what is missing, keep it again. Nothing that was kept ever changes by itself."""
    path = data_dir / FILE
    kept = read_environment_file(path)
    kept.setdefault("REGISTRY_ENV", "demo")
    kept.setdefault("REGISTRY_SECRET_KEY", secrets.token_urlsafe(48))
    kept.setdefault("REGISTRY_PERSONAL_DATA_KEY", base64.b64encode(secrets.token_bytes(32)).decode())
    kept["REGISTRY_SITE_URL"] = environ.get("REGISTRY_SITE_URL", f"http://127.0.0.1:{port}")
    postgres = None
    if "DATABASE_URL" in environ:
        kept["DATABASE_URL"] = environ["DATABASE_URL"]
        kept["DATABASE_OWNER_URL"] = environ.get("DATABASE_OWNER_URL", environ["DATABASE_URL"])
    else:
        for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "SERVING_PASSWORD"):
            kept.setdefault(name, secrets.token_urlsafe(24))
        postgres = EmbeddedPostgres(data_dir / "postgres", kept["POSTGRES_PASSWORD"])
        kept["DATABASE_URL"] = postgres.url(SERVING, kept["SERVING_PASSWORD"], "registry")
        kept["DATABASE_OWNER_URL"] = postgres.url(OWNER, kept["OWNER_PASSWORD"], "registry")
    write_private(path, "".join(f"{name}={value}\n" for name, value in sorted(kept.items())))
    return Node(kept, postgres)


def make_roles_and_database(
    postgres: EmbeddedPostgres, variables: Mapping[str, str], database: str = "registry"
) -> None:
    """The two roles, neither a superuser, and the database that the first owns. Safe to repeat."""
    passwords = {OWNER: variables["OWNER_PASSWORD"], SERVING: variables["SERVING_PASSWORD"]}
    with postgres.connect() as connection:
        for role, password in passwords.items():
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )


def is_empty(url: str) -> bool:
    """Whether the register holds no operator yet."""
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM operator LIMIT 1").fetchone() is None


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
