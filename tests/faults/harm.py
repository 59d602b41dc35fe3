"""What may befall a request on its way, and who decides: by chance and a seed, or in turn."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What may befall a request or its answer."""

    CUT_REQUEST = "cut_request"  # half of the request arrives, then both ends find the connection reset
    CUT_ANSWER = "cut_answer"  # half of the answer arrives, then a reset
    LOST_ANSWER = "lost_answer"  # the request is answered, and nothing of that arrives
    DELAY = "delay"
    DUPLICATE_FIRST = "duplicate_first"  # the request arrives twice; the first answer is passed on
    DUPLICATE_SECOND = "duplicate_second"  # and here the second one
    REORDER = "reorder"  # the request waits until a later one has been answered
    TRUNCATE_REQUEST = "truncate_request"  # a shorter body, its length told to match
    TRUNCATE_ANSWER = "truncate_answer"
    LINE_MORE = "line_more"  # a line of the batch twice
    LINE_FEWER = "line_fewer"  # a line of the batch left out
    FLIP_REQUEST = "flip_request"  # one bit
    FLIP_ANSWER = "flip_answer"
    EMPTY = "empty"  # nothing is handed over; 200 without a body comes back
    HTML = "html"  # nothing is handed over; 200 and a page for people comes back
    HEADER = "header"  # a position or a head is altered, else the epoch


OF_A_BODY = {Fault.TRUNCATE_REQUEST, Fault.FLIP_REQUEST}
OF_LINES = {Fault.LINE_MORE, Fault.LINE_FEWER}


@dataclass(frozen=True)
class Request:
    """One request as it came. `number` counts from 1, in the order of arrival."""

    number: int
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_packed(self) -> bool:
        return ("content-encoding", "gzip") in {(name.lower(), value) for name, value in self.headers}


@dataclass(frozen=True)
class Reply:
    """One answer; of several headers of a name all are passed on."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Plan = Callable[[Request], Fault | None]
"""What befalls a request."""


def unharmed(_: Request) -> Fault | None:
    """All goes well."""
    return None


def applicable(request: Request, faults: Sequence[Fault]) -> list[Fault]:
    """Those that this request can meet with."""
    left = [fault for fault in faults if request.body or fault not in OF_A_BODY]
    return [fault for fault in left if fault not in OF_LINES or request.target.endswith("/batches")]


@dataclass
class Chances:
    """Each request meets with one of the faults by chance; the seed decides."""

    seed: int
    share: float
    faults: Sequence[Fault] = tuple(Fault)

    def __call__(self, request: Request) -> Fault | None:
        chance = Random(f"{self.seed}:{request.number}")
        found = applicable(request, self.faults)
        return chance.choice(found) if found and chance.random() < self.share else None


@dataclass
class InTurn:
    """The requests that match meet with these faults, one each; all others pass, and all that come later."""

    faults: list[Fault]
    matches: Callable[[Request], bool] = lambda _: True
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Fault | None:
        with self._lock:
            return self.faults.pop(0) if self.faults and self.matches(request) else None
