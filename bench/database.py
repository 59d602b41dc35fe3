"""The server of the benchmark: an embedded PostgreSQL of its own, and the register on it."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from bench import invented_register
from bench.invented_register import Known
from bench.processes import ROOT, run_measured
from registry.launcher.environment import OWNER, SERVING, make_roles_and_database
from registry.launcher.postgres import EmbeddedPostgres
from registry.launcher.privileges import die_with_parent

DATABASE = "registry_bench"
_PASSWORDS = {"OWNER_PASSWORD": "owner-of-the-bench", "SERVING_PASSWORD": "serving-of-the-bench"}


@dataclass(frozen=True, slots=True)
class Node:
    """A register on a database of its own, in a folder of its own."""

    postgres: EmbeddedPostgres
    folder: Path
    database: str
    name: str
    role: str

    @property
    def serving_url(self) -> str:
        """The database as the role that serves requests."""
        return self.postgres.url(SERVING, _PASSWORDS["SERVING_PASSWORD"], self.database)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a node on this database; nobody is turned away for asking often."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PG", "REGISTRY_"))},
            "REGISTRY_ENV": "test",
            "REGISTRY_NODE_ID": self.name,
            "REGISTRY_NODE_ROLE": self.role,
            "REGISTRY_LOG_FORMAT": "json",
            "REGISTRY_DATA_DIR": str(self.folder / "node"),
            "REGISTRY_ANONYMOUS_PER_MINUTE": "1000000",
            "DATABASE_URL": self.serving_url,
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, _PASSWORDS["OWNER_PASSWORD"], self.database),
            "REGISTRY_SECRET_KEY": "k2v8-for-measuring-this-tree-only-0f3b",
            "REGISTRY_PERSONAL_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
            "REGISTRY_SITE_URL": "http://127.0.0.1:8000",
        }

    def connect(self) -> psycopg.Connection:
        """A superuser's connection to the register, in autocommit."""
        return self.postgres.connect(self.database)

    def make_anew(self) -> None:
        """An empty database in the place of what there was."""
        with self.postgres.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database)))
            make_roles_and_database(connection, _PASSWORDS, self.database)
        self.flask("db-prepare")

    def flask(self, *arguments: str) -> str:
        """Run a command of the program and give what it printed. CalledProcessError when it failed: see flask.log."""
        command = [*flask_command(), *arguments]
        with (self.folder / "flask.log").open("ab") as log:
            done = subprocess.run(
                command, env=self.environ, check=True, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
            )
        return done.stdout


@dataclass(frozen=True, slots=True)
class Bench(Node):
    """What the benchmarks of one run share: a durable server, a folder, and how many operators the register holds."""

    count: int

    def node(self, name: str, role: str) -> Node:
        """Another register on the same server."""
        folder = self.folder / f"node-{name}"
        folder.mkdir(exist_ok=True)
        return Node(self.postgres, folder, f"{DATABASE}_{name}", name, role)

    def take_in_operators(self) -> tuple[float, float]:
        """Import the file of operators into an empty register: seconds of the whole command, highest memory in MB."""
        self._loaded.unlink(missing_ok=True)
        self.make_anew()
        command = [*flask_command(), "import", "operators", str(self.operators_file)]
        return run_measured(command, self.environ, self.folder / "import.log")

    def ensure_register(self) -> None:
        """Operators and lists, all through the real imports; nothing to do when they stand already."""
        if self._loaded.exists():
            self.flask("db-prepare")  # a kept register may be older than the newest migration
            return
        with self.connect() as connection:
            there = connection.execute("SELECT to_regclass('operator') IS NOT NULL").fetchone()
            complete = there == (True,) and connection.execute("SELECT count(*) FROM operator").fetchone()
        if complete != (self.count,):
            say(f"taking in {self.count:,} operators")
            self.take_in_operators()
        for name in (invented_register.ABNORMAL_LISTINGS, invented_register.VIOLATION_LISTINGS):
            say(f"taking in {name}")
            self.flask("import", name.removesuffix(".csv"), str(self._file(name)))
        with self.connect() as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
        self._loaded.touch()

    def sample(self, size: int) -> list[Known]:
        """Operators with a code from all over the register, the same each time."""
        return invented_register.sample(self.operators_file, size)

    @property
    def operators_file(self) -> Path:
        """The csv file of the operators."""
        return self._file(invented_register.OPERATORS)

    @property
    def _loaded(self) -> Path:
        return self.folder / "loaded"

    def _file(self, name: str) -> Path:
        written = self.folder / "written"
        if not written.exists():
            say(f"inventing {self.count:,} operators")
            invented_register.write_files(self.folder, self.count)
            written.touch()
        return self.folder / name


@contextmanager
def opened(folder: Path, count: int) -> Iterator[Bench]:
    """The server in this folder, started; stopped at the end. What the folder holds already is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # the server runs under another account when we are root
    postgres = EmbeddedPostgres(folder / "postgres", "superuser-of-the-bench")
    postgres.prepare()
    postgres.wait_for_predecessor()
    with (folder / "postgres.log").open("ab") as log:
        process = subprocess.Popen(
            postgres.command(),
            cwd="/",
            env=postgres.environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGINT),
        )
    try:
        postgres.wait_until_ready(lambda: process.poll() is None)
        with postgres.connect() as connection:
            make_roles_and_database(connection, _PASSWORDS, DATABASE)
        yield Bench(postgres, folder, DATABASE, "130100", "city", count)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)


def flask_command() -> list[str]:
    """How the program's command line is started."""
    return [sys.executable, "-m", "flask", "--app", "wsgi"]


def say(text: str) -> None:
    """Tell how far the benchmark is, beside its table."""
    print(f"bench: {text}", file=sys.stderr, flush=True)
