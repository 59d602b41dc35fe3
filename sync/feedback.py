"""What a province says about a record of ours comes as a message, and goes into the problem queue (exchange.md 2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from models import Direction, ExchangeMessage, ExchangeProblem, Peer, ProblemState, db
from sync.message import LARGEST, Message
from sync.problems import kept_fault
from sync.sealed import message_sent, problem_kept


def note(messages: Sequence[Message], *, own: str, peer: Peer, moment: datetime) -> None:
    """Open a problem for each feedback about a record of this node; what names no such record is only kept.

    One problem a revision: a second feedback on it says no more than that the first was not heeded. The caller commits.
    """
    for message in messages:
        about = message.members["data"].get("about")
        record_id, revision = _named(about)
        if record_id is None or revision is None or not record_id.startswith(f"{own}."):
            continue
        content = db.session.execute(
            select(ExchangeMessage.content).where(
                ExchangeMessage.record_id == record_id, ExchangeMessage.revision == revision
            )
        ).scalar_one_or_none()
        refused = message.raw if content is None else message_sent(record_id, content)
        data = message.members["data"]
        fault = {name: data[name] for name in ("code", "field", "message") if isinstance(data.get(name), str)}
        db.session.execute(
            insert(ExchangeProblem)
            .values(
                direction=Direction.OUT,
                peer_id=peer.id,
                record_id=record_id,
                revision=revision,
                content=problem_kept(Direction.OUT.value, record_id, revision, refused),
                faults=[kept_fault(fault)],
                state=ProblemState.OPEN,
                at=moment,
            )
            .on_conflict_do_nothing()
        )


def _named(about: Any) -> tuple[str | None, int | None]:
    """Record and revision that a feedback is about. Data holds no numbers, so the revision comes as a text."""
    if not isinstance(about, dict):
        return None, None
    record_id, revision = about.get("record_id"), about.get("revision")
    if not isinstance(record_id, str) or "\0" in record_id or not isinstance(revision, str):
        return None, None
    if not (revision.isascii() and revision.isdigit() and len(revision) <= 16 and 1 <= int(revision) <= LARGEST):
        return None, None
    return record_id, int(revision)
