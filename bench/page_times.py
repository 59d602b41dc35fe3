"""How long the public pages take on a large register: the answer to a reader's click, without the network.

Target: 150 ms at p95. The time is taken by the asking side on the same machine, so it holds a little more than the
server's own. Beside it, how much the web server's memory grew over all these pages.
"""

from urllib.parse import quote

from bench import servers
from bench.database import Bench
from bench.figures import Figure, percentile
from bench.http_times import get_each
from bench.processes import memory
from bench.query_sets import trade_name

EACH = 200
MOST_MILLISECONDS = 150
_DISTRICTS = ["130102", "130123", "130129", "130183"]


def measure(bench: Bench) -> list[Figure]:
    """Needs the register."""
    bench.ensure_register()
    known = bench.sample(EACH)
    pages = {
        "home": ["/"] * EACH,
        "search by two characters": [f"/search?q={quote(trade_name(name)[:2])}" for _, name, _ in known],
        "search by four characters": [f"/search?q={quote(trade_name(name)[:4])}" for _, name, _ in known],
        "operator": [f"/operators/{code}" for code, _, _ in known],
        "operator in English": [f"/operators/{code}?lang=en" for code, _, _ in known],
        "abnormal list": ["/lists/abnormal"] * EACH,
        "abnormal list of a district": [
            f"/lists/abnormal?region={code}" for code in _DISTRICTS * (EACH // len(_DISTRICTS))
        ],
        "violation list": ["/lists/violations"] * EACH,
        "statistics": ["/statistics"] * EACH,
    }
    figures = []
    with servers.ours(bench) as (url, pid):
        get_each(url, ["/"] * 20)
        for paths in pages.values():  # both workers, once over everything
            get_each(url, paths[:20])
        before = memory(pid)
        for name, paths in pages.items():
            took = get_each(url, paths)
            p95 = percentile(took, 0.95)
            ours = f"p95 {p95:.0f} ms (p50 {percentile(took, 0.5):.0f} ms)"
            figures.append(
                Figure(f"page: {name}", ours, "", "", f"<= {MOST_MILLISECONDS} ms", p95 <= MOST_MILLISECONDS)
            )
        after = memory(pid)
    grown = f"{before:.0f} MB, {after:.0f} MB after {EACH * len(pages):,} pages"
    return [*figures, Figure("  memory of the web server", grown, "", "", "", None)]
