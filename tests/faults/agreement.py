"""Whether two nodes agree: the same messages, findings and receipts to the byte, sound ledgers and tables, no difference."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import func, inspect, select

from models import (
    ExchangeIncident,
    ExchangeMessage,
    ExchangeNode,
    ExchangeProblem,
    ExchangeRun,
    Peer,
    PeerChain,
    PeerCursor,
    ProblemState,
    PublicFinding,
    ReceivedBatch,
    SentBatch,
    SentState,
    db,
)
from registry.ledger.verify import verify
from registry.services import rebuild
from registry.signing_keys import load_or_create
from sync import outbound, own_messages, pulling, reconciliation
from sync.runs import AlreadyRunning, Run
from sync.sealed import message_sent
from tests.exchange_wire import settings_of
from tests.faults.harm import unharmed
from tests.faults.stage import CITY, PROVINCE, Stage, until
from tests.restoring import ignore

_OWN = {"origin", "under_objection"}
Held = dict[str, tuple[int, str, bytes]]


def held(app: Flask, origin: str) -> Held:
    """Revision, digest and bytes of every current message of an origin."""
    with app.app_context():
        if settings_of(app).node_id == origin:
            own_messages.catch_up(settings_of(app))
        rows = db.session.execute(
            select(
                ExchangeMessage.record_id, ExchangeMessage.revision, ExchangeMessage.digest, ExchangeMessage.content
            ).where(ExchangeMessage.origin == origin, ExchangeMessage.resource != "feedback")
        ).all()
        found = {row.record_id: (row.revision, row.digest, message_sent(row.record_id, row.content)) for row in rows}
        db.session.remove()
    return found


def findings(app: Flask) -> dict[str, Any]:
    """What the public may see, but for what is each node's own to say: the origin, and whether an objection is heard there."""
    with app.app_context():
        rows = db.session.execute(select(PublicFinding)).scalars().all()
        found = {
            f"{row.record_id} {row.public_from}": (
                row.type, row.level, row.public_until, {n: v for n, v in row.data.items() if n not in _OWN},
            )
            for row in rows
        }  # fmt: skip
        db.session.remove()
    return found


def receipts(app: Flask, model: Any, epoch: str | None = None) -> dict[str, bytes]:
    """Every receipt by its batch; with an epoch those of its batches only."""
    asked = select(model.batch_no, model.receipt).where(model.receipt.is_not(None))
    with app.app_context():
        rows = db.session.execute(asked if epoch is None else asked.where(model.epoch == epoch)).all()
        db.session.remove()
    return {batch_no: bytes(receipt) for batch_no, receipt in rows}


def scalar(app: Flask, statement: Any) -> Any:
    with app.app_context():
        found = db.session.execute(statement).scalar()
        db.session.remove()
    return found


def lagging(stage: Stage) -> list[str]:
    """What one side holds otherwise than the other, by origin."""
    found = []
    for origin in (CITY, PROVINCE):
        here, there = (held(app, origin) for app in stage.apps.values())
        found += [each for each in sorted(here.keys() | there.keys()) if here.get(each) != there.get(each)]
    return found


def settle(stage: Stage, *, restored: bool = False) -> None:
    """Let everything arrive over a wire that does no harm any more: whoever is at it already will do.

    After a restore the nodes compare as well, as their workers make them do each night.
    """
    for wire in stage.wires.values():
        wire.plan = unharmed
    city, province = stage.apps[CITY], stage.apps[PROVINCE]

    def moved() -> bool:
        if recovering(city) or recovering(province):
            return False
        exchange(city)
        if restored and lagging(stage):
            compare(province, CITY)
            compare(city, PROVINCE)
        return not lagging(stage)

    try:
        until(moved, "both sides to hold the same")
    except AssertionError as error:
        error.add_note("\n".join(f"{name}: {told}" for name, told in told_by(stage)))
        raise


def told_by(stage: Stage) -> Iterator[tuple[str, Any]]:
    """What each side knows of the other, and where they differ: why they do not come to hold the same."""
    yield "differing", lagging(stage)[:20]
    for name, app in stage.apps.items():
        with app.app_context():
            for model in (ExchangeNode, Peer, PeerChain, PeerCursor, ExchangeIncident, ExchangeProblem):
                for row in db.session.execute(select(model)).scalars():
                    told = {
                        each.key: getattr(row, each.key)
                        for each in inspect(model).column_attrs
                        if each.key not in {"content", "keys"}
                    }
                    yield f"{name} {model.__name__}", told
            last = select(ExchangeRun).order_by(ExchangeRun.id.desc()).limit(12)
            for run in db.session.execute(last).scalars():
                yield f"{name} run", (run.kind.value, run.started_at, run.outcome, run.counts, run.detail)
            db.session.remove()


def exchange(city: Flask) -> None:
    """Push and pull once, in this process."""
    with city.app_context():
        for move in (outbound.push, pulling.pull):
            with suppress(AlreadyRunning):
                move(settings_of(city), PROVINCE, told=True)
            db.session.remove()


def compare(app: Flask, with_node: str) -> Run | None:
    """Reconcile once, in this process; None where another process is at it."""
    with app.app_context():
        try:
            return reconciliation.reconcile(settings_of(app), with_node, told=True, pause=0)
        except AlreadyRunning:
            return None
        finally:
            db.session.remove()


def recovering(app: Flask) -> bool:
    """Whether a node still takes its own records back."""
    return scalar(app, select(ExchangeNode.recovering_since)) is not None


def open_problems(app: Flask) -> list[tuple[Any, ...]]:
    """What waits for a person: direction, record, revision and faults."""
    asked = ExchangeProblem
    with app.app_context():
        rows = db.session.execute(
            select(asked.direction, asked.record_id, asked.revision, asked.faults).where(
                asked.state == ProblemState.OPEN
            )
        ).all()
        db.session.remove()
    return [tuple(row) for row in rows]


def same(what: str, city: dict[str, Any], province: dict[str, Any]) -> None:
    """Assert that both sides hold the same, and name what they do not."""
    none = object()
    differing = [each for each in sorted(city.keys() | province) if city.get(each, none) != province.get(each, none)]
    shown = "\n".join(f"{each}\n  {city.get(each)}\n  {province.get(each)}" for each in differing[:5])
    assert not differing, f"{len(differing)} {what} differ:\n{shown}"


def agree(stage: Stage, *, restored: bool = False) -> dict[str, int]:
    """Assert everything, and count. After a restore either side may lack batches of the time between."""
    city, province = stage.apps[CITY], stage.apps[PROVINCE]
    assert not lagging(stage), lagging(stage)
    same("findings", findings(city), findings(province))
    epoch = scalar(city, select(ExchangeNode.epoch))
    kept = epoch if restored else None  # of older ones either side may have gone back to another receipt
    sent, received = receipts(city, SentBatch, kept), receipts(province, ReceivedBatch, kept)
    common = sent.keys() & received.keys()
    same("receipts", {each: sent[each] for each in common}, {each: received[each] for each in common})
    if not restored:
        same("batches", dict.fromkeys(sent), dict.fromkeys(received))
        open_ = select(func.count()).select_from(SentBatch).where(SentBatch.state != SentState.RECEIPTED)
        assert scalar(city, open_) == 0
    waiting = select(func.count()).select_from(SentBatch).where(
        SentBatch.state == SentState.FROZEN, SentBatch.epoch == epoch
    )  # fmt: skip
    assert scalar(city, waiting) == 0
    assert scalar(city, select(func.count()).select_from(PeerChain).where(PeerChain.incident.is_not(None))) == 0
    run = compare(city, PROVINCE)
    assert run is not None, "somebody else is comparing"
    assert (run.outcome, run.counts["differences"]) == ("done", 0), (run.outcome, run.counts, run.detail)
    for name, app in stage.apps.items():
        problems = open_problems(app)
        assert not problems, f"{name} has messages in its problem queue: {problems}"
        doubled = (
            select(ExchangeMessage.decision_key)
            .where(ExchangeMessage.decision_key.is_not(None))
            .group_by(ExchangeMessage.origin, ExchangeMessage.decision_key)
            .having(func.count() > 1)
        )
        assert scalar(app, doubled) is None
        with app.app_context():
            tables = rebuild.check(ignore)
            ledger = verify(db.engine, load_or_create(settings_of(app).key_dir), ignore)
            db.session.remove()
        assert not tables.differences, f"{name}: {tables.differences}"
        assert not ledger.fault_count, f"{name}: {ledger.faults}"
    counts = {name: len(held(stage.apps[name], name)) for name in stage.apps}
    return {
        "records of the city": counts[CITY], "records of the province": counts[PROVINCE],
        "batches": len(sent), "receipts on both ends": len(common),
    }  # fmt: skip
