"""Receiving batches: the checks of the whole in their order, then the messages, the receipt in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select

from models import Chain, Peer, ReceivedBatch, db
from registry.clock import now
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import inbound, peer_heads
from sync.inbound import Applied
from sync.manifest import Batch, Malformed, Manifest, TooLarge, batch_node, read_batch
from sync.peer_heads import HeadInconsistent
from sync.rejections import Status
from sync.sealed import body_kept


class BatchRefused(Exception):
    """A batch of which nothing was applied: HTTP status, code, words, further members of the problem."""

    def __init__(self, status: int, code: str, why: str, **members: Any) -> None:
        super().__init__(why)
        self.status, self.code, self.members = status, code, members


@dataclass(frozen=True, slots=True)
class Receipt:
    """The bytes of a receipt; `replayed` where the batch had been taken in before."""

    body: bytes
    replayed: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch as it was sent: bytes before and after decompression, and the headers that vouch for it."""

    body: bytes
    plain: bytes
    headers: Mapping[str, str]


def receive(sent: Sent, *, peer_node: str, own_head: str | None) -> Receipt:
    """Take a batch in, or find the receipt of one that was. BatchRefused; `own_head` goes into the receipt.

    Reads and checks everything that needs no register before anything is locked.
    """
    try:
        batch = read_batch(sent.plain, signer=peer_node)
    except TooLarge as error:
        raise BatchRefused(413, "too_large", str(error)) from error
    except Malformed as error:
        raise BatchRefused(400, "malformed", str(error)) from error
    if not batch.is_complete:
        raise BatchRefused(400, "batch_incomplete", "The manifest counts or digests other lines.")
    with transaction():
        peer = db.session.execute(select(Peer).where(Peer.node == peer_node)).scalar_one()
        looked = inbound.look_at(batch.messages, origins={peer.node}, own=this_node().node)
        inbound.lock()
        standing = find(peer.id, batch.manifest.batch_no)
        if standing is not None:
            return _repeated(standing, batch.manifest)
        _check_chain(batch.manifest, peer.id)
        try:
            head = peer_heads.check(batch.manifest, peer.id)
        except HeadInconsistent as error:
            raise BatchRefused(409, "head_inconsistent", str(error)) from error
        moment = now()
        _note_epoch(peer, batch.manifest.epoch)
        peer_heads.keep(head, peer.id, batch.manifest.epoch, moment)
        applied = inbound.apply_looked_at(looked, peer=peer, moment=moment)
        receipt = write_receipt(batch, applied, moment, own_head)
        db.session.add(_row(batch, sent, applied, peer, head.size, moment, receipt))
    return Receipt(receipt, replayed=False)


def find(peer_id: int, batch_no: str) -> ReceivedBatch | None:
    """A batch of a peer that has a receipt."""
    return db.session.execute(
        select(ReceivedBatch).where(ReceivedBatch.peer_id == peer_id, ReceivedBatch.batch_no == batch_no)
    ).scalar_one_or_none()


def last_of(peer_id: int, epoch: str | None, chain: Chain) -> dict[str, Any] | None:
    """What is held last of a chain: number, digest, last sequence number; None where nothing is."""
    row = db.session.execute(
        select(ReceivedBatch.batch_no, ReceivedBatch.body_digest, ReceivedBatch.to_seq)
        .where(ReceivedBatch.peer_id == peer_id, ReceivedBatch.epoch == epoch, ReceivedBatch.chain == chain)
        .order_by(ReceivedBatch.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else {"batch_no": row.batch_no, "body_digest": row.body_digest, "to_seq": row.to_seq}


def receipt_of(peer: Peer, batch_no: str) -> bytes | None:
    """The receipt of a batch that this peer sent; None where none was ever taken in."""
    standing = find(peer.id, batch_no) if batch_node(batch_no) == peer.node else None
    return None if standing is None else standing.receipt


def _repeated(standing: ReceivedBatch, manifest: Manifest) -> Receipt:
    if standing.body_digest != manifest.body_digest:
        raise BatchRefused(409, "batch_conflict", "This number belongs to another batch.")
    return Receipt(standing.receipt, replayed=True)


def _check_chain(manifest: Manifest, peer_id: int) -> None:
    last = last_of(peer_id, manifest.epoch, manifest.chain)
    given = manifest.previous
    expected = None if last is None else (last["batch_no"], last["body_digest"])
    if (None if given is None else (given.batch_no, given.body_digest)) != expected:
        told = None if last is None else {"batch_no": last["batch_no"], "body_digest": last["body_digest"]}
        raise BatchRefused(409, "batch_gap", "The batch does not follow the last one of its chain.", last=told)


def _note_epoch(peer: Peer, epoch: str) -> None:
    """An epoch that was never seen is the peer's present one; one that was, is an old batch that came late."""
    if (
        epoch != peer.epoch
        and not db.session.execute(
            select(ReceivedBatch.id).where(ReceivedBatch.peer_id == peer.id, ReceivedBatch.epoch == epoch).limit(1)
        ).scalar_one_or_none()
    ):
        peer.epoch = epoch


def write_receipt(batch: Batch, applied: Applied, moment: datetime, own_head: str | None) -> bytes:
    """The receipt of a batch that was taken in at this moment (exchange.md 4), as the bytes that are kept."""
    results = [
        {
            "line": line,
            "record_id": outcome.message.record_id,
            "revision": outcome.message.revision,
            "status": Status.REJECTED.value,
            "code": fault.code,
            "field": fault.field,
            "message": fault.message,
        }
        for line, outcome in enumerate(applied.outcomes, 1)
        for fault in outcome.faults
    ]
    members = {
        "batch_no": batch.manifest.batch_no,
        "body_digest": batch.manifest.body_digest,
        "received_at": moment.isoformat(timespec="seconds"),
        "received": len(applied.outcomes),
        **{status.value: applied.count(status) for status in Status},
        "results": results,
        "ledger_head": own_head,
    }
    return orjson.dumps(members)


def _row(
    batch: Batch, sent: Sent, applied: Applied, peer: Peer, head_size: int, moment: datetime, receipt: bytes
) -> ReceivedBatch:
    manifest = batch.manifest
    return ReceivedBatch(
        peer_id=peer.id,
        epoch=manifest.epoch,
        chain=manifest.chain,
        batch_no=manifest.batch_no,
        body_digest=manifest.body_digest,
        previous=manifest.previous.batch_no if manifest.previous else None,
        from_seq=manifest.from_seq,
        to_seq=manifest.to_seq,
        head_size=head_size,
        received_at=moment,
        received=len(applied.outcomes),
        accepted=applied.count(Status.ACCEPTED),
        duplicate=applied.count(Status.DUPLICATE),
        superseded=applied.count(Status.SUPERSEDED),
        rejected=applied.count(Status.REJECTED),
        manifest=manifest.line,
        body=body_kept(manifest.batch_no, sent.body),
        headers=dict(sent.headers),
        receipt=receipt,
    )
