"""What every run that reads a peer does alike: expect a good answer, walk a snapshot, write down why it went no further."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from models import Peer, RunKind
from registry.transaction import transaction
from sync import incidents, paging, peers, runs
from sync.link import Answer, Link, NoAnswer
from sync.message import Message
from sync.reactions import code_of, problem_of
from sync.runs import Run

EMPTY_PAGES = 100
"""Of a snapshot, one after the other: whoever gives more leads nowhere."""


class Refused(Exception):
    """An answer that was believed, and says no."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """One page: its messages, the position of the whole, the peer's epoch, whether it is the last."""

    messages: list[Message]
    position: int
    epoch: str
    is_last: bool


@contextmanager
def noted(run: Run, peer: Peer, kind: RunKind) -> Iterator[None]:
    """Write down in a run why its peer could not be read, with the pause until the next one, and incidents for a person."""
    node, failures = peer.node, _failures(peer, kind)
    try:
        yield
    except NoAnswer as error:
        _fail(run, node, runs.NO_ANSWER, error.code, failures, is_fault=error.is_fault)
    except paging.Unsound as error:
        _fail(run, node, runs.NO_ANSWER, "page_unsound", failures, is_fault=True, why=str(error))
    except Refused as error:
        _fail(run, node, runs.STOPPED, error.code, failures, is_fault=True)


def expect_200(answer: Answer) -> None:
    """NoAnswer for what is tried again, Refused for what a person has to look at."""
    if answer.status == 200:
        return
    code = code_of(problem_of(answer.body)) or f"http_{answer.status}"
    if answer.status in {401, 408, 410, 429} or answer.status >= 500:  # 410: the peer was restored in the middle
        raise NoAnswer(code, f"HTTP {answer.status}")
    raise Refused(code)


def snapshot(link: Link, asked: Sequence[tuple[str, str]] = ()) -> Iterator[SnapshotPage]:
    """A peer's snapshot, page by page. NoAnswer, Refused; Unsound where the pages are not of one and the same."""
    first: tuple[int, str] | None = None
    seen: set[str] = set()
    page: str | None = None
    empty = 0
    while True:
        answer = link.get("/snapshot", [*asked, ("page", page)] if page else asked)
        expect_200(answer)
        position, page = answer.number("exchange-position"), answer.headers.get("exchange-next-page")
        messages = paging.read_messages(answer.body)
        if position is None or (first or (position, answer.epoch)) != (position, answer.epoch):
            raise paging.Unsound("the pages of a snapshot have different positions or epochs")
        if page in seen:
            raise paging.Unsound("the pages of a snapshot lead in a circle")
        empty = 0 if messages else empty + 1
        if empty > EMPTY_PAGES:
            raise paging.Unsound("the pages of a snapshot lead nowhere")
        first = position, answer.epoch
        yield SnapshotPage(messages, position, answer.epoch, page is None)
        if page is None:
            return
        seen.add(page)


def _failures(peer: Peer, kind: RunKind) -> int:
    last = runs.last_run(peer.id, kind)
    return int(last.detail.get("failures", 0)) if last is not None else 0


def _fail(run: Run, node: str, outcome: str, code: str, failures: int, *, is_fault: bool, **detail: str) -> None:
    run.outcome = outcome
    run.detail |= {"code": code, "failures": failures + 1, "pause": runs.pause_after(failures)}
    if is_fault:
        with transaction():
            incidents.note(code, peers.get(node), **detail)
