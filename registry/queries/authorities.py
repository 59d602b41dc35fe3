"""The codes under which ledger entries name authorities."""

from collections.abc import Collection

from sqlalchemy import select

from models import Authority, db


def codes_of(authority_ids: Collection[int]) -> set[str]:
    """The unified social credit codes of these authorities."""
    return set(db.session.execute(select(Authority.uscc).where(Authority.id.in_(authority_ids))).scalars())
