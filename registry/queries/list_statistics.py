"""Entries and removals of the public lists, counted from the register: sums only, never a record.

What was withdrawn or corrected was never right and is left out. A sum over few ended stays could point at one of them
(domain.md SM-A, A7), so such sums are not given.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from models import AbnormalListing, HouseholdMark, Operator, ViolationListing, db
from registry.rules.listing import EndReason
from registry.rules.record import RecordState

FEWEST = 5
"""Sums over ended stays that are smaller are not given, nor medians and shares over fewer."""

SOURCES: dict[str, tuple[Any, ...]] = {
    "abnormal": (AbnormalListing, HouseholdMark),
    "violations": (ViolationListing,),
}
_WRONG = (EndReason.DECISION_REVOKED, EndReason.CORRECTED)


def count(day: date) -> dict[str, Any]:
    """`{list: {entered, removed: {month: n}, reasons, regions: {code: n}, ended, repaired, median_days}}`.

    Months are those of the decision to list and of the end; `None` stands for what must not be told.
    """
    return {name: _of_list(models, day) for name, models in SOURCES.items()}


def _of_list(models: tuple[Any, ...], day: date) -> dict[str, Any]:
    entered: dict[str, int] = {}
    removed: dict[str, int] = {}
    reasons: dict[str, int] = {}
    regions: dict[str, int] = {}
    repaired = 0
    stays: list[int] = []
    for model in models:
        for month, number in db.session.execute(_by(func.to_char(model.listed_on, "YYYY-MM"), model, day)):
            entered[month] = entered.get(month, 0) + number
        for reason, number in db.session.execute(_by(model.reason, model, day)):
            reasons[reason] = reasons.get(reason, 0) + number
        in_regions = _by(Operator.region, model, day).join(Operator, Operator.id == model.operator_id)
        for region, number in db.session.execute(in_regions):
            regions[region or ""] = regions.get(region or "", 0) + number
        end = func.coalesce(model.removed_on, model.ended_on, model.public_until)
        ended = and_(_counted(model, day), end <= day)
        rows = select(end, model.listed_on, model.end_reason).where(ended)
        for ended_on, listed_on, reason in db.session.execute(rows):
            month = f"{ended_on:%Y-%m}"
            removed[month] = removed.get(month, 0) + 1
            stays.append((ended_on - listed_on).days)
            repaired += reason is EndReason.REPAIRED
    enough = len(stays) >= FEWEST
    return {
        "entered": entered,
        "removed": {month: number if number >= FEWEST else None for month, number in removed.items()},
        "reasons": reasons,
        "regions": regions,
        "ended": len(stays) if enough else None,
        "repaired": repaired if enough and min(repaired, len(stays) - repaired) not in range(1, FEWEST) else None,
        "median_days": sorted(stays)[len(stays) // 2] if enough else None,
    }


def _by(column: Any, model: Any, day: date) -> Any:
    return select(column, func.count()).select_from(model).where(_counted(model, day)).group_by(column)


def _counted(model: Any, day: date) -> ColumnElement[bool]:
    """Stays that were public once and are not taken back as wrong."""
    return and_(
        model.state.in_((RecordState.IN_FORCE, RecordState.ENDED)),
        or_(model.end_reason.is_(None), model.end_reason.not_in(_WRONG)),
        model.public_from <= day,
    )
