"""Reading the access log: newest first, walked by key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_

from models import AccessLog, ApiClient, db

PAGE = 100

Row = tuple[AccessLog, str | None]


def lines(
    *,
    event: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    after_key: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> Sequence[Row]:
    """Lines with the client's name where one asked. `event` is a beginning (`sign_in`); `after_key` is the last line seen."""
    asked = select(AccessLog, ApiClient.name).outerjoin(ApiClient, ApiClient.id == AccessLog.client_id)
    if event:
        asked = asked.where(AccessLog.event.startswith(event, autoescape=True))
    if actor:
        asked = asked.where(AccessLog.actor == actor)
    if since is not None:
        asked = asked.where(AccessLog.at >= since)
    if before is not None:
        asked = asked.where(AccessLog.at < before)
    if after_key is not None:
        asked = asked.where(tuple_(AccessLog.at, AccessLog.id) < after_key)
    rows = db.session.execute(asked.order_by(AccessLog.at.desc(), AccessLog.id.desc()).limit(limit))
    return [(line, client) for line, client in rows]


def sign_ins_of(actor: str, limit: int) -> Sequence[AccessLog]:
    """The last lines about signing in of one account, refused ones too."""
    return [line for line, _ in lines(event="sign_in.", actor=actor, limit=limit)]
