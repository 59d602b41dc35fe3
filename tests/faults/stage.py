"""A city and a province as they run: each its own database, keys, web server and worker, the wire through two proxies."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from registry.config import Settings
from registry.launcher.postgres import free_port
from registry.launcher.privileges import die_with_parent
from tests.exchange_nodes import node
from tests.exchange_wire import settings_of, trust
from tests.faults.proxy import Proxy, proxied

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
CITY, PROVINCE = "130100", "130000"
LONGEST = 240.0  # seconds for anything to come to rest


@dataclass
class Program:
    """A process of a node that can be killed and started again; it writes all its life into one log."""

    name: str
    command: Sequence[str]
    environ: dict[str, str]
    log: Path
    ready: Callable[[], bool] | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it is ready where it says so."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environ, cwd=ROOT, stdout=output, stderr=output,
                start_new_session=True, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip
        if self.ready is not None:
            until(lambda: self.ready is None or self.ready() or not self.is_running, f"{self.name} to start")
            assert self.is_running, f"{self.name} ended before it served; see {self.log}"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """kill -9 of it and whatever it has started."""
        if self.process is not None:
            if self.process.returncode is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def end(self) -> None:
        """As a person ends it: what it is at is finished."""
        if self.process is not None and self.process.returncode is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Stage:
    """Both nodes. `wires` are the proxies before each of them, by the node they lead to."""

    apps: dict[str, Flask]
    wires: dict[str, Proxy]
    servers: dict[str, Program]
    workers: dict[str, Program]
    folder: Path
    commands: list[Program] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Settings]:
        return {name: settings_of(app) for name, app in self.apps.items()}

    def command(self, node_id: str, *words: str) -> Program:
        """A command of a node, not started."""
        found = Program(
            " ".join(words), [str(BIN / "flask"), "--app", "wsgi", *words], environ_of(self.settings[node_id]),
            self.folder / f"{node_id}-{words[0]}.log",
        )  # fmt: skip
        self.commands.append(found)
        return found

    def run(self, node_id: str, *words: str) -> tuple[int, str]:
        """A command of a node to its end: exit status and what it printed."""
        done = subprocess.run(
            [str(BIN / "flask"), "--app", "wsgi", *words], env=environ_of(self.settings[node_id]), cwd=ROOT,
            capture_output=True, text=True, timeout=1200,
        )  # fmt: skip
        return done.returncode, done.stdout + (done.stderr if done.returncode else "")

    def end(self) -> None:
        """End everything that still runs."""
        for program in (*self.workers.values(), *self.servers.values(), *self.commands):
            program.kill()


@contextmanager
def staged(folder: Path, seed: int, *, served: Sequence[str] = (PROVINCE, CITY)) -> Iterator[Stage]:
    """Both nodes, those of `served` behind their web servers; no worker is started yet."""
    with node(CITY, "city") as city, node(PROVINCE, "province") as province, ExitStack() as wires:
        stage = Stage({CITY: city, PROVINCE: province}, {}, {}, {}, folder)
        for place, (name, app) in enumerate(stage.apps.items()):
            port = free_port()
            stage.wires[name] = wires.enter_context(proxied(Proxy(("127.0.0.1", port), seed * 2 + place)))
            environ = environ_of(settings_of(app))
            command = [
                str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
                "--workers", "1", "--blocking-threads", "4", "--no-access-log", "wsgi:app",
            ]  # fmt: skip
            stage.servers[name] = Program(
                f"server {name}", command, environ, folder / f"{name}-server.log", lambda port=port: answers(port)
            )
            worker = [str(BIN / "flask"), "--app", "wsgi", "worker"]
            stage.workers[name] = Program(f"worker {name}", worker, environ, folder / f"{name}-worker.log")
        trust(city, PROVINCE, province, stage.wires[PROVINCE].url)
        trust(province, CITY, city, stage.wires[CITY].url)
        try:
            for name in served:
                stage.servers[name].start()
            yield stage
        finally:
            stage.end()


def environ_of(settings: Settings) -> dict[str, str]:
    """What a process of a node is told."""
    return {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_NODE_ID": settings.node_id,
        "REGISTRY_NODE_ROLE": settings.node_role,
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DATABASE_OWNER_URL": settings.database_owner_url.replace("+psycopg", ""),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "REGISTRY_SITE_URL": settings.site_url,
    }


def until(holds: Callable[[], bool], what: str, seconds: float = LONGEST) -> None:
    """Wait for something that will come by itself."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether a web server is up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
