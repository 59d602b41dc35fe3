"""Taking a run back as a whole: what only it entered leaves the tables, what it changed goes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import update

from models import ImportRun, ImportState, PersonalValue, db
from registry import ledger
from registry.clock import now, today
from registry.errors import Conflict, NotFound
from registry.ledger import Actor
from registry.ledger.content import RECORD_TYPES, content_columns
from registry.ledger.entry import Entry, make_entry
from registry.rules.record import EndReason, RecordState
from registry.services.imports import runs
from registry.services.imports.operator_states import OperatorState, write_back
from registry.services.imports.resting import what_rests_on
from registry.services.imports.tables import cursor, table_of, update_rows
from registry.transaction import transaction

BATCH = 2_000


class RunUnknown(NotFound):
    """There is no run with this number."""

    code = "import_run_unknown"


class RunUndone(Conflict):
    """The run was taken back already."""

    code = "import_run_undone"


class RunInUse(Conflict):
    """Something rests on what the run applied; `reasons` says what."""

    code = "import_run_in_use"

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


@dataclass(frozen=True, slots=True)
class Undone:
    """How many records left the register, and how many went back to what they were."""

    taken_back: int
    restored: int


@dataclass(frozen=True, slots=True)
class _Touched:
    """A record as the run left it, its present revision, and the payload from before the run where there was one."""

    seq: int
    record_type: str
    record_id: str
    revision: int
    operator_id: int
    payload: bytes
    before: bytes | None


def undo(run_id: int) -> Undone:
    """Take a run back. RunInUse, with all reasons, while anything rests on it; RunUndone, RunUnknown, AlreadyRunning.

    Goes back through the ledger in transactions of at most 2,000 records; killed and started again it carries on.
    """
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise RunUnknown(f"There is no import run {run_id}.")
    if run.state is ImportState.UNDONE:
        raise RunUndone(f"Import run {run_id} was taken back already.")
    kind, sha256, first = run.kind.value, run.file_sha256, run.first_seq or 1
    by_run, by_undo = Actor("import", str(run_id)), Actor("system", f"undo-import-{run_id}")
    db.session.rollback()
    with runs.only_one(kind, sha256):
        reasons = what_rests_on(str(by_run), str(by_undo), first)
        db.session.rollback()
        if reasons:
            raise RunInUse(reasons)
        taken_back = restored = 0
        while True:
            with transaction():
                touched = _latest(str(by_run), str(by_undo), first)
                entries = _take_back([each for each in touched if each.before is None], by_undo)
                entries += _restore([each for each in touched if each.before is not None], by_undo)
                ledger.append_many(entries)
            if not touched:
                break
            taken_back += sum(each.before is None for each in touched)
            restored += sum(each.before is not None for each in touched)
        with transaction():
            db.session.execute(
                update(ImportRun)
                .where(ImportRun.id == run_id)
                .values(
                    state=ImportState.UNDONE,
                    undone_at=now(),
                    finished_at=db.func.coalesce(ImportRun.finished_at, now()),
                )
            )
    return Undone(taken_back, restored)


def _latest(by_run: str, by_undo: str, first: int) -> list[_Touched]:
    """The records that the run touched last and that have not been taken back yet, newest first."""
    work = cursor()
    work.execute(
        """
        SELECT e.seq, e.record_type, e.record_id,
               (SELECT max(n.revision) FROM ledger_entry n WHERE n.record_id = e.record_id), e.operator_id, e.payload,
               (SELECT b.payload FROM ledger_entry b
                 WHERE b.record_id = e.record_id AND b.actor <> %(run)s AND b.revision < e.revision
                 ORDER BY b.revision DESC LIMIT 1)
          FROM ledger_entry e
         WHERE e.actor = %(run)s AND e.seq >= %(first)s
           AND NOT EXISTS (SELECT FROM ledger_entry l WHERE l.record_id = e.record_id AND l.revision > e.revision
                           AND l.actor IN (%(run)s, %(undo)s))
         ORDER BY e.seq DESC LIMIT %(batch)s
        """,
        {"run": by_run, "undo": by_undo, "first": first, "batch": BATCH},
    )
    return [_Touched(*row) for row in work.fetchall()]


def _take_back(records: Sequence[_Touched], actor: Actor) -> list[Entry]:
    """Delete what only this run entered. The last content stays in the ledger, with an entry that says so."""
    entries = []
    for record in records:
        content = orjson.loads(record.payload)
        if record.record_type != "operator":
            content |= {
                "state": RecordState.WITHDRAWN,
                "end_reason": EndReason.CORRECTED,
                "end_statement": f"{actor.name}",
                "ended_on": today().isoformat(),
            }
        entries.append(_entry("taken_back", record, content, actor))
    work = cursor()
    names = [record.record_id for record in records]
    for record_type in sorted({record.record_type for record in records}, key=lambda each: each == "operator"):
        ids = [record.operator_id for record in records if record.record_type == record_type]
        if record_type == "operator":
            work.execute("DELETE FROM former_name WHERE operator_id = ANY(%s)", (ids,))
            work.execute("DELETE FROM online_presence WHERE operator_id = ANY(%s)", (ids,))
        table = table_of(RECORD_TYPES[record_type]).name
        work.execute(f"DELETE FROM {table} WHERE record_id = ANY(%s)", (names,))  # noqa: S608 - a table's own name
    work.execute(
        f"UPDATE {table_of(PersonalValue).name} SET salt = NULL, ciphertext = NULL, erased_at = now()"  # noqa: S608
        " WHERE record_id = ANY(%s) AND erased_at IS NULL",
        (names,),
    )
    return entries


def _restore(records: Sequence[_Touched], actor: Actor) -> list[Entry]:
    """Bring records back to what they were before the run, as one more revision."""
    moment = now()
    entries: list[Entry] = []
    operators: list[OperatorState] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        content = orjson.loads(record.before or b"")
        entries.append(_entry("restored", record, content, actor))
        if record.record_type == "operator":
            state = OperatorState(record.operator_id, record.record_id, record.revision + 1, content, changed=True)
            operators.append(state)
        else:
            columns = {name: content[name] for name in content_columns(record.record_type)}
            revision = {"record_id": record.record_id, "revision": record.revision + 1, "recorded_at": moment}
            rows.setdefault(record.record_type, []).append({**revision, **columns})
    write_back(operators, moment)
    for record_type, changed in rows.items():
        model = RECORD_TYPES[record_type]
        work = cursor()
        work.execute(
            f"SELECT record_id, id FROM {table_of(model).name} WHERE record_id = ANY(%s)",  # noqa: S608
            ([row["record_id"] for row in changed],),
        )
        ids = dict(work.fetchall())
        update_rows(model, [{"id": ids[row["record_id"]], **row} for row in changed])
    return entries


def _entry(verb: str, record: _Touched, content: dict[str, Any], actor: Actor) -> Entry:
    return make_entry(
        f"{record.record_type}.{verb}",
        record_type=record.record_type,
        record_id=record.record_id,
        revision=record.revision + 1,
        operator_id=record.operator_id,
        uscc=content["uscc"] if record.record_type == "operator" else _code_of(record.operator_id),
        content=content,
        actor=actor,
    )


def _code_of(operator_id: int) -> str | None:
    work = cursor()
    work.execute("SELECT uscc FROM operator WHERE id = %s", (operator_id,))
    found = work.fetchone()
    code: str | None = found[0] if found else None
    return code
