"""A portal's error file (xlsx or csv): what it names was refused, all else of the batch was taken.

A row is matched by document number and party. A file of which any row fits no message changes nothing: a person has put
it beside the wrong batch, or the portal has another way to print a number.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models import SentBatch, db
from registry.rules import document_numbers, masking, names
from registry.services.imports.csv_files import CsvTable, scan_csv
from registry.services.imports.faults import FileRefused
from registry.services.imports.headers import fold_header
from registry.services.imports.party_layouts import LICENCE_ORGANISATION, PENALTY_ORGANISATION
from registry.services.imports.workbooks import Workbook
from sync.carriers import answers, upload_templates
from sync.receipts import Receipt

REASONS = tuple(
    fold_header(name)
    for name in (
        "错误原因",
        "错误描述",
        "错误信息",
        "失败原因",
        "拒绝原因",
        "驳回原因",
        "不通过原因",
        "校验结果",
        "reason",
    )
)
_NUMBERS = {
    fold_header(name) for layout in (PENALTY_ORGANISATION, LICENCE_ORGANISATION) for name in layout.column("document_no").names
}  # fmt: skip
_NAMES = {fold_header(name) for name in PENALTY_ORGANISATION.column("name").names} | {fold_header("XK_XDR_MC")}
_SEARCHED = 30  # rows from the top among which the header is looked for


class Unmatched(Exception):
    """The file cannot be read as answer to this batch; the text names rows, never what is in them. `code` for programs."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def take(batch_id: int, paths: Sequence[Path], *, node: str) -> Receipt | None:
    """Complete a batch by its error files; None where these have done so. Commits. Unmatched, Unsound."""
    batch = db.session.get_one(SentBatch, batch_id)
    digests = _digests(paths)
    if batch.receipt is not None:
        known = batch.receipt_headers.get("digests", {})
        db.session.commit()
        if digests.items() <= known.items():
            return None
        raise Unmatched("receipt_stands", "The batch is completed: what this file names was counted as taken.")
    places = _places(batch)
    refused: dict[int, list[dict[str, Any]]] = {}
    strays: list[str] = []
    for path in paths:
        for row, number, name, reason in _rows(path):
            lines = places.get(_place(number, name)) or places.get(_place(number, masking.mask_person_name(name)))
            if lines is None:
                strays.append(f"{path.name} row {row}")
                continue
            for line in lines:  # of two authorities with the same number both: nothing refused may count as taken
                refused.setdefault(line, []).append({"code": "portal", "field": "", "message": reason})
    if strays:
        raise Unmatched("row_unmatched", f"No message of the batch has this number and party: {'; '.join(strays)}.")
    receipt = answers.receipt_by_rows(batch, refused)
    db.session.commit()
    vouching = {"carrier": "file", "names": [path.name for path in paths], "digests": digests}
    return answers.take_receipt(batch_id, receipt, vouching, node=node)


def _digests(paths: Sequence[Path]) -> Mapping[str, str]:
    """What each file says, by its name. Unmatched."""
    try:
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    except OSError as error:
        raise Unmatched("workbook_unreadable", "The file cannot be read.") from error


def _place(number: str, name: str) -> tuple[str, str]:
    """A decision and its party as they are compared: a portal prints brackets and blanks its own way."""
    return document_numbers.normalise(number), names.fold(name)


def _places(batch: SentBatch) -> dict[tuple[str, str], list[int]]:
    """Lines of the messages by document number and party."""
    messages = answers.spoken(batch)
    numbers = upload_templates.document_numbers_of(messages)
    found: dict[tuple[str, str], list[int]] = {}
    for line, message in enumerate(messages, 1):
        if message.key[0] in numbers:
            found.setdefault(_place(numbers[message.key[0]], message.members["subject"]["name"]), []).append(line)
    return found


def _rows(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Row number, document number, party and reason of each row below the header. Unmatched."""
    places: tuple[int, int, int] | None = None
    try:
        for line, cells in _cells(path):
            if places is None:
                places = _header(cells)
                if places is None and line > _SEARCHED:
                    break
                continue
            number, name, reason = (cells[place].strip() if place < len(cells) else "" for place in places)
            if number or name:
                yield line, number, name, reason or "-"
    except (FileRefused, OSError) as error:
        raise Unmatched("workbook_unreadable", "The file cannot be read as a table.") from error
    if places is None:
        raise Unmatched("no_header", "No row names a document number, a party and a reason.")


def _cells(path: Path) -> Iterator[tuple[int, list[str]]]:
    if path.suffix == ".xlsx":
        return Workbook(path).rows()
    _, encoding, delimiter = scan_csv(path, "penalties")
    return CsvTable(path, encoding, delimiter).rows()


def _header(cells: Sequence[str]) -> tuple[int, int, int] | None:
    folded = [fold_header(cell) for cell in cells]
    found = [
        next((place for place, cell in enumerate(folded) if cell in names), None)
        for names in (_NUMBERS, _NAMES, set(REASONS))
    ]
    number, name, reason = found
    return None if number is None or name is None or reason is None else (number, name, reason)
