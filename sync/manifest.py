"""A batch as it comes: the manifest as a value, the message lines (exchange.md 4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import Chain
from sync.form import is_moment
from sync.message import LARGEST, Message, NotJson, body_digest, only_characters, parse

MOST_MESSAGES = 5_000
MOST_BYTES = 8 * 1024 * 1024
LONGEST_MANIFEST = 64 * 1024
SCHEMA_VERSION = 1

_BATCH_NO = re.compile(r"([0-9]{6})-[0-9]{8}-[0-9]{6}")
_EPOCH = re.compile(r"[0-9A-Fa-f-]{36}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_HEAD = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Malformed(Exception):
    """The batch is no batch; the text says why."""


class TooLarge(Exception):
    """More messages, or bytes of messages, than a batch may have."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The batch before in a chain and epoch."""

    batch_no: str
    body_digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first line of a batch."""

    batch_no: str
    node: str
    epoch: str
    count: int
    chain: Chain
    from_seq: int
    to_seq: int
    previous: Previous | None
    body_digest: str
    ledger_head: str
    line: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Manifest and messages; whether they agree is asked by `is_complete`."""

    manifest: Manifest
    lines: bytes
    messages: list[Message]

    @property
    def is_complete(self) -> bool:
        """Whether the manifest counts and digests these very lines."""
        return self.manifest.count == len(self.messages) and self.manifest.body_digest == body_digest(self.lines)


def batch_node(batch_no: str) -> str | None:
    """The node that a batch number names; None where it is no batch number."""
    found = _BATCH_NO.fullmatch(batch_no)
    return found[1] if found else None


def read_batch(plain: bytes, *, signer: str) -> Batch:
    """A batch from its uncompressed bytes. Malformed, TooLarge."""
    line, newline, lines = plain.partition(b"\n")
    if not newline or len(line) > LONGEST_MANIFEST:
        raise Malformed("There is no manifest.")
    if len(lines) > MOST_BYTES or lines.count(b"\n") > MOST_MESSAGES:
        raise TooLarge(f"A batch has at most {MOST_MESSAGES} messages and {MOST_BYTES} bytes of them.")
    manifest = read_manifest(line)
    if manifest.node != signer:
        raise Malformed("The manifest names another node than the one that signed.")
    ended = lines.endswith(b"\n")
    raw = lines[:-1].split(b"\n") if ended else lines.split(b"\n") if lines else []
    characters = only_characters(lines)
    try:
        batch = Batch(manifest, lines, [parse(each, characters=characters) for each in raw])
    except NotJson as error:
        raise Malformed("A message line is no JSON object.") from error
    if raw and not ended and batch.is_complete:
        raise Malformed("The last message line has no end.")
    return batch


def read_manifest(line: bytes) -> Manifest:
    """The manifest from its line. Malformed."""
    try:
        found = parse(line)
    except NotJson as error:
        raise Malformed("The manifest is no JSON object.") from error
    members = found.members
    wrong = [name for name, fits in _FITS.items() if name not in members or not fits(members[name])]
    if found.irregular is not None or wrong:
        raise Malformed(f"The manifest is not sound: {', '.join(wrong) or found.irregular}.")
    if batch_node(members["batch_no"]) != members["node"] or members["from_seq"] > members["to_seq"]:
        raise Malformed("The manifest is not sound: batch_no or from_seq.")
    previous = members["previous"]
    return Manifest(
        batch_no=members["batch_no"],
        node=members["node"],
        epoch=members["epoch"],
        count=members["count"],
        chain=Chain(members["chain"]),
        from_seq=members["from_seq"],
        to_seq=members["to_seq"],
        previous=Previous(previous["batch_no"], previous["body_digest"]) if previous else None,
        body_digest=members["body_digest"],
        ledger_head=members["ledger_head"],
        line=line,
    )


def _matches(pattern: re.Pattern[str]) -> Any:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_count(value: Any) -> bool:
    return type(value) is int and 1 <= value <= LARGEST


def _is_previous(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and _matches(_BATCH_NO)(value.get("batch_no"))
        and _matches(_DIGEST)(value.get("body_digest"))
    )


_FITS = {
    "batch_no": _matches(_BATCH_NO),
    "node": lambda value: isinstance(value, str),
    "epoch": _matches(_EPOCH),
    "schema_version": lambda value: type(value) is int and value == SCHEMA_VERSION,
    "count": _is_count,
    "chain": lambda value: value in {chain.value for chain in Chain} if isinstance(value, str) else False,
    "from_seq": _is_count,
    "to_seq": _is_count,
    "previous": _is_previous,
    "body_digest": _matches(_DIGEST),
    "ledger_head": _matches(_HEAD),
    "created_at": is_moment,
}
