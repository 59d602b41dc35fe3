"""Statistics of the public lists: counted by the worker, kept with their moment, counted anew when that is old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from models import PublicFigures, db
from registry.clock import BEIJING, now
from registry.queries import list_statistics

NAME = "list_statistics"
KEPT = timedelta(minutes=30)
"""How old the figures may be when somebody looks; the worker counts them three times as often."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of `list_statistics.count` and the moment they were counted at."""

    counted_at: datetime
    lists: dict[str, Any]


def current() -> Statistics:
    """The kept figures where they are of today and not older than KEPT, else fresh ones. The caller commits."""
    kept = db.session.get(PublicFigures, NAME, populate_existing=True)
    moment = now()
    if kept is not None:
        counted_at = kept.counted_at.astimezone(BEIJING)
        if counted_at.date() == moment.date() and timedelta() <= moment - counted_at < KEPT:
            return Statistics(counted_at, kept.data)
    return refresh()


def refresh() -> Statistics:
    """Count anew and keep the result. The caller commits."""
    moment = now()
    figures = list_statistics.count(moment.date())
    fresh = insert(PublicFigures).values(name=NAME, counted_at=moment, data=figures)
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[PublicFigures.name],
            set_={"counted_at": fresh.excluded.counted_at, "data": fresh.excluded.data},
        )
    )
    return Statistics(moment, figures)
