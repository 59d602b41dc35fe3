"""Changing many records at once: locked in the order of their keys, written by one statement, one ledger entry each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry import ledger
from registry.clock import now
from registry.ledger import Actor
from registry.ledger.content import content_columns, content_from
from registry.ledger.entry import make_entry
from registry.queries.records import MODELS
from registry.services.imports.tables import cursor, table_of

BATCH = 1000  # records a transaction: every other change waits while the ledger is locked
ACTOR = Actor("system", "day")

Progress = Callable[[int], None]


@dataclass(slots=True)
class LockedRecord:
    """One record as it stands, with what its ledger entry names; `settings` are the deciding authority's local values."""

    id: int
    record_id: str
    revision: int
    operator_id: int
    operator: str
    uscc: str | None
    authority: str
    settings: dict[str, Any]
    columns: dict[str, Any]


def lock(resource: str, condition: str, given: Mapping[str, Any]) -> list[LockedRecord]:
    """Up to BATCH records (alias `r`) that meet a condition of this package's own, locked in the order of their keys.

    Only this node's: what the day brings to a record of another node comes from there.
    """
    names = content_columns(resource)
    own = ", ".join(f'r."{name}"' for name in names)
    work = cursor()
    work.execute(
        f"SELECT r.id, r.record_id, r.revision, r.operator_id, o.record_id, o.uscc, a.uscc, a.settings, {own}"  # noqa: S608
        f" FROM {table_of(MODELS[resource]).name} r JOIN operator o ON o.id = r.operator_id"
        f" JOIN authority a ON a.id = r.authority_id WHERE ({condition})"
        " AND starts_with(r.record_id, (SELECT node || '.' FROM exchange_node))"
        f" ORDER BY r.id LIMIT {BATCH} FOR UPDATE OF r",
        given,
    )
    return [LockedRecord(*(*row[:8], dict(zip(names, row[8:], strict=True)))) for row in work.fetchall()]


def end_expired(resource: str, records: Sequence[LockedRecord]) -> None:
    """Write records as expired on their own last day."""
    _update(resource, records, "state = 'ended', end_reason = 'expired', ended_on = r.public_until", now())
    for record in records:
        last = record.columns["public_until"]
        record.columns |= {"state": "ended", "end_reason": "expired", "ended_on": last}
    _append(resource, records, "expired", lambda _: {})


def move_ends(
    resource: str, moves: Sequence[tuple[LockedRecord, date]], said: Callable[[LockedRecord], dict[str, Any]]
) -> None:
    """Write other ends of publicity; `said` is what each entry tells beside the record."""
    records = [record for record, _ in moves]
    told = {record.id: said(record) for record in records}
    _update(resource, records, "public_until = k.until", now(), [until for _, until in moves])
    for record, until in moves:
        record.columns["public_until"] = until
    _append(resource, records, "publicity_recomputed", lambda record: told[record.id])


def _update(
    resource: str,
    records: Sequence[LockedRecord],
    assigned: str,
    moment: datetime,
    untils: Sequence[date] | None = None,
) -> None:
    ids = [record.id for record in records]
    cursor().execute(
        f"UPDATE {table_of(MODELS[resource]).name} r SET {assigned}, revision = r.revision + 1, recorded_at = %s"  # noqa: S608
        " FROM unnest(%s::int8[], %s::date[]) AS k(id, until) WHERE r.id = k.id",
        (moment, ids, list(untils) if untils is not None else [None] * len(ids)),
    )


def _append(
    resource: str,
    records: Sequence[LockedRecord],
    verb: str,
    beside: Callable[[LockedRecord], dict[str, Any]],
) -> None:
    ledger.append_many(
        make_entry(
            f"{resource}.{verb}",
            record_type=resource,
            record_id=record.record_id,
            revision=record.revision + 1,
            operator_id=record.operator_id,
            uscc=record.uscc,
            content=content_from(resource, record.columns, operator=record.operator, authority=record.authority)
            | beside(record),
            actor=ACTOR,
        )
        for record in records
    )
