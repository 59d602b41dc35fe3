"""Tables in xlsx and xls files, by python-calamine."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from registry.services.imports.faults import FileRefused

LARGEST_UNPACKED = 128 * 1024 * 1024
"""A sheet is held in memory as a whole: past this many bytes of XML the file has to come as csv, which is streamed."""

_EXACT = 10**15  # a number cell keeps fifteen digits


class Workbook:
    """The first sheet that holds anything."""

    def __init__(self, path: Path) -> None:
        self._check_size(path)
        try:
            book = CalamineWorkbook.from_path(str(path))
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        except (CalamineError, OSError, ValueError) as error:
            raise FileRefused("workbook_unreadable") from error
        self._sheet = next((sheet for sheet in sheets if sheet.total_height), None)
        if self._sheet is None:
            raise FileRefused("empty_file")
        self._done = 0

    @staticmethod
    def _check_size(path: Path) -> None:
        if not zipfile.is_zipfile(path):
            if path.stat().st_size > LARGEST_UNPACKED // 2:
                raise FileRefused("workbook_too_large")
            return
        try:
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(member.file_size for member in archive.infolist())
        except (zipfile.BadZipFile, ValueError) as error:
            raise FileRefused("workbook_unreadable") from error
        if unpacked > LARGEST_UNPACKED:
            raise FileRefused("workbook_too_large")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Row number, cells as text."""
        assert self._sheet is not None
        first = self._sheet.start[0] if self._sheet.start else 0
        for line, row in enumerate(self._sheet.iter_rows(), 1):
            self._done = line
            cells = [_text(cell) for cell in row]
            if any(cells):
                yield line + (0 if _from_top(self._sheet) else first), cells

    def progress(self) -> float:
        """Share of the sheet's rows that were read."""
        assert self._sheet is not None
        return self._done / max(1, self._sheet.total_height)


def _from_top(sheet: Any) -> bool:
    """Whether iter_rows gives the empty rows above the first filled one as well."""
    return bool(sheet.total_height > sheet.height)


def _text(cell: Any) -> str:
    """A cell as the text that a person would type for it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        if abs(cell) >= _EXACT:
            return f"{cell:.5E}"  # digits are lost already: shown so that the row is refused for this reason
        return str(int(cell)) if cell == int(cell) else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return ""
