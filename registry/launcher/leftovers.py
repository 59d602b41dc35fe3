"""Processes that a killed launcher left behind.

Direct children die with the launcher, but a web server that is killed as well leaves workers that hold the port.
Every process of a node carries the node's folder in its environment, and every PostgreSQL process works in the
cluster's folder; whoever holds the lock of the node's folder may therefore end what still runs for it.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

MARK = "REGISTRY_RUN_BY_LAUNCHER_OF"
PATIENCE_SECONDS = 5.0
KILLED_SECONDS = 60.0  # a killed process needs its share of a busy machine before it is gone


def end_leftovers(data_dir: Path) -> int:
    """End every process that an earlier launcher started for this folder, and wait until each is gone; how many.

    A handle is kept on each: a dying process loses its environment, and so its mark, before it lets go of its files and
    ports. Those that appear meanwhile, started by one that is being ended, are ended as well.
    """
    handles: dict[int, int] = {}
    try:
        for number, patience in ((signal.SIGTERM, PATIENCE_SECONDS), (signal.SIGKILL, KILLED_SECONDS)):
            if wait_until(partial(_all_gone, data_dir, handles, number, set()), patience):
                break
    finally:
        for handle in handles.values():
            os.close(handle)
    return len(handles)


def _all_gone(data_dir: Path, handles: dict[int, int], number: signal.Signals, asked: set[int]) -> bool:
    """Whether nothing of the folder runs any more; whoever was not yet `asked` with this signal is now."""
    for pid in processes_of(data_dir):
        if pid not in handles:
            with suppress(ProcessLookupError):
                handles[pid] = os.pidfd_open(pid)
    living = [pid for pid, handle in handles.items() if not _has_ended(handle)]
    for pid in living:
        if pid not in asked:
            asked.add(pid)
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(handles[pid], number)
    return not living


def _has_ended(handle: int) -> bool:
    """Whether the last thread of the process is gone, and with it all that it held."""
    poller = select.poll()
    poller.register(handle, select.POLLIN)
    return bool(poller.poll(0))


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
