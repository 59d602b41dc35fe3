"""Rows of a run with what was said of them: the rejected ones to be corrected and handed in again, the flagged ones to look at."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from xlsxwriter import Workbook

from models import ImportRow, db
from registry.services.imports.faults import sentence
from registry.services.imports.reading import Source
from registry.services.table_cells import guarded

REASON = "错误原因"
NOTE = "提示"
LINE = "原行号"


def write_rejected(run_id: int, source: Source, path: Path) -> int:
    """Write the rejected rows, xlsx by its ending, else csv in UTF-8 with BOM. Answer: how many rows.

    The cells come from the file itself: the register keeps the faults of a refused row, not its values.
    """
    return _write(run_id, source, path, refused=True)


def write_flagged(run_id: int, source: Source, path: Path) -> int:
    """Write the rows that were taken in although something should be looked at, likewise."""
    return _write(run_id, source, path, refused=False)


def _write(run_id: int, source: Source, path: Path, *, refused: bool) -> int:
    header = [*source.headings.cells, LINE, REASON if refused else NOTE]
    width = len(source.headings.cells)
    rows = (
        [*(guarded(cell) for cell in (cells + [""] * width)[:width]), str(line), words]
        for line, cells, words in _noted(run_id, source, refused)
    )
    return _write_xlsx(path, header, rows) if path.suffix.lower() == ".xlsx" else _write_csv(path, header, rows)


def _noted(run_id: int, source: Source, refused: bool) -> Iterator[tuple[int, list[str], str]]:
    """Rows of the file of which the run noted something, in ascending order."""
    noted = iter(
        db.session.execute(
            select(ImportRow.line, ImportRow.faults)
            .where(ImportRow.run_id == run_id, ImportRow.refused.is_(refused))
            .order_by(ImportRow.line)
            .execution_options(yield_per=1000)
        )
    )
    wanted = next(noted, None)
    for line, cells in source.data_rows():
        if wanted is None:
            return
        if line == wanted.line:
            yield line, cells, "；".join(sentence(fault).rstrip("。.") for fault in wanted.faults)
            wanted = next(noted, None)


def _write_csv(path: Path, header: list[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def _write_xlsx(path: Path, header: list[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for column, text in enumerate(header):
            sheet.write_string(0, column, text)
        for count, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                sheet.write_string(count, column, text)
    return count
