"""The wire that does harm does exactly what it is told, and the same for the same seed."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.faults.harm import Chances, Fault, InTurn, Request
from tests.faults.proxy import PAGE, Proxy, proxied

BATCH = gzip.compress(b"manifest\nfirst\nsecond\n", mtime=0)
BEFORE = {Fault.EMPTY, Fault.HTML, Fault.CUT_REQUEST}  # nothing whole is handed over


@dataclass
class Echo:
    """A node that keeps what arrives and answers the same each time."""

    bodies: list[bytes] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)


@contextmanager
def echoing() -> Iterator[tuple[Echo, tuple[str, int]]]:
    echo = Echo()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if len(body) < int(self.headers["content-length"]):
                return
            echo.bodies.append(body)
            echo.targets.append(self.path)
            answer = f"answer {len(echo.bodies)}".encode()
            self.send_response_only(200)
            self.send_header("Exchange-Next", "7")
            self.send_header("Exchange-Epoch", "one")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield echo, ("127.0.0.1", server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def wire() -> Iterator[tuple[Echo, Proxy]]:
    with echoing() as (echo, target), proxied(Proxy(target, seed=3, pause=0.01, patience=10)) as proxy:
        yield echo, proxy


def post(proxy: Proxy, path: str = "/exchange/v1/batches", body: bytes = BATCH) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(proxy.url).netloc, timeout=20)
    try:
        connection.request("POST", path, body, {"Content-Encoding": "gzip"})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def test_without_a_fault_everything_passes_as_it_is(wire: tuple[Echo, Proxy]) -> None:
    echo, proxy = wire
    answer, body = post(proxy, "/exchange/v1/batches?chain=bulk")
    assert (answer.status, body, answer.headers["exchange-next"]) == (200, b"answer 1", "7")
    assert (echo.bodies, echo.targets) == ([BATCH], ["/exchange/v1/batches?chain=bulk"])
    assert not proxy.done


@pytest.mark.parametrize("fault", [Fault.CUT_REQUEST, Fault.CUT_ANSWER, Fault.LOST_ANSWER])
def test_a_connection_that_is_cut(wire: tuple[Echo, Proxy], fault: Fault) -> None:
    echo, proxy = wire
    proxy.plan = InTurn([fault])
    with pytest.raises((OSError, HTTPException)):
        post(proxy)
    assert echo.bodies == ([] if fault in BEFORE else [BATCH])
    assert proxy.done == {fault: 1}


@pytest.mark.parametrize(
    ("fault", "said"), [(Fault.DUPLICATE_FIRST, b"answer 1"), (Fault.DUPLICATE_SECOND, b"answer 2")]
)
def test_a_request_that_arrives_twice(wire: tuple[Echo, Proxy], fault: Fault, said: bytes) -> None:
    echo, proxy = wire
    proxy.plan = InTurn([fault])
    assert post(proxy)[1] == said
    assert echo.bodies == [BATCH, BATCH]


@pytest.mark.parametrize(
    ("fault", "lines"),
    [(Fault.LINE_MORE, b"manifest\nfirst\nsecond\nsecond\n"), (Fault.LINE_FEWER, b"manifest\nfirst\n")],
)
def test_a_line_more_or_fewer(wire: tuple[Echo, Proxy], fault: Fault, lines: bytes) -> None:
    echo, proxy = wire
    proxy.plan = InTurn([fault])
    post(proxy)
    assert [gzip.decompress(body) for body in echo.bodies] == [lines]


def test_bodies_are_shortened_and_one_bit_changed(wire: tuple[Echo, Proxy]) -> None:
    echo, proxy = wire
    proxy.plan = InTurn([Fault.TRUNCATE_REQUEST, Fault.FLIP_REQUEST, Fault.TRUNCATE_ANSWER, Fault.FLIP_ANSWER])
    answers = [post(proxy)[1] for _ in range(4)]
    assert echo.bodies[0] == BATCH[: len(BATCH) // 2]
    assert bits(echo.bodies[1], BATCH) == 1
    assert answers[2] == b"answ"
    assert bits(answers[3], b"answer 4") == 1
    assert set(proxy.done.values()) == {1}


def bits(one: bytes, other: bytes) -> int:
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))


def test_answers_that_no_node_gave(wire: tuple[Echo, Proxy]) -> None:
    echo, proxy = wire
    proxy.plan = InTurn([Fault.EMPTY, Fault.HTML])
    assert [(answer.status, body) for answer, body in (post(proxy), post(proxy))] == [(200, b""), (200, PAGE)]
    assert echo.bodies == []


def test_a_position_is_altered_and_nothing_else(wire: tuple[Echo, Proxy]) -> None:
    _, proxy = wire
    proxy.plan = InTurn([Fault.HEADER])
    answer, body = post(proxy)
    assert (answer.headers["exchange-next"], answer.headers["exchange-epoch"], body) == ("8", "one", b"answer 1")


def test_a_request_waits_until_a_later_one_was_answered(wire: tuple[Echo, Proxy]) -> None:
    echo, proxy = wire
    arrived = threading.Event()
    proxy.plan = InTurn([Fault.REORDER])
    proxy.on_request = lambda _: arrived.set()
    first = threading.Thread(target=post, args=(proxy, "/first"))
    first.start()
    assert arrived.wait(20)
    post(proxy, "/second")
    first.join()
    assert echo.targets == ["/second", "/first"]
    assert proxy.done == {Fault.REORDER: 1}


def test_a_node_that_is_down_is_a_connection_that_is_cut() -> None:
    with echoing() as (_, target):
        pass
    with proxied(Proxy(target)) as proxy, pytest.raises((OSError, HTTPException)):
        post(proxy)


def test_what_befalls_a_request_follows_from_the_seed() -> None:
    requests = [Request(number, "POST", "/exchange/v1/batches", (), BATCH) for number in range(1, 400)]
    drawn = [[Chances(seed, 0.5)(request) for request in requests] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert set(drawn[0]) == {None, *Fault}
    asked = [Chances(1, 1)(Request(number, "GET", "/exchange/v1/node", (), b"")) for number in range(1, 400)]
    assert not {Fault.TRUNCATE_REQUEST, Fault.FLIP_REQUEST, Fault.LINE_MORE, Fault.LINE_FEWER} & set(asked)
