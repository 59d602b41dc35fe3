"""Pulling what concerns us from a peer: pages of its feed, each applied with the cursor behind it (exchange.md 5)."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
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
from sync import asking, collector, inbound, paging, peers, problems, runs
from sync.asking import expect_200
from sync.beside import Begin, one_thread
from sync.inbound import Looked
from sync.link import Link
from sync.message import Message
from sync.reactions import code_of, problem_of
from sync.rejections import Outcome, Status
from sync.runs import Run

PAGE = 2_000  # messages a request and a transaction: for as long our officers wait
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


@dataclass(frozen=True, slots=True)
class _Page:
    """A page of changes: the peer's epoch, the position to ask from next, its head, how many lines, those of others."""

    epoch: str
    following: int
    head: int
    count: int
    looked: Looked


class _Pulling:
    """One run's way through a feed."""

    def __init__(self, link: Link, run: Run, begin: Begin[_Page | None]) -> None:
        self._link, self._run, self._begin = link, run, begin
        self._own = this_node().node
        self._ahead: tuple[str | None, int, Future[_Page | None]] | None = None

    def to_the_end(self, most: int | None) -> None:
        """Page by page; then tell the peer how far we are."""
        pages, moved, is_fresh = 0, False, False
        while most is None or pages < most:
            epoch, position = self._cursor()
            page = self._page(epoch, position)
            if page is None:
                if is_fresh:
                    raise paging.Unsound("the feed does not go on from the position of the snapshot")
                self._snapshot()
                moved = is_fresh = True
                continue
            is_fresh = False
            if position < page.following < page.head and (most is None or pages + 1 < most):
                self._ask_ahead(page.epoch, page.following)
            if page.following > position or epoch is None:
                self._apply(page.count, page.looked, page.epoch, page.following, page.head)
            pages, moved = pages + 1, moved or page.following > position
            if page.following >= page.head or page.following == position:
                break
        if moved:
            self._tell()

    def _page(self, epoch: str | None, position: int) -> _Page | None:
        """The page behind a position: the one that was asked for ahead, where it is this one."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[:2] == (epoch, position):
            return ahead[2].result()
        return self._ask(epoch, position)

    def _ask(self, epoch: str | None, position: int) -> _Page | None:
        """One page, looked at as far as needs no register; None where the peer wants us to take its snapshot."""
        asked = [("after", str(position)), ("limit", str(PAGE)), *([("epoch", epoch)] if epoch else [])]
        answer = self._link.get("/changes", asked)
        gone = answer.status == 410 and code_of(problem_of(answer.body)) == "position_gone"
        if gone or (answer.status == 200 and epoch is not None and answer.epoch != epoch):
            return None
        following, head = answer.number("exchange-next"), answer.number("exchange-head")
        expect_200(answer)
        if following is None or head is None:
            raise paging.Unsound("the answer does not say how far it has looked")
        with collector.at_rest():
            found = paging.read_changes(answer.body, after=position, upto=following, head=head)
            looked = self._look([change.message for change in found])
        return _Page(answer.epoch, following, head, len(found), looked)

    def _look(self, messages: Sequence[Message]) -> Looked:
        """What others wrote; our own, back from above, is no news."""
        foreign = [message for message in messages if message.members.get("origin") != self._own]
        return inbound.look_at(foreign, origins=None, own=self._own)

    def _ask_ahead(self, epoch: str, position: int) -> None:
        """The peer looks for the next page, and we at it, while we apply this one."""
        self._ahead = epoch, position, self._begin(partial(self._ask, epoch, position))

    def _cursor(self) -> tuple[str | None, int]:
        row = db.session.get(PeerCursor, self._link.peer_id)
        return (None, 0) if row is None or row.epoch is None else (row.epoch, row.position)

    def _apply(self, count: int, looked: Looked, epoch: str, position: int, head: int | None) -> None:
        """A page and the cursor behind it, in one transaction; tried again where another writer was faster."""
        if count:
            self._run.begin()
        for attempt in range(TRIES):
            try:
                with collector.at_rest(), transaction():
                    outcomes = self._take(looked)
                    self._move(epoch, position, head)
            except IntegrityError:
                if attempt == TRIES - 1:
                    raise
            else:
                break
        self._run.counts["read"] += count
        for status in Status:
            self._run.counts[status.value] += sum(outcome.status is status for outcome in outcomes)

    def _take(self, looked: Looked) -> Sequence[Outcome]:
        """Apply what was looked at. What cannot be applied is kept whole."""
        if not looked.messages:
            return []
        peer = peers.get(self._link.node)
        applied = inbound.apply_looked_at(looked, peer=peer, moment=now())
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
        others = [each.message.record_id for each in applied.outcomes if each.status is not Status.ACCEPTED]
        if others:  # also what is not taken shows that it is there; what is taken says so by its row
            db.session.execute(
                text(
                    "UPDATE exchange_message SET missing_since = NULL"
                    " WHERE record_id = ANY(:records) AND missing_since IS NOT NULL"
                ),
                {"records": [record_id for record_id in others if record_id is not None]},
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
            looked = self._look(page.messages)
            if page.is_last:
                self._apply(len(page.messages), looked, page.epoch, page.position, None)
            else:
                with transaction():
                    self._take(looked)
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
