"""Finding an operator by what people type: how long it takes, and whether the operator meant is among the first.

Target (architecture.md, section 5): every kind of query answered, 20 ms at p95 for a million operators, 60 ms for ten.
The time is that of the search itself in a worker, database included. Beside it SQLite's FTS5 with its trigram
tokenizer on the same names and the same queries, which finds nothing under three characters.
"""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from bench import invented_register
from bench.database import Bench
from bench.figures import Figure, percentile
from bench.query_sets import Sought, query_sets
from models import db
from registry.app import create_app
from registry.config import Settings
from registry.queries.search import search_operators

EACH = 200
FIRST = 20
MILLION = 1_000_000
_KNOWN = 20 * EACH  # so many are drawn that EACH of them have brackets or a former name

Search = Callable[[str], list[str]]
"""What was typed to the codes found, best first."""


def measure(bench: Bench) -> list[Figure]:
    """Needs the register."""
    bench.ensure_register()
    most = 20 if bench.count <= MILLION else 60
    kinds = query_sets(bench.sample(_KNOWN))
    app = create_app(Settings.from_env(bench.environ))
    figures = []
    with app.app_context(), closing(_trigrams(bench)) as sqlite:
        for kind, queries in kinds.items():
            asked = queries[:EACH]
            ours, found = _timed(_ours, asked)
            theirs, found_by_them = _timed(lambda typed: _theirs(sqlite, typed), asked)
            p95 = percentile(ours, 0.95)
            figures.append(
                Figure(
                    f"search: {kind}",
                    f"p95 {p95:.1f} ms, {found:.0%} in the first {FIRST}",
                    f"FTS5 p95 {percentile(theirs, 0.95):.1f} ms, {found_by_them:.0%}",
                    "",
                    f"<= {most} ms",
                    p95 <= most and found > 0,
                )
            )
        db.session.remove()
        db.engine.dispose()
    return figures


def _timed(search: Search, queries: Sequence[Sought]) -> tuple[list[float], float]:
    """Milliseconds of each query, and the share in which the operator meant is among the FIRST."""
    took, found = [], 0
    for typed, code in [*queries[:20], *queries]:  # the first few twice: connections and plans are made
        start = time.perf_counter()
        codes = search(typed)
        took.append((time.perf_counter() - start) * 1000)
        found += code in codes[:FIRST]
    warm = len(took) - len(queries)
    return took[warm:], min(1.0, found / len(took))


def _ours(typed: str) -> list[str]:
    codes = [hit.operator.uscc or "" for hit in search_operators(typed).hits]
    db.session.remove()  # each request begins with an empty session
    return codes


def _theirs(sqlite: sqlite3.Connection, typed: str) -> list[str]:
    asked = "SELECT uscc FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?"
    return [code for (code,) in sqlite.execute(asked, [f'"{typed}"', FIRST])]


def _trigrams(bench: Bench) -> sqlite3.Connection:
    """Names and former names in a table of FTS5, as Datasette would search them."""
    path = bench.folder / "trigrams.db"
    path.unlink(missing_ok=True)
    sqlite = sqlite3.connect(path)
    sqlite.execute("CREATE VIRTUAL TABLE names USING fts5(uscc, name, former_name, tokenize='trigram')")
    rows = invented_register.names_in(bench.operators_file)
    sqlite.executemany("INSERT INTO names VALUES (?, ?, ?)", rows)
    sqlite.commit()
    return sqlite
