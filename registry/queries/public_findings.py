"""What the public may see on a day. Every public output asks here; no page decides it again."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import PublicFinding, db
from registry.rules.merchant_status import FindingType

LISTS = (FindingType.VIOLATION_LISTING, FindingType.ABNORMAL_LISTING, FindingType.HOUSEHOLD_MARK)
ORDER = (*LISTS, FindingType.REGISTRATION_STATUS, FindingType.PERSON_BAN, FindingType.PENALTY, FindingType.LICENCE)
"""Gravest first, as pages show them."""


def public_on(day: date) -> ColumnElement[bool]:
    """Findings that the public may see on `day`: the interval is half-open (architecture.md 1)."""
    return and_(
        PublicFinding.public_from <= day,
        or_(PublicFinding.public_until.is_(None), day < PublicFinding.public_until),
    )


def findings_of(operator_id: int, day: date) -> list[PublicFinding]:
    """All findings of an operator that are public on `day`, gravest kind first, newest first."""
    found = db.session.execute(
        select(PublicFinding).where(PublicFinding.operator_id == operator_id, public_on(day))
    ).scalars()
    return sorted(found, key=lambda each: (ORDER.index(each.type), -each.public_from.toordinal(), each.record_id))


def finding_of_record(record_id: str, day: date) -> PublicFinding | None:
    """The finding of one record, if the public may see it on `day`."""
    return db.session.execute(
        select(PublicFinding)
        .where(PublicFinding.record_id == record_id, public_on(day))
        .order_by(PublicFinding.public_from.desc(), PublicFinding.type)
        .limit(1)
    ).scalar_one_or_none()


def lists_of(operator_ids: Collection[int], day: date) -> dict[int, list[FindingType]]:
    """On which lists each of these operators stands on `day`, gravest first; operators on none are left out."""
    if not operator_ids:
        return {}
    rows = db.session.execute(
        select(PublicFinding.operator_id, PublicFinding.type)
        .where(PublicFinding.operator_id == func.any(list(operator_ids)), PublicFinding.type.in_(LISTS), public_on(day))
        .distinct()
    )
    found: dict[int, list[FindingType]] = {}
    for operator_id, kind in rows:
        found.setdefault(operator_id, []).append(kind)
    return {operator_id: sorted(kinds, key=LISTS.index) for operator_id, kinds in found.items()}


def counts_by_type(day: date) -> dict[FindingType, int]:
    """How many records of each kind are public on `day`; a kind without any counts 0."""
    rows: Sequence[tuple[FindingType, int]] = [
        (kind, count)
        for kind, count in db.session.execute(
            select(PublicFinding.type, func.count()).where(public_on(day)).group_by(PublicFinding.type)
        )
    ]
    return dict.fromkeys(FindingType, 0) | dict(rows)
