"""Sending what waits: one notice a transaction, with growing pauses between tries, given up after the last."""

import hashlib

import structlog
from sqlalchemy import select

from models import Notice, NoticeState, db
from registry.clock import now
from registry.config import Settings
from registry.services.matters import Desk
from registry.services.notices import PAUSES
from registry.services.notices.senders import Message, SendingFailed, sender_for
from registry.transaction import transaction

_log = structlog.get_logger()
AT_ONCE = 200
"""Notices of one job: then others have their turn."""


def send(notice_id: int, *, settings: Settings, desk: Desk) -> NoticeState | None:
    """Try one notice that is due, and keep what came of it. None where it is not due, or somebody is at it."""
    with transaction():
        notice = db.session.execute(
            select(Notice)
            .where(Notice.id == notice_id, Notice.state == NoticeState.WAITING, Notice.next_attempt_at <= now())
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if notice is None:
            return None
        notice.attempts += 1
        try:
            notice.result = sender_for(notice.channel, settings).send(_message(notice, desk))
        except SendingFailed as failure:
            notice.result = str(failure)
            if notice.attempts > len(PAUSES):
                notice.state = NoticeState.GIVEN_UP
            else:
                notice.next_attempt_at = now() + PAUSES[notice.attempts - 1]
        else:
            notice.state, notice.sent_at = NoticeState.SENT, now()
        state, result, attempts = notice.state, notice.result, notice.attempts
    _log.info("notice.tried", notice_id=notice_id, state=state.value, attempts=attempts, result=result)
    return state


def send_due(*, settings: Settings, desk: Desk) -> int:
    """Try every notice whose pause is over, the oldest first. How many were tried."""
    due = select(Notice.id).where(Notice.state == NoticeState.WAITING, Notice.next_attempt_at <= now())
    ids = db.session.execute(due.order_by(Notice.next_attempt_at, Notice.id).limit(AT_ONCE)).scalars().all()
    db.session.rollback()
    return sum(send(notice_id, settings=settings, desk=desk) is not None for notice_id in ids)


def _message(notice: Notice, desk: Desk) -> Message:
    subject, _, text = desk.vault.open(notice.occasion, "content", notice.content).partition("\n")
    return Message(
        reference=hashlib.sha256(notice.occasion.encode()).hexdigest()[:32],
        channel=notice.channel,
        address=desk.vault.open(notice.occasion, "address", notice.address),
        subject=subject,
        text=text,
    )
