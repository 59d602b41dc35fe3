"""The wire of exchange.md written anew: canonical form (RFC 8785), digests, Ed25519, message signatures (RFC 9421)."""

import base64
import hashlib
import json
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REQUEST = ("@method", "@path", "@query", "content-digest", "exchange-to")
ANSWER = ("@status", "content-digest", "exchange-nonce", "exchange-epoch")
CARRIED = ("exchange-next", "exchange-head", "exchange-position", "exchange-next-page", "idempotent-replay")
PAST, AHEAD = 300, 60  # seconds
EMPTY = "sha256:" + hashlib.sha256(b"").hexdigest()


class NotBelieved(Exception):
    """A message on the wire that breaks a rule of exchange.md 3."""


def canonical(value: Any) -> str:
    """RFC 8785. Numbers are whole ones, or fractions whose shortest form needs no exponent: no others are sent here."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(each) for each in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):  # what json escapes without need is DEL only where ensure_ascii asks for it
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def sha256(content: bytes) -> str:
    """`sha256:` and lower-case hex."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def message_digest(members: Mapping[str, Any]) -> str:
    """The digest of a message, its own member left out."""
    return sha256(canonical({name: value for name, value in members.items() if name != "digest"}).encode())


def content_digest(body: bytes) -> str:
    """Content-Digest (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def b64url(content: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_b64url(text: str) -> bytes:
    """base64url with or without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def new_nonce() -> str:
    """16 random bytes."""
    return b64url(secrets.token_bytes(16))


def signature_base(components: Iterable[tuple[str, str]], parameters: str) -> str:
    """RFC 9421, 2.5."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}'])


@dataclass
class Key:
    """A key of a node; `kid` is the whole keyid."""

    node: str
    name: str = "k1"
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def kid(self) -> str:
        return f"{self.node}#{self.name}"

    @property
    def jwk(self) -> dict[str, str]:
        """The public half."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": b64url(self.private.public_key().public_bytes_raw()),
            "kid": self.kid,
        }

    def jws(self, payload: bytes) -> str:
        """A compact JWS."""
        header = b64url(json.dumps({"alg": "EdDSA", "kid": self.kid}).encode())
        signed = f"{header}.{b64url(payload)}"
        return f"{signed}.{b64url(self.private.sign(signed.encode()))}"


def is_signed(jwk: Mapping[str, str], signature: bytes, content: bytes) -> bool:
    """Whether a key signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(from_b64url(jwk["x"])).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def sign(
    key: Key,
    values: Mapping[str, str],
    components: Iterable[str],
    *,
    created: int | None = None,
    nonce: str | None = None,
    keyid: str | None = None,
    alg: str = "ed25519",
    label: str = "node",
) -> dict[str, str]:
    """Signature and Signature-Input over the components, whose values are given."""
    covered = list(components)
    names = " ".join(f'"{name}"' for name in covered)
    moment = int(time.time()) if created is None else created
    parameters = f'({names});created={moment};nonce="{nonce or new_nonce()}";keyid="{keyid or key.kid}";alg="{alg}"'
    made = key.private.sign(signature_base([(name, values[name]) for name in covered], parameters).encode())
    return {
        "Signature-Input": f"{label}={parameters}",
        "Signature": f"{label}=:{base64.b64encode(made).decode()}:",
    }


def believe(
    headers: Mapping[str, str],
    body: bytes,
    derived: Mapping[str, str],
    required: Iterable[str],
    jwks: Iterable[Mapping[str, str]],
) -> dict[str, str]:
    """The parameters of a valid signature labelled `node` over at least these components. NotBelieved."""
    given = re.fullmatch(r'node=(\(("[^"]+"(?: "[^"]+")*)\)(;.*))', headers.get("signature-input", ""))
    signature = re.fullmatch(r"node=:([A-Za-z0-9+/=]+):", headers.get("signature", ""))
    if given is None or signature is None:
        raise NotBelieved("no signature labelled node")
    names = [name.strip('"') for name in given[2].split(" ")]
    if not set(required) <= set(names):
        raise NotBelieved(f"covers only {names}")
    parameters = {name: value.strip('"') for name, value in re.findall(r';([a-z]+)=("[^"]*"|[0-9]+)', given[3])}
    if set(parameters) != {"created", "nonce", "keyid", "alg"} or parameters["alg"] != "ed25519":
        raise NotBelieved(f"parameters {parameters}")
    if len(from_b64url(parameters["nonce"])) != 16:
        raise NotBelieved("the nonce is not 16 bytes")
    trusted = next((jwk for jwk in jwks if jwk["kid"] == parameters["keyid"]), None)
    if trusted is None:
        raise NotBelieved(f"unknown key {parameters['keyid']}")
    values = {**headers, **derived}
    base = signature_base([(name, values[name]) for name in names], given[1])
    if not is_signed(trusted, base64.b64decode(signature[1]), base.encode()):
        raise NotBelieved("the signature does not fit")
    if headers["content-digest"] != content_digest(body):
        raise NotBelieved("the digest is of other bytes")
    if not -PAST <= int(parameters["created"]) - time.time() <= AHEAD:
        raise NotBelieved("created out of the window")
    return parameters
