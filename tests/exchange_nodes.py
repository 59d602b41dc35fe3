"""A node of its own database, and a partner that talks to it over its wire as exchange.md says."""

import base64
import gzip
import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from flask import Flask
from joserfc.jwk import OKPKey
from werkzeug.test import TestResponse

from models import db
from registry.app import create_app
from registry.clock import now
from registry.ledger.canonical import sha256
from registry.transaction import transaction
from sync import keys, peers
from sync.keys import OwnKeys
from sync.signing import Answer, new_nonce, sign_request, verify_answer
from tests.database import cloned_database, close
from tests.exchange_messages import line

NDJSON = "application/x-ndjson"


@contextmanager
def node(node_id: str = "130000", role: str = "province") -> Iterator[Flask]:
    """A node on a database of its own, in an epoch of its own."""
    with cloned_database() as cloned:
        application = create_app(replace(cloned, node_id=node_id, node_role=role, node_region=node_id))
        with application.app_context(), transaction():
            db.session.execute(
                db.text("UPDATE exchange_node SET node = :node, epoch = :epoch"),
                {"node": node_id, "epoch": str(uuid4())},
            )
        try:
            yield application
        finally:
            close(application)


@dataclass
class Chain:
    """What a partner has sent in one chain."""

    previous: dict[str, str] | None = None


@dataclass
class Partner:
    """Another node as its own program would behave; every answer is checked before it is believed."""

    app: Flask
    node: str = "130200"
    epoch: str = field(default_factory=lambda: str(uuid4()))
    seq: int = 0
    number: int = 0

    def __post_init__(self) -> None:
        self.keys = OwnKeys(self.node, (OKPKey.generate_key("Ed25519"),), None)
        self.chains = {"bulk": Chain(), "urgent": Chain()}
        with self.app.app_context(), transaction():
            peers.add(
                self.node,
                "http://127.0.0.1:1",
                keys.read_public(json.dumps(self.keys.public_jwks()).encode(), self.node),
            )

    @property
    def receiver(self) -> str:
        return str(self.app.extensions["registry_settings"].node_id)

    def ask(
        self, method: str, path: str, body: bytes = b"", *, query: str = "", headers: dict[str, str] | None = None,
        nonce: str | None = None, **signing: Any,
    ) -> TestResponse:  # fmt: skip
        """A signed request; the answer, its signature checked."""
        nonce = nonce or new_nonce()
        made = sign_request(
            signing.pop("keys", self.keys),
            **{
                "to": self.receiver, "method": method, "path": f"/exchange/v1{path}", "query": query, "body": body,
                "created": now(), "nonce": nonce, **signing,
            },
        )  # fmt: skip
        with self.app.app_context():
            answer = self.app.test_client().open(
                f"/exchange/v1{path}", method=method, data=body, query_string=query, headers=made | (headers or {})
            )
            self.check(answer, nonce)
        return answer

    def check(self, answer: TestResponse, nonce: str) -> None:
        """Believe an answer as a caller does."""
        own = keys.own_keys(self.app.extensions["registry_settings"]).public_jwks()["keys"]
        verify_answer(
            Answer(answer.status_code, {k.lower(): v for k, v in answer.headers.items()}, sha256(answer.data)),
            sender=self.receiver,
            nonce=nonce,
            jwk_of={jwk["kid"]: jwk for jwk in own}.get,
            moment=now(),
        )

    def batch(
        self, messages: Sequence[dict[str, Any]], *, chain: str = "bulk", lines: bytes | None = None, **manifest: Any
    ) -> bytes:
        """The next batch of a chain, uncompressed; members of the manifest may be replaced."""
        self.number += 1
        first, self.seq = self.seq + 1, self.seq + max(len(messages), 1)
        found = lines if lines is not None else b"".join(line(each) for each in messages)
        members: dict[str, Any] = {
            "batch_no": f"{self.node}-20261123-{self.number:06d}",
            "node": self.node,
            "epoch": self.epoch,
            "schema_version": 1,
            "count": len(messages),
            "chain": chain,
            "from_seq": first,
            "to_seq": self.seq,
            "previous": self.chains.get(chain, Chain()).previous,
            "body_digest": f"sha256:{hashlib.sha256(found).hexdigest()}",
            "ledger_head": self.head(self.seq),
            "created_at": now().isoformat(timespec="seconds"),
        } | manifest
        return json.dumps(members).encode() + b"\n" + found

    def head(self, size: int, root: bytes | None = None, at: str | None = None) -> str:
        """A signed head of a ledger whose root follows from its size."""
        payload = {
            "at": at or now().isoformat(timespec="microseconds"),
            "root": (root or sha256(str(size).encode())).hex(),
            "size": size,
        }
        protected = {"alg": "EdDSA", "kid": self.keys.keyid}
        parts = [_b64(json.dumps(part).encode()) for part in (protected, payload)]
        return ".".join([*parts, _b64(self.keys.sign(".".join(parts).encode()))])

    def post(self, body: bytes, *, zipped: bool = False, **signing: Any) -> TestResponse:
        """POST /batches; the chain goes on after a receipt."""
        headers = {"Content-Type": NDJSON} | ({"Content-Encoding": "gzip"} if zipped else {})
        sent = gzip.compress(body) if zipped else body
        answer = self.ask("POST", "/batches", sent, headers=headers, **signing)
        if answer.status_code == 200:
            manifest = json.loads(body.partition(b"\n")[0])
            self.chains[manifest["chain"]].previous = {
                "batch_no": manifest["batch_no"], "body_digest": manifest["body_digest"],
            }  # fmt: skip
        return answer

    def send(self, *messages: dict[str, Any], chain: str = "bulk") -> dict[str, Any]:
        """A batch with its receipt."""
        answer = self.post(self.batch(messages, chain=chain))
        assert answer.status_code == 200, answer.text
        receipt: dict[str, Any] = answer.get_json()
        return receipt


def random_nonce() -> str:
    """16 bytes in base64url."""
    return secrets.token_urlsafe(16)


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
