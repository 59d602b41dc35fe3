"""Leaves of the tree: which bytes of an entry are hashed (docs/ledger.md, docs/decisions/0001)."""

from datetime import UTC, datetime

from models import LedgerEntry
from registry.ledger.canonical import canonical
from registry.ledger.tree import leaf_hash

LEAF_COLUMNS = (
    LedgerEntry.seq,
    LedgerEntry.recorded_at,
    LedgerEntry.record_id,
    LedgerEntry.revision,
    LedgerEntry.public_digest,
    LedgerEntry.private_digest,
)
"""In the order of `leaf_of`'s arguments."""


def moment_text(moment: datetime) -> str:
    """A moment as leaves name it: RFC 3339 in UTC with six decimals and `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def leaf_members(
    seq: int, recorded_at: datetime, record_id: str, revision: int, public_digest: bytes, private_digest: bytes
) -> dict[str, int | str]:
    """The members whose canonical JSON is the leaf, ready to be shown."""
    return {
        "seq": seq,
        "recorded_at": moment_text(recorded_at),
        "record_id": record_id,
        "revision": revision,
        "public_digest": public_digest.hex(),
        "private_digest": private_digest.hex(),
    }


def leaf_of(
    seq: int, recorded_at: datetime, record_id: str, revision: int, public_digest: bytes, private_digest: bytes
) -> bytes:
    """Hash of an entry's leaf."""
    return leaf_hash(canonical(leaf_members(seq, recorded_at, record_id, revision, public_digest, private_digest)))
