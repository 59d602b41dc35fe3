"""Running several programs as one: started in order, restarted when they die, stopped in the opposite order.

honcho stops everything when one program ends and never starts one again, so a node that has to survive the death of
its database needs this instead.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from registry.launcher.privileges import die_with_parent

GRACE_SECONDS = 30.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # a program that ran so long starts again after the shortest pause
LARGEST_LOG = 16 * 1024 * 1024  # bytes; a longer one is put aside at the next start


@dataclass(slots=True)
class Program:
    """One child: its command and environment, the signal that asks it to stop, and what to wait for around its start.

    `before` runs ahead of each start, `ready` after the first one only: later the others are already running.
    """

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals
    environ: Mapping[str, str]
    ready: Callable[[Callable[[], bool]], None] | None = None
    before: Callable[[], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.5
    start_at: float | None = None

    @property
    def runs(self) -> bool:
        """Whether the child is there."""
        return self.process is not None and self.process.poll() is None


class InterruptError(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    """Holds the children. SIGINT, SIGTERM and SIGHUP stop everything; a killed supervisor takes its children along."""

    def __init__(self, folder: Path, log_folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._log_folder = log_folder
        self._say = say
        self._programs: list[Program] = []
        self._stopping = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)

    def start(self, program: Program) -> None:
        """Start a program and wait until it is ready."""
        self._programs.append(program)
        self._launch(program)
        if program.ready is not None:
            program.ready(lambda: program.runs)

    def watch(self) -> None:
        """Restart what dies, until somebody asks us to stop."""
        while True:
            time.sleep(0.2)
            for program in self._programs:
                self._tend(program)

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        """Run one command to its end, here and now. CalledProcessError when it failed."""
        ask = die_with_parent(signal.SIGTERM)
        subprocess.run(command, env=environ, cwd=self._folder, stdin=subprocess.DEVNULL, check=True, preexec_fn=ask)

    def stop(self) -> None:
        """Stop all children, the last started first, and wait for each and for what each started itself."""
        self._stopping = True
        for program in reversed(self._programs):
            process = program.process
            if process is None:
                continue
            if program.runs:
                process.send_signal(program.stop_signal)
                try:
                    process.wait(GRACE_SECONDS)
                except subprocess.TimeoutExpired:
                    self._say(f"{program.name} did not stop in {GRACE_SECONDS:.0f} s and is killed")
                    process.kill()
                    process.wait()
            _end_group(process.pid)

    def log_of(self, name: str) -> Path:
        """The file that holds what a program prints."""
        return self._log_folder / f"{name}.log"

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self._stopping:
            self._stopping = True
            raise InterruptError

    def _tend(self, program: Program) -> None:
        if program.runs:
            return
        now = time.monotonic()
        if program.start_at is None:
            assert program.process is not None
            _end_group(program.process.pid)
            program.pause = 0.5 if now - program.started_at > STEADY_SECONDS else min(program.pause * 2, LONGEST_PAUSE)
            program.start_at = now + program.pause
            status = program.process.returncode
            self._say(f"{program.name} ended with {status}, starting again in {program.pause:.0f} s")
        elif now >= program.start_at:
            self._launch(program)

    def _launch(self, program: Program) -> None:
        if program.before is not None:
            program.before()
        self._log_folder.mkdir(parents=True, exist_ok=True)
        path = self.log_of(program.name)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            program.process = subprocess.Popen(
                program.command,
                env=program.environ,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C of the terminal reaches us alone, and we stop them in order
                preexec_fn=die_with_parent(program.stop_signal),
            )
        program.started_at = time.monotonic()
        program.start_at = None


def _end_group(leader: int) -> None:
    """End what a program leaves of its group: a killed web server's workers would hold the port."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
