"""A whole node, as `make serve` runs it: started, stopped, killed, started again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from registry.config import read_environment_file
from registry.launcher.leftovers import processes_of, servers_on, wait_until
from registry.launcher.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent.parent
START_SECONDS = 300.0
PATIENCE_SECONDS = 120.0  # for what takes a second on an idle machine


class Node:
    """A node in a folder of its own. `start` returns when it says that it is ready."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, **variables: str) -> subprocess.Popen[bytes]:
        environ = {"PATH": os.environ["PATH"], "DEMO": "0", "PORT": str(self.port), "PROVINCE_PORT": "0", "PGPORT": "1"}
        with (self.folder.parent / "output").open("wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "registry.launcher"],
                cwd=ROOT,
                env={**environ, "REGISTRY_DATA_DIR": str(self.folder), **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return (self.folder.parent / "output").read_text(encoding="utf-8")

    def start(self, **variables: str) -> None:
        self.process = process = self.launch(**variables)
        wait_until(lambda: "ready; Ctrl-C" in self.output or process.poll() is not None, START_SECONDS)
        assert "ready; Ctrl-C" in self.output, self.output

    def refused(self, **variables: str) -> str:
        """What a start says that does not succeed."""
        assert self.launch(**variables).wait(START_SECONDS) == 1
        return self.output

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def processes(self) -> set[int]:
        return {*processes_of(self.folder), *servers_on(self.folder / "postgres" / "data")}

    def child(self, word: str) -> int:
        """The process of the child whose command line holds this word; 0 while there is none."""
        assert self.process is not None
        commands = children_of(self.process.pid)
        return next((pid for pid, command in commands.items() if word in command), 0)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(START_SECONDS)

    @property
    def variables(self) -> dict[str, str]:
        return read_environment_file(self.folder / "environment")

    def note(self) -> None:
        """Write something that has to be there after whatever happens next."""
        with psycopg.connect(self.variables["DATABASE_OWNER_URL"]) as connection:
            connection.execute("CREATE TABLE note (text text)")
            connection.execute("INSERT INTO note VALUES ('石家庄')")

    def noted(self) -> list[tuple[str]]:
        with psycopg.connect(self.variables["DATABASE_OWNER_URL"]) as connection:
            return connection.execute("SELECT text FROM note").fetchall()


def children_of(pid: int) -> dict[int, str]:
    """The command lines of a process's children, by their numbers."""
    numbers = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return {int(number): Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ") for number in numbers}


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # gone with one that was killed before
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path / "a b")  # a blank in the path has to do no harm
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()
    for pid in made.processes():
        kill(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_node_stops_with_everything_it_started(node: Node, number: signal.Signals) -> None:
    node.start()
    assert node.is_ready()
    assert len(node.processes()) >= 8
    assert node.stop(number) == 0
    assert node.processes() == set()
    assert "database system is shut down" in (node.folder / "log" / "postgres.log").read_text(encoding="utf-8")


def test_a_second_start_on_a_folder_in_use_is_refused(node: Node, tmp_path: Path) -> None:
    node.start()
    (tmp_path / "elsewhere").mkdir()
    other = Node(tmp_path / "elsewhere" / "node")
    assert "already runs on" in other.refused(REGISTRY_DATA_DIR=str(node.folder))
    assert f"port {node.port} of 127.0.0.1 is taken" in other.refused(PORT=str(node.port))
    assert node.is_ready()
    assert other.processes() == set()


def test_nothing_is_lost_when_everything_is_killed(node: Node) -> None:
    node.start()
    node.note()
    before = node.variables
    assert node.process is not None
    for pid in [node.process.pid, *node.processes()]:
        kill(pid)
    node.process.wait()
    node.start()
    assert node.noted() == [("石家庄",)]
    assert node.variables == before


def test_a_killed_launcher_takes_its_programs_along_and_the_next_one_starts(node: Node) -> None:
    node.start()
    node.note()
    assert node.stop(signal.SIGKILL) == -signal.SIGKILL
    node.start()  # at once: it has to end or to wait for what is still stopping
    assert node.noted() == [("石家庄",)]
    assert node.stop(signal.SIGKILL) == -signal.SIGKILL
    assert wait_until(lambda: node.processes() == set(), PATIENCE_SECONDS)


def test_a_web_server_killed_with_the_launcher_leaves_no_worker_behind(node: Node) -> None:
    node.start()
    web = node.child("granian")
    assert node.process is not None
    os.kill(node.process.pid, signal.SIGKILL)
    os.kill(web, signal.SIGKILL)
    node.process.wait()
    node.start()
    assert node.is_ready()


@pytest.mark.parametrize("word", ["granian", "postgres", "wsgi worker"])
def test_a_program_that_dies_is_started_again(node: Node, word: str) -> None:
    node.start()
    dead = node.child(word)
    os.kill(dead, signal.SIGKILL)
    assert wait_until(lambda: "starting again" in node.output, PATIENCE_SECONDS)
    name = {"granian": "web"}.get(word, word.split()[-1])
    assert f"{name} ended with -9" in node.output
    assert wait_until(lambda: node.child(word) not in {0, dead} and node.is_ready(), PATIENCE_SECONDS)
    assert node.output.count("starting again") == 1


def test_a_worker_process_of_the_web_server_that_dies_is_replaced(node: Node) -> None:
    node.start()
    web = node.child("granian")
    before = children_of(web)
    dead = next(pid for pid, command in before.items() if "granian" in command)
    os.kill(dead, signal.SIGKILL)
    assert wait_until(lambda: dead not in children_of(web) and len(children_of(web)) == len(before), PATIENCE_SECONDS)
    assert wait_until(node.is_ready, PATIENCE_SECONDS)  # what the dead one had taken from the socket is lost with it
    assert node.child("granian") == web


def test_a_port_that_is_none_is_refused_by_name(node: Node) -> None:
    assert "PORT: must be a number" in node.refused(PORT="eight thousand")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"port {port}" in node.refused(PORT=str(port))


def test_a_real_node_is_not_started_this_way(node: Node) -> None:
    assert "REGISTRY_ENV: make serve runs a demo node" in node.refused(REGISTRY_ENV="production")
    assert "DATABASE_OWNER_URL: has to be given" in node.refused(DATABASE_URL="postgresql://a:b@127.0.0.1/c")


def test_a_city_and_its_province_run_beside_each_other_and_exchange(node: Node) -> None:
    above = free_port()
    node.start(PROVINCE_PORT=str(above))
    kept = read_environment_file(node.folder / "environment")
    its = read_environment_file(node.folder / "province" / "environment")
    assert (its["REGISTRY_NODE_ROLE"], its["REGISTRY_NODE_ID"]) == ("province", "130000")
    assert its["REGISTRY_SECRET_KEY"] != kept["REGISTRY_SECRET_KEY"]
    assert peers_on(kept) == [("130000", f"http://127.0.0.1:{above}")]
    assert peers_on(its) == [("130100", f"http://127.0.0.1:{node.port}")]
    pulled = "SELECT count(*) FROM peer_cursor WHERE pulled_at IS NOT NULL"
    assert wait_until(lambda: asked(kept, pulled) == [(1,)], PATIENCE_SECONDS)
    assert node.stop() == 0
    assert node.processes() == set()


def peers_on(variables: dict[str, str]) -> list[tuple[str, str]]:
    return asked(variables, "SELECT node, url FROM peer")


def asked(variables: dict[str, str], query: str) -> list[Any]:
    address = variables["DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(address) as connection:
        return connection.execute(query.encode()).fetchall()
