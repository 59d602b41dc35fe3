"""The tables of a register as the database itself describes them, in the order in which they can be filled."""

from graphlib import TopologicalSorter

import psycopg
from psycopg import sql

from registry.services.backup import LEFT_OUT, SCHEMAS

_TABLES = """
    SELECT n.nspname || '.' || c.relname,
           array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     GROUP BY 1 ORDER BY 1
"""
_REFERENCES = """
    SELECT n.nspname || '.' || c.relname, m.nspname || '.' || f.relname
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace m ON m.oid = f.relnamespace
     WHERE k.contype = 'f' AND k.conrelid <> k.confrelid
"""
_SEQUENCES = """
    SELECT n.nspname || '.' || c.relname, a.attname, pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = ANY (%s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname) IS NOT NULL
"""


def tables_of(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Columns to copy of each table, by its name with schema; a table after all it refers to."""
    columns: dict[str, list[str]] = dict(connection.execute(_TABLES, [list(SCHEMAS)]).fetchall())
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(columns, ()))
    for table, other in connection.execute(_REFERENCES):
        if table in columns and other in columns:
            order.add(table, other)
    return {name: columns[name] for name in order.static_order() if name not in LEFT_OUT}


def identifier(table: str) -> sql.Identifier:
    """A table's name with its schema, quoted."""
    return sql.Identifier(*table.split(".", 1))


def set_sequences(connection: psycopg.Connection) -> None:
    """Let every sequence go on after the highest key that stands in its table."""
    for table, column, sequence in connection.execute(_SEQUENCES, [list(SCHEMAS)]).fetchall():
        connection.execute(
            sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM {}").format(
                sql.Literal(sequence), sql.Identifier(column), identifier(table)
            )
        )
