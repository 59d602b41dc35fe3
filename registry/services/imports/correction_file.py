"""The rejected rows of a run as a file that can be corrected and handed in again: the same columns, and why."""

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
LINE = "原行号"


def write_rejected(run_id: int, source: Source, path: Path) -> int:
    """Write the rejected rows, xlsx by its ending, else csv in UTF-8 with BOM. Answer: how many rows.

    The cells come from the file itself: the register keeps the faults of a refused row, not its values.
    """
    header = [*source.headings.cells, LINE, REASON]
    width = len(source.headings.cells)
    rows = (
        [*(guarded(cell) for cell in (cells + [""] * width)[:width]), str(line), reason]
        for line, cells, reason in _rejected(run_id, source)
    )
    return _write_xlsx(path, header, rows) if path.suffix.lower() == ".xlsx" else _write_csv(path, header, rows)


def _rejected(run_id: int, source: Source) -> Iterator[tuple[int, list[str], str]]:
    """Rows of the file whose number the run refused, both in ascending order."""
    refused = iter(
        db.session.execute(
            select(ImportRow.line, ImportRow.faults)
            .where(ImportRow.run_id == run_id, ImportRow.refused)
            .order_by(ImportRow.line)
            .execution_options(yield_per=1000)
        )
    )
    wanted = next(refused, None)
    for line, cells in source.data_rows():
        if wanted is None:
            return
        if line == wanted.line:
            yield line, cells, "；".join(sentence(fault).rstrip("。.") for fault in wanted.faults)
            wanted = next(refused, None)


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
