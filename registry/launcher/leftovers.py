"""Processes that a killed launcher left behind.

Direct children die with the launcher, but a web server that is killed as well leaves workers that hold the port.
Every process of a node carries the node's folder in its environment, and every PostgreSQL process works in the
cluster's folder; whoever holds the lock of the node's folder may therefore end what still runs for it.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MARK = "REGISTRY_RUN_BY_LAUNCHER_OF"
PATIENCE_SECONDS = 5.0


def end_leftovers(data_dir: Path) -> int:
    """End every process that an earlier launcher started for this folder; how many there were."""
    found = processes_of(data_dir)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in processes_of(data_dir):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not processes_of(data_dir), PATIENCE_SECONDS):
            break
    return len(found)


def processes_of(data_dir: Path) -> list[int]:
    """Numbers of the processes that carry this folder's mark."""
    mark = f"{MARK}={data_dir}".encode()
    return [pid for pid in _processes() if pid != os.getpid() and mark in _read(pid, "environ").split(b"\0")]


def servers_on(cluster: Path) -> list[int]:
    """Numbers of the PostgreSQL processes that work in this folder, of the server and of its sessions."""
    place = os.fsencode(cluster)
    return [pid for pid in _processes() if _working_folder(pid) == place]


def wait_until(done: Callable[[], bool], seconds: float, *, every: float = 0.05) -> bool:
    """Ask again and again; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    except FileNotFoundError:  # not Linux: the kernel's own means have to do
        return []


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # gone meanwhile, or somebody else's
        return b""


def _working_folder(pid: int) -> bytes:
    try:
        return os.readlink(b"/proc/%d/cwd" % pid)
    except OSError:
        return b""
