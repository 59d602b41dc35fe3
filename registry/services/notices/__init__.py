"""Telling operators of decisions and deadlines, with proof of service: what was told, where, when, and with which result.

A notice is entered in the transaction of its step, with the job that sends it; so none is lost, whatever crashes. It is sent
before its result is noted: a crash in between sends it a second time, under the same reference.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from models import (
    Channel,
    IssuedDocument,
    Notice,
    NoticeState,
    Operator,
    OperatorContact,
    Proceeding,
    Reminder,
    ReminderKind,
    db,
)
from registry import job_queue
from registry.clock import now
from registry.ledger import Actor
from registry.rules.procedure import Actor as Part
from registry.services.matters import Desk
from registry.services.notices import wording
from registry.services.personal_values import PersonalValueGone

CONTACT = "contact"
"""Name of the personal value: a telephone number or an e-mail address, of an application or of an operator."""

SEND = "notice.send"


def tell(
    proceeding: Proceeding, document: IssuedDocument | None = None, *, occasion: str | None = None, desk: Desk
) -> Notice | None:
    """Enter a notice for the contact of a case: of a document, or of its running deadline. The caller commits.

    The contact is the one that its application names, else the operator's. None where there is none, or the same occasion
    was told already.
    """
    operator = proceeding.operator or db.session.get(Operator, proceeding.operator_id or 0)
    address = _contact(proceeding, operator, desk)
    if operator is None or address is None:
        return None
    occasion = occasion or _occasion(proceeding, document)
    subject, content = wording.compose(proceeding, document)
    moment = now()
    entered = (
        insert(Notice)
        .values(
            occasion=occasion,
            operator_id=operator.id,
            proceeding_id=proceeding.id,
            document_id=document.id if document else None,
            channel=Channel.EMAIL if "@" in address else Channel.SMS,
            address=desk.vault.seal(occasion, "address", address).ciphertext,
            content=desk.vault.seal(occasion, "content", f"{subject}\n{content}").ciphertext,
            state=NoticeState.WAITING,
            attempts=0,
            next_attempt_at=moment,
            created_at=moment,
        )
        .on_conflict_do_nothing(index_elements=["occasion"])
        .returning(Notice.id)
    )
    notice_id = db.session.execute(entered).scalar_one_or_none()
    if notice_id is None:
        return None
    job_queue.defer(db.session.connection(), SEND, notice_id=notice_id)
    return db.session.get_one(Notice, notice_id)


def tell_of_step(proceeding: Proceeding, *, since: datetime, desk: Desk) -> None:
    """Tell of every document that a step has issued since this moment. The caller commits."""
    issued = select(IssuedDocument).where(
        IssuedDocument.proceeding_id == proceeding.id, IssuedDocument.issued_at >= since
    )
    for document in db.session.execute(issued.order_by(IssuedDocument.id)).scalars():
        tell(proceeding, document, desk=desk)


def tell_deadlines(desk: Desk) -> int:
    """Tell parties who are asked to act of the deadline that officers were reminded of. How many. The caller commits."""
    reminded = exists().where(
        Reminder.subject == Proceeding.record_id,
        Reminder.deadline == Proceeding.deadline,
        Reminder.due_on == Proceeding.due_on,
        Reminder.kind == ReminderKind.REMINDER,
    )
    cases = db.session.execute(
        select(Proceeding)
        .where(Proceeding.asked_of == Part.PARTY, Proceeding.due_on.is_not(None), reminded)
        .order_by(Proceeding.id)
    ).scalars()
    return sum(tell(case, desk=desk) is not None for case in cases)


def note_contact(operator: Operator, contact: str, *, actor: Actor, desk: Desk) -> None:
    """Keep where an operator wants to be told, in the vault; the newest one counts. The caller commits."""
    digest = desk.vault.put(operator.record_id, CONTACT, contact)
    values = {"digest": digest, "noted_by": str(actor), "noted_at": now()}
    db.session.execute(
        insert(OperatorContact)
        .values(operator_id=operator.id, **values)
        .on_conflict_do_update(index_elements=["operator_id"], set_=values)
    )


def _occasion(proceeding: Proceeding, document: IssuedDocument | None) -> str:
    if document is not None:
        return f"document:{document.id}"
    return f"deadline:{proceeding.record_id}:{proceeding.deadline}:{proceeding.due_on}"


def _contact(proceeding: Proceeding, operator: Operator | None, desk: Desk) -> str | None:
    try:
        if CONTACT in proceeding.personal:
            return desk.vault.read(proceeding.record_id, CONTACT, proceeding.personal[CONTACT])
        known = db.session.get(OperatorContact, operator.id) if operator else None
        if operator is not None and known is not None:
            return desk.vault.read(operator.record_id, CONTACT, known.digest)
    except PersonalValueGone:  # erased: nobody is told any more
        return None
    return None


PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""Before the second try and those after it; with the last one failed a notice is given up."""
