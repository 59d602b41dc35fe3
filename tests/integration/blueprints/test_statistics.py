"""Statistics of both lists: sums that hold, and nothing that points at one operator."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient

from registry import jobs
from registry.rules.listing import EndReason
from registry.rules.record import RecordState
from registry.services import public_statistics
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator, make_violation_listing


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The day of all figures here."""
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


def end(number: int, reason: EndReason) -> None:
    """So many stays from July to 1 September that ended."""
    authority = make_authority()
    for _ in range(number):
        make_abnormal_listing(
            make_operator(name="石家庄修复后商贸有限公司"),
            authority,
            listed_on=date(2026, 7, 8),
            state=RecordState.ENDED,
            public_from=date(2026, 7, 8),
            public_until=date(2026, 9, 1),
            ended_on=date(2026, 9, 1),
            removed_on=date(2026, 9, 1),
            end_reason=reason,
        )


@pytest.mark.usefixtures("database")
def test_counts_entries_and_ended_stays() -> None:
    with transaction():
        end(6, EndReason.REPAIRED)
        make_abnormal_listing(make_operator(region="130104"), make_authority(), listed_on=date(2026, 11, 2))
        counted = public_statistics.current().lists["abnormal"]
    assert counted["entered"] == {"2026-07": 6, "2026-11": 1}
    assert counted["removed"] == {"2026-09": 6}
    assert counted["reasons"] == {"R1": 7}
    assert counted["regions"] == {"130102": 6, "130104": 1}
    assert (counted["ended"], counted["repaired"], counted["median_days"]) == (6, 6, 55)


@pytest.mark.usefixtures("database")
def test_what_was_wrong_is_not_counted() -> None:
    with transaction():
        end(6, EndReason.CORRECTED)
        authority = make_authority()
        make_violation_listing(
            make_operator(),
            authority,
            state=RecordState.WITHDRAWN,
            end_reason=EndReason.DECISION_REVOKED,
            end_statement="处罚决定被撤销",
        )
        lists = public_statistics.current().lists
    assert lists["abnormal"]["entered"] == lists["violations"]["entered"] == {}
    assert lists["abnormal"]["ended"] is None


def test_few_ended_stays_are_not_told(client: FlaskClient) -> None:
    with transaction():
        end(4, EndReason.REPAIRED)
    shown = client.get("/statistics").text
    assert "数量过少，不予公布" in shown
    assert "修复后" not in shown
    rows = dict(row[::2] for row in csv.reader(io.StringIO(client.get("/statistics/abnormal-months.csv").text)))
    assert rows["2026-09"] == "不足5条"


def test_figures_are_kept_with_their_moment_and_counted_anew_after_a_while(client: FlaskClient) -> None:
    assert "统计时间：2026-11-24 10:00" in client.get("/statistics").text
    with transaction():
        make_violation_listing(make_operator(), make_authority())
    assert ",1" not in client.get("/statistics/violations-reasons.csv").text
    with time_machine.travel("2026-11-24T10:31:00+08:00", tick=False):
        assert ",1" in client.get("/statistics/violations-reasons.csv").text


@pytest.mark.parametrize("table", ["months", "reasons", "districts"])
def test_every_table_is_a_file(client: FlaskClient, table: str) -> None:
    answer = client.get(f"/statistics/violations-{table}.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert len(answer.text.splitlines()) >= 1


@pytest.mark.usefixtures("database")
def test_the_worker_counts_anew_before_a_reader_has_to() -> None:
    with transaction():
        before = public_statistics.current().counted_at
    with time_machine.travel("2026-11-24T10:10:00+08:00", tick=False):
        jobs.refresh_statistics(timestamp=0)
        assert public_statistics.current().counted_at > before
