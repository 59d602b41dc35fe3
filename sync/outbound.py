"""Pushing our records to a peer: two chains of frozen batches, each sent until its receipt has come (exchange.md 4).

Bulk never delays an end of publicity: after every batch the urgent chain is looked at first.
"""

import gzip
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import orjson

from models import Chain, Direction, NodeRole, Peer, PeerState, RunKind, SentBatch, SentState, db
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import asking, chains, confirming, freezing, incidents, peers, problems, receipts, runs
from sync.beside import Begin, one_thread
from sync.keys import own_keys
from sync.link import UNREACHABLE, Answer, Link, NoAnswer
from sync.making import Making
from sync.reactions import Reaction, code_of, problem_of, reaction_to
from sync.runs import Run
from sync.shown_heads import keep_shown

MOST_CONFLICTS = 10
"""New batches that a run makes for one chain, one after the other, of what a peer will have under none of its numbers."""
PACKED_LEVEL = 1  # text shrinks to a tenth already; more would cost more than the wire does


class NotUpwards(Conflict):
    """Batches go from a city to its province only; a city pulls what concerns it."""

    code = "not_upwards"


def goes_upwards(settings: Settings, peer: Peer) -> bool:
    """Whether batches of ours go to this peer."""
    return settings.node_role == NodeRole.CITY and peer.role is NodeRole.PROVINCE


def push(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Send what waits for a peer, batch by batch, until nothing waits or nothing goes; at most so many batches.

    With `told` at once, whatever pause the peer was granted. PeerUnknown, NotUpwards, AlreadyRunning.
    """
    peer = peers.get(node)
    if not goes_upwards(settings, peer):
        raise NotUpwards(f"Nothing is pushed to {node}: batches go from a city to its province.")
    with runs.running(peer, RunKind.PUSH, told=told) as run:
        active, recovering = peer.state is PeerState.ACTIVE, this_node().recovering_since is not None
        if not active or recovering:
            run.outcome = runs.RECOVERING if active else peer.state.value
            return run
        link = Link(settings, peer)
        _confirm(link, run, peer, told=told)
        with one_thread() as make, one_thread() as prepare:
            sending = _Sending(settings, link, run, prepare, told=told)
            made = Making(settings, make)
            while sending.goes_on and (most is None or run.counts["batches"] < most):
                more = made.go_on(wait=False)
                if any(sending.step(chain) for chain in (Chain.URGENT, Chain.BULK)):
                    continue
                if not more:
                    break
                made.go_on(wait=True)
            if sending.is_bulk_refused:
                while made.go_on(wait=True):
                    pass
                sending.send_ends()
    return run


def _confirm(link: Link, run: Run, peer: Peer, *, told: bool) -> None:
    """Ask a peer that was restored what it still has, once in each of its epochs. Without an answer sending goes on."""
    unconfirmed = confirming.unconfirmed(peer)
    if not unconfirmed or not (told or runs.may_begin(peer, RunKind.PUSH)):
        return
    with asking.noted(run, peer, RunKind.PUSH):
        for chain in unconfirmed:
            run.counts["gaps"] += confirming.confirm(link, chain)


class _Sending:
    """One run's way through the chains."""

    def __init__(self, settings: Settings, link: Link, run: Run, begin: Begin[Any], *, told: bool) -> None:
        self._link, self._run, self._told = link, run, told
        self._keys = own_keys(settings)
        self._begin = begin
        self._packed: tuple[int, bytes] | None = None  # the batch that was made ready while the one before was sent
        self._conflicts: Counter[Chain] = Counter()
        self._filled: set[tuple[Chain, str]] = set()
        self.goes_on, self.is_bulk_refused = True, False

    def send_ends(self) -> None:
        """Ends of publicity that were only made while bulk got no good answer: they do not wait for what is said of it."""
        self.goes_on = True
        while self.goes_on and self.step(Chain.URGENT):
            pass

    def step(self, chain: Chain) -> bool:
        """Send one batch of a chain; False where none waits, or none may be sent now."""
        with transaction():
            row = freezing.chain_of(self._link.peer_id, chain)
            if row.incident is not None:
                return False
            batch_id = freezing.unsent(self._link.peer_id, chain, this_node().epoch)
            if batch_id is None:
                frozen = freezing.freeze(self._link.peer_id, chain, self._keys)
                if frozen is None:
                    return False
                batch_id = frozen.id
            batch = db.session.get_one(SentBatch, batch_id)
            if not self._told and batch.next_attempt_at is not None and batch.next_attempt_at > now():
                return False
        self._run.begin()
        self._send(batch_id, chain)
        return True

    def _send(self, batch_id: int, chain: Chain) -> None:
        body = self._packed[1] if self._packed is not None and self._packed[0] == batch_id else _pack(batch_id)
        kept = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
        signed: dict[str, str] = {}
        spoken = self._begin(partial(_spoken, batch_id))
        following = self._begin(partial(self._prepare, batch_id, chain))
        try:
            answer = self._link.ask("POST", "/batches", body=body, headers=kept, signed=signed)
        except NoAnswer as error:
            following.result()
            self._no_answer(batch_id, signed, error.code, None, is_fault=error.is_fault)
            return
        self._packed = following.result()  # nobody else changes the chain while an answer is dealt with
        problem = {} if answer.status == 200 else problem_of(answer.body)
        code = code_of(problem)
        match reaction_to(answer.status, code):
            case Reaction.RECEIPT:
                self._conflicts[chain] = 0
                self._take_receipt(batch_id, signed, answer, spoken.result())
            case Reaction.REPEAT:
                told = answer.status not in {408, 429} and answer.status < 500
                self._no_answer(batch_id, signed, code or f"http_{answer.status}", answer.retry_after, is_fault=told)
            case Reaction.GAP:
                self._fill_gap(batch_id, chain, answer.epoch, problem.get("last"))
            case Reaction.SET_ASIDE:
                with transaction():
                    chains.set_aside(batch_id, code or freezing.TOO_LARGE)
                self._run.counts["set_aside"] += 1
                self._conflicts[chain] += code == "batch_conflict"
                if self._conflicts[chain] == MOST_CONFLICTS:
                    self._stop(batch_id, "batch_conflict")
            case Reaction.STOP:
                self._stop(batch_id, code or f"http_{answer.status}")

    def _prepare(self, batch_id: int, chain: Chain) -> tuple[int, bytes] | None:
        """Freeze and pack the batch behind one that is under way, where there are messages for a whole one."""
        with transaction():
            frozen = freezing.unsent(self._link.peer_id, chain, this_node().epoch, behind=batch_id)
            if frozen is None:
                batch = freezing.freeze(self._link.peer_id, chain, self._keys, ahead=True, full=True)
                frozen = None if batch is None else batch.id
        return None if frozen is None else (frozen, _pack(frozen))

    def _take_receipt(
        self, batch_id: int, signed: dict[str, str], answer: Answer, spoken: list[tuple[str, int]]
    ) -> None:
        batch = db.session.get_one(SentBatch, batch_id)
        try:
            receipt = receipts.read(
                answer.body,
                batch_no=batch.batch_no,
                body_digest=batch.body_digest,
                record_ids=[record_id for record_id, _ in spoken],
            )
        except receipts.Unsound as error:
            self._no_answer(batch_id, signed, "receipt_unsound", None, is_fault=True, why=str(error))
            return
        moment = now()
        lines = _lines(batch_id) if receipt.rejections else []
        with transaction():
            batch = db.session.get_one(SentBatch, batch_id)
            batch.state, batch.receipt, batch.receipted_at = SentState.RECEIPTED, answer.body, moment
            batch.headers, batch.receipt_headers = signed, _vouching(answer)
            batch.attempts, batch.next_attempt_at = batch.attempts + 1, None
            for rejection in receipt.rejections:
                record_id, revision = spoken[rejection.line - 1]
                problems.note(
                    Direction.OUT,
                    batch.peer_id,
                    record_id=record_id,
                    revision=revision,
                    content=lines[rejection.line - 1],
                    faults=rejection.faults,
                    batch_no=batch.batch_no,
                )
            problems.close_corrected(Direction.OUT, batch.peer_id, spoken)
            freezing.chain_of(batch.peer_id, batch.chain).peer_epoch = answer.epoch
            if receipt.ledger_head is not None and not keep_shown(
                receipt.ledger_head, batch.peer_id, answer.epoch, moment
            ):
                incidents.note("head_inconsistent", peers.get(self._link.node), batch_no=batch.batch_no)
        self._run.counts["batches"] += 1
        self._run.counts.update(receipt.counts)

    def _no_answer(
        self,
        batch_id: int,
        signed: dict[str, str],
        code: str,
        retry_after: int | None,
        *,
        is_fault: bool,
        why: str | None = None,
    ) -> None:
        """Nothing is believed: the same batch again later. What came and was wrong, a person shall know of."""
        with transaction():
            batch = db.session.get_one(SentBatch, batch_id)
            pause = max(runs.pause_after(batch.attempts), retry_after or 0)
            batch.headers, batch.attempts = signed, batch.attempts + 1
            batch.next_attempt_at = now() + timedelta(seconds=pause)
            self.is_bulk_refused = batch.chain is Chain.BULK and code != UNREACHABLE
            if is_fault:
                incidents.note(code, peers.get(self._link.node), batch_no=batch.batch_no, why=why)
        self._run.outcome, self._run.detail["code"] = runs.NO_ANSWER, code
        self.goes_on = False

    def _fill_gap(self, batch_id: int, chain: Chain, epoch: str, last: Any) -> None:
        """Go back once in each of the peer's epochs: what finds a gap behind what was sent again would do so for ever."""
        with transaction():
            filled = (chain, epoch) not in self._filled and chains.fill_gap(batch_id, last)
        if filled:
            self._filled.add((chain, epoch))
            self._run.counts["gaps"] += 1
        else:
            self._stop(batch_id, "batch_gap")

    def _stop(self, batch_id: int, code: str) -> None:
        with transaction():
            batch = db.session.get_one(SentBatch, batch_id)
            chains.stop(batch.peer_id, batch.chain, code)
            incidents.note(code, peers.get(self._link.node), batch_no=batch.batch_no, chain=batch.chain.value)
        self._run.outcome, self._run.detail["code"] = runs.STOPPED, code


def _spoken(batch_id: int) -> list[tuple[str, int]]:
    """Record and revision of each line of a batch, in order."""
    return [(members["record_id"], members["revision"]) for members in map(orjson.loads, _lines(batch_id))]


def _lines(batch_id: int) -> list[bytes]:
    return freezing.frozen_bytes(batch_id)[1].splitlines()


def _pack(batch_id: int) -> bytes:
    """A batch as it goes over the wire. Always the same bytes."""
    return gzip.compress(b"%b\n%b" % freezing.frozen_bytes(batch_id), PACKED_LEVEL, mtime=0)


def _vouching(answer: Answer) -> dict[str, str]:
    """The headers of an answer that its signature covers, and the signature."""
    names = ("content-digest", "exchange-nonce", "exchange-epoch", "idempotent-replay", "signature-input", "signature")
    return {name: answer.headers[name] for name in names if name in answer.headers}
