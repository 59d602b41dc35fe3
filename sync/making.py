"""Making messages of our own while others are sent: the peer takes a batch in, meanwhile the next ones come to be.

In pieces, so that whoever sends never waits for more than one, and an end of publicity is made as early as if everything
were made before anything is sent.
"""

from concurrent.futures import Future
from functools import partial

from registry.config import Settings
from sync import own_head, own_messages
from sync.beside import Begin

_BATCHES = 2  # of the maker, a piece: a little more than fills a batch of the wire


class Making:
    """What is being made, to the end of the ledger. Whatever goes wrong there is raised where it is asked for."""

    def __init__(self, settings: Settings, begin: Begin[bool]) -> None:
        self._begin = partial(begin, partial(_make, settings))
        self._piece: Future[bool] | None = self._begin()

    def go_on(self, *, wait: bool) -> bool:
        """Whether more may have come since this was asked last; with `wait` the piece at work is waited for."""
        if self._piece is None:
            return False
        if wait or self._piece.done():
            self._piece = None if self._piece.result() else self._begin()
        return True


def _make(settings: Settings) -> bool:
    """One piece with a signed head over it; True at the end of the ledger."""
    made, newest = own_messages.make(settings, _BATCHES)
    own_head.covering(settings)
    return made == newest
