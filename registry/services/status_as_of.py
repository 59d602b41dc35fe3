"""A merchant's status as of an earlier day: what was in legal effect then, among what is public today (interfaces.md).

What the law has taken from the public since shows on no day; so this tells less of the past than officers may read.
"""

from datetime import date
from typing import Any

import orjson

from registry.errors import RuleViolation
from registry.services.merchant_status import Ask, Found, in_order

_ROWS = """
    SELECT coalesce(json_agg(json_build_object(
               'record_id', p.record_id, 'type', p.type, 'level', p.level,
               'public_from', p.public_from, 'public_until', p.public_until, 'data', p.data)), '[]')::text
      FROM public_finding p WHERE p.record_id = ANY(%(records)s)
"""


class AsOfInvalid(RuleViolation):
    """The day asked about is no day, or has not come yet: what law will be in effect then nobody knows."""

    code = "as_of_invalid"


def day_asked(text: str, today: date) -> date:
    """The day of `as_of`, in ISO 8601, today at the latest. AsOfInvalid otherwise."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise AsOfInvalid("as_of must be a day such as 2026-03-02.") from error
    if day > today:
        raise AsOfInvalid("as_of must not be in the future.")
    return day


def as_of(found: Found, day: date, ask: Ask) -> Found:
    """The same operator with those of its public findings that were in legal effect on `day`, each as heavy as then.

    A finding takes effect with its decision, which can be before it became public; a record whose weight changes with
    time weighs what it weighed on that day.
    """
    records = sorted({each["record_id"] for each in found.findings})
    text = ask(lambda connection: connection.execute(_ROWS, {"records": records}).fetchone())[0]
    stretches: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in orjson.loads(text):
        stretches.setdefault((row["record_id"], row["type"]), []).append(row)
    public_today = {(each["record_id"], each["type"]) for each in found.findings}
    in_effect = [_on(rows, day.isoformat()) for key, rows in stretches.items() if key in public_today]
    return found._replace(findings=in_order([row for row in in_effect if row is not None]))


def _on(rows: list[dict[str, Any]], day: str) -> dict[str, Any] | None:
    """The stretch of one record that holds on a day, all in ISO 8601; None where the record was not in effect yet."""
    rows.sort(key=lambda row: row["public_from"])
    if (rows[0]["data"]["decided_on"] or rows[0]["public_from"]) > day:
        return None
    return next((row for row in reversed(rows) if row["public_from"] <= day), rows[0])
