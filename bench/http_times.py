"""One request after another over one kept connection, with the time each took."""

import http.client
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit


def get_each(url: str, paths: Iterable[str], headers: Mapping[str, str] | None = None) -> list[float]:
    """Milliseconds from asking to the last byte, for each path. RuntimeError for an answer other than 200."""
    return [took for took, _ in _each(url, (("GET", path, b"") for path in paths), headers or {})]


def post_each(
    url: str, path: str, bodies: Iterable[bytes], headers: Mapping[str, str] | None = None
) -> list[tuple[float, bytes]]:
    """Milliseconds and the answer, for each JSON body posted to one path. RuntimeError for another answer than 200."""
    typed = {"Content-Type": "application/json", **(headers or {})}
    return list(_each(url, (("POST", path, body) for body in bodies), typed))


def _each(
    url: str, requests: Iterable[tuple[str, str, bytes]], headers: Mapping[str, str]
) -> Iterable[tuple[float, bytes]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        for method, path, body in requests:
            start = time.perf_counter()
            connection.request(method, path, body or None, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
            took = (time.perf_counter() - start) * 1000
            if answer.status != 200:
                raise RuntimeError(f"{method} {path} answered {answer.status}: {content[:200]!r}")
            yield took, content
    finally:
        connection.close()
