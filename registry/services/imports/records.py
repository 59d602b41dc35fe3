"""Applying a batch of penalties, licences or listings: whose they are, whether they stand, what law shows of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Authority
from registry.ledger.entry import Entry
from registry.rules import document_numbers
from registry.rules.operator import OperatorKind
from registry.rules.roles import covers_districts, in_scope
from registry.services import authorities
from registry.services.imports import personal
from registry.services.imports.faults import Fault, RowRefused
from registry.services.imports.operator_entry import (
    KnownOperator,
    enter_parties,
    find_parties,
    same_name,
)
from registry.services.imports.outcomes import Outcome, RunContext, Verdict
from registry.services.imports.record_law import RecordKind, law_of_revision
from registry.services.imports.record_rows import Party, RecordRow
from registry.services.imports.record_states import Key, RecordTable, StoredRecord
from registry.services.imports.tables import cursor
from registry.services.record_ids import new_record_id


@dataclass(slots=True)
class _Target:
    row: RecordRow
    authority: Authority
    operator: KnownOperator
    table: RecordTable
    key: Key


class RecordBatch:
    """One batch of one kind; `apply` is called once."""

    def __init__(self, kind: RecordKind, rows: Sequence[RecordRow], run: RunContext, moment: datetime) -> None:
        self.kind = kind
        self.rows = rows
        self.run = run
        self.moment = moment
        self.outcomes: dict[int, Outcome] = {}
        self.entries: list[Entry] = []
        self.sealed = personal.SealedBatch(run.vault)
        self.noted: dict[int, list[Fault]] = {}  # beside the rows, which a second attempt must find as they were

    def apply(self) -> tuple[list[Outcome], list[Entry]]:
        """Outcomes in the order of the rows, and the entries to append."""
        organs = self._authorities()
        targets = self._targets(organs)
        tables = {id(target.table): target.table for target in targets}
        records: dict[tuple[int, Key], StoredRecord] = {}
        for number, table in tables.items():
            keys = {target.key for target in targets if target.table is table}
            records |= {(number, key): record for key, record in table.find(sorted(keys, key=repr)).items()}
        self.sealed.load([record for record in records.values() if record.columns.get("personal")])
        if self.run.continued:
            self._recall(list(records.values()))
        for target in targets:
            self._meet(target, records)
        for number, table in tables.items():
            table.write([record for (where, _), record in records.items() if where == number], self.moment)
        self.sealed.write()
        return [self.outcomes[row.line] for row in self.rows], self.entries

    def _refuse(self, row: RecordRow, fault: Fault) -> None:
        self.outcomes[row.line] = Outcome(row.line, Verdict.REJECTED, [fault])

    def _note(self, row: RecordRow, fault: Fault) -> None:
        self.noted.setdefault(row.line, []).append(fault)

    def _authorities(self) -> dict[int, Authority]:
        """The deciding authority of each row, by line; rows whose authority cannot be told are refused."""
        named = {code: name for code, name in (row.authority for row in self.rows) if code is not None}
        outside = self._outside(named)
        by_code = authorities.note_named({code: name for code, name in named.items() if code not in outside})
        by_name = authorities.by_names({row.authority[1] for row in self.rows if row.authority[0] is None})
        found = {}
        for row in self.rows:
            code, name = row.authority
            organ = by_name.get(name) if code is None else by_code.get(code)
            if code in outside or (organ is not None and not self._in_scope(organ)):
                self._refuse(row, row.fault("authority", "authority_outside_area"))
            elif organ is None:
                self._refuse(row, row.fault("authority", "authority_code_missing"))
            else:
                found[row.line] = organ
        return found

    def _outside(self, codes: Collection[str]) -> set[str]:
        """Codes of authorities outside the area that the file is for: none of them is so much as noted."""
        if self.run.scope is None:
            return set()
        known = authorities.by_codes(codes)
        return {code for code in codes if not self._in_scope(known.get(code))}

    def _in_scope(self, organ: Authority | None) -> bool:
        """Whether an authority decides in the area. Strangers, and those of no known region, only in one of several districts."""
        scope = self.run.scope
        if scope is None:
            return True
        if organ is None:
            return covers_districts(scope)
        placed = in_scope(scope, authority_id=organ.id, region=organ.region)
        return placed or (organ.region is None and covers_districts(scope))

    def _targets(self, organs: dict[int, Authority]) -> list[_Target]:
        """Rows with their operators; operators that nobody has registered are entered, unless the row is impossible."""
        rows = [row for row in self.rows if row.line in organs]
        parties = find_parties(row.party for row in rows)
        strangers: dict[str, Party] = {}
        for row in rows:
            if row.party.key not in parties and self._possible(row, organs[row.line]):
                strangers.setdefault(row.party.key, row.party)
        entered, entries = enter_parties(list(strangers.values()), self.run, self.moment)
        self.entries += entries
        parties |= entered
        targets = []
        for row in rows:
            if row.line in self.outcomes:
                continue
            known = parties[row.party.key]
            if len(known) > 1:
                self._refuse(row, Fault("", "several_operators", {"count": len(known)}))
                continue
            operator, organ = known[0], organs[row.line]
            known_by_name = row.party.key not in strangers and operator.kind is not OperatorKind.NATURAL_PERSON
            if known_by_name and not same_name(operator.name, row.party.name):
                self._note(row, row.fault("name", "name_differs"))
            try:
                table = self.kind.table(row, operator.kind)
            except RowRefused as refusal:
                self._refuse(row, refusal.fault)
                continue
            targets.append(_Target(row, organ, operator, table, self.kind.key(row, operator.id, organ.id)))
        return targets

    def _possible(self, row: RecordRow, organ: Authority) -> bool:
        """Whether law lets the row in at all; a refused row leaves no operator behind."""
        try:
            table = self.kind.table(row, row.party.kind)
            self.kind.publicity(row, dict.fromkeys(table.columns) | row.columns, organ, self.moment.date())
        except RowRefused as refusal:
            self._refuse(row, refusal.fault)
            return False
        return True

    def _meet(self, target: _Target, records: dict[tuple[int, Key], StoredRecord]) -> None:
        place = (id(target.table), target.key)
        try:
            if place in records:
                verdict = self._change(target, records[place])
            else:
                records[place] = self._enter(target)
                verdict = Verdict.APPLIED
            self.run.spoken.add(target.table.record_type, records[place].id)
        except RowRefused as refusal:
            self._refuse(target.row, refusal.fault)
        else:
            self.outcomes[target.row.line] = Outcome(
                target.row.line, verdict, target.row.flagged + self.noted.get(target.row.line, [])
            )

    def _enter(self, target: _Target) -> StoredRecord:
        row, table = target.row, target.table
        record_id = new_record_id(self.run.node, table.record_type)
        columns = dict.fromkeys(table.columns) | row.columns
        columns |= self.kind.publicity(row, columns, target.authority, self.moment.date())
        if "personal" in columns:
            columns["personal"] = self.sealed.new(record_id, row.personal)
        record = StoredRecord(
            id=table.ids(1)[0],
            record_id=record_id,
            revision=1,
            operator=target.operator,
            authority_id=target.authority.id,
            authority_uscc=target.authority.uscc,
            columns=columns,
            derived=self.kind.derived(row),
            recorded_at=self.moment,
            is_new=True,
        )
        self.entries.append(table.entry(record, self.kind.verb, self.run.actor))
        return record

    def _change(self, target: _Target, record: StoredRecord) -> Verdict:
        row = target.row
        spoken = self.run.spoken.has(target.table.record_type, record.id)
        different = _different(record, row)
        if spoken and "document_no" in different and _same_number(record, row):
            different.discard("document_no")  # two ways to print one number contradict each other in nothing
        names_other_person = self.sealed.differs(record, row.personal)
        if not different and not names_other_person:
            if spoken:
                first = f"{record.recorded_at:%Y-%m-%d %H:%M}"
                self._note(row, row.fault("document_no", "duplicate_record", first=first))
            return Verdict.UNCHANGED
        if spoken and (names_other_person or any(record.columns[name] is not None for name in different)):
            raise RowRefused(Fault("", "contradicts_file"))
        if not record.record_id.startswith(f"{self.run.node}."):
            raise RowRefused(Fault("", "foreign_record"))
        if not record.open:
            raise RowRefused(Fault("", "record_closed"))
        columns = record.columns | row.columns
        columns |= law_of_revision(
            self.kind,
            row,
            columns,
            standing=record.columns,
            authority=target.authority,
            today=self.moment.date(),
        )
        if names_other_person:
            columns["personal"] = self.sealed.replace(record, row.personal)
        record.columns = columns
        record.derived = self.kind.derived(row)
        record.revision += 1
        record.changed = True
        self.entries.append(target.table.entry(record, "changed", self.run.actor))
        return Verdict.APPLIED

    def _recall(self, records: list[StoredRecord]) -> None:
        """In a run that was interrupted: the records whose present revision its earlier rows wrote."""
        by_name = {record.record_id: record for record in records}
        work = cursor()
        work.execute(
            "SELECT l.record_id, l.record_type FROM unnest(%s::text[], %s::int8[]) AS k(record_id, revision)"
            " JOIN ledger_entry l USING (record_id, revision) WHERE l.actor = %s",
            (list(by_name), [record.revision for record in by_name.values()], str(self.run.actor)),
        )
        for record_id, record_type in work.fetchall():
            self.run.spoken.add(record_type, by_name[record_id].id)


def _different(record: StoredRecord, row: RecordRow) -> set[str]:
    """Columns in which the row says something else than the record.

    An end of publicity that is the one in force is no news: it is what our own export prints where none was handed in.
    """
    different = {name for name, value in row.columns.items() if record.columns[name] != value}
    declared_until = row.columns.get("declared_until")
    if declared_until is not None and declared_until == record.columns["public_until"]:
        different.discard("declared_until")
    return different


def _same_number(record: StoredRecord, row: RecordRow) -> bool:
    return document_numbers.normalise(record.columns["document_no"]) == document_numbers.normalise(
        row.columns["document_no"]
    )
