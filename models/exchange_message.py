"""Batches as they went over the wire, the current message of every record, messages that a person must settle."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model
from models.exchange_peer import Chain, Peer


class MessageState(StrEnum):
    """What a current message means to the register of this node."""

    OWN = "own"  # it speaks of a record of this node
    APPLIED = "applied"  # a record of the register holds what it says
    LINKED = "linked"  # another origin has the same decision: `same_as` names that record
    KEPT = "kept"  # no table of the register holds such records; the message is all there is
    UNCLEAR = "unclear"  # it meets the register in a way that a person must settle


class SentState(StrEnum):
    """A batch is frozen before it is first sent, and then ends with a receipt or is set aside."""

    FROZEN = "frozen"
    RECEIPTED = "receipted"
    SET_ASIDE = "set_aside"


class Direction(StrEnum):
    """Whose message a problem is about: one of ours that a peer refused, or one of a peer's that we could not take."""

    OUT = "out"
    IN = "in"


class ProblemState(StrEnum):
    """`resent`: corrected by a newer revision. `set_aside` needs a reason and two persons."""

    OPEN = "open"
    RESENT = "resent"
    SET_ASIDE = "set_aside"


class ReceivedBatch(Model):
    """A batch that a peer has a receipt for: body and signature as sent, receipt as answered, both kept 400 days.

    `id` gives the order within a chain. Body and manifest become null when their time is over; the receipt stays.
    """

    __tablename__ = "received_batch"
    __table_args__ = (
        UniqueConstraint("peer_id", "batch_no", name="uq_received_batch_peer_id_batch_no"),
        CheckConstraint("received = accepted + duplicate + superseded + rejected", name="counts_add_up"),
        Index("ix_received_batch_chain", "peer_id", "epoch", "chain", text("id DESC")),
        Index("ix_received_batch_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    epoch: Mapped[str]
    chain: Mapped[Chain]
    batch_no: Mapped[str]
    body_digest: Mapped[str]
    previous: Mapped[str | None]
    from_seq: Mapped[int]
    to_seq: Mapped[int]
    head_size: Mapped[int]
    received_at: Mapped[datetime]
    received: Mapped[int] = mapped_column(Integer)
    accepted: Mapped[int] = mapped_column(Integer)
    duplicate: Mapped[int] = mapped_column(Integer)
    superseded: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    manifest: Mapped[bytes | None]
    body: Mapped[bytes | None] = mapped_column(deferred=True)  # as it was sent, compressed where it was; sealed
    headers: Mapped[dict[str, Any]]  # those that the signature covers, and the signature
    receipt: Mapped[bytes]

    peer: Mapped[Peer] = relationship()


class SentBatch(Model):
    """A batch of ours: frozen bytes, its signature, how often it was tried, the receipt. Kept 400 days.

    `lines` are the message lines as sent before compression, sealed (sync/sealed.py); `headers` those of the last attempt,
    whose nonce is new each time. The order within a chain is that of `id`.
    """

    __tablename__ = "sent_batch"
    __table_args__ = (
        UniqueConstraint("batch_no", name="uq_sent_batch_batch_no"),
        CheckConstraint("count > 0", name="not_empty"),
        CheckConstraint("(state = 'receipted') = (receipt IS NOT NULL)", name="receipted_with_a_receipt"),
        CheckConstraint("(state = 'set_aside') = (reason IS NOT NULL)", name="set_aside_with_a_reason"),
        Index("ix_sent_batch_chain", "peer_id", "epoch", "chain", "id"),
        Index("ix_sent_batch_open", "peer_id", "chain", "id", postgresql_where=text("state = 'frozen'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    epoch: Mapped[str]
    chain: Mapped[Chain]
    batch_no: Mapped[str]
    body_digest: Mapped[str]
    previous: Mapped[str | None]
    from_seq: Mapped[int]
    to_seq: Mapped[int]
    count: Mapped[int] = mapped_column(Integer)
    manifest: Mapped[bytes | None]
    lines: Mapped[bytes | None] = mapped_column(deferred=True)  # megabytes, which most readers do not look at
    headers: Mapped[dict[str, Any]]
    state: Mapped[SentState]
    reason: Mapped[str | None]
    receipt: Mapped[bytes | None]
    receipt_headers: Mapped[dict[str, Any]]
    frozen_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    next_attempt_at: Mapped[datetime | None]
    receipted_at: Mapped[datetime | None]

    peer: Mapped[Peer] = relationship()


class UpstreamRecord(Model):
    """A record of ours that a partner's front database has taken, and the name that the partner gave it, if any."""

    __tablename__ = "upstream_record"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        Index("ix_upstream_record_upstream_id", "peer_id", "upstream_id"),
    )

    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    upstream_id: Mapped[str | None]
    taken_at: Mapped[datetime]


class ExchangeMessage(Model):
    """The current message of one record, as it was sent; what a table of the register cannot hold stays here.

    `content` is sealed where the message is not public (sync/sealed.py). `peer_id` is who brought it, null for a record of ours.
    `position` is its place in the feed of this node: the number of the ledger entry that came with it, so positions have
    holes and never come late. `concerns` are the nodes that it has ever concerned, as first four digits of a region, six of
    a node, or `*` for all.
    """

    __tablename__ = "exchange_message"
    __table_args__ = (
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("(state = 'own') = (peer_id IS NULL)", name="own_from_nobody"),
        CheckConstraint("(state = 'linked') = (same_as IS NOT NULL)", name="linked_to_a_record"),
        Index("uq_exchange_message_position", "position", unique=True),
        Index("ix_exchange_message_own", "position", postgresql_where=text("state = 'own'")),
        Index("ix_exchange_message_origin", "origin", "resource", "record_id"),
        Index(
            "ix_exchange_message_decision_key",
            "origin",
            "decision_key",
            postgresql_where=text("decision_key IS NOT NULL"),
        ),
        Index("ix_exchange_message_same_as", "same_as", postgresql_where=text("same_as IS NOT NULL")),
        Index("ix_exchange_message_unclear", "received_at", postgresql_where=text("state = 'unclear'")),
        Index("ix_exchange_message_peer_id", "peer_id", "received_at"),
    )

    record_id: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str]
    resource: Mapped[str]
    revision: Mapped[int]
    message_id: Mapped[str]
    digest: Mapped[str]
    operation: Mapped[str]
    reason: Mapped[str | None]
    region: Mapped[str | None]
    concerns: Mapped[list[str]]
    decision_key: Mapped[str | None]  # authority, normalised number and party of a decision that still says something
    position: Mapped[int]
    content: Mapped[bytes]
    state: Mapped[MessageState]
    same_as: Mapped[str | None]
    note: Mapped[str | None]  # why it is unclear or only kept, for programs
    peer_id: Mapped[int | None] = mapped_column(ForeignKey("peer.id"))
    received_at: Mapped[datetime]
    missing_since: Mapped[datetime | None]  # a snapshot of the peer that brought it lacked it: to be checked by digest


class ExchangeProblem(Model):
    """A message that was refused, whole and sealed, with the field and the reason: the problem queue (exchange.md 4, 5)."""

    __tablename__ = "exchange_problem"
    __table_args__ = (
        UniqueConstraint("direction", "peer_id", "record_id", "revision", name="uq_exchange_problem_message"),
        CheckConstraint(
            "(state = 'set_aside') = (num_nonnulls(reason, set_aside_by, approved_by) = 3)", name="set_aside_by_two"
        ),
        CheckConstraint("set_aside_by <> approved_by", name="two_persons"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_settled"),
        Index("ix_exchange_problem_open", "peer_id", "id", postgresql_where=text("state = 'open'")),
        Index("ix_exchange_problem_record_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[Direction]
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    record_id: Mapped[str]
    revision: Mapped[int]
    batch_no: Mapped[str | None]
    content: Mapped[bytes]
    faults: Mapped[list[dict[str, Any]]]  # each with code, field and message
    state: Mapped[ProblemState]
    reason: Mapped[str | None]
    set_aside_by: Mapped[str | None]
    approved_by: Mapped[str | None]
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    peer: Mapped[Peer] = relationship()
