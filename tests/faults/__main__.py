"""`make faults`: the long form. Kills at random, traffic at its worst, restores among them; then a day's outage.

SEED repeats a run; KILLS and OUTAGE make it shorter. Every part ends with the agreement of both nodes.
"""

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.faults.long_runs import kills, outage, restores, traffic


def main() -> None:
    """Run all parts, or those that are named."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    times = int(os.environ.get("KILLS") or 100)
    records = int(os.environ.get("OUTAGE") or 100_000)
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    say(f"SEED={seed} KILLS={times} OUTAGE={records}; logs in {folder}")
    parts: dict[str, Callable[[Path], None]] = {
        "kills": lambda place: kills(place, seed, times, say),
        "traffic": lambda place: traffic(place, seed, times, say),
        "restores": lambda place: restores(place, seed, max(2, times // 10), say),
        "outage": lambda place: outage(place, seed, records, say),
    }
    for name in sys.argv[1:] or parts:
        place = folder / name
        place.mkdir()
        start = time.monotonic()
        parts[name](place)
        say(f"{name}: passed in {time.monotonic() - start:.0f} s")
    say(f"passed with SEED={seed}")


def say(words: str) -> None:
    """A line for whoever watches, at once."""
    print(words, flush=True)  # noqa: T201 - a command that talks to the person who started it


if __name__ == "__main__":
    main()
