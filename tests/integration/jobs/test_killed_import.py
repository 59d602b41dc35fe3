"""A file that was started in the console, and the worker that was killed in the middle of it: another one carries on."""

import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import select

from models import FileState, ImportFile, ImportRun, LedgerEntry, Operator, db
from registry.config import Settings
from registry.rules.roles import Role
from registry.services.imports.running import BATCH
from registry.transaction import transaction
from tests.database import connect_as_owner
from tests.factories import make_authority, make_operator
from tests.import_files import write_csv
from tests.import_rows import AUTHORITY_CODE, penalty_row
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.worker_process import start_worker

ROWS = BATCH + 500
BLOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted"
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
PATIENCE = 1_200
"""Looks, each a twentieth of a second after the one before, until a test gives up."""


@contextmanager
def held_up(settings: Settings, operator_id: int) -> Iterator[psycopg.Connection]:
    """While this lasts nobody enters a record of the operator: who tries waits."""
    with connect_as_owner(settings) as holder, holder.transaction():
        holder.execute("SELECT FROM operator WHERE id = %s FOR UPDATE", (operator_id,))
        yield holder


def wait_until(connection: psycopg.Connection, query: str, count: int) -> None:
    """Until the query counts so many."""
    for _ in range(PATIENCE):
        if connection.execute(query).fetchone() == (count,):
            return
        connection.execute("SELECT pg_sleep(0.05)")
    raise AssertionError(query)


def started_in_the_console(app: Flask, path: Path) -> None:
    browser = Browser(app, app.response_class, use_cookies=True)
    with app.app_context():
        with transaction():
            authority = make_authority()
            authority.uscc = AUTHORITY_CODE
        sign_in(browser, "zhang", Role.ENTRY, authority=authority)
    token = csrf_of(browser)
    file = (io.BytesIO(path.read_bytes()), "处罚.csv")
    kept = browser.post("/console/imports", data={"csrf_token": token, "kind": "penalties", "file": file})
    kept.request.environ["wsgi.input"].close()  # a body of this size is a file, which the test client leaves open
    assert browser.post(f"{kept.location}/start", data={"csrf_token": token}).status_code == 303


def states(app: Flask) -> tuple[FileState, int, int, int, int]:
    with app.app_context():
        file = db.session.execute(select(ImportFile.state)).scalar_one()
        run = db.session.execute(select(ImportRun)).scalar_one()
        return file, run.read, run.applied, run.unchanged, run.rejected


def test_a_second_worker_carries_on_where_the_killed_one_stood(
    own_app: Flask, own_settings: Settings, tmp_path: Path
) -> None:
    with own_app.app_context(), transaction():
        free, held = make_operator().uscc, make_operator()
        last, held_id = held.uscc, held.id
    rows = [
        penalty_row(
            **{
                "行政处罚决定书文号": f"石长市监罚〔2026〕{number}号",
                "行政相对人代码_1(统一社会信用代码)": free if number <= BATCH else last,
                "处罚类别": "罚金" if number in (1, ROWS) else "罚款",
            }
        )
        for number in range(1, ROWS + 1)
    ]
    started_in_the_console(own_app, write_csv(tmp_path / "f.csv", rows))
    with connect_as_owner(own_settings) as watcher:
        with start_worker(own_settings) as worker:
            try:
                with held_up(own_settings, held_id):
                    wait_until(watcher, BLOCKED, 1)  # the first batch is in, the second one is being applied
                    worker.send_signal(signal.SIGKILL)
                    worker.wait()
            finally:
                worker.kill()
        assert worker.returncode == -signal.SIGKILL
        wait_until(watcher, HELD, 0)  # the database has noticed that it is gone
        assert states(own_app) == (FileState.RUNNING, BATCH, BATCH - 1, 0, 1)
        watcher.execute("UPDATE procrastinate.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    for _ in range(2):  # one finds the job that nobody works on any more, one does it
        result = own_app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
        assert result.exit_code == 0, result.output
    assert states(own_app) == (FileState.FINISHED, ROWS, ROWS - 2, 0, 2)
    with connect_as_owner(own_settings) as connection:
        counted = connection.execute("SELECT count(*), count(DISTINCT document_no_key) FROM penalty").fetchone()
    assert counted == (ROWS - 2, ROWS - 2)
    with own_app.app_context():
        entries = select(db.func.count(), db.func.count(LedgerEntry.record_id.distinct())).where(
            LedgerEntry.record_type == "administrative_penalty"
        )
        assert db.session.execute(entries).one() == (ROWS - 2, ROWS - 2), "each was published once"
        assert db.session.execute(select(db.func.count()).select_from(Operator)).scalar_one() == 2
