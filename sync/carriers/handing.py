"""Handing batches to a partner without the wire, and waiting for its answers without standing still.

An answer may take a person, or a night. So some batches may wait for theirs at the same time; each is frozen before it is
handed over, and handing it over again changes nothing. What is still to be made is made meanwhile, and after every batch the
ends of publicity have their turn first.
"""

from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, select

from models import Chain, Peer, PeerState, RunKind, SentBatch, SentState, db
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import freezing, incidents, peers, runs
from sync.beside import one_thread
from sync.carriers import partner_side
from sync.keys import own_keys
from sync.making import Making
from sync.outbound import NotUpwards, goes_upwards
from sync.runs import AlreadyRunning, Run

MOST_WAITING = 50
"""Batches of a chain that may wait for an answer at once: 100,000 records."""


class NotReached(Conflict):
    """The partner's side could not be reached or written; what was begun is begun again. `code` says what was met."""

    code = "partner_not_reached"

    def __init__(self, code: str, *, is_fault: bool = True) -> None:
        super().__init__(f"The partner's side did not take it: {code}.")
        self.code = code
        self.is_fault = is_fault  # whether a person should look: not at a partner that is merely down


class Partner(Protocol):
    """One partner during a run."""

    @property
    def among(self) -> ColumnElement[bool] | None:
        """Which messages it takes at all; None for all."""

    def read_back(self, run: Run) -> None:
        """Take in the answers that are there. Commits one by one. NotReached."""

    def lying(self) -> Mapping[str, Any]:
        """What lies on the partner's side now, for people to see. NotReached."""

    def hand_over(self, batch: SentBatch) -> Mapping[str, Any]:
        """Bring a frozen batch over, to the same effect each time; answer where it is now. NotReached."""


Opening = Callable[[Settings, Peer], Partner]


def push(settings: Settings, node: str, opening: Opening, *, told: bool, most: int | None = None) -> Run:
    """Read answers back, then hand over what waits, at most so many batches. PeerUnknown, NotUpwards, AlreadyRunning.

    With `told` also what was handed over already and has no answer: the partner may have lost it.
    """
    peer = peers.get(node)
    if not goes_upwards(settings, peer):
        raise NotUpwards(f"Nothing is pushed to {node}: batches go from a city to its province.")
    answered = None
    with suppress(AlreadyRunning):  # then another process reads
        answered = pull(settings, node, opening, told=False)
    with runs.running(peers.get(node), RunKind.PUSH, told=told) as run:
        if answered is not None:
            run.counts.update(answered.counts)
        peer = peers.get(node)
        active, recovering = peer.state is PeerState.ACTIVE, this_node().recovering_since is not None
        if not active or recovering:
            run.outcome = runs.RECOVERING if active else peer.state.value
            return run
        partner = opening(settings, peer)
        handing = _Handing(settings, partner, peer.id, run, told)
        with one_thread() as make:
            handing.all(Making(settings, make), most or 2 * MOST_WAITING)
        if run.counts["batches"]:
            _look(partner, node, run, anew=True)
    return run


def pull(settings: Settings, node: str, opening: Opening, *, told: bool) -> Run:
    """Read what has been answered. PeerUnknown, AlreadyRunning."""
    with runs.running(peers.get(node), RunKind.PULL, told=told) as run:
        peer = peers.get(node)
        if peer.state is not PeerState.ACTIVE:
            run.outcome = peer.state.value
            return run
        partner = opening(settings, peer)
        try:
            partner.read_back(run)
        except NotReached as error:
            _not_reached(node, run, error)
        else:
            _look(partner, node, run, anew=bool(run.counts) or told)
    return run


def _look(partner: Partner, node: str, run: Run, *, anew: bool) -> None:
    """Keep what lies on the partner's side, for the console."""
    try:
        partner_side.look(node, partner.lying, anew=anew)
    except NotReached as error:
        _not_reached(node, run, error)


def _not_reached(node: str, run: Run, error: NotReached) -> None:
    """Nothing could be read: the run says why, and where the partner is not merely down a person shall look."""
    run.outcome, run.detail["code"] = runs.NO_ANSWER, error.code
    if error.is_fault:
        with transaction():
            incidents.note(error.code, peers.get(node))
    partner_side.lost(node, error.code)


class _Handing:
    """One run's way through the chains."""

    def __init__(self, settings: Settings, partner: Partner, peer_id: int, run: Run, told: bool) -> None:
        self._keys = own_keys(settings)
        self._partner, self._peer_id, self._run, self._told = partner, peer_id, run, told
        self._again: dict[Chain, deque[int]] = {}
        self._unanswered: dict[Chain, int] = {}
        self._held: set[Chain] = set()
        for chain in Chain:
            waiting = self._waiting(chain)
            self._unanswered[chain] = len(waiting)
            self._again[chain] = deque(batch_id for batch_id, handed in waiting if told or not handed)

    def all(self, made: Making, most: int) -> None:
        """Ends first; a partner that is not reached is not tried again before its pause is over."""
        try:
            while self._run.counts["batches"] < most:
                more = made.go_on(wait=False)
                if any(self._step(chain, more=more) for chain in (Chain.URGENT, Chain.BULK)):
                    continue
                if not more:
                    break
                made.go_on(wait=True)
        except NotReached as error:
            self._run.outcome, self._run.detail["code"] = runs.NO_ANSWER, error.code

    def _step(self, chain: Chain, *, more: bool) -> bool:
        """Hand one batch of a chain over; False where none waits, or none may go now.

        While more is made, bulk waits for a whole batch, and ends do where half of their places are taken: batches that
        wait for a person are few, so small ones must not use them up.
        """
        if chain in self._held:
            return False
        if self._again[chain]:
            batch_id = self._again[chain].popleft()
        else:
            if self._unanswered[chain] >= MOST_WAITING:
                return False
            scarce = chain is Chain.BULK or self._unanswered[chain] >= MOST_WAITING // 2
            fresh = self._freeze(chain, full=more and scarce)
            if fresh is None:
                return False
            batch_id = fresh
            self._unanswered[chain] += 1
        if self._hand_over(batch_id):
            return True
        self._held.add(chain)  # what follows it would be a gap to the partner
        return False

    def _waiting(self, chain: Chain) -> list[tuple[int, bool]]:
        """Batches without an answer in their order, and whether each was handed over."""
        rows = db.session.execute(
            select(SentBatch.id, SentBatch.headers)
            .where(
                SentBatch.peer_id == self._peer_id,
                SentBatch.chain == chain,
                SentBatch.epoch == this_node().epoch,
                SentBatch.state == SentState.FROZEN,
            )
            .order_by(SentBatch.id)
        ).all()
        db.session.commit()
        return [(row.id, bool(row.headers)) for row in rows]

    def _freeze(self, chain: Chain, *, full: bool) -> int | None:
        with transaction():
            if freezing.chain_of(self._peer_id, chain).incident is not None:
                return None
            batch = freezing.freeze(self._peer_id, chain, self._keys, ahead=True, full=full, among=self._partner.among)
            return None if batch is None else batch.id

    def _hand_over(self, batch_id: int) -> bool:
        """False where it may not go now: its chain stands still, or the pause after a failure is not over."""
        batch = db.session.get_one(SentBatch, batch_id)
        if freezing.chain_of(self._peer_id, batch.chain).incident is not None:
            return False
        if not self._told and batch.next_attempt_at is not None and batch.next_attempt_at > now():
            return False
        self._run.begin()
        batch = db.session.get_one(SentBatch, batch_id)
        try:
            where = self._partner.hand_over(batch)
        except NotReached as error:
            with transaction():
                batch = db.session.get_one(SentBatch, batch_id)
                if error.is_fault:
                    incidents.note(error.code, batch.peer, batch_no=batch.batch_no)
                batch.next_attempt_at = now() + timedelta(seconds=runs.pause_after(batch.attempts))
                batch.attempts += 1
            raise
        with transaction():
            batch = db.session.get_one(SentBatch, batch_id)
            batch.headers, batch.attempts, batch.next_attempt_at = dict(where), batch.attempts + 1, None
        self._run.counts["batches"] += 1
        return True
