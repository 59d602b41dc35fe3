"""`/metrics` for the monitoring of the authority: how often, how fast, how large. No name, code or key is a label.

The status lookup that is answered before Flask is not counted here: it logs each request in the access log already, and a
counter would be the dearest part of what is left of it (decision 0004).
"""

import os
from collections.abc import Iterator
from time import perf_counter

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from blueprints import exchange_metrics
from blueprints.guards import for_monitoring
from registry.queries.node_state import ledger_entries, queue_by_state
from registry.queries.reminders import alarms_standing, cases_over_deadline

blueprint = Blueprint("metrics", __name__)

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the processes of one web server keep their counts, so that whichever is asked tells the sum."""

_counted = CollectorRegistry()
_requests = Counter("registry_requests", "Requests by view and status.", ("endpoint", "status"), registry=_counted)
_seconds = Histogram(
    "registry_request_seconds",
    "Time of a request in the program.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
    registry=_counted,
)


def register(app: Flask) -> None:
    """Count every request that Flask handles, refused ones too."""
    app.before_request(_begin)
    app.after_request(_count)


@blueprint.get("/metrics")
@for_monitoring
def show_metrics() -> Response:
    """Counts of all processes of this web server, and the state of the register at this moment."""
    counts = _counted
    if SHARED_FOLDER in os.environ:
        counts = CollectorRegistry()
        MultiProcessCollector(counts)  # type: ignore[no-untyped-call]
    return Response(generate_latest(counts) + generate_latest(_state), content_type=CONTENT_TYPE_LATEST)


class _State(Collector):
    """Read from the database at each reading, not kept by a process: every one tells the same, once."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Size of the ledger, length of the queue, deadlines that were missed, the exchange with each peer."""
        yield GaugeMetricFamily("registry_ledger_entries", "Entries of the ledger.", value=ledger_entries())
        jobs = GaugeMetricFamily("registry_jobs", "Background jobs by state.", labels=("state",))
        for name, number in {"todo": 0, **dict(queue_by_state())}.items():
            jobs.add_metric((name,), number)
        yield jobs
        alarms = "Alarms raised whose subject is still open."
        yield GaugeMetricFamily("registry_alarms", alarms, value=alarms_standing())
        overdue = "Open cases and matters over their legal deadline."
        yield GaugeMetricFamily("registry_cases_over_deadline", overdue, value=cases_over_deadline())
        yield from exchange_metrics.collect()


_state = CollectorRegistry()
_state.register(_State())


def _begin() -> None:
    g.asked_at = perf_counter()


def _count(response: Response) -> Response:
    _requests.labels(request.endpoint or "none", response.status_code).inc()
    if "asked_at" in g:  # not where the token of a form was refused before anything else ran
        _seconds.observe(perf_counter() - g.asked_at)
    return response
