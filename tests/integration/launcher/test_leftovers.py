"""Ending what an earlier start left behind: afterwards it is really gone, and so is what it held."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from registry.launcher.leftovers import MARK, end_leftovers, wait_until
from registry.launcher.postgres import free_port

SECONDS = 60.0

HOLDER = """
import os, signal, socket, sys, time
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
weight = bytearray(os.urandom(1) * (int(sys.argv[2]) << 20))  # the kernel takes its time to give this back
if sys.argv[3] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("holding", flush=True)
time.sleep(600)
"""


@contextmanager
def holder(folder: Path, port: int, *, megabytes: int = 1, temper: str = "meek") -> Iterator[subprocess.Popen[str]]:
    """A process with the folder's mark that listens on the port."""
    command = [sys.executable, "-c", HOLDER, str(port), str(megabytes), temper]
    with subprocess.Popen(command, env={**os.environ, MARK: str(folder)}, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        try:
            yield process
        finally:
            process.kill()


def can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@pytest.mark.parametrize("temper", ["meek", "stubborn"])
def test_what_a_leftover_held_is_free_when_it_has_been_ended(tmp_path: Path, temper: str) -> None:
    port = free_port()
    with holder(tmp_path, port, megabytes=400, temper=temper):
        assert end_leftovers(tmp_path) == 1
        assert can_bind(port)


def test_a_process_of_another_folder_is_left_alone(tmp_path: Path) -> None:
    with holder(tmp_path / "other", free_port()) as process:
        assert end_leftovers(tmp_path) == 0
        assert process.poll() is None


def test_a_port_drawn_is_none_that_the_kernel_gives_to_others() -> None:
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split())
    ports = {free_port() for _ in range(50)}
    assert len(ports) > 25
    assert not [port for port in ports if low <= port <= high]


def test_waiting_ends_as_soon_as_it_came_true_and_not_before() -> None:
    asked = []
    assert wait_until(lambda: asked.append(time.monotonic()) is not None or len(asked) == 3, SECONDS, every=0)
    assert len(asked) == 3
    assert not wait_until(lambda: False, 0)
