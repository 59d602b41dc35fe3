"""Check every vector beside this file with nothing but Python and `cryptography`: python3 check.py [FOLDER]

Prints a line for each; exit status 1 and what is wrong where one does not hold. To test a program of your own, let it
make the same from the same input: all is fixed here, and Ed25519 signs the same bytes alike.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import wire


class Wrong(Exception):
    """A vector that does not hold."""


def check_messages(vectors: dict[str, Any], keys: dict[str, Any]) -> None:
    """Canonical form and digest of each message."""
    for vector in vectors["messages"]:
        message = json.loads(vector["line"])
        rest = {name: value for name, value in message.items() if name != "digest"}
        _same(f"{vector['name']}: canonical", wire.canonical(rest), vector["canonical"])
        _same(f"{vector['name']}: digest", wire.message_digest(message), vector["digest"])
        _same(f"{vector['name']}: member", message["digest"], vector["digest"])


def check_batch(vectors: dict[str, Any], keys: dict[str, Any]) -> None:
    """Manifest and lines agree; the receipt is that of this batch, and its counts add up."""
    first, _, lines = base64.b64decode(vectors["body_base64"]).partition(b"\n")
    manifest, receipt = json.loads(first), json.loads(base64.b64decode(vectors["receipt_base64"]))
    _same("manifest", manifest, vectors["manifest"])
    _same("lines", lines.decode(), "".join(f"{line}\n" for line in vectors["lines"]))
    _same("count", lines.count(b"\n"), manifest["count"])
    _same("body_digest", wire.digest(lines), manifest["body_digest"])
    check_head(manifest["ledger_head"], keys[manifest["node"]])
    _same("receipt", receipt, vectors["receipt"])
    for name in ("batch_no", "body_digest"):
        _same(f"receipt: {name}", receipt[name], manifest[name])
    parts = sum(receipt[name] for name in ("accepted", "duplicate", "superseded", "rejected"))
    _same("receipt: counts", parts, receipt["received"])
    _same("receipt: received", receipt["received"], manifest["count"])


def check_requests(vectors: dict[str, Any], keys: dict[str, Any]) -> None:
    """Content-Digest, signature base and signature of each request, and of the answer to it."""
    for vector in vectors["requests"]:
        request, answer = vector["request"], vector["answer"]
        derived = {"@method": request["method"], "@path": request["path"], "@query": f"?{request['query']}"}
        _signed(f"{vector['name']}, request", request, derived, wire.REQUEST, keys)
        needed = wire.ANSWER + tuple(name for name in wire.CARRIED if name in _lower(answer["headers"]))
        _signed(f"{vector['name']}, answer", answer, {"@status": str(answer["status"])}, needed, keys)
        nonce = request["headers"]["Signature-Input"].partition('nonce="')[2].partition('"')[0]
        _same(f"{vector['name']}: nonce", answer["headers"]["Exchange-Nonce"], nonce)


def check_digests(vectors: dict[str, Any], keys: dict[str, Any]) -> None:
    """All 256 buckets over the records."""
    filled: dict[str, list[str]] = {f"{number:02x}": [] for number in range(256)}
    for record in sorted(vectors["records"], key=lambda each: each["record_id"].encode()):
        bucket = hashlib.sha256(record["record_id"].encode()).hexdigest()[:2]
        filled[bucket].append(f"{record['record_id']} {record['revision']} {record['digest']}\n")
    made = [
        {"bucket": name, "count": len(lines), "digest": wire.digest("".join(lines).encode())}
        for name, lines in filled.items()
    ]
    _same("buckets", made, vectors["buckets"])


def check_jws(vectors: dict[str, Any], keys: dict[str, Any]) -> None:
    """A ledger head, and a detached JWS over the manifest of a batch."""
    head = check_head(vectors["ledger_head"]["jws"], keys[vectors["ledger_head"]["node"]])
    _same("head", head, vectors["ledger_head"]["payload"])
    detached = vectors["detached"]
    protected, payload, signature = detached["jws"].split(".")
    _same("detached: payload left out", payload, "")
    signed = f"{protected}.{wire.to_base64url(detached['content'].encode())}".encode()
    if not wire.is_signed(keys[detached["node"]], wire.from_base64url(signature), signed):
        raise Wrong("detached: the signature does not fit")


def check_head(token: str, jwk: dict[str, str]) -> Any:
    """The payload of a ledger head that this key has signed."""
    signed, _, signature = token.rpartition(".")
    protected, _, payload = signed.partition(".")
    _same("head: kid", json.loads(wire.from_base64url(protected))["kid"], jwk["kid"])
    if not wire.is_signed(jwk, wire.from_base64url(signature), signed.encode()):
        raise Wrong("head: the signature does not fit")
    return json.loads(wire.from_base64url(payload))


def _signed(name: str, said: dict[str, Any], derived: dict[str, str], needed: tuple[str, ...], keys: Any) -> None:
    headers = _lower(said["headers"])
    _same(
        f"{name}: Content-Digest", wire.content_digest(base64.b64decode(said["body_base64"])), headers["content-digest"]
    )
    parameters = headers["signature-input"].removeprefix("node=")
    covered = [word.strip('"') for word in parameters[1 : parameters.index(")")].split(" ")]
    if not set(needed) <= set(covered):
        raise Wrong(f"{name}: the signature covers less than it must")
    base = wire.signature_base(((each, {**headers, **derived}[each]) for each in covered), parameters)
    _same(f"{name}: signature base", base, said["signature_base"])
    keyid = parameters.partition('keyid="')[2].partition('"')[0]
    signature = base64.b64decode(headers["signature"].removeprefix("node=:").removesuffix(":"))
    if not wire.is_signed(keys[keyid[:6]], signature, base.encode()):
        raise Wrong(f"{name}: the signature does not fit")


def _lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _same(what: str, made: object, given: object) -> None:
    if made != given:
        raise Wrong(f"{what}: {made!r} is not {given!r}")


CHECKS: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    "messages": check_messages,
    "batch": check_batch,
    "requests": check_requests,
    "digests": check_digests,
    "jws": check_jws,
}


def main() -> int:
    """Check them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    keys = {node: pair["public"] for node, pair in _read(folder, "keys")["nodes"].items()}
    failed = 0
    for name, check in CHECKS.items():
        try:
            check(_read(folder, name), keys)
        except Wrong as error:
            failed = 1
            print(f"{name}.json: WRONG: {error}")
        else:
            print(f"{name}.json: holds")
    return failed


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
