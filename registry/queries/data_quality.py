"""What in the register should be looked at: doubtful codes, missing fields, one name with several codes, open names."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from models import Authority, Operator, db
from registry.rules.operator import OperatorKind


class Concern(StrEnum):
    """Kinds of things to be mended."""

    DOUBTFUL_CODE = "doubtful_code"
    NO_CODE = "no_code"
    NO_REGION = "no_region"
    SAME_NAME = "same_name"
    UNCONFIRMED_AUTHORITY = "unconfirmed_authority"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One line of the list: the concern, whom it is about, and their code or number."""

    concern: Concern
    name: str
    identifier: str | None
    detail: str | None


_ORGANISATION = Operator.kind != OperatorKind.NATURAL_PERSON


def doubts(concern: Concern, *, prefix: str | None, limit: int = 500) -> list[Doubt]:
    """Operators of the regions with this prefix (all where it is None), or authorities; in the order of their keys."""
    if concern is Concern.UNCONFIRMED_AUTHORITY:
        unconfirmed = select(Authority).where(Authority.confirmed.is_(False)).order_by(Authority.id).limit(limit)
        return [Doubt(concern, each.name, each.uscc, None) for each in db.session.execute(unconfirmed).scalars()]
    among = select(Operator).where(_ORGANISATION, *_conditions(concern))
    if prefix is not None:
        among = among.where(or_(Operator.region.startswith(prefix, autoescape=True), Operator.region.is_(None)))
    order: Collection[Any] = (Operator.folded_name, Operator.id) if concern is Concern.SAME_NAME else (Operator.id,)
    found = db.session.execute(among.order_by(*order).limit(limit)).scalars()
    return [Doubt(concern, each.name, each.uscc or each.registration_no, each.uscc_doubt) for each in found]


def _conditions(concern: Concern) -> list[ColumnElement[bool]]:
    if concern is Concern.DOUBTFUL_CODE:
        return [Operator.uscc_doubt.is_not(None)]
    if concern is Concern.NO_CODE:
        return [Operator.uscc.is_(None)]
    if concern is Concern.NO_REGION:
        return [Operator.region.is_(None)]
    doubled = (
        select(Operator.folded_name)
        .where(_ORGANISATION, Operator.successor_id.is_(None))
        .group_by(Operator.folded_name)
        .having(func.count() > 1)
    )
    return [Operator.folded_name.in_(doubled), Operator.successor_id.is_(None)]
