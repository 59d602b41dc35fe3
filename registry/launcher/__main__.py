"""`python -m registry.launcher`: set up a node, run it in the foreground, stop all of it on Ctrl-C."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import IO

from registry.launcher.environment import Node, RefusedError, describe, is_empty, make_roles_and_database
from registry.launcher.leftovers import MARK, end_leftovers, wait_until
from registry.launcher.postgres import PostgresError
from registry.launcher.privileges import PrivilegeError
from registry.launcher.province import CITY, DATABASE, PROVINCE, Province, describe_province, introduce
from registry.launcher.supervisor import InterruptError, Program, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
READY_SECONDS = 120.0
PORT_SECONDS = 5.0
LAST_LINES = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node runs: its folder and the address of its web server."""

    data_dir: Path
    host: str
    port: int

    @property
    def url(self) -> str:
        """The site as somebody on this machine reaches it."""
        return f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104  # compared only


def main() -> int:
    """Run until interrupted. Exit status 0 after a stop that was asked for, 1 when the start failed or was refused."""
    data_dir = Path(os.environ.get("REGISTRY_DATA_DIR") or "var").resolve()
    supervisor = Supervisor(ROOT, data_dir / "log", _say)
    try:
        host = os.environ.get("HOST") or "127.0.0.1"
        place = Place(data_dir, host, _port("PORT", "8000"))
        above = None if os.environ.get("PROVINCE_PORT") == "0" else _port("PROVINCE_PORT", "8100")
        data_dir.mkdir(parents=True, exist_ok=True)
        with _lock(data_dir):
            ended = end_leftovers(data_dir)
            if ended:
                _say(f"ended {ended} processes that an earlier start left behind")
            _check_port(place, "PORT")
            city = describe(os.environ, data_dir, site_url=place.url)
            province = None
            if above is not None:
                beside = Place(data_dir / "province", host, above)
                _check_port(beside, "PROVINCE_PORT")
                described = describe_province(os.environ, city, data_dir, site_url=beside.url)
                province = None if described is None else (described, beside)
            try:
                _serve(city, supervisor, place, province)
            finally:
                supervisor.stop()
    except InterruptError:
        _say("stopped")
        return 0
    except (RefusedError, PostgresError, PrivilegeError, OSError) as error:
        _say(f"cannot start: {error}")
    except subprocess.CalledProcessError as error:
        _say(f"cannot start: {' '.join(error.cmd[1:])} failed")
    return 1


def _serve(node: Node, supervisor: Supervisor, place: Place, province: tuple[Province, Place] | None) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}  # would misguide the driver
    environ = {**ours, **node.variables, "REGISTRY_DATA_DIR": str(place.data_dir), MARK: str(place.data_dir)}
    flask = [str(BIN / "flask"), "--app", "wsgi"]
    postgres = node.postgres
    if postgres is not None:
        _say("starting PostgreSQL")
        postgres.prepare()
        before = postgres.wait_for_predecessor
        command = postgres.command()
        with _telling_the_log(supervisor.log_of("postgres")):
            supervisor.start(
                Program("postgres", command, signal.SIGINT, postgres.environ, postgres.wait_until_ready, before)
            )
        with postgres.connect() as connection:
            make_roles_and_database(connection, node.variables)
            if province is not None and province[0].embedded:
                make_roles_and_database(connection, node.variables, DATABASE)
    supervisor.run([*flask, "db-prepare"], environ)
    demo = os.environ.get("DEMO", "1") != "0"
    if demo:
        _load_demo(partial(supervisor.run, [*flask, "demo", "load"], environ), node, place)
    if province is not None:
        above, beside = province
        its = above.environ(environ)
        supervisor.run([*flask, "db-prepare"], its)
        if demo:
            supervisor.run([*flask, "demo", "access"], its)
        introduce(flask, ((CITY, place.url, environ), (PROVINCE, beside.url, its)), above.data_dir, at=ROOT)
        _start(supervisor, beside, its, "province_", workers=1)
    _start(supervisor, place, environ, "", workers=2)
    _announce(place, province[1] if province else None)
    supervisor.watch()


def _start(supervisor: Supervisor, place: Place, environ: dict[str, str], prefix: str, *, workers: int) -> None:
    """The web server of a node, waited for, and its worker."""
    web = [
        str(BIN / "granian"), "--interface", "wsgi", "--host", place.host, "--port", str(place.port),
        "--workers", str(workers), "--blocking-threads", "4",  # more would only take turns at the interpreter
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-access-log", "wsgi:app",
    ]  # fmt: skip
    with _telling_the_log(supervisor.log_of(f"{prefix}web")):
        counts = place.data_dir / "metrics"
        counted = {**environ, "PROMETHEUS_MULTIPROC_DIR": str(counts)}
        ready, before = partial(_wait_until_ready, place), partial(_empty, counts)
        supervisor.start(Program(f"{prefix}web", web, signal.SIGTERM, counted, ready, before))
    worker = [str(BIN / "flask"), "--app", "wsgi", "worker"]
    supervisor.start(Program(f"{prefix}worker", worker, signal.SIGTERM, environ))


def _empty(folder: Path) -> None:
    """What processes that are gone counted would be told for ever."""
    rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _load_demo(load: Callable[[], None], node: Node, place: Place) -> None:
    """Load the demo register into an empty one, and again when an earlier load was interrupted: it is repeatable."""
    unfinished = place.data_dir / "demo_unfinished"
    if unfinished.exists() or is_empty(node.variables["DATABASE_URL"]):
        _say("loading the demo register, once; this takes a minute or two")
        unfinished.touch()
        load()
        unfinished.unlink()


def _announce(place: Place, province: Place | None) -> None:
    lines = [
        "",
        f"  public site   {place.url}/",
        f"  API           {place.url}/api/docs",
        f"  data          {place.data_dir}",
    ]
    if province is not None:
        above = province.data_dir / "demo_credentials.txt"
        lines += [
            "",
            f"  province      {province.url}/",
            *([f"                (accounts in {above})"] if above.exists() else []),
        ]
    credentials = place.data_dir / "demo_credentials.txt"
    if credentials.exists():
        kept = credentials.read_text(encoding="utf-8").rstrip().splitlines()
        lines += ["", *(line for line in kept if "otpauth://" not in line), "", f"  (kept in {credentials})"]
    _print("\n".join([*lines, "", "ready; Ctrl-C stops everything", ""]))


def _port(name: str, default: str) -> int:
    text = os.environ.get(name) or default
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise RefusedError(f"{name}: must be a number from 1 to 65535.")
    return int(text)


def _lock(data_dir: Path) -> IO[str]:
    """The lock of a node's folder; closed by the kernel when we are killed."""
    lock = (data_dir / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise RefusedError(f"a node already runs on {data_dir}; set REGISTRY_DATA_DIR for a second one.") from error
    return lock


def _check_port(place: Place, setting: str) -> None:
    """Refuse a port that stays taken. A predecessor that was dying when we looked may hold it for a moment yet."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    refusal: OSError | None = None

    def is_free() -> bool:
        nonlocal refusal
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((place.host, place.port))
            except OSError as error:
                refusal = error
                return error.errno != errno.EADDRINUSE  # waiting helps against nothing else
        refusal = None
        return True

    wait_until(is_free, PORT_SECONDS)
    if refusal is not None:
        raise RefusedError(
            f"port {place.port} of {place.host} is taken ({refusal.strerror}); set {setting}."
        ) from refusal


def _wait_until_ready(place: Place, still_runs: Callable[[], bool]) -> None:
    def answers() -> bool:
        connection = http.client.HTTPConnection(place.host, place.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    if not wait_until(lambda: answers() or not still_runs(), READY_SECONDS) or not still_runs():
        raise RefusedError(f"the web server did not become ready at {place.url}")


@contextmanager
def _telling_the_log(log: Path) -> Iterator[None]:
    """Add the last lines of a program's log to the complaint that it did not come up."""
    try:
        yield
    except (PostgresError, RefusedError):
        if log.exists():
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
            _print("\n".join(f"  {line}" for line in [f"{log} ends with:", *lines]))
        raise


def _say(text: str) -> None:
    _print(f"registry: {text}")


def _print(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone: stopping goes on without it
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
