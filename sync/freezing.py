"""Freezing batches: current messages of our own records behind the cursor of a chain, in order, once and for all.

A batch is frozen in the transaction that moves the cursor behind it, and then sent unchanged until a receipt has come
(exchange.md 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import ColumnElement, Row, func, select, text

from models import Chain, ExchangeMessage, MessageState, PeerChain, SentBatch, SentState, db
from registry.clock import BEIJING, now
from registry.ledger import heads
from registry.queries.exchange_node import this_node
from registry.services.imports.tables import cursor
from sync.keys import OwnKeys
from sync.manifest import MOST_BYTES, SCHEMA_VERSION
from sync.message import ENDS, body_digest
from sync.sealed import lines_kept, lines_sent, message_sent

TOO_LARGE = "too_large"
MESSAGES = 2_000
"""Of the 5,000 that a batch may have: whoever receives it does so in one transaction, for which its officers wait."""
_LIMIT = MOST_BYTES - 64 * 1024  # a receiver may count the manifest as well


@dataclass(frozen=True, slots=True)
class Waiting:
    """What goes into one batch: lines, names, ledger numbers of the first and last message, whether more may follow."""

    lines: bytes
    names: Sequence[str]
    from_seq: int
    to_seq: int
    more: bool


def chain_of(peer_id: int, chain: Chain) -> PeerChain:
    """Our way to a peer in one chain; it begins at the first entry of the ledger."""
    found = db.session.get(PeerChain, (peer_id, chain))
    if found is None:
        found = PeerChain(peer_id=peer_id, chain=chain, looked_to=0)
        db.session.add(found)
        db.session.flush()
    return found


def unsent(peer_id: int, chain: Chain, epoch: str, *, behind: int = 0) -> int | None:
    """Id of the first batch of the chain, `behind` another, that has no receipt yet; None where there is none."""
    return db.session.execute(
        select(SentBatch.id)
        .where(
            SentBatch.peer_id == peer_id,
            SentBatch.chain == chain,
            SentBatch.epoch == epoch,
            SentBatch.state == SentState.FROZEN,
            SentBatch.id > behind,
        )
        .order_by(SentBatch.id)
        .limit(1)
    ).scalar_one_or_none()


def last_of(peer_id: int, chain: Chain, epoch: str, *, ahead: bool = False) -> SentBatch | None:
    """The batch that the next one follows: the last one with a receipt, with `ahead` also one that waits for it."""
    states = (SentState.RECEIPTED, SentState.FROZEN) if ahead else (SentState.RECEIPTED,)
    return db.session.execute(
        select(SentBatch)
        .where(
            SentBatch.peer_id == peer_id,
            SentBatch.chain == chain,
            SentBatch.epoch == epoch,
            SentBatch.state.in_(states),
        )
        .order_by(SentBatch.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def frozen_bytes(batch_id: int) -> tuple[bytes, bytes]:
    """Manifest and message lines of a batch that is still held."""
    work = cursor(binary=True)
    work.execute("SELECT batch_no, manifest, lines FROM sent_batch WHERE id = %s", (batch_id,))
    batch_no, manifest, lines = work.fetchone()
    assert manifest is not None
    assert lines is not None
    return manifest, lines_sent(batch_no, lines)


def freeze(
    peer_id: int,
    chain: Chain,
    keys: OwnKeys,
    *,
    only: Sequence[str] | None = None,
    ahead: bool = False,
    full: bool = False,
    among: ColumnElement[bool] | None = None,
) -> SentBatch | None:
    """Freeze what waits behind the cursor, or the current messages of the records `only`; None where nothing waits.

    Inside `transaction()`. Messages are made and heads signed before: what no signed head covers yet waits. With `ahead`
    the batch may follow one that has no receipt yet; with `full` none is frozen that more could still go into; `among`
    says which messages this peer takes at all.
    """
    own = this_node()
    head = heads.newest_head(db.session.connection())
    if head is None:
        return None
    row = chain_of(peer_id, chain)
    covered = min(own.messages_to, head.size)
    before = last_of(peer_id, chain, own.epoch, ahead=ahead)
    after = 0 if only is not None else row.looked_to
    found = _waiting(chain, after, covered, _most(peer_id, chain, own.epoch, row.looked_to), only, among)
    if full and (found is None or not found.more):
        return None
    if only is None:
        row.looked_to = max(row.looked_to, found.to_seq if found is not None and found.more else covered)
    if found is None:
        return None
    moment = now()
    digest = body_digest(found.lines)
    previous = None if before is None else {"batch_no": before.batch_no, "body_digest": before.body_digest}
    batch_no = _next_number(own.node, moment)
    manifest = {
        "batch_no": batch_no,
        "node": own.node,
        "epoch": own.epoch,
        "schema_version": SCHEMA_VERSION,
        "count": len(found.names),
        "chain": chain.value,
        "from_seq": found.from_seq,
        "to_seq": found.to_seq,
        "previous": previous,
        "body_digest": digest,
        "ledger_head": keys.sign_head(head),
        "created_at": moment.isoformat(timespec="seconds"),
    }
    batch = SentBatch(
        peer_id=peer_id,
        epoch=own.epoch,
        chain=chain,
        batch_no=batch_no,
        body_digest=digest,
        previous=before.batch_no if before else None,
        from_seq=found.from_seq,
        to_seq=found.to_seq,
        count=len(found.names),
        manifest=orjson.dumps(manifest),
        lines=lines_kept(batch_no, found.names, found.lines),
        headers={},
        state=SentState.FROZEN,
        receipt_headers={},
        frozen_at=moment,
        attempts=0,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def _waiting(
    chain: Chain, after: int, upto: int, most: int, only: Sequence[str] | None, among: ColumnElement[bool] | None
) -> Waiting | None:
    """The first messages of the chain between two ledger numbers, as many as a batch may hold."""
    is_end = ExchangeMessage.operation.in_(ENDS)
    asked = select(ExchangeMessage.position, func.length(ExchangeMessage.content).label("length")).where(
        ExchangeMessage.state == MessageState.OWN,
        ExchangeMessage.position > after,
        ExchangeMessage.position <= upto,
        is_end if chain is Chain.URGENT else ~is_end,
    )
    if only is not None:
        asked = asked.where(ExchangeMessage.record_id.in_(only))
    if among is not None:
        asked = asked.where(among)
    rows = db.session.execute(asked.order_by(ExchangeMessage.position).limit(most)).all()
    taken = _within(rows, _LIMIT)
    if not taken:
        return None
    found = _contents([row.position for row in taken])
    lines = b"".join(b"%b\n" % message_sent(record_id, content) for record_id, _, content in found)
    more = len(rows) == most or len(taken) < len(rows)
    return Waiting(lines, [name for _, name, _ in found], taken[0].position, taken[-1].position, more)


def _contents(positions: list[int]) -> list[tuple[str, str, bytes]]:
    """Record, name and kept bytes of the messages at these positions."""
    work = cursor(binary=True)
    work.execute(
        "SELECT record_id, message_id, content FROM exchange_message WHERE position = ANY(%s) ORDER BY position",
        (positions,),
    )
    return list(work.fetchall())


def _within(rows: Sequence[Row[int, int]], limit: int) -> Sequence[Row[int, int]]:
    """The first rows whose lines stay below so many bytes; the first one whatever its length. A seal counts with its line."""
    size = 0
    for place, row in enumerate(rows):
        size += row.length + 1
        if size > limit and place:
            return rows[:place]
    return rows


def _most(peer_id: int, chain: Chain, epoch: str, looked_to: int) -> int:
    """How many messages the next batch may hold: half of the smallest one of these that was too large."""
    refused = db.session.execute(
        select(SentBatch.count).where(
            SentBatch.peer_id == peer_id,
            SentBatch.chain == chain,
            SentBatch.epoch == epoch,
            SentBatch.reason == TOO_LARGE,
            SentBatch.to_seq > looked_to,
        )
    ).scalars()
    return max(1, min((count // 2 for count in refused), default=MESSAGES))


def _next_number(node: str, moment: datetime) -> str:
    """A batch number of this Beijing day; the row is locked until the batch is there, so none is drawn twice."""
    day = f"{moment.astimezone(BEIJING):%Y%m%d}"
    last = db.session.execute(
        text(
            "INSERT INTO batch_number AS b (day, last) VALUES (:day, 1)"
            " ON CONFLICT (day) DO UPDATE SET last = b.last + 1 RETURNING last"
        ),
        {"day": day},
    ).scalar_one()
    return f"{node}-{day}-{last:06d}"
