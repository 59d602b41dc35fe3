"""Keys of the exchange: our own, drawn and kept as files, and those of peers, exchanged by hand (exchange.md 3).

Our own stand in `<key dir>/exchange`, apart from those that sign heads and receipts for the public. A `kid` is the node,
`#` and a name, which is the key's thumbprint. Rotation has two steps, since a peer must hold a key before it is used: a
key is drawn into the folder `next`, told to the peers, and only then put in force.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from registry import signing_keys
from registry.config import Settings
from registry.errors import Conflict, RuleViolation
from registry.ledger.heads import KIND, Head, head_bytes

ALGORITHMS = ["Ed25519", "EdDSA"]  # RFC 9864, and the name before it that other programs still write
ALG = "ed25519"
"""The `alg` of signatures; that it is a parameter leaves room for SM2."""


class KeyRefused(RuleViolation):
    """A file holds no Ed25519 key of the node that it is said to be of."""

    code = "key_refused"


class NoNextKey(Conflict):
    """No key was drawn that could be put in force."""

    code = "no_next_key"


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """Keys of this node: `current` signs, all of them are told to peers."""

    node: str
    keys: tuple[OKPKey, ...]
    next: OKPKey | None

    @property
    def current(self) -> OKPKey:
        """The key that signs now."""
        return self.keys[-1]

    @property
    def keyid(self) -> str:
        """`keyid` of the key that signs now."""
        return kid_of(self.node, self.current)

    def sign(self, message: bytes) -> bytes:
        """Ed25519 signature, 64 bytes."""
        private = self.current.private_key
        if not isinstance(private, Ed25519PrivateKey):
            raise signing_keys.NoSigningKeyError("The newest key of the exchange has no private half on this machine.")
        return private.sign(message)

    def public_jwks(self) -> dict[str, Any]:
        """The JWK set for peers: every key that has signed or is going to."""
        shown = [*self.keys, *([self.next] if self.next else [])]
        return {"keys": [_public(self.node, key) for key in shown]}

    def sign_head(self, head: Head) -> str:
        """A ledger head as peers get it: the same bytes as for the public, under a key that they hold."""
        header = {"alg": ALGORITHMS[0], "kid": self.keyid, "typ": KIND}
        payload = head_bytes(head.size, head.root, head.signed_at)
        return jws.serialize_compact(header, payload, self.current, algorithms=ALGORITHMS)


def own_keys(settings: Settings) -> OwnKeys:
    """The keys of this node; the first one is drawn when there is none."""
    folder = settings.key_dir / "exchange"
    standing = signing_keys.load_or_create(folder)
    waiting = _next(folder)
    return OwnKeys(settings.node_id, standing.keys, waiting.current if waiting else None)


def draw_next(settings: Settings) -> OwnKeys:
    """Draw the key that shall follow; one that was drawn and not yet put in force stays. It signs nothing yet."""
    signing_keys.load_or_create(settings.key_dir / "exchange" / "next")
    return own_keys(settings)


def put_next_in_force(settings: Settings) -> OwnKeys:
    """Sign with the next key from now on. NoNextKey where none was drawn."""
    folder = settings.key_dir / "exchange"
    if _next(folder) is None:
        raise NoNextKey("Draw a key first, and tell it to every peer.")
    signing_keys.adopt(folder, folder / "next")
    return own_keys(settings)


def kid_of(node: str, key: OKPKey) -> str:
    """The whole keyid of a key."""
    return f"{node}#{key.thumbprint()}"


def read_public(file: bytes, node: str) -> list[dict[str, Any]]:
    """Public JWKs of a node from a file that holds a JWK or a JWK set; private halves are dropped. KeyRefused."""
    try:
        found = orjson.loads(file)
    except orjson.JSONDecodeError as error:
        raise KeyRefused("The file is no JSON.") from error
    members = found.get("keys", [found]) if isinstance(found, dict) else None
    if not isinstance(members, list) or not members:
        raise KeyRefused("The file holds neither a JWK nor a JWK set.")
    return [_checked(member, node) for member in members]


def _checked(member: Any, node: str) -> dict[str, Any]:
    kid = member.get("kid") if isinstance(member, dict) else None
    if not isinstance(kid, str) or not kid.startswith(f"{node}#") or len(kid) <= len(node) + 1:
        raise KeyRefused(f"A key has no kid of the form {node}#name.")
    if member.get("kty") != "OKP" or member.get("crv") != "Ed25519":
        raise KeyRefused(f"{kid} is no Ed25519 key.")
    try:
        key = OKPKey.import_key({name: value for name, value in member.items() if name in {"kty", "crv", "x"}})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyRefused(f"{kid} is no Ed25519 key.") from error
    return {**key.as_dict(private=False), "kid": kid}


def verify(jwk: Mapping[str, Any], signature: bytes, message: bytes) -> bool:
    """Whether a public key made this signature."""
    key = _key(jwk).public_key
    assert isinstance(key, Ed25519PublicKey)  # checked when it came in
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def read_head(token: str, jwks: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The members of a ledger head that one of these keys has signed; None where none has, or it is no head.

    Read without the JWS library, which warns at each `EdDSA` (RFC 8037), the name that many programs still write.
    """
    signed, _, signature = token.rpartition(".")
    header, _, payload = signed.partition(".")
    try:
        protected, members = orjson.loads(_decoded(header)), orjson.loads(_decoded(payload))
        made = _decoded(signature)
    except (ValueError, UnicodeEncodeError):
        return None
    if not isinstance(protected, dict) or not isinstance(members, dict) or protected.get("alg") not in ALGORITHMS:
        return None
    if "crit" in protected or not any(verify(jwk, made, signed.encode()) for jwk in jwks):
        return None
    return members


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _key(jwk: Mapping[str, Any]) -> OKPKey:
    return OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")})


def _public(node: str, key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": kid_of(node, key), "use": "sig", "alg": ALGORITHMS[0]}


def _next(folder: Path) -> signing_keys.SigningKeys | None:
    waiting = folder / "next"
    return signing_keys.load_or_create(waiting) if any(waiting.glob(signing_keys.PATTERN)) else None
