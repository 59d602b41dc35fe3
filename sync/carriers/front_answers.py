"""What a partner has said of rows in its front database, as it is kept here: a row that was read back may go."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql

from models import Direction, ExchangeProblem, SentBatch, UpstreamRecord, db
from registry.clock import now
from sync import problems
from sync.carriers.answers import Spoken

Key = tuple[str, int]
Fault = dict[str, Any]


def fault_of(row: Any) -> Fault:
    """Why a row was refused, as text, whatever the partner's columns hold; a reason may be missing."""
    code = "" if row.error_code is None else str(row.error_code).strip()
    return {
        "code": code or "refused",
        "field": "",
        "message": "" if row.error_message is None else str(row.error_message),
    }


def taken_records(peer_id: int, record_ids: Sequence[str]) -> dict[str, tuple[int, str | None]]:
    """Records that this partner has taken: the newest such revision, and the name that it has there."""
    rows = db.session.execute(
        select(UpstreamRecord.record_id, UpstreamRecord.revision, UpstreamRecord.upstream_id).where(
            UpstreamRecord.peer_id == peer_id, UpstreamRecord.record_id.in_(record_ids)
        )
    )
    return {row.record_id: (row.revision, row.upstream_id) for row in rows}


def answered(batch: SentBatch, messages: Sequence[Spoken]) -> Mapping[Key, list[Fault]]:
    """Messages of a batch that were answered before, with the faults of those that were refused."""
    taken = taken_records(batch.peer_id, [message.key[0] for message in messages])
    refused = db.session.execute(
        select(ExchangeProblem.record_id, ExchangeProblem.revision, ExchangeProblem.faults).where(
            ExchangeProblem.direction == Direction.OUT,
            ExchangeProblem.peer_id == batch.peer_id,
            ExchangeProblem.batch_no == batch.batch_no,
            tuple_(ExchangeProblem.record_id, ExchangeProblem.revision).in_([message.key for message in messages]),
        )
    )
    found: dict[Key, list[Fault]] = {(row.record_id, row.revision): row.faults for row in refused}
    for message in messages:
        record_id, revision = message.key
        if record_id in taken and taken[record_id][0] >= revision:
            found[message.key] = []
    return found


def keep_taken(peer_id: int, taken: Sequence[tuple[Key, str | None]]) -> None:
    """Keep that records were taken, and under which names. Refused before, they are no problem any more. Caller commits."""
    if not taken:
        return
    moment = now()
    rows = [
        {
            "peer_id": peer_id,
            "record_id": record_id,
            "revision": revision,
            "upstream_id": upstream_id,
            "taken_at": moment,
        }
        for (record_id, revision), upstream_id in taken
    ]
    made = postgresql.insert(UpstreamRecord)
    new = made.excluded
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["peer_id", "record_id"],
            set_={"revision": new.revision, "upstream_id": new.upstream_id, "taken_at": new.taken_at},
            where=UpstreamRecord.revision < new.revision,
        ),
        rows,
    )
    behind = [(record_id, revision + 1) for (record_id, revision), _ in taken]  # of these very revisions too
    problems.close_corrected(Direction.OUT, peer_id, behind)
