"""Which node this database belongs to, and in which epoch it is (exchange.md 1.6)."""

from sqlalchemy import select

from models import ExchangeNode, db


def this_node() -> ExchangeNode:
    """The row of this node; it stands since the database was prepared."""
    return db.session.execute(select(ExchangeNode)).scalar_one()
