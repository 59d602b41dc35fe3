"""The web servers that are measured: ours as it is deployed, the bare route in the same server, Datasette."""

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from bench.database import Bench
from bench.floor import COLUMNS
from bench.processes import ROOT, serving
from registry.launcher.postgres import free_port

DATASETTE = ROOT / ".venv-bench" / "bin" / "datasette"
_BLOCK = 10_000  # rows


@contextmanager
def ours(bench: Bench) -> Iterator[tuple[str, int]]:
    """The whole program, started as the launcher starts it: its address and the number of its process."""
    with granian(bench.environ, bench.folder / "granian.log", "wsgi:app", "/readyz") as served:
        yield served


@contextmanager
def floor(bench: Bench) -> Iterator[tuple[str, int]]:
    """The bare route with the same settings of the server."""
    environ = {**bench.environ, "FLOOR_DATABASE_URL": bench.serving_url}
    code, _, _ = bench.sample(1)[0]
    log = bench.folder / "granian.log"
    with granian(environ, log, "bench.floor:create_app", f"/op/{code}", "--factory") as served:
        yield served


@contextmanager
def datasette(bench: Bench) -> Iterator[str]:
    """Datasette over the same rows in SQLite, with the code as the key of a table that has no other."""
    database = bench.folder / "x.db"
    _fill(bench, database)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(DATASETTE), "serve", "--immutable", str(database), "-p", str(port)]
    with serving(command, os.environ, f"{url}/-/versions.json", bench.folder / "datasette.log"):
        yield url


@contextmanager
def granian(environ: Mapping[str, str], log: Path, target: str, ready: str, *options: str) -> Iterator[tuple[str, int]]:
    """A program in the server and with the options of the launcher: its address and the number of its process."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "4",  # more would only take turns at the interpreter
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-access-log",
        *options, target,
    ]  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    with serving(command, environ, f"{url}{ready}", log) as pid:
        yield url, pid


def _fill(bench: Bench, path: Path) -> None:
    """The rows of the register as a SQLite file, findings as the JSON text that PostgreSQL makes of them."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as sqlite, bench.connect() as postgres:
        sqlite.execute(
            "CREATE TABLE op (uscc TEXT PRIMARY KEY, registration_no TEXT, name TEXT, kind TEXT,"
            " registration_status TEXT, former_names TEXT, findings TEXT) WITHOUT ROWID"
        )
        rows = f"SELECT uscc, registration_no, name, kind, registration_status, former_names::text, findings::text \
                   FROM ({COLUMNS} WHERE o.uscc IS NOT NULL ORDER BY o.uscc) AS all_of_them"
        with postgres.transaction(), postgres.cursor("rows") as cursor:
            cursor.execute(rows.encode())
            while block := cursor.fetchmany(_BLOCK):
                sqlite.executemany("INSERT INTO op VALUES (?, ?, ?, ?, ?, ?, ?)", block)
        sqlite.commit()
