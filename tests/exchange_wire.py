"""Two nodes of their own databases in one process, and the wire between them, which a test may cut or bend."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from flask import Flask

from models import db
from registry.config import Settings
from registry.transaction import transaction
from sync import keys, link, peers
from sync.link import NoAnswer
from tests.exchange_nodes import node

Reply = tuple[int, dict[str, str], bytes]
Sent = tuple[str, str, bytes, dict[str, str]]
Bend = Callable[[Sent, Callable[[Sent], Reply]], Reply]
"""What happens to a request on the way: given the request and how to hand it over, the answer as it arrives."""


@dataclass
class Wire:
    """Every request goes from node to node; `bends` are used up, one a request, before all goes well again."""

    nodes: dict[str, Flask]
    bends: list[Bend] = field(default_factory=list)
    seen: list[Sent] = field(default_factory=list)

    def carry(self, method: str, address: str, body: bytes, headers: Mapping[str, str], wait: float) -> Reply:
        """In the place of the real transport."""
        sent = (method, address, body, dict(headers))
        self.seen.append(sent)
        bend = self.bends.pop(0) if self.bends else None
        return bend(sent, self._hand_over) if bend else self._hand_over(sent)

    def _hand_over(self, sent: Sent) -> Reply:
        method, address, body, headers = sent
        parts = urlsplit(address)
        application = self.nodes[parts.hostname or ""]
        with application.app_context():
            answer = application.test_client().open(
                parts.path, method=method, query_string=parts.query, data=body, headers=headers
            )
            return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.data


@dataclass
class Pair:
    """A city and its province, peers of each other."""

    city: Flask
    province: Flask
    wire: Wire

    @property
    def settings(self) -> Settings:
        """Settings of the city."""
        return settings_of(self.city)


def settings_of(application: Flask) -> Settings:
    """Settings of a node."""
    found: Settings = application.extensions["registry_settings"]
    return found


def down(sent: Sent, hand_over: Callable[[Sent], Reply]) -> Reply:
    """The peer cannot be reached."""
    raise NoAnswer("unreachable", "cut")


def lost(sent: Sent, hand_over: Callable[[Sent], Reply]) -> Reply:
    """The request arrives, and its answer does not."""
    hand_over(sent)
    raise NoAnswer("unreachable", "lost")


@contextmanager
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Two nodes, each trusting the other's keys."""
    with node("130100", "city") as city, node() as province:
        wire = Wire({"127.0.0.1": province, "localhost": city})
        monkeypatch.setattr(link, "carry", wire.carry)
        trust(city, "130000", province, "http://127.0.0.1")
        trust(province, "130100", city, "http://localhost")
        with city.app_context():
            yield Pair(city, province, wire)
            db.session.remove()


def trust(application: Flask, node_id: str, other: Flask, url: str) -> None:
    """Enter a node as the peer of another one, with its keys."""
    with application.app_context(), transaction():
        peers.add(node_id, url, keys.own_keys(settings_of(other)).public_jwks()["keys"])
