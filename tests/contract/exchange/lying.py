"""A peer that answers as it likes: honest by exchange.md, or with one thing wrong."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.contract.exchange.messages import BEIJING, head
from tests.contract.exchange.wire import ANSWER, CARRIED, REQUEST, Key, NotBelieved, believe, content_digest, sign

EPOCH = "c0ffee00-8f3a-4d0e-9c55-000000000002"


@dataclass(frozen=True)
class Asked:
    """A request that was believed; `nonce` is what the answer has to name."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    nonce: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Of a batch."""
        found: dict[str, Any] = json.loads(self.body.partition(b"\n")[0])
        return found

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Of a batch."""
        return [json.loads(each) for each in self.body.split(b"\n")[1:-1]]


@dataclass
class Reply:
    """An answer before it is signed. What follows behind the signature is a lie: `late` headers and body, or none of it."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    sign_with: Key | None = None
    unsigned: bool = False
    epoch: str = EPOCH
    nonce: str | None = None
    components: tuple[str, ...] | None = None
    created: int | None = None
    late: dict[str, str] = field(default_factory=dict)
    late_body: bytes | None = None
    cut: int = 0
    raw: bytes | None = None

    def headers_for(self, asked: Asked, key: Key) -> dict[str, str]:
        """All headers, the signature of exchange.md 3 among them."""
        carried = {name.lower(): value for name, value in self.headers.items()}
        digest, nonce = content_digest(self.body), self.nonce or asked.nonce
        values = {
            "@status": str(self.status), "content-digest": digest, "exchange-nonce": nonce, "exchange-epoch": self.epoch,
            **carried,
        }  # fmt: skip
        covered = self.components or (*ANSWER, *(name for name in CARRIED if name in carried))
        made = {} if self.unsigned else sign(self.sign_with or key, values, covered, created=self.created)
        told = {"Content-Digest": digest, "Exchange-Nonce": nonce, "Exchange-Epoch": self.epoch}
        return {"Content-Type": self.content_type, **self.headers, **told, **made, **self.late}


Script = Callable[[Asked], Reply]


def as_json(value: Any, status: int = 200, **how: Any) -> Reply:
    """A JSON answer."""
    return Reply(status, json.dumps(value).encode(), **how)


def refusal(status: int, code: str, **members: Any) -> Reply:
    """A problem (RFC 9457)."""
    body = {"type": "about:blank", "status": status, "code": code, "title": code, **members}
    return as_json(body, status, content_type="application/problem+json")


def receipt(asked: Asked, key: Key, **changes: Any) -> dict[str, Any]:
    """Everything was taken in, unless members say otherwise."""
    manifest = asked.manifest
    count = manifest["count"]
    return {
        "batch_no": manifest["batch_no"], "body_digest": manifest["body_digest"],
        "received_at": datetime.now(BEIJING).isoformat(timespec="seconds"), "received": count, "accepted": count,
        "duplicate": 0, "superseded": 0, "rejected": 0, "results": [], "ledger_head": head(key, 7), **changes,
    }  # fmt: skip


@dataclass
class LyingPeer:
    """A province of its own making. `script` gives each answer; requests that break exchange.md are kept in `broken`."""

    key: Key
    trusted: list[Mapping[str, str]]
    script: Script
    url: str = ""
    seen: list[Asked] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def read(self, handler: BaseHTTPRequestHandler) -> Asked:
        """The request, once its signature, digest, receiver and form are what exchange.md 3 says."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(headers.get("content-length", "0")))
        target = urlsplit(handler.path)
        derived = {"@method": handler.command, "@path": target.path, "@query": f"?{target.query}"}
        parameters = believe(headers, body, derived, REQUEST, self.trusted)
        assert headers["exchange-to"] == self.key.node
        plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        query = parse_qs(target.query)
        return Asked(handler.command, target.path, query, plain, parameters["nonce"])

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """One request from its first byte to the last of its answer."""
        try:
            asked = self.read(handler)
        except (AssertionError, KeyError, ValueError, NotBelieved) as error:
            self.broken.append(f"{handler.command} {handler.path}: {error!r}")
            handler.send_error(500)
            return
        self.seen.append(asked)
        reply = self.script(asked)
        handler.close_connection = True
        if reply.raw is not None:
            handler.wfile.write(reply.raw)
            return
        body = reply.body if reply.late_body is None else reply.late_body
        handler.send_response_only(reply.status)
        for name, value in reply.headers_for(asked, self.key).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body[: len(body) - reply.cut])


@contextmanager
def lying_peer(key: Key, trusted: list[Mapping[str, str]], script: Script) -> Iterator[LyingPeer]:
    """The peer at an address of its own, while it is needed."""
    found = LyingPeer(key, trusted, script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.answer(self)

        do_POST = do_PUT = do_GET

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
