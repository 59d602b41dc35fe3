"""The carrier of a peer, behind one interface."""

from collections.abc import Mapping
from typing import Protocol

from models import Carrier
from registry.config import Settings
from sync import peers
from sync.carriers import file_carrier, front_database, http_carrier
from sync.runs import Run


class PeerCarrier(Protocol):
    """What every carrier can do. A run holds the peer for itself, leaves a row, and may be repeated at any time.

    With `told` at once, whatever pause the peer was granted; `most` bounds the batches or pages of one run.
    """

    def push(self, settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
        """Send what waits for a peer. PeerUnknown, NotUpwards, AlreadyRunning."""

    def pull(self, settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
        """Take in what has come from it. PeerUnknown, NotDownwards, AlreadyRunning."""


CARRIERS: Mapping[Carrier, PeerCarrier] = {
    Carrier.HTTP: http_carrier,
    Carrier.FILE: file_carrier,
    Carrier.FRONT_DATABASE: front_database,
}


def carrier_of(node: str) -> PeerCarrier:
    """How this peer is reached. PeerUnknown."""
    return CARRIERS[peers.get(node).carrier]
