"""Asking a peer that was restored what it still has of our chains (exchange.md 3, `GET /batches?chain=C`).

The next batch of a chain would meet a gap where the peer lacks those before it. A chain in which nothing more waits would
not: what the peer lost of it would be missed until the two are compared.
"""

from collections.abc import Sequence

import orjson
from sqlalchemy import select

from models import Chain, Peer, PeerChain, SentBatch, SentState, db
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import chains, freezing, paging
from sync.asking import expect_200
from sync.link import Link


def unconfirmed(peer: Peer) -> Sequence[Chain]:
    """Chains with receipts of an epoch of the peer's that is over."""
    receipted = select(SentBatch.id).where(
        SentBatch.peer_id == PeerChain.peer_id,
        SentBatch.chain == PeerChain.chain,
        SentBatch.epoch == this_node().epoch,
        SentBatch.state == SentState.RECEIPTED,
    )
    return (
        db.session.execute(
            select(PeerChain.chain)
            .where(
                PeerChain.peer_id == peer.id,
                PeerChain.incident.is_(None),
                PeerChain.peer_epoch.is_distinct_from(peer.epoch),
                receipted.exists(),
            )
            .order_by(PeerChain.chain.desc())  # urgent before bulk
        )
        .scalars()
        .all()
    )


def confirm(link: Link, chain: Chain) -> bool:
    """Ask for the last batch that the peer has, and send again what follows it; whether anything does. Commits.

    NoAnswer, Refused; Unsound where the answer names no batch and does not say that there is none.
    """
    answer = link.get("/batches", [("chain", chain.value)])
    expect_200(answer)
    last = _last(answer.body)
    with transaction():
        freezing.chain_of(link.peer_id, chain).peer_epoch = answer.epoch
        return chains.go_back_to(link.peer_id, chain, last)


def _last(body: bytes) -> dict[str, object] | None:
    try:
        members = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise paging.Unsound("the answer is no JSON") from error
    match members:
        case {"last": None}:
            return None
        case {"last": {"batch_no": str(), "body_digest": str()} as last}:
            return dict(last)
    raise paging.Unsound("the answer names no batch")
