"""Bytes to a peer and back over HTTP, and what became of them: nothing came, or something that was no whole answer."""

from collections.abc import Mapping
from functools import cache
from http.client import HTTPException
from socket import SHUT_RDWR
from threading import Timer, local
from time import monotonic
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.util import Timeout

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0  # between two bytes; a full batch is applied before its first one
ANSWER_SECONDS = 300.0  # for the whole answer: one that drips would hold a run, and its lock, for ever
UNREACHABLE = "unreachable"
LARGEST_ANSWER = 128 * 1024 * 1024
_PIECE = 1024 * 1024
_asked = local()


class NoAnswer(Exception):
    """Nothing came that could be believed. `code` says what, or why it was not believed.

    `unreachable`: nothing came at all. `broken_answer`: it was cut, or no HTTP. `too_slow`, `too_long`.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code

    @property
    def is_fault(self) -> bool:
        """Whether something did come: a person should look at that, but not at a peer that is merely down."""
        return self.code != UNREACHABLE


def carry(
    method: str, address: str, body: bytes, headers: Mapping[str, str], wait: float
) -> tuple[int, dict[str, str], bytes]:
    """Send a request; status, headers by lower-case name and body as sent. NoAnswer.

    `wait` seconds more are allowed for an answer that the peer holds open.
    """
    _asked.until = monotonic() + ANSWER_SECONDS + wait
    try:
        answer = _pool().request(
            method,
            address,
            body=body or None,
            headers=dict(headers),
            timeout=Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS + wait),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
    except (HTTPError, OSError) as error:
        _refuse_late()
        if isinstance(error, ProtocolError) and _is_no_http(error):
            raise NoAnswer("broken_answer", type(error).__name__) from error
        raise NoAnswer(UNREACHABLE, type(error).__name__) from error
    try:
        _refuse_late()  # a head that was cut off looks like a whole one
        content = _content(answer)
    except (HTTPError, OSError, HTTPException, ValueError) as error:
        answer.close()
        raise NoAnswer("broken_answer", type(error).__name__) from error
    except NoAnswer:
        answer.close()
        raise
    answer.release_conn()
    found = {name.lower(): ", ".join(answer.headers.getlist(name)) for name in answer.headers}
    return answer.status, found, content


def _content(answer: urllib3.BaseHTTPResponse) -> bytes:
    """The body as it came, piece by piece, within its limits of size and time."""
    content = bytearray()
    while piece := answer.read1(_PIECE):
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise NoAnswer("too_long", "The answer is too long.")
        _refuse_late()
    return bytes(content)


def _refuse_late() -> None:
    if monotonic() > _asked.until:
        raise NoAnswer("too_slow", "The answer takes too long.")


def _is_no_http(error: ProtocolError) -> bool:
    """Bytes came, and they were no HTTP: http.client says so by its own exceptions; a lost connection is an OSError."""
    cause = error.args[1] if len(error.args) > 1 else error.__cause__
    return isinstance(cause, HTTPException) and not isinstance(cause, OSError)


class _Headed:
    """The head of an answer within the time of the whole: single bytes never let a timeout of the socket come."""

    sock: Any

    def getresponse(self) -> Any:
        watch = Timer(max(0.0, _asked.until - monotonic()), self._shut)
        watch.daemon = True
        watch.start()
        try:
            return super().getresponse()  # type: ignore[misc]  # of the connection that this is mixed into
        finally:
            watch.cancel()

    def _shut(self) -> None:
        """From another thread: whoever reads finds the end at once."""
        self.sock.shutdown(SHUT_RDWR)


class _Connection(_Headed, HTTPConnection):
    pass


class _SecureConnection(_Headed, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@cache
def _pool() -> urllib3.PoolManager:
    pool = urllib3.PoolManager(num_pools=8, maxsize=4, headers={})
    pool.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return pool
