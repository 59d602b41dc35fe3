"""What the board of the exchange shows: for each peer how far behind each side is, what was sent and answered, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from models import (
    Authority,
    Direction,
    ExchangeIncident,
    ExchangeMessage,
    ExchangeProblem,
    ExchangeRun,
    Peer,
    PeerChain,
    PeerCursor,
    PeerState,
    ProblemState,
    ReceivedBatch,
    RunKind,
    SentBatch,
    SentState,
    db,
)
from registry.clock import now, today
from registry.queries.calendar import working_calendar
from registry.rules.calendar import CalendarYearMissing
from registry.rules.deadlines import due_on
from registry.rules.rule_sets import UnknownRuleSet, rule_set_for

RECENT = 20

_SENT_TO = text(
    "SELECT coalesce(min(least(c.looked_to, (SELECT min(b.from_seq) - 1 FROM sent_batch b"
    " WHERE b.peer_id = c.peer_id AND b.chain = c.chain AND b.state = 'frozen'))), 0)"
    " FROM peer_chain c WHERE c.peer_id = :peer"
)
_UNSENT = text(
    "SELECT m.resource, count(*) AS records, min(e.recorded_at) AS since FROM exchange_message m"
    " JOIN ledger_entry e ON e.seq = m.position WHERE m.state = 'own' AND m.position > :sent_to GROUP BY 1 ORDER BY 1"
)
_OLDEST_DECISION = text(
    "SELECT p.record_id, p.document_no, p.decided_on, p.authority_id FROM exchange_message m JOIN {table} p"
    " USING (record_id) WHERE m.state = 'own' AND m.position > :sent_to ORDER BY p.decided_on, p.id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Lag:
    """Records of one resource that a peer has no receipt for, and since when the oldest waits."""

    resource: str
    records: int
    since: datetime

    @property
    def seconds(self) -> int:
        """How many whole seconds the oldest has waited."""
        return seconds_since(self.since)

    @property
    def minutes(self) -> int:
        """How many whole minutes the oldest has waited."""
        return self.seconds // 60


@dataclass(frozen=True, slots=True)
class Oldest:
    """The decision that has waited longest, and the last day on which it may be reported upward; None without a calendar."""

    record_id: str
    document_no: str
    decided_on: date
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PeerOnBoard:
    """Everything that the board shows of one peer. `proven_equal`: the last reconciliation found no difference.

    `unanswered_since`: when the oldest of our batches was frozen that no receipt has come for.
    """

    peer: Peer
    lags: Sequence[Lag]
    oldest: Oldest | None
    chains: Sequence[PeerChain]
    cursor: PeerCursor | None
    last_runs: dict[RunKind, ExchangeRun]
    open_problems: dict[Direction, int]
    incidents: int
    held: int
    unanswered_since: datetime | None

    @property
    def unsent(self) -> int:
        """Records that wait for a receipt."""
        return sum(lag.records for lag in self.lags)

    @property
    def behind(self) -> int | None:
        """Positions of the peer's feed that are not applied here; None before the first reading."""
        cursor = self.cursor
        return None if cursor is None or cursor.head is None else max(cursor.head - cursor.position, 0)

    @property
    def stands_still(self) -> bool:
        """Whether an incident has stopped the peer or one of our chains to it."""
        return self.peer.state is PeerState.STOPPED or any(chain.incident is not None for chain in self.chains)

    @property
    def is_paused(self) -> bool:
        """Whether a person has paused the peer."""
        return self.peer.state is PeerState.PAUSED

    @property
    def is_overdue(self) -> bool:
        """Whether a decision waits beyond the last day on which it may be reported."""
        return self.oldest is not None and self.oldest.due_on is not None and self.oldest.due_on < today()

    @property
    def proven_equal(self) -> bool:
        """Green only when a reconciliation came to its end without a difference (ui.md)."""
        run = self.last_runs.get(RunKind.RECONCILE)
        return run is not None and run.outcome == "done" and not run.counts.get("differences") and not self.unsent


def seconds_since(moment: datetime) -> int:
    """Whole seconds that have passed."""
    return max(0, int((now() - moment).total_seconds()))


def on_board(peer: Peer, *, upwards: bool) -> PeerOnBoard:
    """One peer; `upwards` where our records go to it in batches."""
    sent_to = db.session.execute(_SENT_TO, {"peer": peer.id}).scalar_one() if upwards else 0
    lags = [Lag(*row) for row in db.session.execute(_UNSENT, {"sent_to": sent_to})] if upwards else []
    runs = db.session.execute(
        select(ExchangeRun)
        .ext(distinct_on(ExchangeRun.kind))
        .where(ExchangeRun.peer_id == peer.id)
        .order_by(ExchangeRun.kind, ExchangeRun.id.desc())
    ).scalars()
    problems = db.session.execute(
        select(ExchangeProblem.direction, func.count())
        .where(ExchangeProblem.peer_id == peer.id, ExchangeProblem.state == ProblemState.OPEN)
        .group_by(ExchangeProblem.direction)
    )
    chains = select(PeerChain).where(PeerChain.peer_id == peer.id).order_by(PeerChain.chain)
    unanswered = select(func.min(SentBatch.frozen_at)).where(
        SentBatch.peer_id == peer.id, SentBatch.state == SentState.FROZEN
    )
    return PeerOnBoard(
        peer=peer,
        lags=lags,
        oldest=_oldest(sent_to) if lags else None,
        chains=db.session.execute(chains).scalars().all(),
        cursor=db.session.get(PeerCursor, peer.id),
        last_runs={run.kind: run for run in runs},
        open_problems={row.direction: row[1] for row in problems},
        incidents=_count(ExchangeIncident, ExchangeIncident.peer_id == peer.id, ExchangeIncident.seen_at.is_(None)),
        held=_count(ExchangeMessage, ExchangeMessage.peer_id == peer.id),
        unanswered_since=db.session.execute(unanswered).scalar_one(),
    )


def sent_batches(peer_id: int, before: int | None = None) -> Sequence[SentBatch]:
    """Batches of ours, the newest first; the bytes of each are loaded when they are asked for."""
    found = select(SentBatch).where(SentBatch.peer_id == peer_id).order_by(SentBatch.id.desc()).limit(RECENT)
    if before is not None:
        found = found.where(SentBatch.id < before)
    return db.session.execute(found).scalars().all()


def received_batches(peer_id: int, before: int | None = None) -> Sequence[ReceivedBatch]:
    """Batches of a peer, the newest first."""
    found = select(ReceivedBatch).where(ReceivedBatch.peer_id == peer_id).order_by(ReceivedBatch.id.desc())
    if before is not None:
        found = found.where(ReceivedBatch.id < before)
    return db.session.execute(found.limit(RECENT)).scalars().all()


def runs_of(peer_id: int) -> Sequence[ExchangeRun]:
    """The last runs with a peer."""
    return (
        db.session.execute(
            select(ExchangeRun).where(ExchangeRun.peer_id == peer_id).order_by(ExchangeRun.id.desc()).limit(RECENT)
        )
        .scalars()
        .all()
    )


def incidents_of(peer_id: int) -> Sequence[ExchangeIncident]:
    """Incidents with a peer that nobody has seen yet, then the last of the others."""
    return (
        db.session.execute(
            select(ExchangeIncident)
            .where(ExchangeIncident.peer_id == peer_id)
            .order_by(ExchangeIncident.seen_at.is_(None).desc(), ExchangeIncident.id.desc())
            .limit(RECENT)
        )
        .scalars()
        .all()
    )


def problems(
    peer_id: int | None, state: ProblemState, *, before: int | None = None, size: int = 50
) -> Sequence[ExchangeProblem]:
    """Refused messages in a state, the newest first, of one peer or of all."""
    found = select(ExchangeProblem).where(ExchangeProblem.state == state)
    if peer_id is not None:
        found = found.where(ExchangeProblem.peer_id == peer_id)
    if before is not None:
        found = found.where(ExchangeProblem.id < before)
    return db.session.execute(found.order_by(ExchangeProblem.id.desc()).limit(size)).scalars().all()


def _oldest(sent_to: int) -> Oldest | None:
    """Of the penalties and licences that wait: the one decided first, against its 7 working days."""
    rows: list[Any] = []
    for table in ("penalty", "licence"):
        statement = text(_OLDEST_DECISION.text.format(table=table))
        rows += db.session.execute(statement, {"sent_to": sent_to}).all()
    if not rows:
        return None
    row = min(rows, key=lambda each: each.decided_on)
    return Oldest(row.record_id, row.document_no, row.decided_on, _report_by(row.decided_on, row.authority_id))


def _report_by(decided_on: date, authority_id: int) -> date | None:
    regime = db.session.execute(select(Authority.regime).where(Authority.id == authority_id)).scalar_one()
    try:
        deadline = rule_set_for(regime, decided_on).deadlines["report_upward"]
        return due_on(deadline, decided_on, working_calendar())
    except (CalendarYearMissing, UnknownRuleSet):
        return None


def _count(model: Any, *conditions: Any) -> int:
    return db.session.execute(select(func.count()).select_from(model).where(*conditions)).scalar_one()
