"""Writing many rows at once: COPY for new ones, a staging table and one UPDATE for changed ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Table, inspect
from sqlalchemy.dialects.postgresql import JSONB

from models import db

_LINES_AT_ONCE = 250
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def cursor(*, binary: bool = False) -> Any:
    """A driver cursor on the connection of the session's transaction; `binary` where long `bytea` comes: no hex then."""
    return db.session.connection().connection.cursor(binary=binary)


def table_of(model: Any) -> Table:
    """The table of a model."""
    table: Table = inspect(model).local_table
    return table


def copy_field(value: Any) -> str:
    """A value in COPY's text format; arrays of text as their literal. Members of JSON come ready as bytes."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return value.decode().translate(_ESCAPES)
    if isinstance(value, list):
        literal = '","'.join(value)
        if "\\" in literal or literal.count('"') != 2 * (len(value) - 1) or not literal.isprintable():
            literal = '","'.join(item.replace("\\", "\\\\").replace('"', '\\"') for item in value).translate(_ESCAPES)
        return f'{{"{literal}"}}' if value else "{}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    assert isinstance(value, int | Decimal)
    return str(value)


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """COPY lines that stand in text format already. In pieces: the database writes while the next lines are made."""
    with cursor().copy(f"COPY {table} ({_quoted(columns)}) FROM STDIN") as copy:
        rest = iter(lines)
        while piece := b"".join(islice(rest, _LINES_AT_ONCE)):
            copy.write(piece)


def insert_rows(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY rows, each with the same keys, into the table of a model."""
    if rows:
        table = table_of(model)
        columns = list(rows[0])
        copy_lines(table.name, columns, _encoded(table, columns, rows))


def update_rows(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set the columns of many rows, found by `id`, in one statement."""
    if not rows:
        return
    table = table_of(model)
    columns = list(rows[0])
    staged = f"staged_{table.name}"
    work = cursor()
    work.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} (LIKE {table.name}) ON COMMIT DROP")
    work.execute(f"TRUNCATE {staged}")
    work.execute(_loosened(table, staged))
    copy_lines(staged, columns, _encoded(table, columns, rows))
    assigned = ", ".join(f'"{name}" = {staged}."{name}"' for name in columns if name != "id")
    work.execute(f"UPDATE {table.name} SET {assigned} FROM {staged} WHERE {table.name}.id = {staged}.id")  # noqa: S608
    if work.rowcount != len(rows):
        raise LookupError(f"{work.rowcount} of {len(rows)} rows of {table.name} were there to be changed")


def next_ids(table: str, count: int) -> list[int]:
    """Fresh keys from a table's sequence."""
    work = cursor()
    work.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count))
    return [number for (number,) in work.fetchall()]


def _loosened(table: Table, staged: str) -> str:
    drops = ", ".join(f'ALTER "{column.name}" DROP NOT NULL' for column in table.columns)
    return f"ALTER TABLE {staged} {drops}"


def _encoded(table: Table, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Iterable[bytes]:
    kinds = [(name, isinstance(table.columns[name].type, JSONB)) for name in columns]
    for row in rows:
        fields = [copy_field(orjson.dumps(row[name]) if is_json else row[name]) for name, is_json in kinds]
        yield ("\t".join(fields) + "\n").encode()


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
