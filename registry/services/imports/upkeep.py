"""What the database should do once after a large run, so that the first queries after it are as fast as later ones."""

from sqlalchemy import create_engine, text

LARGE = 10_000
"""Applied rows from which it is worth it."""

_TABLES = ("operator", "former_name", "ledger_entry", "penalty", "licence", "public_finding")


def tidy(owner_url: str) -> None:
    """Empty the waiting list of the search index and renew the planner's figures. Needs the owner of the tables."""
    engine = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT gin_clean_pending_list('ix_operator_search_terms')"))
        for table in _TABLES:
            connection.execute(text(f"ANALYZE {table}"))
    engine.dispose()
