"""Signed tree heads: how many entries there are, the root over them, and when that was so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, Row, func, insert, select, text

from models import LedgerEntry, LedgerHead
from registry.clock import BEIJING, now
from registry.ledger import nodes
from registry.ledger.canonical import canonical
from registry.signing_keys import SigningKeys

KIND = "ledger-head"  # `typ` of the JWS

_HEADS = select(LedgerHead.size, LedgerHead.root, LedgerHead.signed_at, LedgerHead.jws)


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head; `jws` is the compact JWS over `head_bytes` of the other three."""

    size: int
    root: bytes
    signed_at: datetime
    jws: str


def head_bytes(size: int, root: bytes, signed_at: datetime) -> bytes:
    """Canonical bytes of `{at, root, size}`, which are what is signed; `at` as RFC 3339 with Beijing's offset."""
    return canonical({"at": signed_at.astimezone(BEIJING).isoformat(), "root": root.hex(), "size": size})


def newest_head(connection: Connection) -> Head | None:
    """The head over most entries; None while nothing was ever signed."""
    return _head(connection.execute(_HEADS.order_by(LedgerHead.size.desc()).limit(1)).one_or_none())


def head_of_size(connection: Connection, size: int) -> Head | None:
    """The head over exactly `size` entries, if one was signed."""
    return _head(connection.execute(_HEADS.where(LedgerHead.size == size)).one_or_none())


def sign_if_grown(engine: Engine, keys: SigningKeys) -> Head | None:
    """Store what is missing of the tree and sign a head; None when no entry has come since the last one.

    Never signs a tree that does not extend the last signed one: LedgerFaultError instead.
    """
    with engine.connect() as connection:
        last = newest_head(connection)
        grown = connection.execute(select(func.max(LedgerEntry.seq))).scalar_one() or 0
    if grown <= (last.size if last else 0):
        return None
    nodes.grow(engine)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": nodes.LOCK})
        size, last = nodes.stored_size(connection), newest_head(connection)
        if last is not None and last.size >= size:
            return None
        if last is not None and nodes.root_of(connection, last.size) != last.root:
            raise nodes.LedgerFaultError(f"The tree no longer contains the head over {last.size} entries.")
        return _sign(connection, keys, size)


def _sign(connection: Connection, keys: SigningKeys, size: int) -> Head:
    root, signed_at = nodes.root_of(connection, size), now().replace(microsecond=0)
    head = Head(size, root, signed_at, keys.sign(head_bytes(size, root, signed_at), kind=KIND))
    connection.execute(insert(LedgerHead).values(size=size, root=root, signed_at=signed_at, jws=head.jws))
    return head


def _head(row: Row[int, bytes, datetime, str] | None) -> Head | None:
    if row is None:
        return None
    return Head(row.size, bytes(row.root), row.signed_at.astimezone(BEIJING), row.jws)
