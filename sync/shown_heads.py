"""Ledger heads that a peer shows in its receipts: kept beside those of its batches, so that a rewrite comes to light."""

import re
from datetime import datetime

from sqlalchemy import select

from models import PeerHead, db
from sync import peer_heads, peers
from sync.form import is_moment
from sync.keys import read_head
from sync.message import LARGEST
from sync.peer_heads import PeersHead

_ROOT = re.compile(r"[0-9a-f]{64}")


def keep_shown(token: str, peer_id: int, epoch: str, moment: datetime) -> bool:
    """Keep a head that came with an answer; False where no key of the peer signed it, or it contradicts one that is held.

    The caller commits.
    """
    members = read_head(token, peers.jwks_of(peer_id))
    if members is None:
        return False
    size, root, at = members.get("size"), members.get("root"), members.get("at")
    if type(size) is not int or not 0 <= size <= LARGEST or not isinstance(root, str) or not _ROOT.fullmatch(root):
        return False
    if not isinstance(at, str) or not is_moment(at):
        return False
    head = PeersHead(size, bytes.fromhex(root), datetime.fromisoformat(at.upper()), token)
    held = select(PeerHead).where(PeerHead.peer_id == peer_id, PeerHead.epoch == epoch)
    same = db.session.execute(held.where(PeerHead.size == size)).scalar_one_or_none()
    if same is not None and same.root != head.root:
        return False
    grown = db.session.execute(held.where(PeerHead.size > size, PeerHead.signed_at < head.signed_at).limit(1)).first()
    if grown is not None:
        return False
    peer_heads.keep(head, peer_id, epoch, moment)
    return True
