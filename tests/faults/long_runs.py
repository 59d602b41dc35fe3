"""The parts of `make faults`, each with two nodes of its own."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench import exchange_files
from bench.processes import memory
from models import ExchangeMessage, Operator, Penalty, ReceivedBatch, db
from tests.faults.agreement import agree, exchange, recovering, scalar, settle
from tests.faults.harm import Chances
from tests.faults.kills import kill_at_random
from tests.faults.office import AtWork, Office
from tests.faults.stage import CITY, PROVINCE, Stage, staged, until
from tests.restoring import back_up, put_back

Say = Callable[[str], None]
MOST_MEMORY = 600.0  # MB of a worker or a web server with all its processes
OUTAGE_SECONDS = 1800.0


def kills(folder: Path, seed: int, rounds: int, say: Say) -> None:
    """Any process of either node, at any moment, while the offices work."""
    with staged(folder, seed) as stage:
        offices = _offices(stage, seed)
        killed = kill_at_random(stage, offices, seed=seed, rounds=rounds, say=say)
        settle(stage)
        _tell(say, killed, *(office.done for office in offices), agree(stage))


def traffic(folder: Path, seed: int, rounds: int, say: Say) -> None:
    """A third of all requests is harmed and some process is killed now and then; beside the workers an officer asks at once."""
    with staged(folder, seed) as stage:
        offices = _offices(stage, seed)
        for wire in stage.wires.values():
            wire.plan = Chances(wire.seed, 0.3)
        with _asking(stage):
            killed = kill_at_random(stage, offices, seed=seed + 1, rounds=max(5, rounds // 5), say=say)
        done = Counter({str(fault): times for wire in stage.wires.values() for fault, times in wire.done.items()})
        settle(stage)
        _tell(say, killed, done, *(office.done for office in offices), agree(stage))


def restores(folder: Path, seed: int, rounds: int, say: Say) -> None:
    """Either side goes back to an older backup while everybody works and the wire does harm."""
    chance = Random(seed)
    with staged(folder, seed) as stage:
        offices = _offices(stage, seed)
        for wire in stage.wires.values():
            wire.plan = Chances(wire.seed, 0.15)
        with _supervised(stage), AtWork(*offices), _asking(stage):
            for number in range(1, rounds + 1):
                one = chance.choice((CITY, PROVINCE))
                file = back_up(stage.apps[one], folder / f"{number}.tar")
                time.sleep(chance.uniform(3, 10))
                known = _on_both_sides(stage)
                put_back(stage.apps[one], file)
                until(lambda one=one: not recovering(stage.apps[one]), f"{one} to have its records back")
                say(f"restore {number} of {rounds}: {one}, {len(known)} records were on both sides")
                lost = known - _on_one_side(stage)
                assert not lost, f"lost: {sorted(lost)}"
        for worker in stage.workers.values():
            worker.end()
        done = Counter({str(fault): times for wire in stage.wires.values() for fault, times in wire.done.items()})
        settle(stage, restored=True)
        _tell(say, done, *(office.done for office in offices), agree(stage, restored=True))


def outage(folder: Path, seed: int, records: int, say: Say) -> None:
    """The province is down, everything waits at the city; then it is up, and the city's worker alone catches up."""
    with staged(folder, seed, served=()) as stage:
        files = exchange_files.write(folder / "files", records + records // 50, seed)  # not each has a fine
        for kind in ("operators", "penalties"):
            status, printed = stage.run(CITY, "import", kind, str(getattr(files, kind)))
            assert status == 0, printed
        tables = select(_rows(Operator) + _rows(Penalty))
        wanted = scalar(stage.apps[CITY], tables)
        assert wanted >= records
        worker, server = stage.workers[CITY], stage.servers[PROVINCE]
        worker.start()
        wire = stage.wires[PROVINCE]
        until(lambda: sum(wire.seen.values()) >= 3, "the city to find its province down")
        with _peaks({"worker of the city": worker, "server of the province": server}) as peaks:
            server.start()
            start = time.monotonic()
            waiting = select(func.count()).select_from(ExchangeMessage).where(ExchangeMessage.origin == CITY)
            until(lambda: scalar(stage.apps[PROVINCE], waiting) >= wanted, "everything to arrive", OUTAGE_SECONDS)
            seconds = time.monotonic() - start
        say(
            f"{wanted} records in {seconds:.0f} s; "
            + ", ".join(f"{name} {peak:.0f} MB" for name, peak in peaks.items())
        )
        settle(stage)
        worker.end()
        with stage.apps[PROVINCE].app_context():
            order = db.session.execute(
                select(ReceivedBatch.chain, ReceivedBatch.from_seq).order_by(ReceivedBatch.chain, ReceivedBatch.id)
            ).all()
            db.session.remove()
        assert order == sorted(order), "batches came out of order"
        assert max(peaks.values()) < MOST_MEMORY, peaks
        _tell(say, agree(stage))


@contextmanager
def _asking(stage: Stage) -> Iterator[None]:
    """Exchange without the pauses that a worker makes, until the end of the block."""

    def ask() -> None:
        with suppress(SQLAlchemyError):  # a restore was chosen to go on, or has taken away the row of this very run
            exchange(stage.apps[CITY])

    with _again_and_again(ask):
        yield


@contextmanager
def _supervised(stage: Stage) -> Iterator[None]:
    """Start a worker that has ended, as whoever runs a node does: a restore takes it the row that it is known by."""

    def look() -> None:
        for worker in stage.workers.values():
            if not worker.is_running:
                worker.start()

    look()
    with _again_and_again(look):
        yield


@contextmanager
def _again_and_again(do: Callable[[], None]) -> Iterator[None]:
    ended = Event()

    def work() -> None:
        while not ended.wait(0.3):
            do()

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _peaks(programs: dict[str, object]) -> Iterator[dict[str, float]]:
    """The highest memory of programs in MB, looked at four times a second."""
    found, ended = dict.fromkeys(programs, 0.0), Event()

    def watch() -> None:
        while not ended.wait(0.25):
            for name, program in programs.items():
                if program.process is not None:
                    found[name] = max(found[name], memory(program.process.pid))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()


def _rows(model: type) -> Any:
    return select(func.count()).select_from(model).scalar_subquery()


def _offices(stage: Stage, seed: int) -> list[Office]:
    return [Office(app, seed + place) for place, app in enumerate(stage.apps.values())]


def _on_both_sides(stage: Stage) -> set[str]:
    return {
        each for origin in (CITY, PROVINCE) for each in _names(stage, CITY, origin) & _names(stage, PROVINCE, origin)
    }


def _on_one_side(stage: Stage) -> set[str]:
    return {
        each for origin, place in itertools.product((CITY, PROVINCE), repeat=2) for each in _names(stage, place, origin)
    }


def _names(stage: Stage, place: str, origin: str) -> set[str]:
    with stage.apps[place].app_context():
        names = set(
            db.session.execute(select(ExchangeMessage.record_id).where(ExchangeMessage.origin == origin)).scalars()
        )
        db.session.remove()
    return names


def _tell(say: Say, *counts: dict[str, int]) -> None:
    for each in counts:
        say(", ".join(f"{name} {count}" for name, count in sorted(each.items())))
