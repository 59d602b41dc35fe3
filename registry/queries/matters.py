"""Reading matters: one, those about a record, the inbox of an area."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Matter, db
from registry.rules.penalty_procedure import OPEN, Subject


def get_matter(matter_id: int, authority_ids: Collection[int]) -> Matter | None:
    """The matter with this number where one of these authorities decided; None elsewhere, as if it were not there."""
    return db.session.execute(
        select(Matter)
        .where(Matter.id == matter_id, Matter.authority_id.in_(authority_ids))
        .options(joinedload(Matter.authority))
    ).scalar_one_or_none()


def open_matter_about(record_id: str) -> Matter | None:
    """The one open matter about a record, if there is one."""
    return db.session.execute(
        select(Matter).where(Matter.record_id == record_id, Matter.state.in_(OPEN))
    ).scalar_one_or_none()


def matters_about(record_id: str) -> list[Matter]:
    """Every matter there was about a record, the oldest first."""
    return list(db.session.execute(select(Matter).where(Matter.record_id == record_id).order_by(Matter.id)).scalars())


def open_matters(authority_ids: Collection[int], *, subject: Subject | None = None, limit: int = 500) -> list[Matter]:
    """Open matters of an area, the nearest deadline first; those whose deadline is not known yet come last."""
    found = select(Matter).where(Matter.authority_id.in_(authority_ids), Matter.state.in_(OPEN))
    if subject is not None:
        found = found.where(Matter.subject == subject)
    return list(
        db.session.execute(
            found.options(joinedload(Matter.authority)).order_by(Matter.due_on.nulls_last(), Matter.id).limit(limit)
        ).scalars()
    )


def open_matters_with_number(authority_ids: Collection[int], document_no_key: str) -> list[Matter]:
    """Open entries that carry this normalised document number: somebody is typing the same decision already."""
    return list(
        db.session.execute(
            select(Matter)
            .where(
                Matter.authority_id.in_(authority_ids),
                Matter.document_no_key == document_no_key,
                Matter.state.in_(OPEN),
            )
            .order_by(Matter.id)
            .limit(10)
        ).scalars()
    )
