"""A wire that does harm: an HTTP proxy before a node that cuts, delays, doubles, reorders, shortens and bends by a seed.

It takes one request a connection and hands it over as it came; signatures cover neither host nor connection. What befalls
the n-th request follows from the seed, n and the request alone, whatever the threads do.
"""

import gzip
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from time import sleep

from tests.faults.harm import OF_LINES, Fault, Reply, Request, unharmed

POSITIONS = ("exchange-position", "exchange-next", "exchange-head")
PAGE = b"<!DOCTYPE html><title>Sign in</title><p>Please sign in to this network."
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Proxy:
    """Before one node at `target` (host and port); `done` counts the faults that were done to somebody."""

    def __init__(self, target: tuple[str, int], seed: int = 0, *, pause: float = 0.2, patience: float = 2.0) -> None:
        self.target, self.seed, self.plan = target, seed, unharmed
        self.pause, self.patience = pause, patience
        self.done: Counter[Fault] = Counter()
        self.seen: Counter[str] = Counter()
        self.on_request: Callable[[Request], None] = lambda _: None
        self.url = ""
        self._number = 0
        self._answered = 0
        self._lock = threading.Condition()

    def arrive(self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> Request:
        """Give a request its number."""
        with self._lock:
            self._number += 1
            self.seen[f"{method} {target.partition('?')[0]}"] += 1
            return Request(self._number, method, target, tuple(headers), body)

    def pass_on(self, request: Request, handler: "_Handler") -> None:
        """One request from its arrival to the last byte of its answer."""
        fault = self.plan(request)
        self.on_request(request)
        try:
            self._do(request, fault, handler)
        except (OSError, HTTPException):  # the node is down, or was killed while it answered
            handler.reset()
        finally:
            with self._lock:
                self._answered = max(self._answered, request.number)
                self._lock.notify_all()

    def _do(self, request: Request, fault: Fault | None, handler: "_Handler") -> None:
        chance = Random(f"{self.seed}:{request.number}:how")
        match fault:
            case Fault.EMPTY | Fault.HTML:
                self._count(fault)
                page = PAGE if fault is Fault.HTML else b""
                handler.answer(Reply(200, (("Content-Type", "text/html"),), page))
                return
            case Fault.CUT_REQUEST:
                self._count(fault)
                self._hand_over_half(request)
                handler.reset()
                return
            case Fault.DELAY:
                self._count(fault)
                sleep(self.pause)
            case Fault.REORDER:
                self._wait_for_a_later_one(request)
            case Fault.TRUNCATE_REQUEST | Fault.FLIP_REQUEST | Fault.LINE_MORE | Fault.LINE_FEWER:
                request = self._bend_request(request, fault, chance)
        reply = self._hand_over(request)
        if fault is Fault.DUPLICATE_FIRST or fault is Fault.DUPLICATE_SECOND:
            self._count(fault)
            second = self._hand_over(request)
            reply = second if fault is Fault.DUPLICATE_SECOND else reply
        match fault:
            case Fault.LOST_ANSWER:
                self._count(fault)
                handler.reset()
            case Fault.CUT_ANSWER:
                self._count(fault)
                handler.answer(reply, upto=len(reply.body) // 2)
            case _:
                handler.answer(self._bend_reply(reply, fault, chance))

    def _bend_request(self, request: Request, fault: Fault, chance: Random) -> Request:
        body = request.body
        if fault in OF_LINES:
            lines = (gzip.decompress(body) if request.is_packed else body).splitlines(keepends=True)
            bent = b"".join([*lines, lines[-1]] if fault is Fault.LINE_MORE else lines[:-1])
            body = gzip.compress(bent, mtime=0) if request.is_packed else bent
        else:
            body = _flipped(body, chance) if fault is Fault.FLIP_REQUEST else body[: len(body) // 2]
        self._count(fault)
        return replace(request, body=body)

    def _bend_reply(self, reply: Reply, fault: Fault | None, chance: Random) -> Reply:
        if fault is Fault.HEADER:
            self._count(fault)
            return replace(reply, headers=_altered(reply.headers))
        if not reply.body or fault not in {Fault.FLIP_ANSWER, Fault.TRUNCATE_ANSWER}:
            return reply
        self._count(fault)
        return replace(
            reply,
            body=_flipped(reply.body, chance) if fault is Fault.FLIP_ANSWER else reply.body[: len(reply.body) // 2],
        )

    def _wait_for_a_later_one(self, request: Request) -> None:
        with self._lock:
            if self._lock.wait_for(lambda: self._answered > request.number, self.patience):
                self.done[Fault.REORDER] += 1

    def _hand_over(self, request: Request) -> Reply:
        connection = HTTPConnection(*self.target, timeout=120)
        try:
            self._begin(connection, request)
            connection.send(request.body)
            answer = connection.getresponse()
            return Reply(answer.status, tuple(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def _hand_over_half(self, request: Request) -> None:
        connection = HTTPConnection(*self.target, timeout=120)
        try:
            self._begin(connection, request, whole=bool(request.body))
            connection.send(request.body[: len(request.body) // 2])
            assert connection.sock is not None
            _reset_at_close(connection.sock)
        finally:
            connection.close()

    def _begin(self, connection: HTTPConnection, request: Request, *, whole: bool = True) -> None:
        connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in _HOP:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(request.body)))
        connection.putheader("Connection", "close")
        if whole:
            connection.endheaders()
        else:  # a request without a body is cut within its head
            connection.connect()
            connection.send(f"{request.method} {request.target} HTTP/1.1\r\nHost:".encode())

    def _count(self, fault: Fault) -> None:
        with self._lock:
            self.done[fault] += 1


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: Proxy

    def do_GET(self) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        self.proxy.pass_on(self.proxy.arrive(self.command, self.path, self.headers.items(), body), self)

    do_POST = do_PUT = do_GET

    def answer(self, reply: Reply, upto: int | None = None) -> None:
        """Pass an answer on; with `upto` the connection is reset after so many bytes of its body."""
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body[:upto])
        if upto is not None:
            self.reset()

    def reset(self) -> None:
        """The caller finds its connection reset."""
        with suppress(OSError):
            self.wfile.flush()
        _reset_at_close(self.connection)

    def log_message(self, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that was killed while it was answered is what this is all about."""

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]  # of sockets only
        """Without the shutdown of the base class, which would end the connection in order before it can be reset."""
        request.close()


@contextmanager
def proxied(proxy: Proxy) -> Iterator[Proxy]:
    """A proxy at an address of its own, while it is needed."""
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    with _Server(("127.0.0.1", 0), handler) as server:
        proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()


def _reset_at_close(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _flipped(body: bytes, chance: Random) -> bytes:
    bent = bytearray(body)
    bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
    return bytes(bent)


def _altered(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """One higher where a position or a head is told, else another epoch."""
    told = {name.lower() for name, _ in headers}
    name = next((each for each in POSITIONS if each in told), "exchange-epoch")
    other = "00000000-0000-4000-8000-000000000000"
    return tuple(
        (each, (str(int(value) + 1) if name in POSITIONS else other) if each.lower() == name else value)
        for each, value in headers
    )
