"""A merchant's status by code over HTTP, against Datasette and against a bare route that reads the same rows.

Targets (architecture.md, section 5): at least 4 times Datasette's requests a second; at least 0.7 of the bare route's,
and at most 1.5 times its p99, at 16 connections. Ours asks for the key, keeps the exact limit and writes the access
log; neither of the others does anything of the kind. Ours and the bare route run in granian with two workers;
Datasette is one process, as `datasette serve` starts it.
"""

from contextlib import ExitStack

from bench import servers
from bench.api_access import access
from bench.database import Bench, say
from bench.figures import Figure
from bench.http_times import get_each
from bench.load import Target, compare

KEYS = 5_000
LEAST_OF_DATASETTE = 4.0
LEAST_OF_FLOOR = 0.7
MOST_OF_FLOOR_P99 = 1.5


def measure(bench: Bench) -> list[Figure]:
    """Needs the register, and Datasette in .venv-bench (requirements-bench.txt), which `make bench` installs."""
    bench.ensure_register()
    codes = [code for code, _, _ in bench.sample(KEYS)]
    keys = bench.folder / "codes.txt"
    keys.write_text("\n".join(codes) + "\n", encoding="utf-8")
    headers = access(bench)
    with ExitStack() as running:
        url, _ = running.enter_context(servers.ours(bench))
        bare, _ = running.enter_context(servers.floor(bench))
        peer = running.enter_context(servers.datasette(bench))
        targets = (
            Target("ours", url, "/api/v1/operators/", "/status", headers),
            Target("the bare route", bare, "/op/"),
            Target("Datasette", peer, "/x/op/", ".json"),
        )
        for target in targets:  # each answers every one of these, or there is nothing to compare
            get_each(target.url, (f"{target.prefix}{code}{target.suffix}" for code in codes[:200]), target.headers)
        say("asking ours, the bare route and Datasette in turn")
        ours, floor, datasette = compare(targets, keys)
    faultless = not ours.errors + floor.errors + datasette.errors
    to_datasette, to_floor = ours.per_second / datasette.per_second, ours.per_second / floor.per_second
    slower = ours.p99 / floor.p99
    return [
        Figure(
            "status lookup",
            str(ours),
            f"Datasette {datasette}",
            f"{to_datasette:.1f} x",
            f">= {LEAST_OF_DATASETTE:.0f} x",
            faultless and to_datasette >= LEAST_OF_DATASETTE,
        ),
        Figure(
            "  the same",
            str(ours),
            f"bare Flask + psycopg {floor}",
            f"{to_floor:.2f}",
            f">= {LEAST_OF_FLOOR}",
            faultless and to_floor >= LEAST_OF_FLOOR,
        ),
        Figure(
            "  its p99",
            f"{ours.p99:.1f} ms",
            f"bare Flask + psycopg {floor.p99:.1f} ms",
            f"{slower:.2f} x",
            f"<= {MOST_OF_FLOOR_P99} x",
            slower <= MOST_OF_FLOOR_P99,
        ),
    ]
