"""The current message of every record: looked up for judging, written with the positions that the ledger gave."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from models import ExchangeMessage, MessageState
from registry.services.imports.tables import cursor, table_of
from sync.decisions import key_of
from sync.message import Message
from sync.placing import Placed
from sync.rejections import Standing
from sync.sealed import message_kept

_COLUMNS = (
    "record_id", "origin", "resource", "revision", "message_id", "digest", "operation", "reason", "region", "concerns",
    "decision_key", "position", "content", "state", "same_as", "note", "peer_id", "received_at",
)  # fmt: skip
_TYPES = (
    "text", "text", "text", "int8", "text", "text", "text", "text", "text", "text[]", "text", "int8", "bytea", "text",
    "text", "text", "int8", "timestamptz",
)  # fmt: skip
_POSITION = _COLUMNS.index("position")
_MERGED = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in {"record_id", "concerns"})
_MERGE = (
    f"INSERT INTO exchange_message AS m ({', '.join(_COLUMNS)})"  # noqa: S608 - names of columns only
    f" SELECT {', '.join('position + %s' if name == 'position' else name for name in _COLUMNS)}"
    " FROM staged_exchange_message"
    f" ON CONFLICT (record_id) DO UPDATE SET {_MERGED}, missing_since = NULL,"
    " concerns = ARRAY(SELECT DISTINCT unnest(m.concerns || excluded.concerns) ORDER BY 1)"
)
_MERGE_NEWER = f"{_MERGE} WHERE m.revision < excluded.revision"
FOR_ALL = "*"


def concerns_of(message: Message) -> list[str]:
    """Whom a message concerns: nodes of the subject's region, all for the violation list, of a feedback the addressee."""
    members = message.members
    if members["resource"] == "feedback":
        about = members["data"].get("about")
        record_id = about.get("record_id") if isinstance(about, dict) else None
        node = record_id[:6] if isinstance(record_id, str) else ""
        return [node] if len(node) == 6 and node.isascii() and node.isdigit() else []
    region = region_of(message)
    found = [region[:4]] if region else []
    return [*found, FOR_ALL] if members["resource"] == "violation_listing" else found


def region_of(message: Message) -> str | None:
    """Where the subject is registered; None where an end, which nothing but form may refuse, says nothing usable."""
    region = message.members["subject"].get("region")
    return region if region and len(region) == 6 and region.isascii() and region.isdigit() else None


def standing_of(record_ids: Collection[str]) -> dict[str, Standing]:
    """What stands of these records."""
    work = cursor()
    work.execute(
        "SELECT record_id, revision, digest, decision_key FROM exchange_message WHERE record_id = ANY(%s)",
        (list(record_ids),),
    )
    return {record_id: Standing(revision, digest, key) for record_id, revision, digest, key in work.fetchall()}


def decisions_of(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Which records say these decisions, by origin and decision key."""
    work = cursor()
    work.execute(
        "SELECT m.origin, m.decision_key, m.record_id FROM unnest(%s::text[], %s::text[]) AS k(origin, decision_key)"
        " JOIN exchange_message m USING (origin, decision_key)",
        ([origin for origin, _ in keys], [key for _, key in keys]),
    )
    found: dict[tuple[str, str], set[str]] = {}
    for origin, key, record_id in work.fetchall():
        found.setdefault((origin, key), set()).add(record_id)
    return found


def ready(
    placed: Sequence[tuple[int, Placed]], *, peer_id: int | None, moment: datetime, fresh: bool = False
) -> Callable[[int], None]:
    """Make current messages ready; the number of each is the place of its ledger entry in this transaction, from 0.

    The answer writes them, with positions from the number of the transaction's first entry on. `fresh` where nothing
    stands of any of these records.
    """
    rows = (
        _row(
            place,
            each.message,
            each.state,
            moment,
            same_as=each.same_as,
            note=each.note,
            peer_id=None if each.state is MessageState.OWN else peer_id,
        )
        for place, each in placed
    )
    if fresh:
        return partial(_enter, list(rows))
    _stage(rows)
    return partial(_write, _MERGE)


def keep_own(made: Iterable[tuple[int, Message]], moment: datetime) -> None:
    """Write messages of own records, each at the position of its entry, where no newer one stands."""
    _stage(_row(position, message, MessageState.OWN, moment) for position, message in made)
    _write(_MERGE_NEWER, 0)


def _enter(rows: Iterable[list[Any]], first: int) -> None:
    def placed() -> Iterator[list[Any]]:
        for row in rows:
            row[_POSITION] += first
            yield row

    _copy(cursor(), table_of(ExchangeMessage).name, placed())


def _stage(rows: Iterable[list[Any]]) -> None:
    work = cursor()
    work.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS staged_exchange_message"
        f" (LIKE {table_of(ExchangeMessage).name} INCLUDING DEFAULTS) ON COMMIT DROP"
    )
    _copy(work, "staged_exchange_message", rows)


def _copy(work: Any, table: str, rows: Iterable[list[Any]]) -> None:
    with work.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(_TYPES)
        for row in rows:
            copy.write_row(row)


def _write(statement: str, first: int) -> None:
    work = cursor()
    work.execute(statement, (first,))
    work.execute("TRUNCATE staged_exchange_message")


def _row(
    position: int,
    message: Message,
    state: MessageState,
    moment: datetime,
    *,
    same_as: str | None = None,
    note: str | None = None,
    peer_id: int | None = None,
) -> list[Any]:
    members = message.members
    return [
        members["record_id"],
        members["origin"],
        members["resource"],
        members["revision"],
        members["message_id"],
        members["digest"],
        members["operation"],
        members["reason"],
        region_of(message),
        concerns_of(message),
        key_of(message),
        position,
        message_kept(members, message.raw),
        state.value,
        same_as,
        note,
        peer_id,
        moment,
    ]
