"""Receipts of our batches: believed only when everything in them adds up (exchange.md 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

_COUNTS = ("received", "accepted", "duplicate", "superseded", "rejected")


class Unsound(Exception):
    """The receipt is none for this batch, or contradicts itself; the text says where."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One of our messages that was refused: its line from 1, and each fault with code, field and words."""

    line: int
    faults: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sound receipt."""

    counts: dict[str, int]
    rejections: Sequence[Rejection]
    ledger_head: str | None


def read(body: bytes, *, batch_no: str, body_digest: str, record_ids: Sequence[str]) -> Receipt:
    """The receipt of the batch with these records, in the order of its lines. Unsound."""
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unsound("it is no JSON") from error
    if not isinstance(members, dict):
        raise Unsound("it is no JSON object")
    if members.get("batch_no") != batch_no or members.get("body_digest") != body_digest:
        raise Unsound("it is the receipt of another batch")
    counts: dict[str, int] = {}
    for name in _COUNTS:
        count = members.get(name)
        if type(count) is not int or count < 0:
            raise Unsound("a count is missing")
        counts[name] = count
    if counts["received"] != len(record_ids) or counts["received"] != sum(counts[name] for name in _COUNTS[1:]):
        raise Unsound("the counts do not add up")
    rejections = _rejections(members.get("results"), record_ids)
    if len(rejections) != counts["rejected"]:
        raise Unsound("another number of messages is named than rejected")
    head = members.get("ledger_head")
    if head is not None and not isinstance(head, str):
        raise Unsound("the ledger head is no text")
    return Receipt(counts, rejections, head)


def _rejections(results: Any, record_ids: Sequence[str]) -> list[Rejection]:
    if not isinstance(results, list):
        raise Unsound("there are no results")
    found: dict[int, list[dict[str, Any]]] = {}
    for result in results:
        line = result.get("line") if isinstance(result, dict) else None
        if type(line) is not int or not 1 <= line <= len(record_ids):
            raise Unsound("a result names no line of the batch")
        if result.get("record_id") != record_ids[line - 1] or result.get("status") != "rejected":
            raise Unsound("a result is about another record, or rejects nothing")
        if not isinstance(result.get("code"), str) or not result["code"]:
            raise Unsound("a result has no code")
        if not all(isinstance(result.get(name), str | None) for name in ("field", "message")):
            raise Unsound("a result says something that is no text")
        found.setdefault(line, []).append({name: result.get(name) for name in ("code", "field", "message")})
    return [Rejection(line, faults) for line, faults in sorted(found.items())]
