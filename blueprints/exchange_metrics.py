"""What the monitoring reads of the exchange: for each peer what waits, since when, and what a person must look at.

The label `peer` is a node id. Every figure is that of the console's board.
"""

from collections.abc import Iterator

from flask import current_app
from prometheus_client.core import GaugeMetricFamily

from registry.config import Settings
from registry.queries.exchange_node import this_node
from sync import board, peers
from sync.board import PeerOnBoard
from sync.outbound import goes_upwards

_OF_A_PEER = {
    "registry_exchange_stopped": "Whether an incident has stopped the peer or a chain to it.",
    "registry_exchange_paused": "Whether a person has paused the peer.",
    "registry_exchange_unanswered_seconds": "How long the oldest batch waits for its receipt.",
    "registry_exchange_overdue": "Whether a decision waits beyond the last day for reporting it.",
    "registry_exchange_positions_behind": "Positions of the peer's feed that are not applied here.",
    "registry_exchange_incidents": "Incidents that nobody has seen.",
    "registry_exchange_proven_equal": "Whether the last reconciliation found no difference.",
}
_LAG = {
    "registry_exchange_unsent_records": "Records that the peer has no receipt for.",
    "registry_exchange_lag_seconds": "How long the oldest of them waits.",
}


def collect() -> Iterator[GaugeMetricFamily]:
    """The state of the exchange at this moment."""
    recovering = "Whether this node was restored and still takes its own records back."
    yield GaugeMetricFamily(
        "registry_exchange_recovering", recovering, value=float(this_node().recovering_since is not None)
    )
    settings: Settings = current_app.extensions["registry_settings"]
    shown = [board.on_board(peer, upwards=goes_upwards(settings, peer)) for peer in peers.every()]
    families = {name: GaugeMetricFamily(name, words, labels=("peer",)) for name, words in _OF_A_PEER.items()}
    lags = {name: GaugeMetricFamily(name, words, labels=("peer", "resource")) for name, words in _LAG.items()}
    words = "Refused messages that wait for a person; of ours (out) or of the peer's (in)."
    problems = GaugeMetricFamily("registry_exchange_problems", words, labels=("peer", "direction"))
    for one in shown:
        node = one.peer.node
        for name, figure in _figures(one).items():
            families[name].add_metric((node,), figure)
        for lag in one.lags:
            lags["registry_exchange_unsent_records"].add_metric((node, lag.resource), lag.records)
            lags["registry_exchange_lag_seconds"].add_metric((node, lag.resource), lag.seconds)
        for direction, count in one.open_problems.items():
            problems.add_metric((node, direction.value), count)
    yield from (*families.values(), *lags.values(), problems)


def _figures(one: PeerOnBoard) -> dict[str, float]:
    since = one.unanswered_since
    return {
        "registry_exchange_stopped": one.stands_still,
        "registry_exchange_paused": one.is_paused,
        "registry_exchange_unanswered_seconds": 0 if since is None else board.seconds_since(since),
        "registry_exchange_overdue": one.is_overdue,
        "registry_exchange_positions_behind": one.behind or 0,
        "registry_exchange_incidents": one.incidents,
        "registry_exchange_proven_equal": one.proven_equal,
    }
