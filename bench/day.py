"""`day run` over 200,000 records that end on one day: seconds of the whole command, and how long others wait meanwhile.

Targets (issue of the lists): 200,000 records in five minutes, another officer's commit within half a second. The records
are stays on the violation list that enter through the real import; the other officer takes the ledger's lock and gives it
back, fifty times a second, which is all that a commit waits for.
"""

import csv
import time
from collections.abc import Sequence

from bench.database import Bench, flask_command, say
from bench.figures import Figure
from bench.invented_register import AUTHORITY, LISTING_HEADER, Known, sample
from bench.other_commits import figure, other_commits
from bench.processes import run_measured

RECORDS = 200_000
MOST_SECONDS = 300.0
LISTED_ON, ENDS_ON = "2024-01-10", "2027-01-10"
_FILE = "day-violation-listings.csv"


def measure(bench: Bench) -> list[Figure]:
    """Needs the register; lists a part of its operators once more for each run."""
    bench.ensure_register()
    known = sample(bench.operators_file, RECORDS)
    _list(bench, known)
    with other_commits(bench.serving_url) as waits:
        command = [*flask_command(), "day", "run", "--on", ENDS_ON, "--json"]
        seconds, megabytes = run_measured(command, bench.environ, bench.folder / "day.log")
    with bench.connect() as connection:
        ended = connection.execute(
            "SELECT count(*) FROM violation_listing WHERE ended_on = %s AND state = 'ended'", [ENDS_ON]
        ).fetchone()
    if ended is None or ended[0] < len(known):
        raise RuntimeError(f"Only {ended} of {len(known):,} stays were ended.")
    allowed = MOST_SECONDS * len(known) / RECORDS
    return [
        Figure(
            f"day run, {len(known):,} records end",
            f"{seconds:.1f} s ({len(known) / seconds:,.0f} records/s), {megabytes:.0f} MB",
            "",
            "",
            f"<= {allowed:.0f} s",
            seconds <= allowed,
        ),
        figure(waits),
    ]


def _list(bench: Bench, known: Sequence[Known]) -> None:
    path = bench.folder / _FILE
    words = "未依法取得食品经营许可从事食品经营活动，情节严重"
    basis = "《市场监督管理严重违法失信名单管理办法》第五条第（一）项"
    run = time.time_ns()  # a number of its own for each run: what has ended is not listed again by a file
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LISTING_HEADER)
        for number, (code, name, _) in enumerate(known):
            decision = f"石市监严〔2024〕{run}{number}号"
            writer.writerow((name, code, "", words, basis, LISTED_ON, decision, *AUTHORITY))
    say(f"listing {len(known):,} operators")
    bench.flask("import", "violation-listings", str(path))
    path.unlink()
