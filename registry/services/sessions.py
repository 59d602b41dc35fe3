"""Sessions of signed-in officers: a random token in the cookie, its hash in a row that can be ended from here."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from models import Officer, OfficerSession, db
from registry.clock import now
from registry.rules.account_policy import POLICY

_TOUCHED_EVERY = timedelta(seconds=30)  # a row is not written anew for each picture of a page
_LONGEST_BROWSER = 120


def start(officer: Officer, browser: str | None) -> str:
    """A session that has passed the password only; its token. The oldest ends where there are too many."""
    token = secrets.token_urlsafe(32)
    moment = now()
    db.session.add(
        OfficerSession(
            token_hash=_hash_of(token),
            officer=officer,
            started_at=moment,
            last_at=moment,
            browser=(browser or "")[:_LONGEST_BROWSER] or None,
        )
    )
    db.session.flush()
    for surplus in open_sessions(officer)[POLICY.sessions :]:
        surplus.ended_at = moment
    return token


def find(token: str) -> OfficerSession | None:
    """The session of a token while it may be used: not ended, not idle too long, not too old, its officer not disabled."""
    session = db.session.execute(
        select(OfficerSession).where(OfficerSession.token_hash == _hash_of(token))
    ).scalar_one_or_none()
    if session is None or not is_usable(session):
        return None
    return session


def is_usable(session: OfficerSession) -> bool:
    """Whether a session may go on now."""
    moment = now()
    return (
        session.ended_at is None
        and session.officer.disabled_at is None
        and moment < session.last_at + POLICY.idle
        and moment < session.started_at + POLICY.longest_session
    )


def touch(session: OfficerSession) -> None:
    """Note that it is in use, in a statement of its own that commits at once."""
    moment = now()
    if moment - session.last_at >= _TOUCHED_EVERY:
        db.session.execute(
            update(OfficerSession)
            .where(OfficerSession.id == session.id, OfficerSession.last_at < moment)
            .values(last_at=moment)
        )
        db.session.commit()


def is_stepped_up(session: OfficerSession) -> bool:
    """Whether a code was given within the last minutes, as approving and exporting demand."""
    return session.stepped_up_at is not None and now() < session.stepped_up_at + POLICY.step_up_lasts


def end(session: OfficerSession) -> None:
    """End one session. The caller commits."""
    session.ended_at = now()


def end_all(officer: Officer, *, but: OfficerSession | None = None) -> None:
    """End every session of an officer, but one perhaps. The caller commits."""
    ended = update(OfficerSession).where(OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None))
    if but is not None:
        ended = ended.where(OfficerSession.id != but.id)
    db.session.execute(ended.values(ended_at=now()))


def open_sessions(officer: Officer) -> Sequence[OfficerSession]:
    """Sessions of an officer that may still be used, newest first."""
    rows = db.session.execute(
        select(OfficerSession)
        .where(OfficerSession.officer_id == officer.id, OfficerSession.ended_at.is_(None))
        .order_by(OfficerSession.id.desc())
    ).scalars()
    return [row for row in rows if is_usable(row)]


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
