"""What a run has last seen of a partner without the wire: files that lie there, rows that wait. The console shows only this.

No page looks into a partner's folder or database by itself: either may be away, and a reader would wait for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from models import Carrier, Peer, PublicFigures, ReceivedBatch, SentBatch, SentState, db
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
    kept = db.session.get(PublicFigures, _name(node), populate_existing=True)
    moment = now()
    fresh = kept is not None and "code" not in kept.data and timedelta() <= moment - kept.counted_at < FRESH
    db.session.commit()
    if fresh and not anew:
        return
    found = dict(seen())
    with transaction():
        _keep(node, {"looked_at": moment.isoformat(), "seen": found})


def lost(node: str, code: str) -> None:
    """Keep that nothing can be seen, and since when; what was seen last stays. Commits."""
    with transaction():
        kept = db.session.get(PublicFigures, _name(node), populate_existing=True)
        data = {} if kept is None else dict(kept.data)
        _keep(node, data | {"code": code, "lost_since": data.get("lost_since", now().isoformat())})


def of(peer: Peer) -> PartnerSide | None:
    """What is known of a peer that is reached by file or front database; None of one that speaks the wire."""
    if peer.carrier is Carrier.HTTP:
        return None
    kept = db.session.get(PublicFigures, _name(peer.node), populate_existing=True)
    data = {} if kept is None else kept.data
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


def _keep(node: str, data: Mapping[str, Any]) -> None:
    fresh = insert(PublicFigures).values(name=_name(node), counted_at=now(), data=data)
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[PublicFigures.name],
            set_={"counted_at": fresh.excluded.counted_at, "data": fresh.excluded.data},
        )
    )


def _name(node: str) -> str:
    return f"exchange.partner.{node}"


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
