"""From rows of text to rows ready to be applied: pure work, done by a second process where the file is large."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from registry.ledger import Actor
from registry.services.imports.cells import Binding, RowCells
from registry.services.imports.faults import Fault
from registry.services.imports.licence_rows import read_licence
from registry.services.imports.listing_rows import read_abnormal_listing, read_violation_listing
from registry.services.imports.operator_batch import make_new
from registry.services.imports.operator_rows import read_operator
from registry.services.imports.penalty_rows import read_penalty
from registry.services.imports.presence_rows import read_presence
from registry.services.imports.reading import Source
from registry.services.personal_values import Vault
from registry.services.record_ids import new_record_ids

TextRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Preparation:
    """What checking rows needs to know: the binding of the columns, the day, the node, the run's name in the ledger."""

    kind: str
    binding: Binding
    today: date
    node: str
    actor: Actor
    vault: Vault
    authority: tuple[str, str] | None


@dataclass(slots=True)
class Refused:
    """A row that cannot be taken in, with everything that is wrong with it."""

    line: int
    faults: list[Fault]


@dataclass(slots=True)
class PreparedBatch:
    """Rows ready to be applied or Refused, the number of the last of them, how far the file has been read."""

    rows: list[Any]
    last: int
    share: float


def prepared_batches(preparation: Preparation, source: Source, position: int, size: int) -> Iterator[PreparedBatch]:
    """The rows of a file behind a position, checked, in batches."""
    rows = (row for row in source.data_rows() if row[0] > position)
    while batch := list(islice(rows, size)):
        yield PreparedBatch(prepare(preparation, batch), batch[-1][0], source.table.progress())


_reader: Iterator[PreparedBatch] = iter(())


def open_reader(preparation: Preparation, source: Source, position: int, size: int) -> None:
    """Make this process the one that reads a file ahead of another; `next_batch` then gives batch after batch."""
    global _reader
    _reader = prepared_batches(preparation, source, position, size)


def next_batch() -> PreparedBatch | None:
    """The next batch of the file that this process reads; None at its end."""
    return next(_reader, None)


def prepare(preparation: Preparation, rows: Sequence[TextRow]) -> list[Any]:
    """Each row as something to apply, or as Refused; in the order of the rows."""
    read = READERS[preparation.kind]
    prepared: list[Any] = []
    record_ids = new_record_ids(preparation.node, "operator", len(rows))
    for (line, cells), record_id in zip(rows, record_ids, strict=True):
        row = RowCells(line, cells, preparation.binding, preparation.today)
        _check_width(row)
        ready = None if row.refused else read(row, record_id, preparation)
        prepared.append(Refused(line, row.refused) if ready is None else ready)
    return prepared


def _check_width(row: RowCells) -> None:
    """A row with more filled cells than the header, or fewer cells, was torn: its values stand in the wrong columns."""
    width = row.binding.width
    if any(cell.strip() for cell in row.cells[width:]):
        row.refuse("", "too_many_cells", width=width, count=len(row.cells))
    elif len(row.cells) < width:
        row.refuse("", "too_few_cells", width=width, count=len(row.cells))


def _operator(row: RowCells, record_id: str, preparation: Preparation) -> Any:
    read = read_operator(row)
    if read is None:
        return None
    return make_new(read, record_id, preparation.actor, row.flagged, "operator.entered")


READERS: dict[str, Callable[[RowCells, str, Preparation], Any]] = {
    "operators": _operator,
    "online-presences": lambda row, _, given: read_presence(row),  # noqa: ARG005 - all readers are called alike
    "penalties": lambda row, _, given: read_penalty(row, given.vault, given.authority),
    "licences": lambda row, _, given: read_licence(row, given.vault, given.authority),
    "abnormal-listings": lambda row, _, given: read_abnormal_listing(row, given.authority),
    "violation-listings": lambda row, _, given: read_violation_listing(row, given.authority),
}
