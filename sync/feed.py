"""What a peer may read of this node: changes in their order, snapshots, digests, single records (exchange.md 5, 6).

What concerns a node is kept with each message (`exchange_message.concerns`) and only grows. Nobody is sent its own
records as changes; it may read them all the same. A province may read whatever its city hands up to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models import ExchangeMessage, db
from registry.queries.exchange_node import this_node
from registry.services.imports.tables import cursor
from sync.current import FOR_ALL
from sync.sealed import message_sent

LOOKED_AT_ONCE = 100_000  # positions in one statement: a reader of few among many messages waits for none long
EMPTY_DIGEST = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
BUCKETS = tuple(f"{number:02x}" for number in range(256))

_BUCKET = "encode(substring(sha256(convert_to(record_id, 'UTF8')) FROM 1 FOR 1), 'hex')"


@dataclass(frozen=True, slots=True)
class Reader:
    """A peer that reads; `is_above` where it is the province that this city hands everything up to."""

    node: str
    is_above: bool

    @property
    def codes(self) -> list[str]:
        """What of `concerns` means this node."""
        return [self.node[:4], self.node, FOR_ALL]


@dataclass(frozen=True, slots=True)
class Page:
    """Changes in ascending order; `next` is how far was looked."""

    changes: Sequence[tuple[int, bytes]]
    next: int


def changes(reader: Reader, *, after: int, head: int, limit: int, resources: Sequence[str]) -> Page:
    """The first changes behind `after` that concern a reader, up to position `head`."""
    work = cursor(binary=True)
    found: list[tuple[int, str, bytes]] = []
    looked = after
    while looked < head and not found:
        upto = min(head, looked + LOOKED_AT_ONCE)
        work.execute(
            "SELECT position, record_id, content FROM exchange_message WHERE position > %(after)s AND position <= %(upto)s"
            " AND origin <> %(node)s AND concerns && %(codes)s"
            " AND (cardinality(%(resources)s::text[]) = 0 OR resource = ANY(%(resources)s))"
            " ORDER BY position LIMIT %(limit)s",
            {
                "after": looked, "upto": upto, "node": reader.node, "codes": reader.codes, "limit": limit,
                "resources": list(resources),
            },
        )  # fmt: skip
        found = work.fetchall()
        looked = found[-1][0] if len(found) == limit else upto
    return Page([(position, message_sent(record_id, kept)) for position, record_id, kept in found], looked)


def snapshot(
    reader: Reader, *, resources: Sequence[str], origin: str | None, after: str, limit: int
) -> list[tuple[str, bytes]]:
    """Current messages by record id, behind the record `after`: those of `origin`, else all that changes lead to."""
    condition, values = _readable(reader, origin)
    work = cursor(binary=True)
    work.execute(
        'SELECT record_id, content FROM exchange_message WHERE record_id COLLATE "C" > %(after)s'  # noqa: S608 - conditions of ours
        f" AND {condition} AND (cardinality(%(resources)s::text[]) = 0 OR resource = ANY(%(resources)s))"
        ' ORDER BY record_id COLLATE "C" LIMIT %(limit)s',
        {**values, "after": after, "limit": limit, "resources": list(resources)},
    )
    return [(record_id, message_sent(record_id, content)) for record_id, content in work]


def digests(reader: Reader, *, resource: str, origin: str) -> tuple[int, list[dict[str, Any]]]:
    """The 256 buckets of one moment, and the position that they belong to (exchange.md 6)."""
    condition, values = _readable(reader, origin)
    work = cursor()
    work.execute(
        "SELECT bucket, count(*), 'sha256:' ||"  # noqa: S608
        " encode(sha256(convert_to(string_agg(record_id || ' ' || revision"
        " || ' ' || digest || E'\\n', '' ORDER BY record_id COLLATE \"C\"), 'UTF8')), 'hex'),"
        " (SELECT messages_to FROM exchange_node)"
        f" FROM (SELECT {_BUCKET} AS bucket, record_id, revision, digest FROM exchange_message"
        f" WHERE resource = %(resource)s AND {condition}) AS current GROUP BY bucket",
        {**values, "resource": resource},
    )
    rows = work.fetchall()
    filled = {bucket: {"bucket": bucket, "count": count, "digest": digest} for bucket, count, digest, _ in rows}
    position = rows[0][3] if rows else this_node().messages_to
    empty = {"count": 0, "digest": EMPTY_DIGEST}
    return position, [filled.get(bucket) or {"bucket": bucket, **empty} for bucket in BUCKETS]


def bucket(reader: Reader, *, name: str, resource: str, origin: str) -> list[dict[str, Any]]:
    """The current records of one bucket, ascending by record id, bytewise."""
    condition, values = _readable(reader, origin)
    work = cursor()
    work.execute(
        "SELECT record_id, revision, digest FROM exchange_message"  # noqa: S608
        f" WHERE resource = %(resource)s AND {condition}"
        f' AND {_BUCKET} = %(bucket)s ORDER BY record_id COLLATE "C"',
        {**values, "resource": resource, "bucket": name},
    )
    return [{"record_id": record, "revision": revision, "digest": digest} for record, revision, digest in work]


def record(reader: Reader, record_id: str) -> bytes | None:
    """The current message of a record that the reader may read; None for any other."""
    row = db.session.execute(
        select(ExchangeMessage.origin, ExchangeMessage.concerns, ExchangeMessage.content).where(
            ExchangeMessage.record_id == record_id
        )
    ).one_or_none()
    if row is None:
        return None
    if not is_whole(reader, row.origin) and set(reader.codes).isdisjoint(row.concerns):
        return None
    return message_sent(record_id, row.content)


def is_whole(reader: Reader, origin: str) -> bool:
    """Whether a reader may read all of an origin: its own, and a province what its city hands up."""
    return origin == reader.node or (reader.is_above and origin == this_node().node)


def _readable(reader: Reader, origin: str | None) -> tuple[str, dict[str, Any]]:
    """The condition on messages that a reader may read of an origin; without one, on those of all others."""
    values: dict[str, Any] = {"node": reader.node, "codes": reader.codes, "origin": origin}
    if origin is None:
        return "origin <> %(node)s AND concerns && %(codes)s", values
    if is_whole(reader, origin):
        return "origin = %(origin)s", values
    return "origin = %(origin)s AND concerns && %(codes)s", values
