"""One annual batch of 200,000 listings, then its removal: seconds of the run, how long others wait meanwhile, how fast pages stay.

Targets: five minutes, another officer's commit within half a second, pages within 300 ms. Each batch is drawn up from a file
of codes, approved, and carried out in a process of its own as the worker would; the other officer takes the ledger's lock
and gives it back, fifty times a second; a reader asks for pages all the while.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from bench import servers
from bench.database import Bench
from bench.figures import Figure, percentile
from bench.http_times import get_each
from bench.invented_register import AUTHORITY
from bench.other_commits import figure, other_commits
from bench.processes import ROOT

OPERATORS = 200_000
MOST_SECONDS = 300.0
MOST_PAGE = 300


def measure(bench: Bench) -> list[Figure]:
    """Needs the register; lists operators that have no open stay for the year."""
    bench.ensure_register()
    known = bench.sample(min(OPERATORS, bench.count))
    codes = bench.folder / "unreported.csv"
    codes.write_text("".join(f"{code}\n" for code, _, _ in known), encoding="utf-8")
    figures: list[Figure] = []
    pages = [f"/operators/{code}" for code, _, _ in known[:50]] + ["/lists/abnormal"] * 10
    with servers.ours(bench) as (url, _):
        for kind in ("list", "remove"):
            figures += _one(bench, kind, codes, url, pages)
    return figures


def _one(bench: Bench, kind: str, codes: Path, url: str, pages: list[str]) -> list[Figure]:
    done = threading.Event()
    took: list[float] = []

    def read() -> None:
        while not done.is_set():
            took.extend(get_each(url, pages))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        command = [sys.executable, "-m", "bench.batch_run", kind, str(codes), AUTHORITY[1]]
        with (bench.folder / "batch.log").open("ab") as log, other_commits(bench.serving_url) as waits:
            answer = subprocess.run(
                command, env=bench.environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=log, text=True
            )
    finally:
        done.set()
        reader.join()
    told = json.loads(answer.stdout.splitlines()[-1])
    dealt = told["done"] + told["left_out"]
    allowed = MOST_SECONDS * dealt / OPERATORS
    p95 = percentile(took, 0.95)
    return [
        Figure(
            f"batch of {dealt:,} ({kind}, {told['done']:,} done)",
            f"{told['run']:.1f} s ({dealt / told['run']:,.0f} a second), "
            f"drawn up in {told['draw_up']:.1f} s, previewed in {told['preview']:.1f} s",
            "",
            "",
            f"<= {allowed:.0f} s",
            told["run"] <= allowed,
        ),
        figure(waits),
        Figure(
            "its list as csv, a volume as PDF",
            f"{told['csv']:.1f} s, {told['csv_mb']:.0f} MB more; {told['volume']:.1f} s",
            "",
            "",
            "",
            None,
        ),
        Figure("pages meanwhile", f"p95 {p95:.0f} ms", "", "", f"<= {MOST_PAGE} ms", p95 <= MOST_PAGE),
    ]
