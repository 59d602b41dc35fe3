"""Penalties, licences and listings that stand already: read by natural key, written back with their entries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from registry.ledger.content import TYPE_OF, content_columns, content_from
from registry.ledger.entry import Actor, Entry, make_entry
from registry.rules.record import RecordState
from registry.services.imports.operator_entry import KnownOperator
from registry.services.imports.tables import cursor, insert_rows, next_ids, table_of, update_rows

Key = tuple[Any, ...]


@dataclass(slots=True)
class StoredRecord:
    """One record as the batch leaves it; `columns` are its own, links and derived ones apart."""

    id: int
    record_id: str
    revision: int
    operator: KnownOperator
    authority_id: int
    authority_uscc: str
    columns: dict[str, Any]
    derived: dict[str, Any]
    recorded_at: datetime
    is_new: bool = False
    changed: bool = False
    clear: dict[str, str] | None = field(default=None)  # personal values in clear, where they were asked for

    @property
    def open(self) -> bool:
        """Whether a file may still change the record: ended, withdrawn and shielded ones are a person's business."""
        return self.columns["state"] in (RecordState.IN_FORCE, RecordState.NOT_PUBLISHABLE, RecordState.PENDING)


@dataclass(frozen=True)
class RecordTable:
    """How records of one type are found by their natural key."""

    model: Any
    key_columns: tuple[str, ...]  # all of the natural key, in the order of a Key
    key_types: tuple[str, ...]
    derived: tuple[str, ...] = ()
    nullable: frozenset[str] = frozenset()

    @property
    def record_type(self) -> str:
        """The resource name of exchange.md."""
        return TYPE_OF[self.model]

    @property
    def columns(self) -> tuple[str, ...]:
        """The record's own columns, as in its ledger payload."""
        return content_columns(self.record_type)

    def find(self, keys: Sequence[Key]) -> dict[Key, StoredRecord]:
        """Records by natural key, locked in the order of their ids."""
        if not keys:
            return {}
        arrays = ", ".join(f"%s::{kind}[]" for kind in self.key_types)
        aliases = ", ".join(f"k{at}" for at in range(len(self.key_columns)))
        same = " AND ".join(
            f'r."{name}" {"IS NOT DISTINCT FROM" if name in self.nullable else "="} k.k{at}'
            for at, name in enumerate(self.key_columns)
        )
        sought = f"unnest({arrays}) AS k({aliases}) JOIN {table_of(self.model).name} r ON {same}"
        return dict(self._select(sought, [[key[at] for key in keys] for at in range(len(self.key_columns))]))

    def find_named(self, record_ids: Sequence[str]) -> dict[str, StoredRecord]:
        """Records by their names, locked in the order of their ids."""
        if not record_ids:
            return {}
        sought = f"unnest(%s::text[]) AS k(record_id) JOIN {table_of(self.model).name} r USING (record_id)"
        return {record.record_id: record for _, record in self._select(sought, [list(record_ids)])}

    def _select(self, sought: str, parameters: Sequence[Any]) -> Iterator[tuple[Key, StoredRecord]]:
        names = ", ".join(f'r."{name}"' for name in (*self.key_columns, *self.columns, *self.derived))
        work = cursor()
        work.execute(
            f"SELECT r.id, r.record_id, r.revision, r.recorded_at, r.authority_id, a.uscc, o.id, o.record_id, o.uscc,"  # noqa: S608
            f" o.kind, o.name, {names} FROM {sought}"
            f" JOIN operator o ON o.id = r.operator_id JOIN authority a ON a.id = r.authority_id"
            f" ORDER BY r.id FOR UPDATE OF r",
            parameters,
        )
        width = len(self.key_columns)
        for row in work.fetchall():
            values = row[11:]
            own = values[width : width + len(self.columns)]
            yield (
                tuple(values[:width]),
                StoredRecord(
                    id=row[0],
                    record_id=row[1],
                    revision=row[2],
                    recorded_at=row[3],
                    authority_id=row[4],
                    authority_uscc=row[5],
                    operator=KnownOperator(row[6], row[7], row[8], row[9], row[10]),
                    columns=dict(zip(self.columns, own, strict=True)),
                    derived=dict(zip(self.derived, values[width + len(self.columns) :], strict=True)),
                ),
            )

    def write(self, records: Sequence[StoredRecord], moment: datetime) -> None:
        """COPY the new ones, update the changed ones."""
        new = [record for record in records if record.is_new]
        insert_rows(self.model, [self._row(record, moment) for record in new])
        update_rows(self.model, [self._row(r, moment) for r in records if r.changed and not r.is_new])

    def ids(self, count: int) -> list[int]:
        """Fresh keys."""
        return next_ids(table_of(self.model).name, count) if count else []

    def entry(self, record: StoredRecord, verb: str, actor: Actor) -> Entry:
        """The ledger entry for the record's present revision."""
        return make_entry(
            f"{self.record_type}.{verb}",
            record_type=self.record_type,
            record_id=record.record_id,
            revision=record.revision,
            operator_id=record.operator.id,
            uscc=record.operator.uscc,
            content=content_from(
                self.record_type,
                record.columns,
                operator=record.operator.record_id,
                authority=record.authority_uscc,
            ),
            actor=actor,
        )

    def _row(self, record: StoredRecord, moment: datetime) -> dict[str, Any]:
        return {
            "id": record.id,
            "record_id": record.record_id,
            "revision": record.revision,
            "recorded_at": moment,
            "operator_id": record.operator.id,
            "authority_id": record.authority_id,
            **record.columns,
            **record.derived,
        }
