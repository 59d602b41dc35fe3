"""A node that asks over `http.client`, and believes no answer that it has not checked."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.contract.exchange.messages import Chains
from tests.contract.exchange.wire import (
    ANSWER,
    CARRIED,
    REQUEST,
    Key,
    NotBelieved,
    believe,
    content_digest,
    new_nonce,
    sign,
)

PREFIX = "/exchange/v1"
NDJSON = {"Content-Type": "application/x-ndjson"}


@dataclass(frozen=True)
class Answer:
    """An answer; headers by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        """NDJSON: each line ended."""
        assert self.headers["content-type"].startswith("application/x-ndjson")
        assert not self.body or self.body.endswith(b"\n")
        return [json.loads(each) for each in self.body.split(b"\n")[:-1]]

    def refused(self) -> tuple[int, str]:
        """Status and code of an RFC 9457 problem."""
        assert self.headers["content-type"].startswith("application/problem+json"), self.body
        assert self.json["status"] == self.status
        return self.status, self.json["code"]


class Partner:
    """Another node, and the node that it talks to: its address, id and public keys."""

    def __init__(self, node: str, url: str, receiver: str, jwks: list[dict[str, str]]) -> None:
        self.node, self.receiver, self.jwks = node, receiver, jwks
        self.key = Key(node)
        self.chains = Chains(self.key)
        self.netloc = urlsplit(url).netloc

    def ask(
        self, method: str, path: str, query: str = "", body: bytes = b"", headers: dict[str, str] | None = None, **how: Any
    ) -> Answer:  # fmt: skip
        """A signed request. `how` makes it wrong: `to`, `digest`, `components`, `unsigned`, or any parameter of `sign`."""
        unsigned, to = how.pop("unsigned", False), how.pop("to", self.receiver)
        digest, components = how.pop("digest", content_digest(body)), how.pop("components", REQUEST)
        late = how.pop("late", {})  # headers changed behind the signature
        nonce = how.pop("nonce", None) or new_nonce()
        target = f"{PREFIX}{path}{f'?{query}' if query else ''}"
        values = {
            "@method": method, "@path": PREFIX + path, "@query": f"?{query}", "content-digest": digest, "exchange-to": to,
            "@scheme": "http", "@authority": self.netloc, "@request-target": target,
            "@target-uri": f"http://{self.netloc}{target}",
            **{name.lower(): value for name, value in (headers or {}).items()}, **how.pop("unheard", {}),
        }  # fmt: skip
        made = {} if unsigned else sign(how.pop("key", self.key), values, components, nonce=nonce, **how)
        sent = {"Content-Digest": digest, "Exchange-To": to, **made, **(headers or {}), **late}
        connection = HTTPConnection(self.netloc, timeout=60)
        try:
            connection.request(method, f"{PREFIX}{path}{f'?{query}' if query else ''}", body or None, sent)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)
        if not (unsigned and answer.status == 401):
            self.check(answer, nonce)
        return answer

    def check(self, answer: Answer, nonce: str) -> None:
        """exchange.md 3: digest, nonce, epoch, every header of positions, all under a key that was given by hand."""
        required = {*ANSWER, *(name for name in CARRIED if name in answer.headers)}
        believed = believe(answer.headers, answer.body, {"@status": str(answer.status)}, required, self.jwks)
        told = answer.headers["exchange-nonce"]
        unread = answer.status == 401 and told == ""  # no signature that the nonce could be read from
        if not believed["keyid"].startswith(f"{self.receiver}#") or not (told == nonce or unread):
            raise NotBelieved("another node's answer, or one to another request")

    def get(self, path: str, query: str = "") -> Answer:
        """GET."""
        return self.ask("GET", path, query)

    def post(self, batch: bytes, **how: Any) -> Answer:
        """POST /batches as it is."""
        headers = {**NDJSON, **how.pop("headers", {})}
        return self.ask("POST", "/batches", body=batch, headers=headers, **how)

    def send(self, *messages: dict[str, Any], chain: str = "bulk") -> dict[str, Any]:
        """A batch that is taken in; its receipt."""
        batch = self.chains.batch(messages, chain=chain)
        answer = self.post(batch)
        assert answer.status == 200, answer.body
        self.chains.follow(batch)
        receipt: dict[str, Any] = answer.json
        return receipt
