"""Ledger heads of peers: each is kept, and a new one must extend what is held from its epoch (exchange.md 4)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models import Chain, PeerHead, ReceivedBatch, db
from sync import peers
from sync.form import is_moment
from sync.keys import read_head
from sync.manifest import Manifest
from sync.message import LARGEST

_ROOT = re.compile(r"[0-9a-f]{64}")


class HeadInconsistent(Exception):
    """The head does not extend the one that is held; the text says how."""


@dataclass(frozen=True, slots=True)
class PeersHead:
    """A head that a peer has signed."""

    size: int
    root: bytes
    signed_at: datetime
    jws: str


def check(manifest: Manifest, peer_id: int) -> PeersHead:
    """The head of a batch, where it is consistent with all that this peer has shown in this epoch. HeadInconsistent.

    No proof goes over the wire, so this is what sizes, roots and moments can tell. Within a chain heads only grow;
    across chains a batch may have been frozen earlier, and so may its head have been signed.
    """
    head = _read(manifest.ledger_head, peer_id)
    if head.size < manifest.to_seq:
        raise HeadInconsistent("The head ends before the last message.")
    held = select(PeerHead).where(PeerHead.peer_id == peer_id, PeerHead.epoch == manifest.epoch)
    same = db.session.execute(held.where(PeerHead.size == head.size)).scalar_one_or_none()
    if same is not None and same.root != head.root:
        raise HeadInconsistent("The same size had another root.")
    larger = db.session.execute(held.where(PeerHead.size > head.size, PeerHead.signed_at < head.signed_at).limit(1))
    if larger.first() is not None:
        raise HeadInconsistent("An earlier head was larger.")
    smaller = db.session.execute(held.where(PeerHead.size < head.size, PeerHead.signed_at > head.signed_at).limit(1))
    if smaller.first() is not None:
        raise HeadInconsistent("A later head was smaller.")
    if head.size < _last_size(peer_id, manifest.epoch, manifest.chain):
        raise HeadInconsistent("The head of the batch before was larger.")
    return head


def keep(head: PeersHead, peer_id: int, epoch: str, moment: datetime) -> None:
    """Hold a head from now on. The caller commits."""
    db.session.execute(
        insert(PeerHead)
        .values(
            peer_id=peer_id,
            epoch=epoch,
            size=head.size,
            root=head.root,
            signed_at=head.signed_at,
            jws=head.jws,
            received_at=moment,
        )
        .on_conflict_do_nothing()
    )


def _read(token: str, peer_id: int) -> PeersHead:
    members: dict[str, Any] | None = read_head(token, peers.jwks_of(peer_id))
    if members is None:
        raise HeadInconsistent("No key of the node has signed the head.")
    size, root, at = members.get("size"), members.get("root"), members.get("at")
    if type(size) is not int or not 0 <= size <= LARGEST or not isinstance(root, str) or not _ROOT.fullmatch(root):
        raise HeadInconsistent("It is no head.")
    if not isinstance(at, str) or not is_moment(at):
        raise HeadInconsistent("The head does not say when it was signed.")
    return PeersHead(size, bytes.fromhex(root), datetime.fromisoformat(at.upper()), token)


def _last_size(peer_id: int, epoch: str, chain: Chain) -> int:
    return (
        db.session.execute(
            select(ReceivedBatch.head_size)
            .where(ReceivedBatch.peer_id == peer_id, ReceivedBatch.epoch == epoch, ReceivedBatch.chain == chain)
            .order_by(ReceivedBatch.id.desc())
            .limit(1)
        ).scalar_one_or_none()
        or 0
    )
