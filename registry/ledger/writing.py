"""Numbering and inserting the collected entries under the one lock of the ledger."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from registry.ledger.entry import PAYLOAD_VERSION, Entry

LOCK = 0x5265_6769  # any number will do, as long as nothing else takes it

_COLUMNS = (
    "seq", "recorded_at", "action", "record_type", "record_id", "revision", "operator_id", "actor", "payload_version",
    "payload", "salt", "public_digest", "private_digest",
)  # fmt: skip
_TYPES = (
    "int8", "timestamptz", "text", "text", "text", "int8", "int8", "text", "int2", "bytea", "bytea", "bytea", "bytea",
)  # fmt: skip


def take_lock(connection: Connection) -> None:
    """Take the ledger's lock until the transaction ends; at once where the transaction has it already."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def write(connection: Connection, entries: Sequence[Entry]) -> tuple[int, int]:
    """Number and insert `entries`; answer the first and the last number.

    Takes the ledger's lock until the transaction ends, so nothing slow may come after it. Number and moment are read in
    a statement of their own after the lock: only its snapshot sees every entry that was committed before.
    """
    take_lock(connection)
    seq, moment = connection.execute(
        text(
            "SELECT coalesce(max(seq), 0), greatest(clock_timestamp(), (SELECT recorded_at FROM ledger_entry"
            " ORDER BY seq DESC LIMIT 1)) FROM ledger_entry"
        )
    ).one()
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY ledger_entry ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_TYPES)
        for number, entry in enumerate(entries, seq + 1):
            copy.write_row(
                (
                    number,
                    moment,
                    entry.action,
                    entry.record_type,
                    entry.record_id,
                    entry.revision,
                    entry.operator_id,
                    entry.actor,
                    PAYLOAD_VERSION,
                    entry.payload,
                    entry.salt,
                    entry.public_digest,
                    entry.private_digest,
                )
            )
    return seq + 1, seq + len(entries)
