"""`python -m bench [NAME …]`: measure on a server of the benchmark's own, one after another, and print one table.

SCALE is how many million operators there are (default 1). With `--keep FOLDER` the register stays there and is used
again by the next run.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench import (
    batch,
    checks,
    database,
    day,
    exchange,
    import_operators,
    name_search,
    page_times,
    report_pdf,
    status_lookup,
)
from bench.database import Bench, say
from bench.figures import Figure, table

MILLION = 1_000_000
BENCHMARKS: dict[str, Callable[[Bench], list[Figure]]] = {
    "import_operators": import_operators.measure,  # first: it begins with an empty register
    "status_lookup": status_lookup.measure,
    "checks": checks.measure,
    "name_search": name_search.measure,
    "page_times": page_times.measure,
    "report_pdf": report_pdf.measure,
    "day": day.measure,
    "batch": batch.measure,
    "exchange": exchange.measure,
}


def main() -> int:
    """Exit status 0 when every target was met, 2 when one was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all when none is given")
    parser.add_argument("--scale", type=float, default=float(os.environ.get("SCALE") or 1), help="million operators")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the register here, and use it again")
    asked = parser.parse_args()
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    count = round(asked.scale * MILLION)
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as temporary:
        folder = (asked.keep / f"{count}").resolve() if asked.keep else Path(temporary)
        with database.opened(folder, count) as bench:
            figures = [figure for name in _in_order(asked.names) for figure in _measured(name, bench)]
    print(f"\n{count:,} operators, a twentieth of them listed; {_machine()}\n")
    print(table(figures))
    return 2 if any(figure.met is False for figure in figures) else 0


def _in_order(names: list[str]) -> list[str]:
    return [name for name in BENCHMARKS if name in names or not names]


def _measured(name: str, bench: Bench) -> list[Figure]:
    """The benchmark's figures; a failed one is a missed target, and does not take the others' figures along."""
    say(name)
    try:
        return BENCHMARKS[name](bench)
    except (RuntimeError, OSError, subprocess.CalledProcessError, psycopg.Error) as error:
        say(f"{name} failed: {error}")
        return [Figure(name, "failed, see above", "", "", "", False)]


def _machine() -> str:
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load at the end {load:.1f}"


if __name__ == "__main__":
    sys.exit(main())
