"""What becomes of bytes that a peer's machine sends: nothing, a whole answer, or something a person should look at."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

import pytest

from sync import transport
from sync.transport import NoAnswer, carry

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nExchange-Next: 7\r\n\r\nok"


@contextmanager
def peer(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A machine that takes one connection after the other and does what `serve` does with each."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                with suppress(OSError):  # the caller has hung up
                    serve(connection)

    thread = Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/exchange/v1/node"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def ask(address: str) -> tuple[int, dict[str, str], bytes]:
    return carry("GET", address, b"", {}, 0)


def test_a_whole_answer_comes_with_its_headers_in_lower_case() -> None:
    with peer(lambda connection: connection.sendall(WHOLE)) as address:
        status, headers, body = ask(address)
    assert (status, headers["exchange-next"], body) == (200, "7", b"ok")


@pytest.mark.parametrize(
    "sent",
    [
        WHOLE[:-1],
        WHOLE.replace(b"Content-Length: 2", b"Content-Length: 999"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x16\x03\x01\x00\xa5\x01\r\n\r\n",
    ],
    ids=["cut", "too short", "cut chunk", "no last chunk", "no chunk", "another protocol", "bytes"],
)
def test_what_is_no_whole_answer_is_a_fault(sent: bytes) -> None:
    with peer(lambda connection: connection.sendall(sent)) as address, pytest.raises(NoAnswer) as refused:
        ask(address)
    assert (refused.value.code, refused.value.is_fault) == ("broken_answer", True)


def test_a_peer_that_is_down_or_hangs_up_is_no_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswer) as refused:
        ask(f"http://127.0.0.1:{port}/")
    assert (refused.value.code, refused.value.is_fault) == ("unreachable", False)
    with peer(lambda connection: None) as address, pytest.raises(NoAnswer) as refused:
        ask(address)
    assert refused.value.code == "unreachable"


@pytest.mark.parametrize(
    "started", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["no", "head", "body"]
)
def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch, started: bytes) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.5)
    given_up = Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(started)
        while not given_up.wait(0.05):
            connection.sendall(b"H" if started else b" ")

    with peer(drip) as address:
        with pytest.raises(NoAnswer) as refused:
            ask(address)
        given_up.set()
    assert (refused.value.code, refused.value.is_fault) == ("too_slow", True)


def test_an_answer_beyond_all_measure_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 1)
    with peer(lambda connection: connection.sendall(WHOLE)) as address, pytest.raises(NoAnswer) as refused:
        ask(address)
    assert refused.value.code == "too_long"
