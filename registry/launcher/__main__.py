"""`python -m registry.launcher`: set up a node, run it in the foreground, stop all of it on Ctrl-C."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

from registry.launcher.environment import Node, describe, is_empty, make_roles_and_database
from registry.launcher.postgres import PostgresError
from registry.launcher.supervisor import InterruptError, Program, Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
READY_SECONDS = 60


class RefusedError(Exception):
    """Something that the person who starts us has to change first."""


def main() -> int:
    """Run until interrupted. Exit status 0 after a stop that was asked for, 1 when the start was refused."""
    data_dir = Path(os.environ.get("REGISTRY_DATA_DIR", "var")).absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    port = int(os.environ.get("PORT", "8000"))
    try:
        lock = _take_lock(data_dir)
        _check_port(port)
        node = describe(os.environ, data_dir, port=port)
    except (RefusedError, PostgresError) as error:
        print(error, file=sys.stderr)
        return 1
    environ = {**os.environ, **node.variables, "REGISTRY_DATA_DIR": str(data_dir)}
    supervisor = Supervisor(environ, ROOT, data_dir / "log", _say)
    try:
        _serve(node, supervisor, environ, data_dir, port)
    except InterruptError:
        _say("stopping")
    except (PostgresError, RefusedError, subprocess.CalledProcessError) as error:
        _say(f"cannot start: {error}; the logs are in {data_dir / 'log'}")
        return 1
    finally:
        supervisor.stop()
        lock.close()
    _say("stopped")
    return 0


def _serve(node: Node, supervisor: Supervisor, environ: dict[str, str], data_dir: Path, port: int) -> None:
    if node.postgres is not None:
        _say("starting PostgreSQL")
        node.postgres.prepare()
        supervisor.start(Program("postgres", node.postgres.command(), signal.SIGINT, node.postgres.wait_until_ready))
        make_roles_and_database(node.postgres, node.variables)
    _flask(environ, "db-prepare")
    if environ.get("DEMO", "1") == "1" and is_empty(node.variables["DATABASE_URL"]):
        _say("loading the demo register (once, about a minute)")
        _flask(environ, "demo", "load")
    host = environ.get("HOST", "127.0.0.1")
    web = [
        str(BIN / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "2",
        "--workers-kill-timeout", "10", "--no-access-log", "wsgi:app",
    ]  # fmt: skip
    supervisor.start(Program("web", web, signal.SIGTERM, lambda runs: _wait_until_ready(port, runs)))
    supervisor.start(Program("worker", [str(BIN / "flask"), "--app", "wsgi", "worker"], signal.SIGTERM))
    _announce(data_dir, port)
    supervisor.watch()


def _announce(data_dir: Path, port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    print(f"\n  public site   {base}/\n  API           {base}/api/docs\n  data          {data_dir}")
    credentials = data_dir / "demo_credentials.txt"
    if credentials.exists():
        print(f"\n{credentials.read_text(encoding='utf-8').rstrip()}\n\n  (kept in {credentials})")
    print("\nready; Ctrl-C stops everything\n", flush=True)


def _take_lock(data_dir: Path) -> IO[str]:
    lock = (data_dir / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RefusedError(
            f"A node already runs on {data_dir}; set REGISTRY_DATA_DIR for a second one."
        ) from error
    return lock


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise RefusedError(f"Port {port} is taken; set PORT to another one.") from error


def _flask(environ: dict[str, str], *words: str) -> None:
    subprocess.run([str(BIN / "flask"), "--app", "wsgi", *words], env=environ, cwd=ROOT, check=True)


def _wait_until_ready(port: int, still_runs: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and still_runs():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RefusedError(f"The web server did not answer on port {port}")


def _say(text: str) -> None:
    print(f"registry: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
