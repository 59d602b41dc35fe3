"""Pulling what concerns us from a peer: pages of its feed, each applied with the cursor behind it (exchange.md 5)."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models import Direction, NodeRole, Peer, PeerCursor, PeerState, RunKind, db
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import asking, inbound, paging, peers, problems, runs
from sync.asking import expect_200
from sync.beside import Begin, one_thread
from sync.link import Answer, Link
from sync.message import Message
from sync.reactions import code_of, problem_of
from sync.rejections import Outcome, Status
from sync.runs import Run

PAGE = 2_000  # messages a request and a transaction: every other change waits while the ledger is locked
TRIES = 3


class NotDownwards(Conflict):
    """A city pulls from its province only."""

    code = "not_downwards"


def comes_downwards(settings: Settings, peer: Peer) -> bool:
    """Whether this peer's feed is ours to read."""
    return settings.node_role == NodeRole.CITY and peer.role is NodeRole.PROVINCE


def pull(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Read a peer's feed to its end, or at most so many pages; after a change of its epoch, its snapshot first.

    PeerUnknown, NotDownwards, AlreadyRunning.
    """
    peer = peers.get(node)
    if not comes_downwards(settings, peer):
        raise NotDownwards(f"Nothing is pulled from {node}: a city pulls from its province.")
    with runs.running(peer, RunKind.PULL, told=told) as run:
        if peer.state is not PeerState.ACTIVE:
            run.outcome = peer.state.value
            return run
        if this_node().recovering_since is not None:  # what comes may be about records that are still to be taken back
            run.outcome = runs.RECOVERING
            return run
        with asking.noted(run, peer, RunKind.PULL), one_thread() as begin:
            _Pulling(Link(settings, peer), run, begin).to_the_end(most)
    return run


class _Pulling:
    """One run's way through a feed."""

    def __init__(self, link: Link, run: Run, begin: Begin[Answer]) -> None:
        self._link, self._run, self._begin = link, run, begin
        self._own = this_node().node
        self._ahead: tuple[str | None, int, Future[Answer]] | None = None

    def to_the_end(self, most: int | None) -> None:
        """Page by page; then tell the peer how far we are."""
        pages, moved = 0, False
        while most is None or pages < most:
            epoch, position = self._cursor()
            answer = self._page(epoch, position)
            gone = answer.status == 410 and code_of(problem_of(answer.body)) == "position_gone"
            if gone or (answer.status == 200 and epoch is not None and answer.epoch != epoch):
                self._snapshot()
                moved = True
                continue
            following, head = answer.number("exchange-next"), answer.number("exchange-head")
            expect_200(answer)
            if following is None or head is None:
                raise paging.Unsound("the answer does not say how far it has looked")
            found = paging.read_changes(answer.body, after=position, upto=following, head=head)
            if position < following < head and (most is None or pages + 1 < most):
                self._ask_ahead(answer.epoch, following)
            if following > position or epoch is None:
                self._apply([change.message for change in found], answer.epoch, following, head)
            pages, moved = pages + 1, moved or following > position
            if following >= head or following == position:
                break
        if moved:
            self._tell()

    def _page(self, epoch: str | None, position: int) -> Answer:
        """The page behind a position: the one that was asked for ahead, where it is this one."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[:2] == (epoch, position):
            return ahead[2].result()
        return self._ask(epoch, position)

    def _ask(self, epoch: str | None, position: int) -> Answer:
        asked = [("after", str(position)), ("limit", str(PAGE)), *([("epoch", epoch)] if epoch else [])]
        return self._link.get("/changes", asked)

    def _ask_ahead(self, epoch: str, position: int) -> None:
        """The peer looks for the next page while we apply this one."""
        self._ahead = epoch, position, self._begin(partial(self._ask, epoch, position))

    def _cursor(self) -> tuple[str | None, int]:
        row = db.session.get(PeerCursor, self._link.peer_id)
        return (None, 0) if row is None or row.epoch is None else (row.epoch, row.position)

    def _apply(self, messages: Sequence[Message], epoch: str, position: int, head: int | None) -> None:
        """A page and the cursor behind it, in one transaction; tried again where another writer was faster."""
        if messages:
            self._run.begin()
        for attempt in range(TRIES):
            try:
                with transaction():
                    outcomes = self._take(messages)
                    self._move(epoch, position, head)
            except IntegrityError:
                if attempt == TRIES - 1:
                    raise
            else:
                break
        self._run.counts["read"] += len(messages)
        for status in Status:
            self._run.counts[status.value] += sum(outcome.status is status for outcome in outcomes)

    def _take(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Apply what others wrote; our own, back from above, is no news. What cannot be applied is kept whole."""
        foreign = [message for message in messages if message.members.get("origin") != self._own]
        if not foreign:
            return []
        peer = peers.get(self._link.node)
        applied = inbound.apply_messages(foreign, peer=peer, relay=True, moment=now())
        taken = []
        for outcome in applied.outcomes:
            if outcome.status is Status.REJECTED:
                problems.note(
                    Direction.IN,
                    peer.id,
                    record_id=outcome.message.record_id or "",
                    revision=outcome.message.revision or 0,
                    content=outcome.message.raw,
                    faults=[fault._asdict() for fault in outcome.faults],
                )
            else:
                taken.append((outcome.message.members["record_id"], outcome.message.members["revision"]))
        problems.close_corrected(Direction.IN, peer.id, taken)
        named = [message.record_id for message in foreign]  # also what is not taken shows that it is there
        db.session.execute(
            text("UPDATE exchange_message SET missing_since = NULL WHERE record_id = ANY(:records)"),
            {"records": [record_id for record_id in named if record_id is not None]},
        )
        return applied.outcomes

    def _move(self, epoch: str, position: int, head: int | None) -> None:
        row = db.session.get(PeerCursor, self._link.peer_id)
        if row is None:
            row = PeerCursor(peer_id=self._link.peer_id, position=0)
            db.session.add(row)
        row.epoch, row.position, row.head, row.pulled_at = epoch, position, head, now()

    def _snapshot(self) -> None:
        """Everything that concerns us, then on from its position. What it lacks is marked, never deleted."""
        self._run.begin()
        self._run.counts["snapshots"] += 1
        marked = False
        for page in asking.snapshot(self._link):
            if not marked:
                self._mark_all()
                marked = True
            if page.is_last:
                self._apply(page.messages, page.epoch, page.position, None)
            else:
                with transaction():
                    self._take(page.messages)
                self._run.counts["read"] += len(page.messages)

    def _mark_all(self) -> None:
        """Whatever came from this peer counts as missing until a page of the snapshot names it."""
        with transaction():
            db.session.execute(
                text("UPDATE exchange_message SET missing_since = :moment WHERE peer_id = :peer"),
                {"moment": now(), "peer": self._link.peer_id},
            )

    def _tell(self) -> None:
        """How far we are, for the peer's display of our lag."""
        _, position = self._cursor()
        body = orjson.dumps({"position": position})
        self._link.ask("PUT", "/position", body=body, headers={"content-type": "application/json"})
