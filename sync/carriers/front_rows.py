"""A message as a row of a front database. Pure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from registry.clock import BEIJING
from sync.carriers.front_tables import COLUMNS, WAITING
from sync.identity import PREFIXES

_ROWS = UUID("8f2c7c0e-4a55-5d2e-9b1f-6a0a9c3e7d11")
_STATUS = {"publish": "publish", "hold": "hold", "end_publicity": "ended", "withdraw": "ended"}


def row_id(record_id: str, revision: int) -> str:
    """The row of one revision of a record: always the same, so that it cannot be there twice."""
    return str(uuid5(_ROWS, f"{record_id} {revision}"))


def row_of(
    members: dict[str, Any], *, batch_no: str, known: bool, upstream_id: str | None, moment: datetime
) -> dict[str, Any]:
    """The row of a message. `known`: the partner has taken an earlier revision, perhaps under a name of its own."""
    publicity = members["publicity"] or {}
    return {
        "row_id": row_id(members["record_id"], members["revision"]),
        "batch_no": batch_no,
        "operation": "D" if members["operation"] == "withdraw" else "U" if known else "I",
        "record_id": members["record_id"],
        "revision": members["revision"],
        "publish_status": _STATUS[members["operation"]],
        "publish_from": _date(publicity.get("from")),
        "publish_until": _date(publicity.get("until")),
        "reason": members["reason"],
        **said(members),
        "created_at": moment.astimezone(BEIJING).replace(tzinfo=None),
        "sync_status": WAITING,
        "sync_time": None,
        "error_code": None,
        "error_message": None,
        "upstream_id": upstream_id,
    }


def said(members: dict[str, Any]) -> dict[str, str | None]:
    """What the record says, by column; null where it says nothing. Lists and objects within are JSON."""
    resource = members["resource"]
    values: dict[str, str | None] = dict.fromkeys(COLUMNS[resource])
    if resource not in PREFIXES:
        values |= {f"subject_{name}": value for name, value in members["subject"].items()}
    for name, value in members["data"].items():
        told = "data_reason" if name == "reason" else name.lower()
        if isinstance(value, dict) and f"{told}_name" in values:
            values |= {f"{told}_{part}": value.get(part) for part in ("uscc", "name")}
        elif told in values and value is not None:
            values[told] = value if isinstance(value, str) else orjson.dumps(value).decode()
    return {name: values[name] for name in COLUMNS[resource]}


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
