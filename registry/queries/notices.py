"""Notices of an area: what was told to whom when, and with which result."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from models import IssuedDocument, Notice, NoticeState, Operator, Proceeding, db


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """One notice with whom it is for and what it is about."""

    notice: Notice
    operator: Operator
    proceeding: Proceeding | None
    document: IssuedDocument | None


def of_area(authority_ids: Collection[int], *, state: NoticeState | None = None, limit: int = 200) -> list[ToldNotice]:
    """Notices in cases of these authorities, the newest first."""
    found = (
        select(Notice, Operator, Proceeding, IssuedDocument)
        .join(Operator, Operator.id == Notice.operator_id)
        .join(Proceeding, Proceeding.id == Notice.proceeding_id)
        .outerjoin(IssuedDocument, IssuedDocument.id == Notice.document_id)
        .where(Proceeding.authority_id.in_(authority_ids))
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    if state is not None:
        found = found.where(Notice.state == state)
    return [ToldNotice(*row) for row in db.session.execute(found)]
