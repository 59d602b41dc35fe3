"""Tables in csv files: which encoding, which delimiter, and the rows as a stream."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from registry.services.imports.faults import FileRefused
from registry.services.imports.headers import SEARCHED, recognised

_CHUNK = 1 << 20
_HEAD = 1 << 16
_DELIMITERS = (",", "\t", ";")
_LONGEST_CELL = 1 << 20
csv.field_size_limit(_LONGEST_CELL)


def scan_csv(path: Path, kind: str) -> tuple[bytes, str, str]:
    """SHA-256 of the file, its encoding, its delimiter. Raises FileRefused.

    The header decides the encoding, since damaged UTF-8 is often well-formed GB18030; the whole file must then be
    well-formed in it.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("utf16")
    if head.lstrip()[:1] == b"<":
        raise FileRefused("web_page")
    if head.startswith(b"%PDF"):
        raise FileRefused("not_a_table")
    candidates = [
        (recognised(_first_rows(head, encoding, delimiter), kind), encoding, delimiter)
        for encoding in ("utf-8-sig", "gb18030")
        for delimiter in _DELIMITERS
    ]
    score, encoding, delimiter = max(candidates, key=lambda candidate: candidate[0])
    if score == 0:
        encoding = "utf-8-sig" if _damaged_line(path, "utf-8-sig") is None else "gb18030"
        delimiter = max(_DELIMITERS, key=lambda each: head.count(each.encode()))
    digest, quotes = _digest(path)
    line = _damaged_line(path, encoding)
    if line is not None:
        raise FileRefused("damaged_encoding", line=line, encoding="UTF-8" if encoding == "utf-8-sig" else "GB18030")
    if quotes % 2:
        _check_quotes(path, encoding, delimiter)
    return digest, encoding, delimiter


class CsvTable:
    """The rows of a csv file, streamed; a second call of `rows` starts again from the top."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path = path
        self._encoding = encoding
        self._delimiter = delimiter
        self._size = max(1, path.stat().st_size)
        self._position = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row number, cells."""
        with self._path.open("rb") as raw, io.TextIOWrapper(raw, self._encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self._delimiter)
            number = 0
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise FileRefused("quotes", line=number + 1) from error
                if cells is None:
                    break
                number += 1
                if any(cells):
                    if not number % 1000:
                        self._position = raw.tell()
                    yield number, cells
        self._position = self._size

    def progress(self) -> float:
        """Share of the bytes that were read."""
        return self._position / self._size


def _first_rows(head: bytes, encoding: str, delimiter: str) -> list[list[str]]:
    text = head.decode(encoding, errors="replace")
    return list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), SEARCHED))


def _digest(path: Path) -> tuple[bytes, int]:
    """SHA-256, and the number of quotation marks; refuses a file with NUL bytes, which no text has."""
    digest = hashlib.sha256()
    quotes = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\x00" in chunk:
                raise FileRefused("nul_bytes")
            quotes += chunk.count(b'"')
            digest.update(chunk)
    return digest.digest(), quotes


def _damaged_line(path: Path, encoding: str) -> int | None:
    """Line of the first bytes that are not well-formed in this encoding; None for a sound file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _check_quotes(path: Path, encoding: str, delimiter: str) -> None:
    """An odd number of quotation marks may mean that one was never closed, and swallowed every row after it."""
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        number = 0
        try:
            for _ in reader:
                number += 1
        except csv.Error as error:
            if "unexpected end of data" in str(error) or "field limit" in str(error):
                raise FileRefused("quotes", line=number + 1) from error
