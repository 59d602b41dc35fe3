"""The exchange after an outage: what waits at a city goes up to its province, what waits there comes down.

Target (issue of the exchange): 3,000 records a second each way, as a worker does it that runs already. Two databases, each
node with keys of its own; the server of the province as it is deployed, the city's command as its worker would run it. Half
of the records are operators, half penalties. Every record is made into a message, signed for, sent, checked, placed in the
other register and receipted within the time. The memory of both programs is printed, and how long another officer of the
receiving side waits.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import exchange_files
from bench.database import Bench, Node, flask_command, say
from bench.exchange_files import Files
from bench.figures import Figure
from bench.other_commits import figure, other_commits
from bench.processes import ROOT, memory
from bench.servers import granian

RECORDS = 100_000
LEAST_PER_SECOND = 3_000
CITY, PROVINCE = "130100", "130000"
_RUN = "SELECT extract(epoch FROM finished_at - started_at) FROM exchange_run ORDER BY id DESC LIMIT 1"
_SEEDS = {CITY: 101, PROVINCE: 202}


@dataclass(frozen=True, slots=True)
class Course:
    """What one way took: seconds of the run, seconds of the whole command, records that arrived, highest memory of the asking
    and the answering program in MB."""

    seconds: float
    command: float
    records: int
    asking: float
    answering: float


def measure(bench: Bench) -> list[Figure]:
    """Two registers of their own on the server of the benchmark."""
    records = min(RECORDS, bench.count)
    city, province = (bench.node(node, role) for node, role in ((CITY, "city"), (PROVINCE, "province")))
    for node in (city, province):
        _fill(node, exchange_files.write(bench.folder / f"exchange-{node.name}", records, _SEEDS[node.name]))
    with _connected(bench, city, province) as pid:
        figures = []
        for way, receiving in (("push", province), ("pull", city)):
            with other_commits(receiving.serving_url) as waits:
                course = _run(city, pid, way)
            figures += [_figure(way, course), figure(waits)]
    return figures


def _fill(node: Node, files: Files) -> None:
    say(f"taking in the records of {node.name}")
    node.make_anew()
    for kind in ("operators", "penalties"):
        node.flask("import", kind, str(getattr(files, kind)))
    node.flask("ledger", "head")  # as the worker does each minute
    with node.connect() as connection:
        connection.execute("VACUUM (ANALYZE)")


@contextmanager
def _connected(bench: Bench, city: Node, province: Node) -> Iterator[int]:
    """Both trust each other; the number of the process that serves the province."""
    with granian(province.environ, bench.folder / "province.log", "wsgi:app", "/readyz") as (url, pid):
        for node, other, address in ((city, province, url), (province, city, "http://127.0.0.1:1")):
            keys = bench.folder / f"{other.name}.jwks"
            keys.write_text(other.flask("peer", "key"), encoding="utf-8")
            node.flask("peer", "add", other.name, address, "--key", str(keys))
        yield pid


def _run(city: Node, answering: int, way: str) -> Course:
    """One command of the city, to its end."""
    command = [*flask_command(), "exchange", way, PROVINCE, "--json"]
    start = time.monotonic()
    peaks = [0.0, 0.0]
    with subprocess.Popen(command, env=city.environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peaks = [max(known, memory(pid)) for known, pid in zip(peaks, (process.pid, answering), strict=True)]
            time.sleep(0.25)
        seconds = time.monotonic() - start
        assert process.stdout is not None
        printed = process.stdout.read()
    told = json.loads(printed.splitlines()[-1])
    if process.returncode:
        raise RuntimeError(f"exchange {way} ended with {process.returncode}: {printed}")
    with city.connect() as connection:
        row = connection.execute(_RUN).fetchone()
    assert row is not None
    return Course(float(row[0]), seconds, told["accepted"], *peaks)


def _figure(way: str, course: Course) -> Figure:
    rate = course.records / course.seconds
    return Figure(
        f"exchange {way}, {course.records:,} records waiting",
        f"{course.seconds:.1f} s ({rate:,.0f} records/s; {course.command:.1f} s with the start of the command),"
        f" {course.asking:.0f} MB asking, {course.answering:.0f} MB answering",
        "",
        "",
        f">= {LEAST_PER_SECOND:,}/s",
        rate >= LEAST_PER_SECOND,
    )
