"""Programs beside the benchmark: started, waited for, ended with it; and how much memory they take."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from registry.launcher.leftovers import wait_until
from registry.launcher.privileges import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 120.0


@contextmanager
def serving(command: Sequence[str], environ: Mapping[str, str], url: str, log: Path) -> Iterator[int]:
    """A web server that answers 200 at `url`, with its whole process group; gives its process number."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
    try:
        came_up = wait_until(lambda: process.poll() is not None or _answers(url), READY_SECONDS, every=0.2)
        if not came_up or process.poll() is not None:
            raise RuntimeError(f"{command[0]} did not come up; see {log}")
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run_measured(command: Sequence[str], environ: Mapping[str, str], log: Path) -> tuple[float, float]:
    """Seconds that a command takes, and the highest memory of it and all its children together in MB."""
    start = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, memory(process.pid))
        time.sleep(0.25)
    seconds = time.monotonic() - start
    if process.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]
        raise RuntimeError("\n".join([f"{' '.join(command)} ended with {process.returncode}:", *lines]))
    return seconds, peak


def memory(pid: int) -> float:
    """Memory of a process and all its children in MB, what they share with others counted in part."""
    return sum(_proportional(each) for each in _family(pid))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))
    except OSError:  # it has ended meanwhile
        return


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
