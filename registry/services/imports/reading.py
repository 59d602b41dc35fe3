"""Opening a file as a table: rows of text cells, numbered as a spreadsheet numbers them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.services.imports.csv_files import CsvTable, scan_csv
from registry.services.imports.faults import FileRefused
from registry.services.imports.headers import Headings
from registry.services.imports.workbooks import Workbook


class Table(Protocol):
    """Rows from the first of the file on, header and legends among them."""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row number from 1, cells; rows without any content are left out."""

    def progress(self) -> float:
        """How far the latest `rows` has come, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file made ready to read: its table, its fingerprint, and what its header was found to be."""

    path: Path
    sha256: bytes
    table: Table
    headings: Headings

    def data_rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header, legends and repeated headers left out."""
        for line, cells in self.table.rows():
            if line > self.headings.line and not self.headings.is_noise(cells):
                yield line, cells


def open_source(path: Path, kind: str) -> Source:
    """Read what must be known before the first row: encoding, header, layout. Raises FileRefused."""
    if not path.is_file():
        raise FileRefused("not_found", name=path.name)
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise FileRefused("empty_file")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        table: Table = Workbook(path)
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").digest()
        headings = Headings.find(table.rows(), kind)
    else:
        sha256, encoding, delimiter = scan_csv(path, kind)
        table = CsvTable(path, encoding, delimiter)
        headings = Headings.find(table.rows(), kind)
    source = Source(path, sha256, table, headings)
    if next(source.data_rows(), None) is None:
        raise FileRefused("no_rows")
    return source
