"""Messages of other nodes as they stand here, for the officers of the exchange: by how they met the register, or one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from models import ExchangeMessage, MessageState, db
from registry.rules.masking import HIDDEN
from sync.message import parse
from sync.sealed import sent_as

PAGE = 50
MISSING = "missing"
"""Asked for beside the states: what the snapshot of a peer lacked, until digests have told (exchange.md 5)."""

_DOCUMENTS = ("ZJHM", "SFZH", "ZJLX")


def page(state: str, *, record_id: str = "", before: int | None = None) -> Sequence[ExchangeMessage]:
    """Current messages of other origins in a state, newest first, from below a position."""
    found = select(ExchangeMessage).limit(PAGE)
    found = found.where(_in(state)).order_by(ExchangeMessage.position.desc())
    if record_id:
        found = found.where(ExchangeMessage.record_id == record_id)
    if before is not None:
        found = found.where(ExchangeMessage.position < before)
    return db.session.execute(found).scalars().all()


def name_of(message: ExchangeMessage) -> str | None:
    """Whom a message is about, in its own words."""
    name = parse(sent_as(message)).members["subject"].get("name")
    return name if isinstance(name, str) else None


def shown(message: ExchangeMessage) -> dict[str, Any]:
    """The members of a message; numbers of identity documents are not for reading here."""
    members = parse(sent_as(message)).members
    data = {name: HIDDEN if name.endswith(_DOCUMENTS) and value else value for name, value in members["data"].items()}
    subject = {name: value for name, value in members["subject"].items() if name != "person_key"}
    return {**members, "subject": subject, "data": data}


def _in(state: str) -> ColumnElement[bool]:
    if state == MISSING:
        return ExchangeMessage.missing_since.is_not(None)
    return ExchangeMessage.state == MessageState(state)
