"""Rights of the role that serves requests, and the partitions of the access log. Run by the owner."""

from datetime import date

from sqlalchemy import Connection, text

APPEND_ONLY = (
    "ledger_entry",
    "ledger_node",
    "ledger_head",
    "access_log",
    "matter_step",
    "issued_document",
    "document_file",
    "evidence",
    "query_certificate",
    "certificate_print",
)
"""Tables that nobody who serves requests may rewrite: INSERT and SELECT, nothing else."""


def grant_rights(connection: Connection, role: str) -> None:
    """Let `role` work on every table, and only append to APPEND_ONLY. Safe to repeat."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}"))
    for table in APPEND_ONLY:
        connection.execute(text(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {quoted}"))
    partitions = connection.execute(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'access_log'::regclass")
    ).scalars()
    for partition in partitions:  # reached directly, a partition has rights of its own
        connection.execute(text(f"REVOKE ALL ON {partition} FROM {quoted}"))
    connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}"))


def make_partitions(connection: Connection, day: date, months: int = 12) -> None:
    """Partitions of the access log for the month of `day` and the months after it, so that none is ever missing."""
    for ahead in range(months + 1):
        first = _month(day, ahead)
        after = _month(day, ahead + 1)
        connection.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS access_log_{first:%Y_%m} PARTITION OF access_log"
                f" FOR VALUES FROM ('{first} 00:00+08') TO ('{after} 00:00+08')"
            )
        )


def _month(day: date, ahead: int) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
