"""Taking in what a partner without the wire says of a batch: a receipt, a refusal of the whole, or row by row.

What is said row by row becomes a receipt of the form of exchange.md 4, so that there is one way in and one to show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import select

from models import Direction, SentBatch, SentState, db
from registry.clock import now
from registry.transaction import transaction
from sync import chains, incidents, peers, problems, receipts, runs
from sync.reactions import Reaction, code_of, reaction_to
from sync.receipts import Receipt, Unsound
from sync.sealed import lines_of
from sync.shown_heads import keep_shown

Faults = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of a frozen batch: its line as sent, its members."""

    raw: bytes
    members: dict[str, Any]

    @property
    def key(self) -> tuple[str, int]:
        """Record and revision."""
        return self.members["record_id"], self.members["revision"]


def spoken(batch: SentBatch) -> list[Spoken]:
    """The messages of a batch, in the order of its lines."""
    return [Spoken(raw, orjson.loads(raw)) for raw in (lines_of(batch) or b"").splitlines()]


def named(peer_id: int, batch_no: str) -> SentBatch | None:
    """The batch of ours to this peer that an answer is about."""
    return db.session.execute(
        select(SentBatch).where(SentBatch.peer_id == peer_id, SentBatch.batch_no == batch_no)
    ).scalar_one_or_none()


def take_receipt(batch_id: int, body: bytes, vouching: Mapping[str, Any], *, node: str) -> Receipt | None:
    """Complete a batch by its receipt; None where it has this one already. Commits. Unsound.

    `vouching` is kept with it: the signature of the file, or where the answer was read.
    """
    with transaction():
        batch = _locked(batch_id)
        if batch.state is SentState.RECEIPTED:
            if batch.receipt != body:
                raise Unsound("the batch has another receipt")
            return None
        if batch.state is not SentState.FROZEN:
            raise Unsound("the batch was set aside")
        messages = spoken(batch)
        receipt = receipts.read(
            body,
            batch_no=batch.batch_no,
            body_digest=batch.body_digest,
            record_ids=[message.key[0] for message in messages],
        )
        moment = now()
        batch.state, batch.receipt, batch.receipted_at = SentState.RECEIPTED, body, moment
        batch.receipt_headers, batch.next_attempt_at = dict(vouching), None
        for rejection in receipt.rejections:
            note_refused(batch, messages[rejection.line - 1], rejection.faults)
        problems.close_corrected(Direction.OUT, batch.peer_id, [message.key for message in messages])
        peer = peers.get(node)
        head = receipt.ledger_head
        if head is not None and peer.epoch is not None and not keep_shown(head, batch.peer_id, peer.epoch, moment):
            incidents.note("head_inconsistent", peer, batch_no=batch.batch_no)
    return receipt


def take_refusal(batch_id: int, problem: Mapping[str, Any], *, node: str) -> str | None:
    """Do what a refusal of a whole batch demands; its code where a person must look. Commits.

    A batch that has ended meanwhile stays as it is, so that an answer that is read twice changes nothing.
    """
    code, status = code_of(dict(problem)), problem.get("status")
    with transaction():
        batch = _locked(batch_id)
        if batch.state is not SentState.FROZEN:
            return None
        match reaction_to(status if type(status) is int else 400, code):
            case Reaction.GAP if chains.fill_gap(batch_id, problem.get("last")):
                _hand_over_again(batch)
            case Reaction.SET_ASIDE:
                chains.set_aside(batch_id, code or "too_large")
            case Reaction.REPEAT:
                batch.headers = {}
                batch.next_attempt_at = now() + timedelta(seconds=runs.pause_after(batch.attempts))
                incidents.note(code or "refused", peers.get(node), batch_no=batch.batch_no)
            case _:
                found = code or "refused"
                chains.stop(batch.peer_id, batch.chain, found)
                incidents.note(found, peers.get(node), batch_no=batch.batch_no, chain=batch.chain.value)
                return found
    return None


def note_refused(batch: SentBatch, message: Spoken, faults: Sequence[Mapping[str, Any]]) -> None:
    """Put a refused message into the problem queue. The caller commits."""
    record_id, revision = message.key
    problems.note(
        Direction.OUT,
        batch.peer_id,
        record_id=record_id,
        revision=revision,
        content=message.raw,
        faults=[dict(fault) for fault in faults],
        batch_no=batch.batch_no,
    )


def receipt_by_rows(batch: SentBatch, refused: Mapping[int, Faults]) -> bytes:
    """The receipt that follows from what was said of each row: faults by line from 1; all other lines were taken."""
    messages = spoken(batch)
    results = [
        {
            "line": line,
            "record_id": messages[line - 1].key[0],
            "revision": messages[line - 1].key[1],
            "status": "rejected",
            "code": fault["code"],
            "field": fault["field"],
            "message": fault["message"],
        }
        for line, faults in sorted(refused.items())
        for fault in map(problems.kept_fault, faults)
    ]
    members = {
        "batch_no": batch.batch_no,
        "body_digest": batch.body_digest,
        "received_at": now().isoformat(timespec="seconds"),
        "received": len(messages),
        "accepted": len(messages) - len(refused),
        "duplicate": 0,
        "superseded": 0,
        "rejected": len(refused),
        "results": results,
        "ledger_head": None,
    }
    return orjson.dumps(members)


def _hand_over_again(batch: SentBatch) -> None:
    """After a gap all batches of the chain that wait for a receipt go over again."""
    waiting = select(SentBatch).where(
        SentBatch.peer_id == batch.peer_id,
        SentBatch.chain == batch.chain,
        SentBatch.epoch == batch.epoch,
        SentBatch.state == SentState.FROZEN,
    )
    for each in db.session.execute(waiting).scalars():
        each.headers = {}


def _locked(batch_id: int) -> SentBatch:
    return db.session.execute(
        select(SentBatch).where(SentBatch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
