"""What a person must look at: noted once a code and peer until somebody has seen it, then anew."""

from typing import Any

from sqlalchemy import select

from models import ExchangeIncident, Peer, db
from registry.clock import now


def note(code: str, peer: Peer | None, **detail: Any) -> ExchangeIncident:
    """Note an incident; the same one again only counts. `detail` is names and numbers, never data of persons.

    The caller commits.
    """
    peer_id = peer.id if peer else None
    standing = db.session.execute(
        select(ExchangeIncident)
        .where(
            ExchangeIncident.peer_id.is_not_distinct_from(peer_id),
            ExchangeIncident.code == code,
            ExchangeIncident.seen_at.is_(None),
        )
        .order_by(ExchangeIncident.id.desc())
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    if standing is None:
        standing = ExchangeIncident(peer_id=peer_id, code=code, times=0)
        db.session.add(standing)
    standing.times += 1
    standing.detail, standing.at = detail, now()
    db.session.flush()
    return standing
