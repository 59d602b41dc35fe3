"""Entries: who did what to which record, with the two digests that the tree covers."""

from dataclasses import dataclass
from os import urandom
from typing import Any

from registry.ledger.canonical import canonical, sha256
from registry.ledger.public_view import public_view

PAYLOAD_VERSION = 1
SALT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change: `kind` is import, officer, system or client; `name` tells which one."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


RECOVERY = Actor("system", "recovery")
"""Who takes a restored node's own records back from its peers (exchange.md 1.6)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, complete but for its number and its moment."""

    action: str
    record_type: str
    record_id: str
    revision: int
    operator_id: int | None
    actor: str
    payload: bytes
    salt: bytes
    public_digest: bytes
    private_digest: bytes
    renews: bool = True  # False where the change can give no finding: a new operator that is simply active


def feed_bytes(action: str, record_id: str, revision: int, uscc: str | None, public: dict[str, Any] | None) -> bytes:
    """What the change feed shows of an entry, canonical: an outsider hashes the same and finds `public_digest`."""
    return canonical({"action": action, "record_id": record_id, "revision": revision, "uscc": uscc, "public": public})


def private_bytes(
    *, action: str, actor: str, record_type: str, record_id: str, revision: int, payload_version: int, payload: bytes
) -> bytes:
    """What `private_digest` covers behind the salt: who did what to which record, and the payload as it is stored."""
    particulars = {
        "action": action,
        "actor": actor,
        "payload_version": payload_version,
        "record_id": record_id,
        "record_type": record_type,
        "revision": revision,
    }
    return canonical(particulars) + payload


def make_entry(
    action: str,
    *,
    record_type: str,
    record_id: str,
    revision: int,
    operator_id: int | None,
    uscc: str | None,
    content: dict[str, Any],
    actor: Actor,
) -> Entry:
    """An entry for one change. `uscc` is the operator's at this moment, as the feed will name it.

    It goes into the payload of every record: an operator's code can change, and `public_digest` must stay computable.
    """
    payload, by = canonical({**content, "uscc": uscc}), str(actor)
    salt = urandom(SALT_LENGTH)
    private = private_bytes(
        action=action,
        actor=by,
        record_type=record_type,
        record_id=record_id,
        revision=revision,
        payload_version=PAYLOAD_VERSION,
        payload=payload,
    )
    return Entry(
        action=action,
        record_type=record_type,
        record_id=record_id,
        revision=revision,
        operator_id=operator_id,
        actor=by,
        payload=payload,
        salt=salt,
        public_digest=sha256(feed_bytes(action, record_id, revision, uscc, public_view(record_type, content))),
        private_digest=sha256(salt + private),
    )
