"""A file of operators taken in with validation against a COPY of the same rows.

Target (architecture.md, section 5): at most 15 times the COPY, below 400 MB whatever the size. The COPY is that of the
finished rows into a table like `operator` without an index; that of the csv into text columns is told beside it.
"""

import time
from pathlib import Path
from typing import LiteralString

from bench.database import Bench, say
from bench.figures import Figure
from bench.invented_register import OPERATOR_HEADER

MOST_TIMES = 15.0
MOST_MEMORY = 400.0  # MB
MILLION = 1_000_000
_BLOCK = 1 << 18


def measure(bench: Bench) -> list[Figure]:
    """Empties the register and takes the operators in."""
    path = bench.operators_file
    say("importing operators")
    seconds, peak = bench.take_in_operators()
    raw, finished = _copies(bench, path)
    ratio = seconds / finished
    return [
        Figure(
            f"import of {bench.count:,} operators",
            f"{seconds:.1f} s ({bench.count / seconds:,.0f} rows/s)",
            f"COPY {finished:.1f} s (of the csv {raw:.1f} s)",
            f"{ratio:.1f} x",
            f"<= {MOST_TIMES:.0f} x of a million",
            ratio <= MOST_TIMES if bench.count >= MILLION else None,  # starting weighs much on a small file
        ),
        Figure("  its memory, all processes", f"{peak:.0f} MB", "", "", f"< {MOST_MEMORY:.0f} MB", peak < MOST_MEMORY),
    ]


def _copies(bench: Bench, path: Path) -> tuple[float, float]:
    """Seconds of a COPY of the csv as it is, and of the rows as they stand in the register at the end."""
    columns = ", ".join(f"c{number} text" for number in range(len(OPERATOR_HEADER)))
    finished = path.with_suffix(".rows")
    with bench.connect() as connection:
        connection.execute("DROP TABLE IF EXISTS plain_text, plain_rows")
        connection.execute(f"CREATE TABLE plain_text ({columns})".encode())
        connection.execute("CREATE TABLE plain_rows (LIKE operator)")
        with finished.open("wb") as file, connection.cursor().copy("COPY operator TO STDOUT") as copy:
            for piece in copy:
                file.write(piece)
        connection.execute("CHECKPOINT")
    raw = _copy(bench, "COPY plain_text FROM STDIN (FORMAT csv, HEADER)", path)
    rows = _copy(bench, "COPY plain_rows FROM STDIN", finished)
    with bench.connect() as connection:
        connection.execute("DROP TABLE plain_text, plain_rows")
    finished.unlink()
    return raw, rows


def _copy(bench: Bench, statement: LiteralString, path: Path) -> float:
    with bench.connect() as connection, path.open("rb") as file:
        start = time.monotonic()
        with connection.cursor().copy(statement) as copy:
            while block := file.read(_BLOCK):
                copy.write(block)
        return time.monotonic() - start
