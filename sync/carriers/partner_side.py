"""What a run has last seen of a partner without the wire: files that lie there, rows that wait. The console shows only this.

No page looks into a partner's folder or database by itself: either may be away, and a reader would wait for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from models import Carrier, Peer, ReceivedBatch, SentBatch, SentState, db
from registry.clock import now
from registry.transaction import transaction

FRESH = timedelta(minutes=5)
"""How long what was seen will do where a run had nothing to do: counting may be dear in a partner's database."""


@dataclass(frozen=True, slots=True)
class PartnerSide:
    """`seen`: what lay there at `looked_at`. `code`: why nothing could be seen since `lost_since`; None where all is well."""

    looked_at: datetime | None
    seen: Mapping[str, Any]
    code: str | None
    lost_since: datetime | None
    answered_at: datetime | None
    unanswered_since: datetime | None


def look(node: str, seen: Callable[[], Mapping[str, Any]], *, anew: bool) -> None:
    """Keep what is seen, where it is not fresh or is asked for anew. Commits. What `seen` raises."""
    kept = _kept(node)
    looked_at, moment = _moment(kept.get("looked_at")), now()
    fresh = looked_at is not None and "code" not in kept and timedelta() <= moment - looked_at < FRESH
    db.session.commit()
    if fresh and not anew:
        return
    found = dict(seen())
    with transaction():
        _keep(node, {"looked_at": moment.isoformat(), "seen": found})


def lost(node: str, code: str) -> None:
    """Keep that nothing can be seen, and since when; what was seen last stays. Commits."""
    with transaction():
        kept = _kept(node)
        _keep(node, kept | {"code": code, "lost_since": kept.get("lost_since", now().isoformat())})


def of(peer: Peer) -> PartnerSide | None:
    """What is known of a peer that is reached by file or front database; None of one that speaks the wire."""
    if peer.carrier is Carrier.HTTP:
        return None
    data = _kept(peer.node)
    ours = (SentBatch.peer_id == peer.id,)
    waiting = select(func.min(SentBatch.frozen_at)).where(
        *ours, SentBatch.state == SentState.FROZEN, SentBatch.headers != {}
    )
    answered = select(func.max(SentBatch.receipted_at)).where(*ours)
    received = select(func.max(ReceivedBatch.received_at)).where(ReceivedBatch.peer_id == peer.id)
    read = [moment for query in (answered, received) if (moment := db.session.execute(query).scalar_one()) is not None]
    return PartnerSide(
        looked_at=_moment(data.get("looked_at")),
        seen=data.get("seen", {}),
        code=data.get("code"),
        lost_since=_moment(data.get("lost_since")),
        answered_at=max(read, default=None),
        unanswered_since=db.session.execute(waiting).scalar_one(),
    )


def _kept(node: str) -> dict[str, Any]:
    """What was kept last; read anew, since another process keeps it."""
    return db.session.execute(select(Peer.side).where(Peer.node == node)).scalar_one() or {}


def _keep(node: str, data: Mapping[str, Any]) -> None:
    db.session.execute(update(Peer).where(Peer.node == node).values(side=data))


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
