"""Notices of an area: what was told to whom when, and with which result."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from models import IssuedDocument, Notice, NoticeState, Operator, Proceeding, db
from registry.queries.scoping import registered_within
from registry.rules.roles import Scope


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """One notice with whom it is for and what it is about."""

    notice: Notice
    operator: Operator
    proceeding: Proceeding | None
    document: IssuedDocument | None


def of_area(
    authority_ids: Collection[int], scope: Scope, *, state: NoticeState | None = None, limit: int = 200
) -> list[ToldNotice]:
    """Notices of these authorities, the newest first: in their cases, of documents of their batches.

    That the mark of a household began or ended in a batch has neither: it is for the area where the household is registered.
    """
    batch_document = and_(Notice.proceeding_id.is_(None), IssuedDocument.authority_id.in_(authority_ids))
    mark = and_(Notice.proceeding_id.is_(None), Notice.document_id.is_(None), registered_within(scope, Operator.region))
    found = (
        select(Notice, Operator, Proceeding, IssuedDocument)
        .join(Operator, Operator.id == Notice.operator_id)
        .outerjoin(Proceeding, Proceeding.id == Notice.proceeding_id)
        .outerjoin(IssuedDocument, IssuedDocument.id == Notice.document_id)
        .where(or_(Proceeding.authority_id.in_(authority_ids), batch_document, mark))
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    if state is not None:
        found = found.where(Notice.state == state)
    return [ToldNotice(*row) for row in db.session.execute(found)]
