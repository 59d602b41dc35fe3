"""Running several programs as one: started in order, restarted when they die, stopped in the opposite order."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 20
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60  # a program that ran so long starts again without a pause


@dataclass(slots=True)
class Program:
    """One child: its command, the signal that asks it to stop, and what has to be true before the next one starts."""

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals
    wait_until_ready: Callable[[Callable[[], bool]], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.5


class InterruptError(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    """Holds the children. SIGINT, SIGTERM and SIGHUP stop everything; a killed supervisor takes its children along."""

    def __init__(self, environ: Mapping[str, str], folder: Path, log_folder: Path, say: Callable[[str], None]) -> None:
        self._environ = dict(environ)
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

    def watch(self) -> None:
        """Restart what dies, until somebody asks us to stop."""
        while True:
            time.sleep(0.2)
            for program in self._programs:
                if program.process is not None and program.process.poll() is not None:
                    self._restart(program)

    def stop(self) -> None:
        """Stop all children, the last started first, and wait for each."""
        self._stopping = True
        for program in reversed(self._programs):
            process = program.process
            if process is None or process.poll() is not None:
                continue
            process.send_signal(program.stop_signal)
            try:
                process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._say(f"{program.name} did not stop in {GRACE_SECONDS} s and is killed")
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self._stopping:
            self._stopping = True
            raise InterruptError

    def _launch(self, program: Program) -> None:
        self._log_folder.mkdir(parents=True, exist_ok=True)
        with (self._log_folder / f"{program.name}.log").open("ab") as log:
            program.process = subprocess.Popen(
                program.command,
                env=self._environ,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a Ctrl-C of the terminal reaches us alone, and we stop them in order
                preexec_fn=_die_with_parent,
            )
        program.started_at = time.monotonic()
        if program.wait_until_ready is not None:
            process = program.process
            program.wait_until_ready(lambda: process.poll() is None)

    def _restart(self, program: Program) -> None:
        assert program.process is not None
        ran = time.monotonic() - program.started_at
        program.pause = 0.5 if ran > STEADY_SECONDS else min(program.pause * 2, LONGEST_PAUSE)
        self._say(f"{program.name} ended with {program.process.returncode}, starting again in {program.pause:.0f} s")
        time.sleep(program.pause)
        self._launch(program)


def _die_with_parent() -> None:
    """Ask the kernel to stop the child when we are killed; a wrapper that changes the account has to ask again."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
