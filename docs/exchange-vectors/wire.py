"""What the scripts beside this share, and enough to start a node of one's own from: Python and `cryptography` only.

Canonical form (RFC 8785), digests, Ed25519 keys as JWK, JWS, HTTP message signatures (RFC 9421) as the exchange uses them.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REQUEST = ("@method", "@path", "@query", "content-digest", "exchange-to")
ANSWER = ("@status", "content-digest", "exchange-nonce", "exchange-epoch")
CARRIED = ("exchange-next", "exchange-head", "exchange-position", "exchange-next-page", "idempotent-replay")
_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def canonical(value: Any) -> str:
    """RFC 8785: names ascending by UTF-16 code units, no blanks, nothing escaped that need not be."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)  # true, false, null, a whole number up to 2^53 - 1


def _text(value: str) -> str:
    return '"' + re.sub(r'[\x00-\x1f"\\]', lambda found: _escaped(found[0]), value) + '"'


def _escaped(character: str) -> str:
    return _ESCAPES.get(character, f"\\u{ord(character):04x}")


def _number(value: float) -> str:
    """As ECMAScript writes a number: the shortest digits that read back, plain between 1e-6 and 1e21."""
    if value == 0:
        return "0"
    digits, exponent = f"{abs(value)!r}".lower(), 0
    if "e" in digits:
        digits, _, power = digits.partition("e")
        exponent = int(power)
    whole, _, fraction = digits.partition(".")
    point = len(whole) + exponent
    plain = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(plain)
    plain = plain.rstrip("0")
    sign = "-" if value < 0 else ""
    if 0 < point <= 21:
        padded = plain.ljust(point, "0")
        return sign + padded[:point] + (f".{padded[point:]}" if padded[point:] else "")
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{plain}"
    rest = f".{plain[1:]}" if plain[1:] else ""
    return f"{sign}{plain[0]}{rest}e{point - 1:+d}"


def digest(content: bytes) -> str:
    """`sha256:` and lower-case hex."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def message_digest(message: Mapping[str, Any]) -> str:
    """The digest of a message: over its canonical form without `digest`."""
    return digest(canonical({name: value for name, value in message.items() if name != "digest"}).encode())


def content_digest(body: bytes) -> str:
    """The header Content-Digest (RFC 9530) of a body as sent, of an empty one too."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def private_key(jwk: Mapping[str, str]) -> Ed25519PrivateKey:
    """The private half of a JWK."""
    return Ed25519PrivateKey.from_private_bytes(from_base64url(jwk["d"]))


def is_signed(jwk: Mapping[str, str], signature: bytes, content: bytes) -> bool:
    """Whether the key of this JWK has signed the content."""
    try:
        Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"])).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def parameters(components: Iterable[str], *, created: int, nonce: str, keyid: str) -> str:
    """What Signature-Input says behind `node=`, and the last line of the signature base."""
    covered = " ".join(f'"{name}"' for name in components)
    return f'({covered});created={created};nonce="{nonce}";keyid="{keyid}";alg="ed25519"'


def signature_base(components: Iterable[tuple[str, str]], signature_parameters: str) -> str:
    """The text that is signed: a line for each covered component, then the parameters; no newline at the end."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {signature_parameters}'])


def jws(jwk: Mapping[str, str], payload: bytes, **header: str) -> str:
    """A compact JWS under this key."""
    protected = canonical({"alg": "Ed25519", "kid": jwk["kid"], **header}).encode()
    signed = f"{to_base64url(protected)}.{to_base64url(payload)}"
    return f"{signed}.{to_base64url(private_key(jwk).sign(signed.encode()))}"


def to_base64url(content: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """With or without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
