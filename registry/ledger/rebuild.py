"""The current tables derived again from the ledger's last payloads, and compared row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlalchemy.types import BigInteger

from models import Authority, FormerName, LedgerEntry, OnlinePresence, Operator
from models.base import RecordMixin
from registry.ledger.content import (
    LINKS,
    RECORD_TYPES,
    content_from,
    former_name_content,
    ordered,
    presence_content,
)
from registry.rules import document_numbers, names
from registry.rules.operator import OperatorKind

BATCH = 2_000
KEPT_DIFFERENCES = 50

Entries = Mapping[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that does not stand as the ledger left it. Names members, never values."""

    record_id: str
    what: str


@dataclass(slots=True)
class Comparison:
    """Rows compared, and the first KEPT_DIFFERENCES."""

    rows: dict[str, int] = field(default_factory=dict)
    difference_count: int = 0
    differences: list[Difference] = field(default_factory=list)

    def note(self, record_id: str, what: str) -> None:
        """Keep or count a difference."""
        self.difference_count += 1
        if len(self.differences) < KEPT_DIFFERENCES:
            self.differences.append(Difference(record_id, what))


def compare_tables(connection: Connection, found: Comparison, progress: Callable[[int], object]) -> None:
    """Compare every record table with the ledger. `connection` must hold one snapshot (REPEATABLE READ)."""
    for record_type, model in RECORD_TYPES.items():
        _compare_revisions(connection, record_type, model, found)
        found.rows[record_type] = 0
        for batch in _batches(connection, model):
            extras = _extras(connection, batch) if model is Operator else ({}, {})
            for row in batch:
                _compare_row(record_type, row, *extras, found=found)
            found.rows[record_type] += len(batch)
            progress(sum(found.rows.values()))


_taken_back_at = func.max(LedgerEntry.revision).filter(LedgerEntry.action.endswith(".taken_back"))
"""Revision with which a record left its table for good: the import that entered it was taken back."""


def _compare_revisions(connection: Connection, record_type: str, model: type[RecordMixin], found: Comparison) -> None:
    """Records of which table and ledger do not hold the same last revision."""
    last = (
        select(LedgerEntry.record_id, func.max(LedgerEntry.revision).label("revision"))
        .where(LedgerEntry.record_type == record_type)
        .group_by(LedgerEntry.record_id)
        .having(func.max(LedgerEntry.revision) > func.coalesce(_taken_back_at, 0))
        .subquery()
    )
    unequal = (
        select(last.c.record_id, last.c.revision, model.record_id, model.revision)
        .join_from(last, model, last.c.record_id == model.record_id, full=True)
        .where(last.c.revision.is_distinct_from(model.revision))
        .order_by(func.coalesce(last.c.record_id, model.record_id))
    )
    for in_ledger, last_revision, in_table, revision in connection.execute(unequal):
        if in_table is None:
            found.note(in_ledger, f"stands in the ledger (revision {last_revision}) but not in its table")
        elif in_ledger is None:
            found.note(in_table, "stands in its table but not in the ledger")
        else:
            found.note(in_table, f"has revision {revision}; the ledger's last one is {last_revision}")


def _batches(connection: Connection, model: type[RecordMixin]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Rows in order of their key, each with the payload of its revision and what its links name."""
    table: Any = model.__table__  # type: ignore[attr-defined]  # every record class is mapped to a table
    rows = select(*table.columns, LedgerEntry.payload.label("payload")).join_from(
        model,
        LedgerEntry,
        (LedgerEntry.record_id == model.record_id) & (LedgerEntry.revision == model.revision),
    )
    for column, member in LINKS.items():
        if column not in table.columns:
            continue
        linked: Any = aliased(Authority if member == "authority" else Operator, name=f"linked_{member}")
        name = linked.uscc if member == "authority" else linked.record_id
        rows = rows.add_columns(name.label(f"link_{member}")).outerjoin(linked, linked.id == table.columns[column])
    rows = rows.order_by(model.id).limit(BATCH)
    after = 0
    while batch := connection.execute(rows.where(model.id > after)).all():
        yield batch
        after = batch[-1].id


def _extras(connection: Connection, batch: Sequence[Row[*tuple[Any, ...]]]) -> tuple[Entries, Entries]:
    """Former names and online presences of a batch of operators, by operator."""
    ids = literal([row.id for row in batch], ARRAY(BigInteger))
    former: dict[int, list[Any]] = {}
    presences: dict[int, list[Any]] = {}
    for model, into in ((FormerName, former), (OnlinePresence, presences)):
        for each in connection.execute(
            select(*model.__table__.columns).where(model.operator_id == any_(ids)).order_by(model.id)
        ):
            into.setdefault(each.operator_id, []).append(each)
    return former, presences


def _compare_row(
    record_type: str, row: Row[*tuple[Any, ...]], former: Entries, presences: Entries, *, found: Comparison
) -> None:
    columns = row._asdict()
    links = {member: columns.get(f"link_{member}") for column, member in LINKS.items() if column in columns}
    derived = _derived(record_type, row)
    if record_type == "operator":
        old = former.get(row.id, [])
        links["former_names"] = ordered([former_name_content(each.name, each.used_until) for each in old])
        links["online_presences"] = ordered([presence_content(each) for each in presences.get(row.id, [])])
        searched = row.kind != OperatorKind.NATURAL_PERSON  # persons cannot be searched for (domain.md 3.12)
        derived["search_terms"] = names.search_terms(row.name, [each.name for each in old]) if searched else []
        if any(each.folded_name != names.fold(each.name) for each in old):
            found.note(row.record_id, "former_names: folded_name")
    content = content_from(record_type, columns, **links)
    payload = orjson.loads(row.payload)
    unequal = [name for name, value in content.items() if payload.get(name) != value]
    unequal += [name for name, value in derived.items() if columns[name] != value]
    if unequal:
        found.note(row.record_id, ", ".join(unequal))


def _derived(record_type: str, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """What the derived columns must hold."""
    normalise = document_numbers.normalise
    match record_type:
        case "operator" if row.kind == OperatorKind.NATURAL_PERSON:
            return {"folded_name": "", "initials": ""}
        case "operator":
            return {"folded_name": names.fold(row.name), "initials": names.initials(row.name)}
        case "administrative_penalty":
            return {"document_no_key": normalise(row.document_no)}
        case "administrative_licence":
            return {
                "document_no_key": normalise(row.document_no),
                "licence_no_key": normalise(row.licence_no or ""),
            }
        case "violation_listing":
            return {"decision_no_key": normalise(row.decision_no)}
    return {}
