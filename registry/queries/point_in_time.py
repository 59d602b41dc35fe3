"""What the register held of an operator at a moment, and what of it was in legal effect on a day: two axes.

`known_at` asks what had been entered by then, right or wrong; `as_of` what those entries say of a day. Both are read from
the ledger's payloads, so a correction that came later changes only the answers of later moments. Of now and today the
answer is what the operator's page shows (held alike by a test).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import select

from models import LedgerEntry, db
from registry.clock import BEIJING
from registry.queries.public_findings import findings_of
from registry.queries.records import MODELS
from registry.rules.penalty_procedure import Stage, stage_of
from registry.rules.record import EndReason, RecordState


@dataclass(frozen=True, slots=True)
class RecordThen:
    """One record as it was known: its content, and whether it was in legal effect and public on the day.

    `effect_from` is the day of the decision or listing, `effect_until` the first day without effect; None: open, or not at all.
    """

    record_id: str
    resource: str
    revision: int
    seq: int
    recorded_at: datetime
    content: Mapping[str, Any]
    stage: Stage
    effect_from: date | None
    effect_until: date | None
    in_effect: bool
    is_public: bool


@dataclass(frozen=True, slots=True)
class OperatorThen:
    """An operator as it was known at a moment; `content` None: not entered yet. `seq` is the last entry read, 0 for none."""

    as_of: date
    known_at: datetime
    seq: int
    content: Mapping[str, Any] | None
    records: Sequence[RecordThen]


@dataclass(frozen=True, slots=True)
class _Entry:
    seq: int
    recorded_at: datetime
    action: str
    record_type: str
    record_id: str
    revision: int
    operator_id: int | None
    content: dict[str, Any]


def operator_then(
    operator_id: int, *, as_of: date, known_at: datetime, own: Collection[str], today: date
) -> OperatorThen:
    """The operator and its records: all of the authorities `own` (codes), of others what the public sees today.

    What the law has taken from the public of another area is not read there through an old moment either.
    """
    histories = _histories(operator_id, known_at)
    public = {finding.record_id for finding in findings_of(operator_id, today)}
    content: Mapping[str, Any] | None = None
    records = []
    for history in histories.values():
        last = history[-1]
        if last.operator_id != operator_id or last.action.endswith(".taken_back"):
            continue
        if last.record_type == "operator":
            content = last.content
        elif last.record_type in MODELS and (last.content["authority"] in own or last.record_id in public):
            records.append(_record(history, as_of))
    records.sort(key=lambda each: (-(each.effect_from or date.min).toordinal(), each.record_id))
    read = max((entry.seq for history in histories.values() for entry in history), default=0)
    return OperatorThen(as_of, known_at, read, content, records)


def _histories(operator_id: int, known_at: datetime) -> dict[str, list[_Entry]]:
    """Entries up to the moment of every record that was ever this operator's, in order, by record."""
    of_operator = select(LedgerEntry.record_id).where(LedgerEntry.operator_id == operator_id)
    rows = db.session.execute(
        select(
            LedgerEntry.seq,
            LedgerEntry.recorded_at,
            LedgerEntry.action,
            LedgerEntry.record_type,
            LedgerEntry.record_id,
            LedgerEntry.revision,
            LedgerEntry.operator_id,
            LedgerEntry.payload,
        )
        .where(
            LedgerEntry.record_id.in_(of_operator),
            LedgerEntry.recorded_at <= known_at,
            LedgerEntry.record_type != "proceeding",
        )
        .order_by(LedgerEntry.record_id, LedgerEntry.revision)
    )
    histories: dict[str, list[_Entry]] = {}
    for row in rows:
        entry = _Entry(
            seq=row.seq,
            recorded_at=row.recorded_at,
            action=row.action,
            record_type=row.record_type,
            record_id=row.record_id,
            revision=row.revision,
            operator_id=row.operator_id,
            content=orjson.loads(row.payload),
        )
        histories.setdefault(entry.record_id, []).append(entry)
    return histories


def _record(history: Sequence[_Entry], as_of: date) -> RecordThen:
    last = history[-1]
    content = last.content
    state, end_reason = RecordState(content["state"]), content["end_reason"]
    public_from, public_until = _day(content["public_from"]), _day(content["public_until"])
    shown = public_from is not None and public_from <= as_of and (public_until is None or as_of < public_until)
    since, until = _effect(content, state)
    effective = since is not None and since <= as_of and (until is None or as_of < until)
    return RecordThen(
        record_id=last.record_id,
        resource=last.record_type,
        revision=last.revision,
        seq=last.seq,
        recorded_at=last.recorded_at,
        content=content,
        stage=stage_of(state, public_until=public_until, end_reason=end_reason and EndReason(end_reason), today=as_of),
        effect_from=since,
        effect_until=until,
        in_effect=effective and not any(start <= as_of < end for start, end in _pauses(history)),
        is_public=state is RecordState.IN_FORCE and shown,
    )


def _effect(content: Mapping[str, Any], state: RecordState) -> tuple[date | None, date | None]:
    """From when until when a record is in effect by what it says.

    A withdrawn one never was (撤销: as if never decided), one that is being reviewed or not shown is in nobody's way.
    """
    if state in (RecordState.WITHDRAWN, RecordState.PENDING, RecordState.NOT_PUBLISHABLE):
        return None, None
    since = _day(content.get("listed_on") or content.get("decided_on") or content.get("inspected_on"))
    ends = [_day(content.get(name)) for name in ("removed_on", "ended_on", "public_until")]
    return since, min((end for end in ends if end is not None), default=None)


def _pauses(history: Sequence[_Entry]) -> list[tuple[date, date]]:
    """Stretches in which the record was ended or shielded before it came back: a plan that failed, a repair by fraud."""
    found = []
    start: date | None = None
    for entry in history:
        if entry.content["state"] == RecordState.IN_FORCE:
            if start is not None:
                found.append((start, entry.recorded_at.astimezone(BEIJING).date()))
            start = None
        elif entry.content["state"] in (RecordState.ENDED, RecordState.SHIELDED) and start is None:
            start = _day(entry.content["ended_on"])
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
