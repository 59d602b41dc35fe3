"""Taking a backup: one moment of the database, however long it takes, and the files that belong to it."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from registry.clock import now
from registry.services.backup import FORMAT, Manifest, TableOfBackup
from registry.services.backup.tables import identifier, tables_of

FOLDERS = ("uploads",)
"""Folders under the data folder that rows of the register speak of."""


def take(connection: psycopg.Connection, data_dir: Path, out: Path, progress: Callable[[str, int], None]) -> Manifest:
    """Write the register to `out`. `connection` is the owner's, not in a transaction.

    Everything is of one moment (REPEATABLE READ). The file appears whole or not at all, readable for its owner only.
    """
    with tempfile.TemporaryDirectory(prefix="backup-", dir=out.resolve().parent) as folder:
        room = Path(folder)
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            tables = []
            for name, columns in tables_of(connection).items():
                tables.append(_copy_out(connection, name, columns, room))
                progress(name, tables[-1].rows)
            files = _files(data_dir)
            manifest = _manifest(connection, tables, {name: _sha256(path) for name, path in files.items()})
        whole = room / "whole"
        with tarfile.open(whole, "w") as tar:
            _add_bytes(tar, "manifest.json", json.dumps(manifest.as_json(), ensure_ascii=False, indent=1).encode())
            for table in tables:
                tar.add(room / table.name, arcname=table.member)
            for name, path in files.items():
                tar.add(path, arcname=f"files/{name}")
        os.chmod(whole, 0o600)
        with whole.open("rb") as written:
            os.fsync(written.fileno())
        whole.replace(out)
    return manifest


def _copy_out(connection: psycopg.Connection, name: str, columns: list[str], room: Path) -> TableOfBackup:
    path, rows = room / name, 0
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), identifier(name)
    )
    with connection.cursor() as cursor, gzip.open(path, "wb", compresslevel=1) as packed:
        with cursor.copy(statement) as copy:
            for piece in copy:
                packed.write(piece)
        rows = cursor.rowcount
    return TableOfBackup(name, columns, rows, _sha256(path))


def _files(data_dir: Path) -> dict[str, Path]:
    found = {}
    for folder in FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            if path.is_file():
                found[path.relative_to(data_dir).as_posix()] = path
    return found


def _manifest(connection: psycopg.Connection, tables: list[TableOfBackup], files: dict[str, str]) -> Manifest:
    row = connection.execute(
        "SELECT node, epoch, (SELECT version_num FROM alembic_version), (SELECT coalesce(max(seq), 0) FROM ledger_entry)"
        " FROM exchange_node"
    ).fetchone()
    assert row is not None
    node, epoch, migration, size = row
    return Manifest(FORMAT, node, epoch, migration, now().isoformat(), size, tables, files)


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
