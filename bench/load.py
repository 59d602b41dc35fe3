"""Putting load on a web server: wrk where it is installed, else a small client in a process of its own.

Both keep CONNECTIONS open, ask for random keys of one file and count every answer that is not a success as an error.
Different servers are compared with the same of the two.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.processes import ROOT

CONNECTIONS = 16
WARM_UP_SECONDS = 5
SECONDS = 10
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Target:
    """A server and how it is asked for one key: `url` + `prefix` + key + `suffix`."""

    name: str
    url: str
    prefix: str
    suffix: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Load:
    """What a server bore: requests a second, milliseconds, answers that were no success."""

    per_second: float
    p50: float
    p99: float
    errors: int

    def __str__(self) -> str:
        failed = f", {self.errors} ERRORS" if self.errors else ""
        return f"{self.per_second:,.0f}/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms{failed}"


def compare(targets: Sequence[Target], keys: Path) -> list[Load]:
    """Medians of ROUNDS for each target, in their order. They take turns, so that a busy minute is everybody's."""
    for target in targets:
        run(target, keys, WARM_UP_SECONDS)
    rounds = [[run(target, keys, SECONDS) for target in targets] for _ in range(ROUNDS)]
    return [median([loads[place] for loads in rounds]) for place in range(len(targets))]


def median(loads: Sequence[Load]) -> Load:
    """Each figure's median; errors add up, for none of them may hide."""
    return Load(
        statistics.median(load.per_second for load in loads),
        statistics.median(load.p50 for load in loads),
        statistics.median(load.p99 for load in loads),
        sum(load.errors for load in loads),
    )


def run(target: Target, keys: Path, seconds: int) -> Load:
    """Load on one target for so many seconds."""
    headers = [f"{name}: {value}" for name, value in target.headers.items()]
    wrk = shutil.which("wrk")
    if wrk:
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", "bench/keys.lua"]
        command += [*(part for header in headers for part in ("-H", header)), target.url]
    else:
        command = [sys.executable, "-m", "bench.load_client", str(CONNECTIONS), str(seconds), *headers]
    asked = {
        "BENCH_URL": target.url,
        "BENCH_PREFIX": target.prefix,
        "BENCH_SUFFIX": target.suffix,
        "BENCH_KEYS": str(keys),
    }
    environ = {**os.environ, **asked}
    done = subprocess.run(command, env=environ, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return read(done.stdout)


def read(printed: str) -> Load:
    """The figures on the last line of what the client printed."""
    told = json.loads(printed.strip().splitlines()[-1])
    return Load(told["requests"] / told["seconds"], told["p50"], told["p99"], told["errors"])
