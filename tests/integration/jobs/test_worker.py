"""The worker: what runs by the clock, jobs that commit with their transaction, jobs that a killed worker left."""

import signal
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from models import Carrier, LedgerEntry, db
from registry.config import Settings
from registry.job_queue import defer
from registry.ledger import heads
from registry.transaction import transaction
from tests.carriers import add_partner
from tests.database import connect_as_owner
from tests.factories import make_authority, make_operator, make_penalty
from tests.worker_process import start_worker


def jobs(settings: Settings) -> list[tuple[str, str]]:
    """Name and state of every job."""
    with connect_as_owner(settings) as connection:
        return connection.execute(
            "SELECT task_name, status FROM procrastinate.procrastinate_jobs ORDER BY id"
        ).fetchall()


def run_once(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    assert result.exit_code == 0, result.output


def newest_size(app: Flask) -> int | None:
    with app.app_context(), db.engine.connect() as connection:
        head = heads.newest_head(connection)
        return head.size if head else None


def test_ends_what_has_run_out_and_only_once(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        penalty = make_penalty(
            make_operator(), make_authority(), decided_on=date(2024, 3, 1), public_until=date(2025, 3, 1)
        )
        record_id = penalty.record_id
    run_once(own_app)
    run_once(own_app)
    with own_app.app_context():
        entries = select(LedgerEntry.action).where(LedgerEntry.record_id == record_id).order_by(LedgerEntry.seq)
        assert list(db.session.scalars(entries)) == [
            "administrative_penalty.published",
            "administrative_penalty.expired",
        ]


def test_signs_a_head_only_when_the_log_grew(own_app: Flask, own_settings: Settings) -> None:
    run_once(own_app)
    assert newest_size(own_app) is None
    with own_app.app_context(), transaction():
        make_operator()
        make_operator()
    run_once(own_app)
    assert newest_size(own_app) == 2
    run_once(own_app)
    with own_app.app_context(), db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_head")).scalar_one() == 1
    assert jobs(own_settings) == []


def test_a_job_commits_and_vanishes_with_its_transaction(own_app: Flask, own_settings: Settings) -> None:
    with own_app.app_context():
        with transaction():
            assert defer(db.session.connection(), "ledger.head", timestamp=0) is not None
        defer(db.session.connection(), "ledger.head", timestamp=0)
        db.session.rollback()
    assert jobs(own_settings) == [("ledger.head", "todo")]


def test_a_job_that_waits_already_is_not_deferred_again(own_app: Flask, own_settings: Settings) -> None:
    with own_app.app_context(), transaction():
        first = defer(db.session.connection(), "ledger.head", once="head", timestamp=0)
        second = defer(db.session.connection(), "ledger.head", once="head", timestamp=0)
        make_operator()
    assert (first is None, second is None) == (False, True)
    assert jobs(own_settings) == [("ledger.head", "todo")]
    with own_app.app_context():
        operators = db.session.execute(text("SELECT count(*) FROM operator")).scalar_one()
    assert operators == 1, "the rest of the transaction is as it was"


def test_what_was_deferred_looks_at_the_tables_of_the_register_again(own_app: Flask) -> None:
    with own_app.app_context():
        before = db.session.execute(text("SHOW search_path")).scalar_one()
        defer(db.session.connection(), "ledger.head", timestamp=0)
        assert db.session.execute(text("SHOW search_path")).scalar_one() == before


@pytest.mark.parametrize("another_waits", [False, True])
def test_takes_up_what_a_killed_worker_left(own_app: Flask, own_settings: Settings, another_waits: bool) -> None:
    with connect_as_owner(own_settings) as connection:
        connection.execute("SET search_path = procrastinate")
        connection.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
            " SELECT 'default', 'ledger.head', 'ledger.head', 'ledger.head', '{\"timestamp\": 0}', 'doing', id"
            " FROM procrastinate_workers"
        )
    with own_app.app_context(), transaction():
        make_operator()
        if another_waits:
            defer(db.session.connection(), "ledger.head", once="ledger.head", timestamp=0)
    run_once(own_app)
    run_once(own_app)
    assert newest_size(own_app) == 1
    assert jobs(own_settings) == []


def test_stops_when_asked_to(own_settings: Settings) -> None:
    worker = start_worker(own_settings)
    assert worker.stderr is not None
    assert next(line for line in worker.stderr if "Starting job ledger.head" in line)
    worker.send_signal(signal.SIGTERM)
    _, rest = worker.communicate(timeout=60)
    assert worker.returncode == 0, rest
    assert "Stopped worker" in rest


def test_preparing_the_queue_again_changes_nothing(own_app: Flask, own_settings: Settings) -> None:
    with own_app.app_context(), transaction():
        defer(db.session.connection(), "ledger.head", timestamp=0)
    result = own_app.test_cli_runner().invoke(args=["db-prepare"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert jobs(own_settings) == [("ledger.head", "todo")]


def test_brings_records_to_a_partner_that_is_reached_by_file(own_app: Flask, tmp_path: Path) -> None:
    with own_app.app_context():
        add_partner(Carrier.FILE, folder=str(tmp_path))
        with transaction():
            make_penalty(make_operator(), make_authority())
    for _ in range(2):
        run_once(own_app)
    assert [path.suffix for path in (tmp_path / "outbox").iterdir()] == [".zip"]
