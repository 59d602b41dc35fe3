"""Run twice, killed in the middle, by two processes at once, or skipped for a week: the same state at the end."""

import signal
import subprocess
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask

from registry.app import create_app
from registry.config import Settings
from registry.rules.operator import RegistrationStatus
from registry.rules.rule_sets import Severity
from registry.services.day.bulk import BATCH
from registry.transaction import transaction
from tests.database import cloned_database, close, connect_as_owner
from tests.factories import (
    make_abnormal_listing,
    make_authority,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)
from tests.integration.jobs.test_killed_import import BLOCKED, HELD, wait_until
from tests.worker_process import start_command

DAY = date(2026, 12, 2)
MANY = BATCH + 100

_TABLES = ("penalty", "licence", "abnormal_listing", "household_mark", "violation_listing", "operator", "proceeding")


def state_of(settings: Settings) -> dict[str, Any]:
    """Tables less their keys and moments, ledger entries by record less number, moment and salt, reminders, findings."""
    found: dict[str, Any] = {}
    with connect_as_owner(settings) as connection:
        for table in _TABLES:
            rows = f"SELECT to_jsonb(t) - 'recorded_at' FROM {table} t ORDER BY record_id"
            found[table] = connection.execute(rows).fetchall()
        found["ledger"] = connection.execute(
            "SELECT record_id, revision, action, actor, operator_id, payload FROM ledger_entry ORDER BY 1, 2"
        ).fetchall()
        found["reminders"] = connection.execute(
            "SELECT subject, authority_id, deadline, due_on, kind, raised_on FROM reminder ORDER BY 1, 3, 5"
        ).fetchall()
        found["findings"] = connection.execute(
            "SELECT to_jsonb(p) FROM public_finding p ORDER BY record_id, type, public_from"
        ).fetchall()
    return found


def run(settings: Settings, *days: date) -> None:
    application = create_app(settings)
    for day in days:
        command = ["day", "run", "--on", day.isoformat()]
        result = application.test_cli_runner().invoke(args=command, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    close(application)


@pytest.fixture
def register(own_app: Flask, own_settings: Settings) -> Settings:
    """Something of everything that a day of the week before DAY changes."""
    with own_app.app_context(), transaction():
        operator, bureau = make_operator(), make_authority()
        for number in range(7):
            ends = DAY - timedelta(days=number)
            make_penalty(operator, bureau, decided_on=ends.replace(year=2025), public_until=ends)
        make_penalty(
            operator,
            bureau,
            decided_on=date(2025, 6, 2),
            rule_set="samr-2021-09-01",
            public_until=date(2028, 6, 20),
            severity=Severity.SERIOUS,
            kinds=["suspension_of_business"],
            period_basis="publication_date",
            published_on=date(2025, 6, 20),
            public_from=date(2025, 6, 20),
        )
        make_penalty(
            operator, bureau, decided_on=date(2024, 6, 2), rule_set="samr-2021-09-01", public_until=date(2027, 6, 2)
        )
        make_violation_listing(operator, bureau, listed_on=date(2023, 11, 30), public_until=date(2026, 11, 30))
        make_licence(operator, bureau, public_until=date(2026, 11, 28))
        make_abnormal_listing(operator, bureau, listed_on=date(2024, 1, 29))
        make_operator(registration_status=RegistrationStatus.REVOKED, status_on=date(2026, 5, 28))
        make_operator(registration_status=RegistrationStatus.SUSPENDED, status_on=date(2023, 11, 27))
    close(own_app)
    return own_settings


def test_twice_daily_or_a_week_late(register: Settings) -> None:
    with cloned_database(register) as daily, cloned_database(register) as late:
        run(daily, *(DAY - timedelta(days=number) for number in range(9, -1, -1)))
        run(late, DAY)
        once = state_of(late)
        assert state_of(daily) == once
        run(late, DAY, DAY)
        assert state_of(late) == once
    verbs = [action.rsplit(".", 1)[1] for _, _, action, *_ in once["ledger"]]
    assert (verbs.count("expired"), verbs.count("publicity_recomputed")) == (10, 2)
    assert {deadline for _, _, deadline, *_ in once["reminders"]} == {"long_stay", "mark_undissolved", "end_suspension"}


@pytest.fixture
def many(own_app: Flask, own_settings: Settings) -> Settings:
    """More than one batch of penalties that are over."""
    with own_app.app_context(), transaction():
        operator, bureau = make_operator(), make_authority()
        for number in range(MANY):
            make_penalty(operator, bureau, document_no=f"石长市监罚〔2026〕{number}号")
    close(own_app)
    return own_settings


def test_killed_in_the_middle(many: Settings) -> None:
    after = date(2027, 3, 3)
    with cloned_database(many) as undisturbed, cloned_database(many) as killed:
        run(undisturbed, after)
        with connect_as_owner(killed) as watcher:
            with connect_as_owner(killed) as holder, holder.transaction():
                holder.execute("SELECT FROM penalty ORDER BY id DESC LIMIT 1 FOR UPDATE")
                process = start_command(killed, "day", "run", "--on", after.isoformat())
                try:
                    wait_until(watcher, BLOCKED, 1)  # the first batch is in, the second one waits for its last record
                    process.send_signal(signal.SIGKILL)
                finally:
                    process.kill()
                    process.communicate()
            assert process.returncode == -signal.SIGKILL
            wait_until(watcher, HELD, 0)
            assert ended_in(watcher) == BATCH
        run(killed, after)
        assert state_of(killed) == state_of(undisturbed)


def test_two_processes_at_once(many: Settings) -> None:
    after = date(2027, 3, 3)
    with cloned_database(many) as one, cloned_database(many) as two:
        run(one, after)
        with connect_as_owner(two) as watcher:
            with connect_as_owner(two) as holder, holder.transaction():
                holder.execute("SELECT FROM penalty ORDER BY id LIMIT 1 FOR UPDATE")
                processes = [start_command(two, "day", "run", "--on", after.isoformat()) for _ in range(2)]
                wait_until(watcher, BLOCKED, 1)
                refused = next_to_end(processes)
            said = [process.communicate()[1] for process in processes]
            assert sorted(process.returncode for process in processes) == [0, 1]
            assert "another process" in said[processes.index(refused)]
            assert ended_in(watcher) == MANY
        assert state_of(two) == state_of(one)


def ended_in(connection: psycopg.Connection) -> int:
    found = connection.execute("SELECT count(*) FROM penalty WHERE state = 'ended'").fetchone()
    assert found is not None
    return int(found[0])


def next_to_end(processes: list[Any]) -> Any:
    """The one that is refused while the other one waits for a record."""
    while True:
        for process in processes:
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            else:
                return process
