"""The ledger: one entry for each change, the hashes above it, its signed heads; and the personal values kept apart."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Model


class LedgerEntry(Model):
    """One change of one record (architecture.md 1, "The ledger").

    `follows` makes density a constraint: an entry can only stand on the one before it. `payload` holds the bytes that were
    hashed; `public_digest` is SHA-256 of what the change feed shows, `private_digest` covers all else.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint("octet_length(public_digest) = 32 AND octet_length(private_digest) = 32", name="digest_length"),
        CheckConstraint("revision > 0", name="revision_positive"),
        UniqueConstraint("record_id", "revision", name="uq_ledger_entry_record_id_revision"),
        Index("ix_ledger_entry_operator_id", "operator_id"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    follows: Mapped[int | None] = mapped_column(
        Computed("nullif(seq - 1, 0)", persisted=True), ForeignKey("ledger_entry.seq", name="fk_ledger_entry_follows")
    )
    recorded_at: Mapped[datetime]
    action: Mapped[str]
    record_type: Mapped[str]
    record_id: Mapped[str]
    revision: Mapped[int]
    operator_id: Mapped[int | None]
    actor: Mapped[str]
    payload_version: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[bytes]
    salt: Mapped[bytes]
    public_digest: Mapped[bytes]
    private_digest: Mapped[bytes]


class LedgerNode(Model):
    """Hash of one complete subtree: `level` 0 is a leaf, node `index` at `level` covers 2**level leaves."""

    __tablename__ = "ledger_node"

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[bytes]


class LedgerHead(Model):
    """A signed tree head: `size` entries, their root, the moment, and the compact JWS over the three."""

    __tablename__ = "ledger_head"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes]
    signed_at: Mapped[datetime]
    jws: Mapped[str]


class PersonalValue(Model):
    """A personal datum, encrypted with a key outside the database.

    Ledger and records know only `digest` = SHA-256(salt ‖ value). Erasing sets value and salt to null: the tree still
    verifies, and nobody can say any more what was hashed.
    """

    __tablename__ = "personal_value"
    __table_args__ = (
        CheckConstraint("(erased_at IS NULL) = (ciphertext IS NOT NULL AND salt IS NOT NULL)", name="erased_or_kept"),
        Index("ix_personal_value_record_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[str]
    field: Mapped[str]
    digest: Mapped[bytes]
    salt: Mapped[bytes | None]
    ciphertext: Mapped[bytes | None]
    erased_at: Mapped[datetime | None]
