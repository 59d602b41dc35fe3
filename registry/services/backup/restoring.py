"""Restoring a backup into a database of the same migration, in place of whatever stands there."""

import gzip
import hashlib
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import IO
from uuid import uuid4

import psycopg
from psycopg import sql

from registry.clock import today
from registry.services.backup import BackupRefused, Manifest, TableOfBackup
from registry.services.backup.tables import identifier, set_sequences, tables_of

_PIECE = 1 << 20
ATTEMPTS = 20
"""Times the old register is tried to be emptied while others are still changing it."""
LONGEST_WAIT = "60s"
"""For each table: readers are over in a moment, but a transaction left open would be waited for without end."""
SKIPPED_NUMBERS = 50_000
"""A restore goes on with the next multiple: more batches than a node ever freezes in a day."""


def read_manifest(file: Path) -> Manifest:
    """What a file says it holds. BackupRefused where it is no backup."""
    try:
        with tarfile.open(file, "r:") as tar:
            member = tar.extractfile("manifest.json")
            if member is None:
                raise BackupRefused("The file holds no manifest.")
            return Manifest.of(json.load(member))
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BackupRefused("The file is not a backup, or it is damaged.") from error


def restore(
    connection: psycopg.Connection, data_dir: Path, file: Path, node: str, progress: Callable[[str, int], None]
) -> Manifest:
    """Put the register of a backup in place of the one in the database. `connection` is the owner's, not in a transaction.

    All of it in one transaction: readers see the old register until the new one stands. The node gets a new epoch and, where
    it has peers of the wire, is recovering until it has its own records back from them (exchange.md 1.6). BackupRefused where
    the file is damaged, of another node or of another migration; nothing is changed then.
    """
    manifest = read_manifest(file)
    if manifest.node != node:
        raise BackupRefused(f"This is a backup of node {manifest.node}; this is node {node}.")
    with tarfile.open(file, "r:") as tar:
        _check_members(tar, manifest)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with connection.transaction():
                    _replace(connection, tar, manifest, progress)
                break
            except psycopg.errors.LockNotAvailable as error:
                raise BackupRefused(_who_waits(connection)) from error
            except psycopg.errors.DeadlockDetected:  # with somebody who was just changing the old register
                if attempt == ATTEMPTS:
                    raise
        for name in manifest.files:
            _put_back(tar, name, data_dir)
    return manifest


def _replace(
    connection: psycopg.Connection, tar: tarfile.TarFile, manifest: Manifest, progress: Callable[[str, int], None]
) -> None:
    _check_place(connection, manifest)
    names = [table.name for table in manifest.tables]
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LONGEST_WAIT))
    connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(identifier, tables_of(connection)))))
    connection.execute("SET LOCAL lock_timeout = 0")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(identifier(name)))
    for table in manifest.tables:
        _copy_in(connection, tar, table)
        progress(table.name, table.rows)
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(identifier(name)))
    set_sequences(connection)
    connection.execute(
        "UPDATE exchange_node SET epoch = %s, drawn_at = now(), recovering_since = CASE WHEN EXISTS"
        " (SELECT FROM peer WHERE carrier = 'http' AND state = 'active') THEN now() END",
        [str(uuid4())],
    )
    _skip_numbers(connection)


def _who_waits(connection: psycopg.Connection) -> str:
    """Words for whoever restores: which processes of the database keep the old register from being emptied."""
    rows = connection.execute(
        "SELECT DISTINCT pid FROM pg_locks WHERE granted AND relation IS NOT NULL AND pid <> pg_backend_pid()"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY pid"
    )
    pids = ", ".join(str(pid) for (pid,) in rows) or "none any more"
    return (
        f"Somebody keeps a transaction open in which the old register was read (processes of PostgreSQL: {pids})."
        " Nothing was changed. End it, or stop the program, and try again."
    )


def _skip_numbers(connection: psycopg.Connection) -> None:
    """Numbers that batches of this day may have got after the backup are never given again (exchange.md 4)."""
    connection.execute(
        "INSERT INTO batch_number AS b (day, last) SELECT %(day)s, %(skipped)s WHERE EXISTS (SELECT FROM peer)"
        " ON CONFLICT (day) DO UPDATE SET last = least((b.last / %(skipped)s + 1) * %(skipped)s, 999000)",
        {"day": f"{today():%Y%m%d}", "skipped": SKIPPED_NUMBERS},
    )


def _check_members(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """Every member is there and is what the manifest says, before anything is touched."""
    wanted = {table.member: table.sha256 for table in manifest.tables}
    wanted |= {f"files/{name}": digest for name, digest in manifest.files.items()}
    for name, digest in wanted.items():
        try:
            member = tar.extractfile(name)
        except KeyError:
            member = None
        if member is None or _sha256(member) != digest:
            raise BackupRefused(f"{name} is missing or damaged.")
    for name in manifest.files:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise BackupRefused(f"{name} would lie outside the data folder.")


def _check_place(connection: psycopg.Connection, manifest: Manifest) -> None:
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    here = row[0] if row else None
    if here != manifest.migration:
        raise BackupRefused(
            f"The backup is of migration {manifest.migration}, the database of {here}. Restore it with the program that took"
            " it, then bring the database up to date."
        )
    columns = tables_of(connection)
    for table in manifest.tables:
        if columns.get(table.name) is None or not set(table.columns) <= set(columns[table.name]):
            raise BackupRefused(f"The database has no such table as {table.name}.")


def _copy_in(connection: psycopg.Connection, tar: tarfile.TarFile, table: TableOfBackup) -> None:
    member = tar.extractfile(table.member)
    assert member is not None
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connection.cursor() as cursor, gzip.open(member) as unpacked, cursor.copy(statement) as copy:
        while piece := unpacked.read(_PIECE):
            copy.write(piece)


def _put_back(tar: tarfile.TarFile, name: str, data_dir: Path) -> None:
    target = data_dir / name
    source = tar.extractfile(f"files/{name}")
    assert source is not None
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(source, out)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
