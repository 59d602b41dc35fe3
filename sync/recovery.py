"""Recovery: a restored node takes its own records back from its peers before it accepts changes (exchange.md 1.6).

Each active peer of the wire is read in a run of its own, `GET /snapshot?origin=<this node>` page by page, operators first,
since the others are about them. Every page is a transaction; killed in the middle and begun again, a run ends in the same
state. When every such peer was read in this epoch the node goes on by itself.
"""

from collections.abc import Sequence

from sqlalchemy import select

from models import Carrier, Chain, ExchangeRun, Peer, PeerState, RunKind, SentBatch, SentState, db
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.queries.exchange_node import this_node
from registry.services import exchange_node
from registry.transaction import transaction
from sync import asking, chains, own_messages, paging, peers, runs, signing
from sync.asking import expect_200
from sync.link import Link
from sync.message import RESOURCES, Message, NotJson, parse
from sync.runs import Run
from sync.taking_back import Taken, take_page

RESTORED = "restored"
"""Why a batch of an earlier epoch is given up: what it held goes out in this one."""

COUNTS = ("read", "same", "newer_here", "changed", "entered", "kept", "raised", "unclear")
"""What a run counts. Each record read is one of the others; `raised` counts again what got a higher revision only."""

_OTHERS = tuple(sorted(RESOURCES - {"operator"}))


class NothingToRead(Conflict):
    """Records are taken back over the wire only; a partner by file or front database has no such answer."""

    code = "nothing_to_read"


def waiting_for() -> Sequence[Peer]:
    """Active peers of the wire that were not read in this epoch; empty where nothing keeps the node from going on."""
    epoch = this_node().epoch
    read = (
        select(ExchangeRun.id)
        .where(
            ExchangeRun.peer_id == Peer.id,
            ExchangeRun.kind == RunKind.RECOVER,
            ExchangeRun.outcome == runs.DONE,
            ExchangeRun.detail["epoch"].astext == epoch,
        )
        .exists()
    )
    return (
        db.session.execute(
            select(Peer).where(Peer.carrier == Carrier.HTTP, Peer.state == PeerState.ACTIVE, ~read).order_by(Peer.node)
        )
        .scalars()
        .all()
    )


def may_lack_what_came_late(peer: Peer) -> bool:
    """Whether the peer may have received something of ours after it was read: what was under way when we were restored.

    Until a comparison with it that began when no request of the time before could arrive any more.
    """
    read = runs.last_run(peer.id, RunKind.RECOVER)
    node = this_node()
    if read is None or read.detail.get("epoch") != node.epoch:
        return False
    compared = select(ExchangeRun.id).where(
        ExchangeRun.peer_id == peer.id,
        ExchangeRun.kind == RunKind.RECONCILE,
        ExchangeRun.outcome == runs.DONE,
        ExchangeRun.started_at > node.drawn_at + signing.OLDEST + signing.AHEAD,
    )
    return db.session.execute(compared.limit(1)).first() is None


def tried() -> dict[str, ExchangeRun]:
    """The last recovery from each peer that is waited for, by node: why it has not ended."""
    found = {peer.node: runs.last_run(peer.id, RunKind.RECOVER) for peer in waiting_for()}
    return {node: run for node, run in found.items() if run is not None}


def recover(settings: Settings, node: str, *, told: bool) -> Run:
    """Take own records back from one peer; with the last one the node accepts changes again.

    With `told` also from a peer that an incident has stopped. PeerUnknown, NothingToRead, AlreadyRunning. Outcomes:
    `done`, `no_answer`, `stopped`, else the state of a peer that is not read.
    """
    peer = peers.get(node)
    if peer.carrier is not Carrier.HTTP:
        raise NothingToRead(f"{node} is not reached over the wire: it cannot be asked for records.")
    with runs.running(peer, RunKind.RECOVER, told=told) as run:
        if peer.state is PeerState.PAUSED or (peer.state is PeerState.STOPPED and not told):
            run.outcome = peer.state.value
            return run
        run.begin()
        run.detail["epoch"] = this_node().epoch
        with asking.noted(run, peer, RunKind.RECOVER):
            _Recovering(settings, Link(settings, peer), run).to_the_end()
    go_on_where_read()
    return run


def go_on_where_read() -> bool:
    """Let the node accept changes again where every active peer of the wire was read; whether it does. Commits."""
    with transaction():
        if this_node().recovering_since is None:
            return True
        if waiting_for():
            return False
        go_on()
    return True


def go_on() -> None:
    """Accept changes again. What was frozen before the restore goes out anew, in this epoch. The caller commits."""
    epoch = this_node().epoch
    for peer in peers.every():
        for chain in Chain:
            left = db.session.execute(
                select(SentBatch.id)
                .where(
                    SentBatch.peer_id == peer.id,
                    SentBatch.chain == chain,
                    SentBatch.epoch != epoch,
                    SentBatch.state == SentState.FROZEN,
                )
                .order_by(SentBatch.id)
            ).scalars()
            for batch_id in left:
                if db.session.get_one(SentBatch, batch_id).state is SentState.FROZEN:
                    chains.set_aside(batch_id, RESTORED)
    exchange_node.recovered()


class _Recovering:
    """One run's way through what a peer holds of ours."""

    def __init__(self, settings: Settings, link: Link, run: Run) -> None:
        self._settings, self._link, self._run = settings, link, run
        self._own = this_node().node
        self._barred: list[str] = []

    def to_the_end(self) -> None:
        """Operators, then what is about them, then what something stood in the way of."""
        own_messages.catch_up(self._settings)
        for resources in (("operator",), _OTHERS):
            self._snapshot(resources)
        for record_id in self._barred:
            answer = self._link.get(f"/records/{record_id}")
            if answer.status == 404:
                continue
            expect_200(answer)
            try:
                self._take([parse(answer.body)], last_try=True)
            except NotJson as error:
                raise paging.Unsound("the record is no JSON") from error

    def _snapshot(self, resources: Sequence[str]) -> None:
        asked = [("origin", self._own), *(("resource", resource) for resource in resources)]
        for page in asking.snapshot(self._link, asked):
            self._barred += self._take(page.messages).barred

    def _take(self, messages: Sequence[Message], *, last_try: bool = False) -> Taken:
        with transaction():
            peer = peers.get(self._link.node)
            taken = take_page(messages, own=self._own, peer=peer, moment=now(), last_try=last_try)
        if not last_try:
            self._run.counts["read"] += len(messages)
        self._run.counts.update({name: count for name, count in taken.counts.items() if name != "read"})
        return taken
