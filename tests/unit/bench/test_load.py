import asyncio
import json
from pathlib import Path

import pytest

from bench import load_client
from bench.load import Load, median, read


def test_figures_are_read_from_the_last_line() -> None:
    printed = 'Running 1s test\n{"requests": 300, "seconds": 1.5, "p50": 2.5, "p99": 9.25, "errors": 1}\n'
    assert read(printed) == Load(per_second=200.0, p50=2.5, p99=9.25, errors=1)


def test_the_median_hides_no_error() -> None:
    loads = [Load(100, 1, 5, 0), Load(300, 3, 4, 2), Load(200, 2, 9, 0)]
    assert median(loads) == Load(200, 2, 5, 2)
    assert "2 ERRORS" in str(median(loads))


def test_the_bundled_client_counts_refusals_as_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("good\nbad\n")
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked.append(head)
            chunked = b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
            good = b"/op/good.json" in head
            writer.write(b"HTTP/1.1 200 OK\r\n" + chunked if good else b"HTTP/1.1 404 N\r\ncontent-length: 2\r\n\r\n{}")

    async def play() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        for name, value in (("URL", f"http://{host}:{port}"), ("KEYS", str(keys)), ("PREFIX", "/op/")):
            monkeypatch.setenv(f"BENCH_{name}", value)
        monkeypatch.setenv("BENCH_SUFFIX", ".json")
        await load_client.main(2, 0.3, ["Authorization: Bearer key"])
        server.close()

    asyncio.run(play())
    told = json.loads(capsys.readouterr().out)
    assert told["requests"] == len(asked)
    assert told["errors"] == sum(b"/op/bad.json" in head for head in asked) > 0
    assert all(b"Authorization: Bearer key\r\n" in head for head in asked)
    assert 0 < told["p50"] <= told["p99"]
