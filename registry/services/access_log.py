"""Lines of the access log: who signed in, looked, exported, administered. The serving role can only add to it."""

from typing import Any

from sqlalchemy import insert

from models import AccessLog, db
from registry.clock import now


def note(
    event: str,
    *,
    actor: str | None = None,
    purpose: str | None = None,
    operator_id: int | None = None,
    request_id: str | None = None,
    status: int | None = None,
) -> None:
    """Add a line in this transaction. `purpose` holds a reason or a subject's number, never a personal value."""
    line: dict[str, Any] = {
        "at": now(),
        "event": event,
        "actor": actor,
        "purpose": purpose,
        "operator_id": operator_id,
        "request_id": request_id,
        "status": status,
    }
    db.session.execute(insert(AccessLog).values(**line))
