"""HTTP message signatures (RFC 9421) of requests and answers between nodes, with content digests (RFC 9530).

Every request is signed over five components, every answer over four and each of those that it carries (exchange.md 3).
Written here and not taken from a library: the codes of a refusal, their order, one label, a required set that more may
be added to and the binding of an answer to its request's nonce are the contract, and the libraries decide these otherwise.
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.clock import BEIJING
from registry.ledger.canonical import sha256
from sync import keys
from sync.keys import ALG, OwnKeys
from sync.structured_fields import Bare, InnerList, Item, MalformedField, parse_dictionary, serialise

LABEL = "node"
REQUEST_COMPONENTS = ("@method", "@path", "@query", "content-digest", "exchange-to")
ANSWER_COMPONENTS = ("@status", "content-digest", "exchange-nonce", "exchange-epoch")
CARRIED = (
    "exchange-next", "exchange-head", "exchange-position", "exchange-next-page", "idempotent-replay",
)  # fmt: skip
"""Headers of an answer that are covered wherever they are carried."""

OLDEST = timedelta(seconds=300)
AHEAD = timedelta(seconds=60)
REMEMBERED = timedelta(seconds=600)
"""How long a nonce is kept: longer than any signature with it can be valid."""

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_DIGEST = re.compile(r"(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \t]*(?=,|$)")

JwkOf = Callable[[str], Mapping[str, Any] | None]
"""The trusted JWK of a keyid; None for one that nobody has vouched for."""


class Unverified(Exception):
    """A request or answer that cannot be believed; `code` says why (exchange.md 3)."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Signed:
    """What a valid signature tells: who signed, when, with which nonce.

    The nonce of an answer's signature says nothing, and may be missing: that of its request binds it.
    """

    keyid: str
    node: str
    created: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request as its signature sees it: `query` without `?`, `headers` by lower-case name (several joined by `, `).

    `sha256` is the digest of the body as sent, 32 bytes, so that a body need not be held to be checked.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    sha256: bytes
    scheme: str = "https"

    def component(self, name: str) -> str | None:
        """The value of a component; None where the request has none of this name."""
        if not name.startswith("@"):
            return self.headers.get(name)
        path = self.path or "/"
        target = f"{path}?{self.query}" if self.query else path
        authority = self.headers.get("host", "").lower().removesuffix(_DEFAULT_PORTS.get(self.scheme, ""))
        return {
            "@method": self.method, "@path": path, "@query": f"?{self.query}", "@scheme": self.scheme,
            "@authority": authority, "@request-target": target, "@target-uri": f"{self.scheme}://{authority}{target}",
        }.get(name)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as its signature sees it; members as those of a request."""

    status: int
    headers: Mapping[str, str]
    sha256: bytes

    def component(self, name: str) -> str | None:
        """The value of a component; None where the answer has none of this name."""
        return str(self.status) if name == "@status" else self.headers.get(name)


def new_nonce() -> str:
    """16 random bytes, base64url without padding."""
    return secrets.token_urlsafe(16)


def content_digest(body: bytes) -> str:
    """The Content-Digest of a body, of an empty one too (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(sha256(body)).decode()}:"


def sign_request(
    own: OwnKeys, *, to: str, method: str, path: str, query: str, body: bytes, created: datetime, nonce: str
) -> dict[str, str]:
    """Headers that a request to node `to` needs beside its own: digest, receiver, signature."""
    headers = {"content-digest": content_digest(body), "exchange-to": to}
    request = Request(method, path, query, headers, sha256(body))
    return _capitalised(headers | _sign(own, request.component, REQUEST_COMPONENTS, created, nonce))


def sign_answer(
    own: OwnKeys, *, status: int, body: bytes, headers: Mapping[str, str], nonce: str, epoch: str, created: datetime
) -> dict[str, str]:
    """Headers that an answer needs beside its own. `nonce` is that of the request, empty where it had none."""
    given = {name.lower(): value for name, value in headers.items()}
    added = {"content-digest": content_digest(body), "exchange-nonce": nonce, "exchange-epoch": epoch}
    answer = Answer(status, given | added, sha256(body))
    covered = ANSWER_COMPONENTS + tuple(name for name in CARRIED if name in given)
    return _capitalised(added | _sign(own, answer.component, covered, created, new_nonce()))


def verify_request(request: Request, *, receiver: str, jwk_of: JwkOf, moment: datetime) -> Signed:
    """Who sent a request. Unverified with the code that exchange.md 3 gives; the nonce is the caller's to look up."""
    signed = _verify(request.component, request.headers, REQUEST_COMPONENTS, jwk_of)
    if not _is_nonce(signed.nonce):
        raise Unverified("signature_invalid", "The nonce is not 16 bytes in base64url.")
    _check_digest(request.headers.get("content-digest", ""), request.sha256)
    if request.headers.get("exchange-to") != receiver:
        raise Unverified("wrong_receiver", f"This is node {receiver}.")
    _check_window(signed.created, moment)
    return signed


def verify_answer(answer: Answer, *, sender: str, nonce: str, jwk_of: JwkOf, moment: datetime) -> Signed:
    """Check that the node we asked gave this answer to this very request. Unverified: it counts as no answer."""
    carried = tuple(name for name in CARRIED if name in answer.headers)
    signed = _verify(answer.component, answer.headers, ANSWER_COMPONENTS + carried, jwk_of)
    if signed.node != sender:
        raise Unverified("signature_invalid", "Another node than the one that was asked has signed.")
    _check_digest(answer.headers.get("content-digest", ""), answer.sha256)
    if not hmac.compare_digest(answer.headers.get("exchange-nonce", ""), nonce):
        raise Unverified("nonce_mismatch", "The answer is one to another request.")
    _check_window(signed.created, moment)
    return signed


def nonce_of(headers: Mapping[str, str]) -> str:
    """The nonce that a request names, verified or not; empty where it names none that could be echoed."""
    nonce = _claimed(headers, "nonce")
    return nonce if _is_nonce(nonce) else ""


def keyid_of(headers: Mapping[str, str]) -> str:
    """The keyid that a request claims, verified or not; empty where it claims none."""
    return _claimed(headers, "keyid")


def _claimed(headers: Mapping[str, str], parameter: str) -> str:
    try:
        inner = parse_dictionary(headers.get("signature-input", "")).get(LABEL)
    except MalformedField:
        return ""
    value = inner.parameters.get(parameter) if inner else None
    return value if isinstance(value, str) else ""


def _sign(
    own: OwnKeys, component: Callable[[str], str | None], names: tuple[str, ...], created: datetime, nonce: str
) -> dict[str, str]:
    parameters: dict[str, Bare] = {"created": int(created.timestamp()), "nonce": nonce, "keyid": own.keyid, "alg": ALG}
    covered = InnerList(tuple(Item(name) for name in names), parameters)
    signature = own.sign(_base(component, covered))
    return {
        "signature-input": f"{LABEL}={serialise(covered)}",
        "signature": f"{LABEL}={serialise(Item(signature))}",
    }


def _verify(
    component: Callable[[str], str | None], headers: Mapping[str, str], required: tuple[str, ...], jwk_of: JwkOf
) -> Signed:
    try:
        covered = parse_dictionary(headers.get("signature-input", "")).get(LABEL)
        signature = parse_dictionary(headers.get("signature", "")).get(LABEL)
    except MalformedField as error:
        raise Unverified("signature_invalid", "The signature's headers are malformed.") from error
    if not isinstance(covered, InnerList) or not isinstance(signature, Item) or not isinstance(signature.value, bytes):
        raise Unverified("signature_invalid", "There is no signature labelled node.")
    signed = _parameters(covered)
    jwk = jwk_of(signed.keyid)
    if jwk is None:
        raise Unverified("key_unknown", "No trusted key has this keyid.")
    names = [item.value for item in covered.items]
    if len(set(names)) != len(names) or any(item.parameters for item in covered.items):
        raise Unverified("signature_invalid", "A component is covered twice, or in a form that is not used here.")
    if not set(required) <= set(names):
        raise Unverified("signature_invalid", "The signature covers less than it must.")
    if not keys.verify(jwk, signature.value, _base(component, covered)):
        raise Unverified("signature_invalid", "The signature does not fit.")
    return signed


def _parameters(covered: InnerList) -> Signed:
    given = covered.parameters
    keyid, created, nonce = given.get("keyid"), given.get("created"), given.get("nonce", "")
    if type(keyid) is not str:  # nor a token: whoever writes one for another value says something else
        raise Unverified("signature_invalid", "The signature names no key.")
    if isinstance(created, bool) or not isinstance(created, int) or not 0 <= created < 2**37:
        raise Unverified("signature_invalid", "The signature does not say when it was made.")
    if type(nonce) is not str:
        raise Unverified("signature_invalid", "The nonce is no text.")
    if type(given.get("alg")) is not str or given["alg"] != ALG:
        raise Unverified("signature_invalid", f"The algorithm is not {ALG}.")
    return Signed(keyid, keyid.partition("#")[0], datetime.fromtimestamp(created, BEIJING), nonce)


def _base(component: Callable[[str], str | None], covered: InnerList) -> bytes:
    """The signature base (RFC 9421, 2.5). Unverified where a covered component is not there."""
    lines = []
    for item in covered.items:
        value = component(item.value) if isinstance(item.value, str) else None
        if value is None:
            raise Unverified("signature_invalid", "A covered component is missing.")
        lines.append(f"{serialise(item)}: {value.strip()}")
    lines.append(f'"@signature-params": {serialise(covered)}')
    return "\n".join(lines).encode()


def _check_digest(header: str, digest: bytes) -> None:
    found = _DIGEST.search(header)
    if found is None or base64.b64decode(found[1]) != digest:
        raise Unverified("digest_mismatch", "Content-Digest is not that of the body.")


def _check_window(created: datetime, moment: datetime) -> None:
    if not moment - OLDEST <= created <= moment + AHEAD:
        raise Unverified("created_out_of_window", "The signature is too old, or from the future.")


def _is_nonce(nonce: str) -> bool:
    try:
        return len(base64.b64decode(nonce.rstrip("=") + "==", altchars=b"-_", validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


def _capitalised(headers: Mapping[str, str]) -> dict[str, str]:
    return {"-".join(word.capitalize() for word in name.split("-")): value for name, value in headers.items()}
