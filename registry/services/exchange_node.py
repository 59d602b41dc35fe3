"""The node's own row: drawn with the database, its epoch drawn anew by a restore (exchange.md 1.6)."""

from uuid import uuid4

from sqlalchemy import select

from models import ExchangeNode, db
from registry.clock import now
from registry.errors import Conflict
from registry.queries.exchange_node import this_node


class OtherNode(Conflict):
    """The database belongs to another node than the settings say."""

    code = "other_node"


def settle(node: str) -> ExchangeNode:
    """Draw the first epoch of a new database; of an old one, check that it is this node's. The caller commits.

    OtherNode where the settings name another node: its records would change their owner.
    """
    own = db.session.execute(select(ExchangeNode)).scalar_one_or_none()
    if own is None:
        own = ExchangeNode(node=node, epoch=str(uuid4()), drawn_at=now(), messages_to=0)
        db.session.add(own)
        db.session.flush()
    if own.node != node:
        raise OtherNode(f"This database belongs to node {own.node}; REGISTRY_NODE_ID says {node}.")
    return own


def draw_epoch() -> ExchangeNode:
    """A new epoch after a restore: the node is recovering until it has its own records back. The caller commits."""
    own = this_node()
    own.epoch = str(uuid4())
    own.drawn_at = own.recovering_since = now()
    db.session.flush()
    return own


def recovered() -> None:
    """The node has taken its own records back and accepts changes again. The caller commits."""
    this_node().recovering_since = None
    db.session.flush()
