"""Proving that two nodes hold the same, both ways, and repairing what differs (exchange.md 6).

A difference counts when it is there at two looks a minute apart: what was on its way has arrived by then. What the peer
lacks goes again in a new batch of current messages, what we lack is fetched by record. A peer that holds more of ours
than we do shows that we were restored or that someone lies. Where we were, and it may have received something of the time
before since we read it, our records are taken back from it once more; else nothing is sent to it until a person has looked.
"""

from collections.abc import Sequence
from time import sleep
from typing import Any

from sqlalchemy import select

from models import Carrier, Chain, Direction, ExchangeMessage, NodeRole, Peer, PeerState, RunKind, db
from registry.clock import now
from registry.config import Settings
from registry.errors import Conflict
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import freezing, inbound, incidents, outbound, own_head, own_messages, peers, problems, recovery, runs
from sync.comparing import Difference, Scope, differences
from sync.feed import Reader
from sync.keys import own_keys
from sync.link import Link, NoAnswer
from sync.message import RESOURCES, NotJson, parse
from sync.rejections import Status
from sync.runs import AlreadyRunning, Run

LOOK_AGAIN_SECONDS = 60.0
AT_ONCE = 2_000  # records of one new batch
MOST_LISTED = 100  # differences that a run's row names


class NotComparable(Conflict):
    """A partner that is reached by files or a front database answers no questions: its receipts are all there is."""

    code = "not_comparable"


def reconcile(settings: Settings, node: str, *, told: bool, pause: float = LOOK_AGAIN_SECONDS) -> Run:
    """Compare with a peer both ways, repair, compare again; the row of the run holds the outcome.

    PeerUnknown, NotComparable, AlreadyRunning. Outcomes: `done`, `differs` where a difference stays, `stopped`, `no_answer`.
    """
    peer = peers.get(node)
    if peer.carrier is not Carrier.HTTP:
        raise NotComparable(f"{node} is not reached by the exchange interface: there is nothing to compare over.")
    with runs.running(peer, RunKind.RECONCILE, told=told) as run:
        if peer.state is not PeerState.ACTIVE:
            run.outcome = peer.state.value
            return run
        if this_node().recovering_since is not None:  # that a peer knows more of ours is then no reason to stop it
            run.outcome = runs.RECOVERING
            return run
        reconciling = _Reconciling(settings, peer, run, pause)
        try:
            reconciling.compare_and_repair()
        except NoAnswer as error:
            run.outcome, run.detail["code"] = runs.NO_ANSWER, error.code
            if error.is_fault:
                with transaction():
                    incidents.note(error.code, peers.get(node), why=str(error))
    return run


class _Reconciling:
    """One run with one peer."""

    def __init__(self, settings: Settings, peer: Peer, run: Run, pause: float) -> None:
        self._settings, self._run, self._pause = settings, run, pause
        self._is_above = outbound.goes_upwards(settings, peer)
        self._relays = peer.role is NodeRole.PROVINCE
        self._reader = Reader(peer.node, is_above=self._is_above)
        self._own, self._epoch = this_node().node, this_node().epoch
        self._peer_id, self._node = peer.id, peer.node
        self._scopes = [*self._of_ours(), *self._of_theirs()]
        self._link = Link(settings, peer)

    def compare_and_repair(self) -> None:
        """Two looks, the repairs, a last look."""
        own_messages.catch_up(self._settings)
        self._run.begin()
        self._run.counts["scopes"] = len(self._scopes)
        found = self._look_twice()
        if this_node().recovering_since is not None or this_node().epoch != self._epoch:
            self._run.outcome = runs.RECOVERING  # restored between the looks: another run compares what is here now
            return
        if self._more(found) and recovery.may_lack_what_came_late(peers.get(self._node)):
            taken = recovery.recover(self._settings, self._node, told=True)
            self._run.counts["taken_back"] = taken.counts["read"] - taken.counts["same"] - taken.counts["newer_here"]
            found = self._look_twice()
        self._run.counts["differences"] = len(found)
        if not found or self._knows_more(found):
            return
        found = self._unexplained(found)
        self._send_again([each.record_id for each in found if each.scope.ours and each.is_behind_there])
        self._fetch([each.record_id for each in found if not each.scope.ours and each.is_behind_here])
        staying = self._unexplained(self._look(dict.fromkeys(each.scope for each in found))) if found else []
        staying = [each for each in staying if each.record_id in {other.record_id for other in found}]
        self._run.counts["staying"] = len(staying)
        if staying:
            self._run.outcome = "differs"
            self._run.detail["staying"] = [each.record_id for each in staying[:MOST_LISTED]]
            with transaction():
                incidents.note("difference_stays", peers.get(self._node), records=len(staying))

    def _look_twice(self) -> list[Difference]:
        """What differs at two looks."""
        found = self._look(self._scopes)
        with transaction():
            problems.close_agreed(self._peer_id, [each.record_id for each in found])
        if not found:
            return []
        db.session.close()
        sleep(self._pause)
        own_messages.catch_up(self._settings)
        again = self._look(dict.fromkeys(difference.scope for difference in found))
        seen = {(difference.scope, difference.record_id) for difference in found}
        return [difference for difference in again if (difference.scope, difference.record_id) in seen]

    def _of_ours(self) -> list[Scope]:
        return [Scope(resource, self._own, ours=True) for resource in sorted(RESOURCES)]

    def _of_theirs(self) -> list[Scope]:
        """Of the peer itself, and of every other origin that it has relayed to us."""
        relayed = db.session.execute(
            select(ExchangeMessage.origin).where(ExchangeMessage.peer_id == self._peer_id).distinct()
        ).scalars()
        origins = sorted({self._node, *relayed} - {self._own})
        return [Scope(resource, origin, ours=False) for origin in origins for resource in sorted(RESOURCES)]

    def _look(self, scopes: Any) -> list[Difference]:
        return [each for scope in scopes for each in differences(self._link, self._reader, scope)]

    def _more(self, found: Sequence[Difference]) -> list[str]:
        """Records of ours of which the peer holds what we cannot have sent."""
        return [each.record_id for each in found if each.scope.ours and not each.is_behind_there]

    def _knows_more(self, found: Sequence[Difference]) -> bool:
        """Whether the peer holds something of ours that we cannot have sent: then sending to it stops."""
        more = self._more(found)
        if not more:
            return False
        with transaction():
            peer = peers.get(self._node)
            peer.state, peer.incident = PeerState.STOPPED, "peer_knows_more"
            incidents.note("peer_knows_more", peer, records=len(more), first=more[0])
        self._run.outcome = runs.STOPPED
        self._run.detail |= {"code": "peer_knows_more", "records": more[:MOST_LISTED]}
        return True

    def _unexplained(self, found: Sequence[Difference]) -> list[Difference]:
        """Differences that the problem queue does not explain; the others are listed and left alone."""
        explained = {
            True: problems.explained(Direction.OUT, self._peer_id),
            False: problems.explained(Direction.IN, self._peer_id),
        }
        left: list[Difference] = []
        known: list[Difference] = []
        for each in found:
            newest = each.here if each.scope.ours else each.there
            stands = newest is not None and explained[each.scope.ours].get(each.record_id, 0) >= newest[0]
            (known if stands else left).append(each)
        self._run.counts["explained"] = len(known)
        self._run.detail["explained"] = [each.record_id for each in known[:MOST_LISTED]]
        return left

    def _send_again(self, record_ids: Sequence[str]) -> None:
        """New batches of the current messages, behind whatever waits already. Only upwards: a city pulls for itself."""
        if not record_ids or not self._is_above:
            return
        own_head.covering(self._settings)
        keys = own_keys(self._settings)
        for first in range(0, len(record_ids), AT_ONCE):
            some = record_ids[first : first + AT_ONCE]
            for chain in Chain:
                self._push()
                with transaction():
                    epoch = this_node().epoch
                    if freezing.unsent(self._peer_id, chain, epoch) is None:
                        frozen = freezing.freeze(self._peer_id, chain, keys, only=some)
                        self._run.counts["sent"] += 0 if frozen is None else frozen.count
        self._push()

    def _push(self) -> None:
        try:
            outbound.push(self._settings, self._node, told=True)
        except AlreadyRunning:  # the worker is at it, and sends what is frozen as well
            return

    def _fetch(self, record_ids: Sequence[str]) -> None:
        """Ask for each record that we lack or have old, and apply what comes as any other message."""
        for record_id in record_ids:
            answer = self._link.get(f"/records/{record_id}")
            if answer.status != 200:
                continue
            try:
                message = parse(answer.body)
            except NotJson as error:
                raise NoAnswer("record_unsound", "the record is no JSON") from error
            if message.record_id != record_id:
                raise NoAnswer("record_unsound", "another record was given than was asked for")
            with transaction():
                peer = peers.get(self._node)
                applied = inbound.apply_messages([message], peer=peer, relay=self._relays, moment=now())
                (outcome,) = applied.outcomes
                if outcome.status is Status.REJECTED:
                    problems.note(
                        Direction.IN,
                        self._peer_id,
                        record_id=record_id,
                        revision=message.revision or 0,
                        content=message.raw,
                        faults=[fault._asdict() for fault in outcome.faults],
                    )
            self._run.counts["fetched"] += 1
