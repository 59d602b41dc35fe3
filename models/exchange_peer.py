"""The node itself, its peers, their keys and heads, how far each has read, what each run did (exchange.md 1, 3, 5)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model


class NodeRole(StrEnum):
    """What a node is to its peers."""

    CITY = "city"
    PROVINCE = "province"


class Carrier(StrEnum):
    """How messages reach a peer (exchange.md 8)."""

    HTTP = "http"
    FILE = "file"
    FRONT_DATABASE = "front_database"


class PeerState(StrEnum):
    """`paused` by a person; `stopped` by an incident, until a person lets it go on."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class Chain(StrEnum):
    """The two chains of batches: ends of publicity and withdrawals never wait behind bulk (exchange.md 4)."""

    URGENT = "urgent"
    BULK = "bulk"


class RunKind(StrEnum):
    """What a run with a peer was for."""

    PUSH = "push"
    PULL = "pull"
    RECONCILE = "reconcile"
    RECOVER = "recover"


class ExchangeNode(Model):
    """The one row that says which node this database belongs to, and in which epoch it is (exchange.md 1.6).

    `recovering_since` is set by a restore, until the node has taken its own records back from its peers. `messages_to` is
    the ledger seq up to which the changes of own records have become messages.
    """

    __tablename__ = "exchange_node"

    node: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    drawn_at: Mapped[datetime]
    recovering_since: Mapped[datetime | None]
    messages_to: Mapped[int]


class Peer(Model):
    """Another node that a person has agreed to exchange with. `epoch` is the newest that it has shown.

    `side` is what a run has last seen of a partner without the wire: its files, its rows.
    """

    __tablename__ = "peer"
    __table_args__ = (
        CheckConstraint("node ~ '^[0-9]{6}$'", name="node_form"),
        CheckConstraint("(state = 'stopped') = (incident IS NOT NULL)", name="stopped_by_an_incident"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    role: Mapped[NodeRole]
    carrier: Mapped[Carrier]
    state: Mapped[PeerState]
    incident: Mapped[str | None]
    settings: Mapped[dict[str, Any]]
    epoch: Mapped[str | None]
    side: Mapped[dict[str, Any] | None]
    added_at: Mapped[datetime]

    keys: Mapped[list["PeerKey"]] = relationship(back_populates="peer", order_by="PeerKey.id")


class PeerKey(Model):
    """A public key of a peer, trusted by hand. `kid` is the whole keyid: node, `#`, name."""

    __tablename__ = "peer_key"
    __table_args__ = (Index("ix_peer_key_peer_id", "peer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    kid: Mapped[str] = mapped_column(unique=True)
    jwk: Mapped[dict[str, Any]]
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    peer: Mapped[Peer] = relationship(back_populates="keys")


class PeerChain(Model):
    """Our way to a peer in one chain: how far our ledger was looked through, and why nothing goes on.

    In `peer_epoch` the peer last showed that it has everything of the chain that it gave receipts for.
    """

    __tablename__ = "peer_chain"

    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), primary_key=True)
    chain: Mapped[Chain] = mapped_column(primary_key=True)
    looked_to: Mapped[int]  # ledger seq up to which entries were put into batches, or need none
    peer_epoch: Mapped[str | None]
    incident: Mapped[str | None]  # while set, this chain stands still
    incident_at: Mapped[datetime | None]


class PeerCursor(Model):
    """How far we have applied a peer's feed, in which epoch of theirs; and how far it says it has applied ours."""

    __tablename__ = "peer_cursor"

    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), primary_key=True)
    epoch: Mapped[str | None]
    position: Mapped[int]
    head: Mapped[int | None]
    pulled_at: Mapped[datetime | None]
    theirs: Mapped[int | None]
    theirs_at: Mapped[datetime | None]


class PeerHead(Model):
    """A ledger head that a peer has shown. What is once held here makes a rewrite of its ledger visible."""

    __tablename__ = "peer_head"
    __table_args__ = (CheckConstraint("octet_length(root) = 32", name="root_length"),)

    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), primary_key=True)
    epoch: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    signed_at: Mapped[datetime]
    jws: Mapped[str]
    received_at: Mapped[datetime]


class ExchangeNonce(Model):
    """A nonce that was used with a valid signature; a second use within 600 seconds is a replay."""

    __tablename__ = "exchange_nonce"
    __table_args__ = (Index("ix_exchange_nonce_seen_at", "seen_at"),)

    kid: Mapped[str] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class ExchangeRun(Model):
    """One push, pull, reconciliation or recovery with a peer, and what it did. One of a kind and peer at a time."""

    __tablename__ = "exchange_run"
    __table_args__ = (
        CheckConstraint("finished_at >= started_at", name="finished_after_started"),
        Index("ix_exchange_run_peer_id", "peer_id", "kind", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    kind: Mapped[RunKind]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # a word for programs: done, no_answer, stopped …
    counts: Mapped[dict[str, Any]]
    detail: Mapped[dict[str, Any]]

    peer: Mapped[Peer] = relationship()


class ExchangeIncident(Model):
    """Something that a person must look at: a refused request, an inconsistent head, a difference that stays."""

    __tablename__ = "exchange_incident"
    __table_args__ = (
        CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name="seen_by_somebody"),
        Index("ix_exchange_incident_at", text("at DESC")),
        Index("ix_exchange_incident_peer_id", "peer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("peer.id"))
    code: Mapped[str]
    detail: Mapped[dict[str, Any]]  # names and numbers, never a datum of a person
    at: Mapped[datetime]
    times: Mapped[int] = mapped_column(Integer)
    seen_by: Mapped[str | None]
    seen_at: Mapped[datetime | None]


class BatchNumber(Model):
    """The last batch number of a Beijing day, `YYYYMMDD`: `<node>-<day>-<6 digits>`, never reused (exchange.md 4)."""

    __tablename__ = "batch_number"
    __table_args__ = (CheckConstraint("last BETWEEN 1 AND 999999", name="six_digits"),)

    day: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
