"""Rounds of kill -9 under load."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from threading import Event

from tests.faults.agreement import compare, exchange
from tests.faults.harm import Request
from tests.faults.office import AtWork, Office
from tests.faults.stage import CITY, PROVINCE, Program, Stage

VICTIMS = ("city server", "province server", "city worker", "province worker", "push")


def kill_in_turn(stage: Stage, offices: Sequence[Office], *, seed: int, rounds: int, burst: int = 12) -> list[str]:
    """Kill at a request that the wire has just seen: the victims in an order of the seed, the request by the seed too."""
    chance, killed = Random(seed), []
    order: list[str] = []
    for _ in range(rounds):
        if not order:
            order = chance.sample(VICTIMS, len(VICTIMS))
        victim = order.pop()
        for office in offices:
            office.work(burst)
        program = _program(stage, victim)
        if not program.is_running:
            program.start()
        _kill_at(stage, program, victim, 1 if victim in {"push", "city worker"} else chance.randrange(1, 4))
        if victim.endswith("server"):
            program.start()
        killed.append(victim)
    return killed


def _kill_at(stage: Stage, program: Program, victim: str, which: int) -> None:
    """Kill it as the n-th request passes. What its own requests do not bring, this process asks for meanwhile."""
    reached, seen = Event(), Counter[str]()

    def kill(_: Request) -> None:
        seen["all"] += 1
        if seen["all"] == which:
            program.kill()
            reached.set()

    wire = stage.wires[CITY if victim == "city server" else PROVINCE]
    wire.on_request = kill
    while not reached.wait(0.05):
        if victim == "city server":
            compare(stage.apps[PROVINCE], CITY)
        elif victim not in {"city worker", "push"}:
            exchange(stage.apps[CITY])
    wire.on_request = lambda _: None


def kill_at_random(
    stage: Stage, offices: Sequence[Office], *, seed: int, rounds: int, say: Callable[[str], None]
) -> Counter[str]:
    """Kill at a moment that the seed draws, while the offices work and both workers are up; restart; go on."""
    chance, killed = Random(seed), Counter[str]()
    for worker in stage.workers.values():
        worker.start()
    with AtWork(*offices):
        for number in range(1, rounds + 1):
            victim, moment = chance.choice(VICTIMS), chance.uniform(0, 5)
            program = _program(stage, victim)
            if victim == "push":
                program.start()
            time.sleep(moment)
            program.kill()
            if victim != "push":
                program.start()
            killed[victim] += 1
            say(f"kill {number} of {rounds}: {victim} after {moment:.1f} s")
    for worker in stage.workers.values():
        worker.end()
    return killed


def _program(stage: Stage, victim: str) -> Program:
    if victim == "push":
        return stage.command(CITY, "exchange", "push", PROVINCE)
    of, what = victim.split()
    programs = stage.servers if what == "server" else stage.workers
    return programs[CITY if of == "city" else PROVINCE]
