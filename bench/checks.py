"""`POST /checks` with 1,000 codes over HTTP, against the bare SQL join of the same codes from Python.

Target (architecture.md, section 5): at most twice its time. The join is one statement over a kept connection, its rows
fetched as tuples; ours goes through HTTP, key, limit, log, validation and the status objects.
"""

import time

import orjson
import psycopg

from bench import servers
from bench.api_access import access
from bench.database import Bench
from bench.figures import Figure, percentile
from bench.http_times import post_each

ITEMS = 1_000
ROUNDS = 30
WARM_UP = 5
MOST_TIMES = 2.0
JOIN = """
    SELECT o.uscc, o.registration_no, o.name, o.kind, o.registration_status,
           p.record_id, p.type, p.level, p.public_from, p.public_until, p.data
      FROM unnest(%s::text[]) AS asked(uscc)
      LEFT JOIN operator o ON o.uscc = asked.uscc
      LEFT JOIN public_finding p ON p.operator_id = o.id AND p.public_from <= CURRENT_DATE
                                AND (p.public_until IS NULL OR CURRENT_DATE < p.public_until)
"""


def measure(bench: Bench) -> list[Figure]:
    """Needs the register."""
    bench.ensure_register()
    known = [code for code, _, _ in bench.sample(ITEMS * (ROUNDS + WARM_UP))]
    rounds = [known[at : at + ITEMS] for at in range(0, len(known) - ITEMS + 1, ITEMS)] or [known]
    headers = access(bench)
    with servers.ours(bench) as (url, _):
        bodies = [_body(number, codes) for number, codes in enumerate(rounds)]
        answers = post_each(url, "/api/v1/checks", bodies, headers)
    for (_, answer), codes in zip(answers, rounds, strict=True):
        matches = [item["match"] for item in orjson.loads(answer)["items"]]
        if matches != ["exact"] * len(codes):
            raise RuntimeError("POST /checks did not find every code that stands in the register.")
    ours = [took for took, _ in answers][WARM_UP:]
    with psycopg.connect(bench.serving_url, autocommit=True) as connection:
        theirs = [_join(connection, codes) for codes in rounds][WARM_UP:]
    ratio = percentile(ours, 0.5) / percentile(theirs, 0.5)
    return [
        Figure(
            f"POST /checks, {ITEMS:,} codes",
            f"p50 {percentile(ours, 0.5):.0f} ms, p95 {percentile(ours, 0.95):.0f} ms",
            f"SQL join p50 {percentile(theirs, 0.5):.0f} ms, p95 {percentile(theirs, 0.95):.0f} ms",
            f"{ratio:.1f} x",
            f"<= {MOST_TIMES:.0f} x",
            ratio <= MOST_TIMES,
        )
    ]


def _body(number: int, codes: list[str]) -> bytes:
    asked = {"request_no": f"bench-{number}", "purpose": "onboarding", "items": [{"uscc": code} for code in codes]}
    return orjson.dumps(asked)


def _join(connection: psycopg.Connection, codes: list[str]) -> float:
    start = time.perf_counter()
    connection.execute(JOIN, [codes]).fetchall()
    return (time.perf_counter() - start) * 1000
