"""Work of a run that goes on in a thread beside it, with a session of its own; its outcome is asked for in the run."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app

Outcome = TypeVar("Outcome")
Begin = Callable[[Callable[[], Outcome]], "Future[Outcome]"]


@contextmanager
def one_thread() -> Iterator[Begin[Any]]:
    """How to begin a piece of work; one after the other, and the last one is waited for at the end.

    What a piece raises is raised by `result()` of its future.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy knows no thread but its own

    def within(work: Callable[[], Any]) -> Any:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(1, "beside") as pool:
        yield lambda work: pool.submit(within, work)
