"""A backup holds the whole register of one moment, and a restore puts it back to the letter."""

import io
import json
import tarfile
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from models import ExchangeNode, Operator, db
from registry.config import Settings
from registry.job_queue import SCHEMA
from registry.services import rebuild
from registry.services.backup import SCHEMAS, BackupRefused, restoring
from registry.services.backup.restoring import restore
from registry.services.backup.tables import tables_of
from registry.services.backup.taking import take
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import make_authority, make_operator, make_penalty


def ignore(*_: object) -> None:
    """Nobody watches the progress."""


def snapshot(connection: psycopg.Connection) -> dict[str, list[object]]:
    """Every row of every table in a backup, apart from the node's epoch, which a restore draws anew."""
    return {
        table: sorted(str(row) for row in connection.execute(f"SELECT * FROM {table}"))  # type: ignore[call-overload]
        for table in tables_of(connection)
        if table != "public.exchange_node"
    }


@pytest.fixture
def filled(own_app: Flask) -> Flask:
    with own_app.app_context(), transaction():
        operator, authority = make_operator(), make_authority()
        make_penalty(operator, authority)
        make_operator(name="石家庄后来商贸有限公司", successor=operator)
    return own_app


def test_what_comes_back_is_what_was_there(filled: Flask, own_settings: Settings, tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "register.tar"
    (data / "uploads").mkdir(parents=True)
    (data / "uploads" / "a.csv").write_text("one")
    with connect_as_owner(own_settings) as owner:
        before = snapshot(owner)
        take(owner, data, out, ignore)
        with filled.app_context():
            epoch = db.session.query(ExchangeNode).one().epoch
            with transaction():
                make_operator(name="石家庄以后才来有限公司")
        (data / "uploads" / "a.csv").unlink()
        restore(owner, data, out, own_settings.node_id, ignore)
        assert snapshot(owner) == before
    assert (data / "uploads" / "a.csv").read_text() == "one"
    assert out.stat().st_mode & 0o777 == 0o600
    with filled.app_context():
        db.session.remove()
        assert db.session.query(ExchangeNode).one().epoch != epoch
        db.session.rollback()
        assert rebuild.check(ignore).differences == []
        db.session.rollback()
        with transaction():  # sequences go on behind what came back
            make_operator(name="石家庄恢复之后有限公司")
        assert db.session.query(Operator).count() == 3


def test_the_queue_of_jobs_is_part_of_it(own_app: Flask, own_settings: Settings) -> None:
    assert SCHEMA in SCHEMAS
    with own_app.app_context(), connect_as_owner(own_settings) as owner:
        names = list(tables_of(owner))
    assert f"{SCHEMA}.procrastinate_jobs" in names
    assert names.index("public.operator") < names.index("public.penalty")


def damaged(path: Path, out: Path, change: str) -> Path:
    """The same backup with one member other than it was."""
    with tarfile.open(path) as old, tarfile.open(out, "w") as new:
        for member in old.getmembers():
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == change:
                data = data[:-1] + bytes([data[-1] ^ 1])
                if change == "manifest.json":
                    manifest = json.loads(data[:-1] + b"}")
                    data = json.dumps(manifest | {"node": "130200"}).encode()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return out


@pytest.mark.parametrize("member", ["tables/public.operator.copy.gz", "manifest.json"])
def test_a_damaged_or_foreign_file_changes_nothing(
    filled: Flask, own_settings: Settings, tmp_path: Path, member: str
) -> None:
    with filled.app_context(), connect_as_owner(own_settings) as owner:
        take(owner, tmp_path, tmp_path / "register.tar", ignore)
        bad = damaged(tmp_path / "register.tar", tmp_path / "bad.tar", member)
        before = snapshot(owner)
        with pytest.raises(BackupRefused):
            restore(owner, tmp_path, bad, own_settings.node_id, ignore)
        assert snapshot(owner) == before


def test_what_is_no_backup_is_refused(own_settings: Settings, own_app: Flask, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("not a tar")
    with own_app.app_context(), connect_as_owner(own_settings) as owner, pytest.raises(BackupRefused):
        restore(owner, tmp_path, tmp_path / "x", own_settings.node_id, ignore)


def test_a_transaction_left_open_is_not_waited_for_without_end(
    filled: Flask, own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "LONGEST_WAIT", "50ms")
    out = tmp_path / "register.tar"
    with connect_as_owner(own_settings) as owner, connect_as_owner(own_settings) as idle:
        take(owner, tmp_path, out, ignore)
        with idle.transaction():
            idle.execute("SELECT count(*) FROM operator")
            with pytest.raises(BackupRefused, match=str(idle.info.backend_pid)):
                restoring.restore(owner, tmp_path, out, own_settings.node_id, ignore)
        restoring.restore(owner, tmp_path, out, own_settings.node_id, ignore)
