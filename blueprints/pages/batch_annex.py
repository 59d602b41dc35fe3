"""The list of a batch as files in Chinese: csv while it is read, PDF volume by volume."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO

from flask_babel import force_locale

from blueprints.pages.words_batches import LEFT_OUT
from models import BatchKind, BatchState, ItemOutcome, ListingBatch, db
from registry.reports.batch_annex import ROWS_A_VOLUME, Volume, pages_of, render, volumes_of
from registry.services.listing_batch_documents import printed_numbers
from registry.services.listing_batch_preview import Row, every_row, rows
from registry.services.notices.wording import LANGUAGE
from registry.services.table_cells import guarded

HEADINGS = ("序号", "统一社会信用代码（注册号）", "名称", "结果")
_DONE = {BatchKind.LIST: "已标记（无文书）", BatchKind.REMOVE: "已恢复（无文书）"}
_WHAT = {BatchKind.LIST: "未报送年度报告列入、标记名单", BatchKind.REMOVE: "补报年度报告移出、恢复名单"}
_FLUSH = 500
"""Lines of the csv file that are sent together."""


def csv_lines(batch_id: int) -> Iterator[str]:
    """The csv file, some hundred lines at a time; no cell is taken for a formula by a spreadsheet.

    Reads the batch itself: what the request's session held is let go of before the first line is asked for.
    """
    batch = db.session.get_one(ListingBatch, batch_id)
    printed = printed_numbers(batch) if batch.document else str
    buffer = StringIO("\ufeff")
    buffer.seek(0, 2)
    writer = csv.writer(buffer)
    writer.writerow(HEADINGS)
    for number, row in enumerate(every_row(batch), start=1):
        writer.writerow([row.position, guarded(row.code), guarded(row.name), _outcome(batch.kind, row, printed)])
        if number % _FLUSH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def volume_pdf(batch: ListingBatch, number: int) -> bytes:
    """One volume of the printed list, from 1."""
    found = rows(batch, after=(number - 1) * ROWS_A_VOLUME, limit=ROWS_A_VOLUME)
    draft = "（初始名单，尚未决定）" if batch.state is BatchState.DRAWN_UP else ""
    return render(
        Volume(
            title=f"附件：{batch.report_year}年度{_WHAT[batch.kind]}{draft}",
            source=batch.document.printed_no if batch.document else batch.authority.name,
            headings=("序号", "代码或注册号", "名称", "结果"),
            rows=[(str(row.position), row.code, row.name, _outcome(batch.kind, row, _in_volume)) for row in found],
            number=number,
            count=volumes_of(batch.initial),
            pages=pages_of(batch.initial),
            moment=batch.finished_at or batch.prepared_at,
        )
    )


def _in_volume(sub_number: int) -> str:
    """The title of each page bears the number of the batch."""
    return f"顺序号 {sub_number}"


def _outcome(kind: BatchKind, row: Row, printed: Callable[[int], str]) -> str:
    if row.left_out is not None:
        with force_locale(LANGUAGE):
            return f"未处理：{LEFT_OUT[row.left_out]}"
    if row.outcome is ItemOutcome.WAITING:
        return ""
    return _DONE[kind] if row.sub_number is None else printed(row.sub_number)
