"""A partner's front database (前置库): rows are inserted as waiting, and read back as taken or refused (exchange.md 8).

Their commit and ours are two. A row is named by record and revision, so whatever is done again after a crash between the
two finds what is there already.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, ColumnElement, Connection, NullPool, create_engine, insert, make_url, select
from sqlalchemy.exc import DBAPIError

from models import Peer, SentBatch, SentState, db
from registry import front_database_settings
from registry.clock import now
from registry.config import Settings
from registry.errors import RuleViolation
from registry.transaction import transaction
from sync import incidents, peers
from sync.carriers import answers, front_answers, handing, lying_rows
from sync.carriers.answers import Spoken
from sync.carriers.front_rows import row_id, row_of
from sync.carriers.front_tables import REFUSED, TAKEN, status_of, tables
from sync.carriers.handing import NotReached
from sync.runs import Run

AT_ONCE = 500  # rows a statement
CONNECT_SECONDS, STATEMENT_SECONDS = 10, 60
ROWS_MISSING, STATUS_UNKNOWN = "front_rows_missing", "front_status_unknown"
_LOST_OF_MYSQL = frozenset({1040, 1053, 1203, 1205, 1213, 1226, 1317, 1927, 1969, 3024})
"""Too many connections, shutdown, waits and deadlocks: errors of a server that is busy or leaves."""


class NoFrontDatabase(RuleViolation):
    """The environment has no address of this peer's front database."""

    code = "no_front_database"


def push(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Read rows back, then insert what waits. PeerUnknown, NotUpwards, AlreadyRunning, NoFrontDatabase."""
    return handing.push(settings, node, FrontDatabase, told=told, most=most)


def pull(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Read back what was taken and what was refused, whole. PeerUnknown, AlreadyRunning, NoFrontDatabase."""
    del most  # reading back is cheap
    return handing.pull(settings, node, FrontDatabase, told=told)


def create(settings: Settings, node: str) -> list[str]:
    """Make the tables that are missing; answer their names. PeerUnknown, NoFrontDatabase, NotReached."""
    front = FrontDatabase(settings, peers.get(node))
    made = tables(front.prefix)
    with front.connected() as connection:
        for table in made.values():
            table.create(connection, checkfirst=True)
    return [table.name for table in made.values()]


def address_of(settings: Settings, peer: Peer) -> URL:
    """Where the front database of a peer is: REGISTRY_FRONT_DATABASE_URL_<node>, or the variable its settings name.

    NoFrontDatabase.
    """
    name = peer.settings.get("url_variable") or f"{front_database_settings.PREFIX}{peer.node}"
    if name not in settings.front_databases:
        raise NoFrontDatabase(f"{name} is not set in the environment.")
    return make_url(settings.front_databases[name])


class FrontDatabase:
    """The front database of one peer during a run. Nothing of ours is held while theirs is waited for."""

    among: ColumnElement[bool] | None = None

    def __init__(self, settings: Settings, peer: Peer) -> None:
        self._peer_id, self._node = peer.id, peer.node
        self._url = address_of(settings, peer)
        self.prefix = str(peer.settings.get("table_prefix", ""))

    def hand_over(self, batch: SentBatch) -> Mapping[str, Any]:
        """Insert the rows of a batch that are not there, but for those that were answered and taken away. NotReached."""
        batch_no, messages = batch.batch_no, answers.spoken(batch)
        known = front_answers.taken_records(self._peer_id, [message.key[0] for message in messages])
        answered = front_answers.answered(batch, messages)
        db.session.commit()
        moment, inserted = now(), 0
        with self.connected() as connection:
            for resource, spoken in _by_resource(messages).items():
                table = tables(self.prefix)[resource]
                there = self._found(connection, resource, spoken)
                rows = [
                    row_of(
                        each.members,
                        batch_no=batch_no,
                        known=each.key[0] in known,
                        upstream_id=known.get(each.key[0], (0, None))[1],
                        moment=moment,
                    )
                    for each in spoken
                    if each.key not in answered and row_id(*each.key) not in there
                ]
                for start in range(0, len(rows), AT_ONCE):
                    connection.execute(insert(table), rows[start : start + AT_ONCE])
                inserted += len(rows)
        return {"carrier": "front_database", "rows": inserted, "at": moment.isoformat(timespec="seconds")}

    def read_back(self, run: Run) -> None:
        """Take in what the partner has said of the rows of batches that wait. NotReached."""
        for batch_id in self._waiting():
            batch = db.session.get_one(SentBatch, batch_id)
            messages = answers.spoken(batch)
            db.session.commit()
            found: dict[str, Any] = {}
            with self.connected() as connection:
                for resource, spoken in _by_resource(messages).items():
                    found |= self._found(connection, resource, spoken)
            self._take(batch_id, messages, found, run)

    def lying(self) -> Mapping[str, Any]:
        """How many rows wait, were taken and were refused. NotReached."""
        with self.connected() as connection:
            return lying_rows.lying(connection, self.prefix)

    def _take(self, batch_id: int, messages: Sequence[Spoken], found: Mapping[str, Any], run: Run) -> None:
        """Note refusals at once; complete the batch when every row has been taken or refused."""
        refused: dict[int, list[dict[str, Any]]] = {}
        taken: list[tuple[tuple[str, int], str | None]] = []
        waiting = missing = unknown = 0
        batch = db.session.get_one(SentBatch, batch_id)
        before = front_answers.answered(batch, messages) if len(found) < len(messages) else {}
        for line, message in enumerate(messages, 1):
            row = found.get(row_id(*message.key))
            if row is None:
                if message.key not in before:
                    missing += 1
                elif before[message.key]:
                    refused[line] = before[message.key]
                continue
            status = status_of(row.sync_status)
            if status == TAKEN:
                taken.append((message.key, None if row.upstream_id is None else str(row.upstream_id)))
            elif status == REFUSED:
                refused[line] = [front_answers.fault_of(row)]
            else:
                waiting += 1
                unknown += status is None
        with transaction():
            batch = db.session.get_one(SentBatch, batch_id)
            for line, faults in refused.items():
                answers.note_refused(batch, messages[line - 1], faults)
            front_answers.keep_taken(self._peer_id, taken)
            if missing:  # not inserted anew unasked: what was taken away may have been taken in
                incidents.note(ROWS_MISSING, peers.get(self._node), batch_no=batch.batch_no, rows=missing)
            if unknown:
                incidents.note(STATUS_UNKNOWN, peers.get(self._node), batch_no=batch.batch_no, rows=unknown)
            receipt = answers.receipt_by_rows(batch, refused)
        if waiting or missing:
            return
        vouching = {"carrier": "front_database"}
        taken_in = answers.take_receipt(batch_id, receipt, vouching, node=self._node)
        if taken_in is not None:
            run.counts.update(taken_in.counts)
            run.counts["receipts"] += 1

    def _waiting(self) -> list[int]:
        waiting = (
            select(SentBatch.id)
            .where(SentBatch.peer_id == self._peer_id, SentBatch.state == SentState.FROZEN, SentBatch.headers != {})
            .order_by(SentBatch.id)
        )
        return list(db.session.execute(waiting).scalars())

    def _found(self, connection: Connection, resource: str, messages: Sequence[Spoken]) -> dict[str, Any]:
        """The rows of these messages that are there, by row id."""
        table = tables(self.prefix)[resource]
        asked = select(
            table.c.row_id, table.c.sync_status, table.c.error_code, table.c.error_message, table.c.upstream_id
        )
        found: dict[str, Any] = {}
        row_ids = [row_id(*each.key) for each in messages]
        for start in range(0, len(row_ids), AT_ONCE):
            some = asked.where(table.c.row_id.in_(row_ids[start : start + AT_ONCE]))
            found |= {row.row_id: row for row in connection.execute(some)}
        return found

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """One transaction in the partner's database; every wait has an end. NotReached, which says no address."""
        engine = create_engine(
            self._url, poolclass=NullPool, hide_parameters=True, connect_args=_limits(self._url.get_backend_name())
        )
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            if _is_lost(error):
                raise NotReached("front_database_unreachable", is_fault=False) from error
            raise NotReached("front_database_refused") from error
        finally:
            engine.dispose()


def _limits(backend: str) -> dict[str, Any]:
    if backend == "postgresql":
        return {
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={STATEMENT_SECONDS}s",
            "tcp_user_timeout": STATEMENT_SECONDS * 1000,
            "application_name": "registry exchange",
        }
    return {
        "connect_timeout": CONNECT_SECONDS,
        "read_timeout": STATEMENT_SECONDS,
        "write_timeout": STATEMENT_SECONDS,
        "charset": "utf8mb4",
        "init_command": "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",  # else values are cut in silence
    }


def _is_lost(error: DBAPIError) -> bool:
    """Whether trying again may help by itself. What PyMySQL does not know by number is operational to it."""
    if error.connection_invalidated or type(error).__name__ == "InterfaceError":
        return True
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    if isinstance(told, int):
        return told < 1000 or 2000 <= told < 3000 or told in _LOST_OF_MYSQL
    return type(error).__name__ == "OperationalError"


def _by_resource(messages: Sequence[Spoken]) -> dict[str, list[Spoken]]:
    found: dict[str, list[Spoken]] = {}
    for message in messages:
        found.setdefault(message.members["resource"], []).append(message)
    return found
