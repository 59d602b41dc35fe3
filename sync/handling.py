"""What a person does about the exchange with a peer: pause it, let it go on, say that an incident was seen."""

from sqlalchemy import select, update

from models import ExchangeIncident, Peer, PeerChain, PeerState, db
from registry.clock import now
from registry.errors import NotFound


class IncidentNotFound(NotFound):
    """No incident of this peer has this number."""

    code = "incident_not_found"


def pause(peer: Peer) -> None:
    """Nothing is sent to the peer and nothing is fetched until somebody lets it go on; what it sends is taken. Caller commits."""
    peer.state, peer.incident = PeerState.PAUSED, None
    db.session.flush()


def resume(peer: Peer) -> None:
    """Go on after a pause or after an incident that a person has dealt with: chains that stood still go on too. Caller commits."""
    peer.state, peer.incident = PeerState.ACTIVE, None
    db.session.execute(update(PeerChain).where(PeerChain.peer_id == peer.id).values(incident=None, incident_at=None))
    db.session.flush()


def see(peer: Peer, incident_id: int, *, by: str) -> ExchangeIncident:
    """Note who has looked at an incident; the same one is noted anew when it comes again. IncidentNotFound. Caller commits."""
    found = db.session.execute(
        select(ExchangeIncident).where(ExchangeIncident.id == incident_id, ExchangeIncident.peer_id == peer.id)
    ).scalar_one_or_none()
    if found is None:
        raise IncidentNotFound("No incident of this peer has this number.")
    if found.seen_at is None:
        found.seen_by, found.seen_at = by, now()
        db.session.flush()
    return found
