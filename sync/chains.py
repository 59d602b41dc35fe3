"""Our chains of batches to a peer when something is wrong with them: gaps, batches set aside, standing still."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import select

from models import Chain, Direction, SentBatch, SentState, db
from registry.clock import now
from registry.queries.exchange_node import this_node
from sync import freezing, problems
from sync.sealed import lines_of

GAP = "batch_gap"


def stop(peer_id: int, chain: Chain, code: str) -> None:
    """Let a chain stand still until a person has looked. The caller commits."""
    row = freezing.chain_of(peer_id, chain)
    row.incident, row.incident_at = code, now()


def go_on(peer_id: int, chain: Chain) -> None:
    """Let a chain that stood still go on, from where it stood. The caller commits."""
    row = freezing.chain_of(peer_id, chain)
    row.incident = row.incident_at = None
    batch_id = freezing.unsent(peer_id, chain, this_node().epoch)
    if batch_id is not None:
        db.session.get_one(SentBatch, batch_id).next_attempt_at = None


def set_aside(batch_id: int, reason: str) -> None:
    """Give a batch up, with those frozen behind it; their messages go into new ones. The caller commits.

    A single message that is too large for the peer goes to the problem queue: no smaller batch could hold it.
    """
    batch = db.session.get_one(SentBatch, batch_id)
    for each in _from(batch.peer_id, batch.chain, batch.epoch, batch.id, (SentState.FROZEN,)):
        each.state, each.reason, each.next_attempt_at = SentState.SET_ASIDE, reason, None
    row = freezing.chain_of(batch.peer_id, batch.chain)
    row.looked_to = min(row.looked_to, batch.from_seq - 1)
    lines = lines_of(batch) if reason == freezing.TOO_LARGE and batch.count == 1 else None
    if lines is not None:
        content = lines.rstrip(b"\n")
        members = orjson.loads(content)
        fault = {"code": freezing.TOO_LARGE, "field": "", "message": "The peer takes no message of this length."}
        problems.note(
            Direction.OUT,
            batch.peer_id,
            record_id=members["record_id"],
            revision=members["revision"],
            content=content,
            faults=[fault],
            batch_no=batch.batch_no,
        )
        row.looked_to = batch.to_seq
    db.session.flush()


def fill_gap(batch_id: int, last: Any) -> bool:
    """Go back to the batch after `last`, which is all that the peer has of this chain. The caller commits.

    Frozen lines are sent again as they are; where they are gone, what they were about follows in new batches of current
    messages. False where the peer names a batch that we never sent, or the very one that was followed, or one that it
    cannot have without this one: then a person must look.
    """
    batch = db.session.get_one(SentBatch, batch_id)
    held: SentBatch | None = None
    if last is not None:
        held = _named(batch.peer_id, batch.chain, batch.epoch, last)
        if held is None or held.id >= batch.id:
            return False
    if batch.previous == (held.batch_no if held else None):
        return False
    _go_back(batch.peer_id, batch.chain, batch.epoch, held)
    return True


def go_back_to(peer_id: int, chain: Chain, last: Any) -> bool:
    """Go back to the batch that a peer says is the last it has; False where it has all that it gave receipts for.

    The caller commits. What we cannot have sent in this epoch is the last of an earlier one: the peer was restored to a
    time before it knew of this one, and has nothing of it.
    """
    epoch = this_node().epoch
    receipted = freezing.last_of(peer_id, chain, epoch)
    held = _named(peer_id, chain, epoch, last)
    if receipted is None or (held is not None and held.id >= receipted.id):
        return False
    _go_back(peer_id, chain, epoch, held)
    return True


def _go_back(peer_id: int, chain: Chain, epoch: str, held: SentBatch | None) -> None:
    """Everything behind a batch goes out again."""
    states = (SentState.RECEIPTED, SentState.FROZEN)
    later = _from(peer_id, chain, epoch, held.id + 1 if held else 0, states)
    follows = later[0].previous == (held.batch_no if held else None)
    if follows and all(each.lines is not None and each.manifest is not None for each in later):
        for each in later:
            each.state, each.receipt, each.receipted_at, each.next_attempt_at = SentState.FROZEN, None, None, None
            each.receipt_headers = {}
    else:
        for each in later:
            each.state, each.reason, each.receipt, each.receipted_at = SentState.SET_ASIDE, GAP, None, None
        freezing.chain_of(peer_id, chain).looked_to = held.to_seq if held else 0
    db.session.flush()


def _named(peer_id: int, chain: Chain, epoch: str, last: Any) -> SentBatch | None:
    """The batch of the same chain that an answer names; None where we sent none like it."""
    if not isinstance(last, dict) or "\0" in f"{last.get('batch_no')}{last.get('body_digest')}":
        return None  # the database's text has no place for the character 0, which JSON may tell
    return db.session.execute(
        select(SentBatch).where(
            SentBatch.peer_id == peer_id,
            SentBatch.chain == chain,
            SentBatch.epoch == epoch,
            SentBatch.batch_no == str(last.get("batch_no")),
            SentBatch.body_digest == str(last.get("body_digest")),
        )
    ).scalar_one_or_none()


def _from(peer_id: int, chain: Chain, epoch: str, first: int, states: Sequence[SentState]) -> Sequence[SentBatch]:
    return (
        db.session.execute(
            select(SentBatch)
            .where(
                SentBatch.peer_id == peer_id,
                SentBatch.chain == chain,
                SentBatch.epoch == epoch,
                SentBatch.id >= first,
                SentBatch.state.in_(states),
            )
            .order_by(SentBatch.id)
        )
        .scalars()
        .all()
    )
