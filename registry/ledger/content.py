"""What a ledger payload says of a record: every column that was decided, none that was derived.

One description serves both ways in: `content_of` reads a record that the ORM holds, `content_from` the columns of a
bulk statement. So `ledger rebuild --check` can compare tables with payloads to the letter, however the rows came in.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import inspect

from models import (
    AbnormalListing,
    HouseholdMark,
    InspectionResult,
    Licence,
    Operator,
    Penalty,
    Proceeding,
    ViolationListing,
)
from models.base import RecordMixin

RECORD_TYPES: dict[str, type[RecordMixin]] = {
    "operator": Operator,
    "administrative_penalty": Penalty,
    "administrative_licence": Licence,
    "abnormal_listing": AbnormalListing,
    "household_mark": HouseholdMark,
    "violation_listing": ViolationListing,
    "inspection_result": InspectionResult,
    "proceeding": Proceeding,
}
"""Resource names of exchange.md 2, and the model that holds each; proceedings stay inside."""

TYPE_OF: dict[type, str] = {model: name for name, model in RECORD_TYPES.items()}

_NOT_CONTENT = {"id", "record_id", "revision", "recorded_at"}  # stand in the entry itself
DERIVED = {"folded_name", "initials", "search_terms", "document_no_key", "licence_no_key", "decision_no_key"}
LINKS = {"operator_id": "operator", "authority_id": "authority", "successor_id": "successor"}
"""Foreign keys, and the member that names the other side for ever: a record_id, or an authority's USCC."""


@cache
def content_columns(record_type: str) -> tuple[str, ...]:
    """Names of the plain columns in a payload of this type, links left out."""
    columns = inspect(RECORD_TYPES[record_type]).columns
    return tuple(c.key for c in columns if c.key not in _NOT_CONTENT | DERIVED | LINKS.keys())


def plain(value: Any) -> Any:
    """A column value as JSON knows it: days as ISO 8601, amounts in yuan as strings with two decimals."""
    if value is None or type(value) is str:  # nearly every one
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def content_from(record_type: str, columns: Mapping[str, Any], **links: Any) -> dict[str, Any]:
    """Content from column values; `links` holds what LINKS names, and an operator's former names and presences."""
    content = {name: plain(columns.get(name)) for name in content_columns(record_type)}
    content.update(links)
    return content


def presence_content(presence: Any) -> dict[str, Any]:
    """One online presence as a payload holds it."""
    return {
        "type": str(presence.type),
        "name": presence.name,
        "url": presence.url,
        "platform": presence.platform,
        "icp_no": presence.icp_no,
    }


def former_name_content(name: str, used_until: date | None) -> dict[str, Any]:
    """One former name as a payload holds it."""
    return {"name": name, "used_until": plain(used_until)}


def content_of(record: RecordMixin) -> dict[str, Any]:
    """Content of a record that the session holds, after its flush."""
    record_type = TYPE_OF[type(record)]
    columns = {name: getattr(record, name) for name in content_columns(record_type)}
    if isinstance(record, Operator):
        return content_from(
            record_type,
            columns,
            successor=record.successor.record_id if record.successor else None,
            former_names=sorted(
                (former_name_content(n.name, n.used_until) for n in record.former_names), key=_by_bytes
            ),
            online_presences=sorted((presence_content(p) for p in record.online_presences), key=_by_bytes),
        )
    if isinstance(record, Proceeding):
        operator = record.operator.record_id if record.operator else None
        return content_from(record_type, columns, operator=operator, authority=record.authority.uscc)
    assert isinstance(record, Penalty | Licence | AbnormalListing | HouseholdMark | ViolationListing | InspectionResult)
    return content_from(record_type, columns, operator=record.operator.record_id, authority=record.authority.uscc)


def _by_bytes(member: dict[str, Any]) -> str:
    return repr(sorted(member.items(), key=lambda item: item[0]))


def ordered(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Former names or presences in the order of a payload, so that equal sets give equal bytes."""
    return sorted(members, key=_by_bytes)
