"""What in the register should be looked at: doubtful codes, missing fields, one name with several codes, flagged rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select

from models import Authority, ImportFile, ImportRow, ImportRun, ImportState, Operator, db
from registry.queries.scoping import registered_within, within
from registry.rules.operator import OperatorKind
from registry.rules.roles import Scope, covers_districts


class Concern(StrEnum):
    """Kinds of things to be mended."""

    DOUBTFUL_CODE = "doubtful_code"
    NO_CODE = "no_code"
    NO_REGION = "no_region"
    SAME_NAME = "same_name"
    UNCONFIRMED_AUTHORITY = "unconfirmed_authority"
    FLAGGED_ROW = "flagged_row"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One line of the list: the concern, whom it is about, their code or number; and where it is mended.

    That is the page of an operator, or of a row of an uploaded file; neither for an authority or a file of the command
    line. `name` is that of the file for a flagged row, `faults` what was noted of it.
    """

    concern: Concern
    name: str
    identifier: str | None
    detail: str | None
    operator_id: int | None = None
    file_id: int | None = None
    line: int | None = None
    faults: Sequence[dict[str, Any]] = ()


_ORGANISATION = Operator.kind != OperatorKind.NATURAL_PERSON


def doubts(concern: Concern, scope: Scope, limit: int = 500) -> list[Doubt]:
    """What concerns the officer's area, in the order of the keys; flagged rows newest run first."""
    if concern is Concern.UNCONFIRMED_AUTHORITY:
        return _unconfirmed(scope, limit)
    if concern is Concern.FLAGGED_ROW:
        return _flagged(scope, limit)
    among = select(Operator).where(_ORGANISATION, *_conditions(concern), registered_within(scope, Operator.region))
    order: Collection[Any] = (Operator.folded_name, Operator.id) if concern is Concern.SAME_NAME else (Operator.id,)
    found = db.session.execute(among.order_by(*order).limit(limit)).scalars()
    return [Doubt(concern, each.name, each.uscc or each.registration_no, each.uscc_doubt, each.id) for each in found]


def flagged_rows(run_ids: Collection[int], limit: int) -> Sequence[Row[Any]]:
    """Line and faults of rows that runs took in although something should be looked at, in the order of the file."""
    return db.session.execute(
        select(ImportRow.line, ImportRow.faults)
        .where(ImportRow.run_id.in_(run_ids), ImportRow.refused.is_(False))
        .order_by(ImportRow.run_id, ImportRow.line)
        .limit(limit)
    ).all()


def _unconfirmed(scope: Scope, limit: int) -> list[Doubt]:
    stray = Authority.region.is_(None) if covers_districts(scope) else false()
    among = select(Authority).where(
        Authority.confirmed.is_(False), or_(within(scope, Authority.id, Authority.region), stray)
    )
    found = db.session.execute(among.order_by(Authority.id).limit(limit)).scalars()
    return [Doubt(Concern.UNCONFIRMED_AUTHORITY, each.name, each.uscc, None) for each in found]


def _flagged(scope: Scope, limit: int) -> list[Doubt]:
    own = select(Authority.id).where(within(scope, Authority.id, Authority.region))
    rows = db.session.execute(
        select(
            ImportRow.line,
            ImportRow.faults,
            ImportFile.id,
            func.coalesce(ImportFile.file_name, ImportRun.file_name).label("name"),
        )
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .outerjoin(
            ImportFile, and_(ImportFile.run_id == ImportRun.id, ImportFile.authority_id == ImportRun.authority_id)
        )
        .where(ImportRow.refused.is_(False), ImportRun.state == ImportState.FINISHED, ImportRun.authority_id.in_(own))
        .order_by(ImportRow.run_id.desc(), ImportRow.line, ImportFile.id)
        .limit(limit)
    )
    return [
        Doubt(Concern.FLAGGED_ROW, name, None, None, file_id=file_id, line=line, faults=faults)
        for line, faults, file_id, name in rows
    ]


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
