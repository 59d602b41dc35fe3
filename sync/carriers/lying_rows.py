"""Rows of a front database counted by table: waiting, taken, refused, and since when the oldest waits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from registry.clock import BEIJING
from sync.carriers.front_tables import REFUSED, TAKEN, WAITING, status_of, tables

_WORDS = {WAITING: "waiting", TAKEN: "taken", REFUSED: "refused", None: "unknown"}


def lying(connection: Connection, prefix: str) -> Mapping[str, Any]:
    """Counts of every table, as the partner's database has them at this moment."""
    found = []
    for resource, table in tables(prefix).items():
        columns = table.c
        counted = connection.execute(
            select(
                columns.sync_status,
                func.count().label("rows"),
                func.min(columns.created_at).label("oldest"),
                func.max(columns.sync_time).label("synced"),
                func.count(columns.upstream_id).label("named"),
            ).group_by(columns.sync_status)
        )
        told: dict[str, Any] = dict.fromkeys(_WORDS.values(), 0) | {"named": 0, "oldest": None, "synced": None}
        synced: list[datetime] = []
        for row in counted:
            status = status_of(row.sync_status)
            told[_WORDS[status]] += row.rows
            if status in {TAKEN, REFUSED}:
                told["named"] += row.named
                synced += [row.synced] if isinstance(row.synced, datetime) else []
            elif status == WAITING:
                told["oldest"] = _beijing(row.oldest)
        told["synced"] = _beijing(max(synced, default=None))
        found.append({"table": table.name, "resource": resource, **told})
    return {"tables": found}


def _beijing(moment: Any) -> str | None:
    """A moment of a front database, which has no zone, as text that has one."""
    if not isinstance(moment, datetime):
        return None
    return moment.replace(tzinfo=BEIJING).isoformat(timespec="seconds")
