"""Asking a peer: each request signed, each answer checked before anybody believes it (exchange.md 3).

Nothing of the database is held while an answer is waited for, and every wait has an end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from models import Peer, db
from registry.clock import now
from registry.config import Settings
from registry.ledger.canonical import sha256
from registry.transaction import transaction
from sync import peers, signing
from sync.keys import own_keys
from sync.signing import Unverified
from sync.transport import UNREACHABLE, NoAnswer, carry

__all__ = ["PREFIX", "UNREACHABLE", "Answer", "Link", "NoAnswer"]

PREFIX = "/exchange/v1"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was believed; headers by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def epoch(self) -> str:
        """The epoch of the node that answered."""
        return self.headers["exchange-epoch"]

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait that the answer asks for."""
        told = self.headers.get("retry-after", "")
        return min(int(told), 24 * 3600) if told.isascii() and told.isdecimal() else None

    def number(self, name: str) -> int | None:
        """A header that is a whole number from 0 on; None where it is missing, none, or more than the database counts."""
        told = self.headers.get(name, "")
        return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None


class Link:
    """The way to one peer, for a run: its address and our keys as they are now."""

    def __init__(self, settings: Settings, peer: Peer) -> None:
        self.peer_id = peer.id
        self.node = peer.node
        self._base = urlsplit(peer.url)
        self._own = own_keys(settings)
        self._epoch = peer.epoch

    def get(self, path: str, parameters: Sequence[tuple[str, str]] = (), *, wait: int = 0) -> Answer:
        """Ask for something; `wait` seconds more are allowed for an answer that is held open. NoAnswer."""
        return self.ask("GET", path, parameters, wait=wait)

    def ask(
        self,
        method: str,
        path: str,
        parameters: Sequence[tuple[str, str]] = (),
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        nonce: str | None = None,
        signed: dict[str, str] | None = None,
        wait: int = 0,
    ) -> Answer:
        """Send one request. `signed`, where given, is filled with the headers that the signature made. NoAnswer."""
        db.session.close()  # callers hold plain values: an open transaction would be held as long as the peer likes
        nonce = nonce or signing.new_nonce()
        whole, query = f"{self._base.path}{PREFIX}{path}", urlencode(parameters)
        made = signing.sign_request(
            self._own, to=self.node, method=method, path=whole, query=query, body=body, created=now(), nonce=nonce
        )
        if signed is not None:
            signed.update(made)
        address = f"{self._base.scheme}://{self._base.netloc}{whole}{f'?{query}' if query else ''}"
        status, found, content = carry(method, address, body, {**(headers or {}), **made}, wait)
        self._verify(status, found, content, nonce)
        answer = Answer(status, found, content)
        self._note_epoch(answer.epoch)
        return answer

    def _verify(self, status: int, headers: Mapping[str, str], body: bytes, nonce: str) -> None:
        try:
            signing.verify_answer(
                signing.Answer(status, headers, sha256(body)),
                sender=self.node,
                nonce=nonce,
                jwk_of=peers.trusted_jwk,
                moment=now(),
            )
        except Unverified as error:
            raise NoAnswer(error.code, f"HTTP {status}: {error}") from error
        finally:
            db.session.close()

    def _note_epoch(self, epoch: str) -> None:
        """What an answer shows is the peer's present epoch: only a new one is written down."""
        if epoch == self._epoch:
            return
        with transaction():
            peers.note_epoch(self.peer_id, epoch)
        db.session.close()
        self._epoch = epoch
