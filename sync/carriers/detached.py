"""Detached JWS (RFC 7515, appendix F) beside a file: who made it."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from sync.keys import ALGORITHMS, OwnKeys, verify


class NotVouchedFor(Exception):
    """The signature is none of a key that is trusted, or is about another file. `code` for programs."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def sign(keys: OwnKeys, payload: bytes) -> bytes:
    """The signature of a file: header, nothing, signature. The same file gives the same bytes (RFC 8032)."""
    header = {"alg": ALGORITHMS[0], "kid": keys.keyid}  # nothing else: libraries refuse members that they do not know
    protected = _encoded(orjson.dumps(header))
    return b"%b..%b" % (protected, _encoded(keys.sign(b"%b.%b" % (protected, _encoded(payload)))))


def check(
    token: bytes,
    payload: bytes,
    *,
    sender: str,
    jwk_of: Callable[[str], Mapping[str, Any] | None],
) -> Mapping[str, Any]:
    """The protected header of a signature that a trusted key of the sender has made over these bytes. NotVouchedFor."""
    parts = token.strip().split(b".")
    if len(parts) != 3 or parts[1]:
        raise NotVouchedFor("signature_invalid", "It is no detached JWS.")
    try:
        header, made = orjson.loads(_decoded(parts[0])), _decoded(parts[2])
    except ValueError as error:
        raise NotVouchedFor("signature_invalid", "It is no detached JWS.") from error
    if not isinstance(header, dict) or header.get("alg") not in ALGORITHMS or "crit" in header:
        raise NotVouchedFor("signature_invalid", "The header asks for what is not understood here.")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid.startswith(f"{sender}#"):
        raise NotVouchedFor("key_unknown", "The key is none of this node.")
    jwk = jwk_of(kid)
    if jwk is None:
        raise NotVouchedFor("key_unknown", "The key is not trusted.")
    if not verify(jwk, made, b"%b.%b" % (parts[0], _encoded(payload))):
        raise NotVouchedFor("signature_invalid", "The signature is about other bytes.")
    return header


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
