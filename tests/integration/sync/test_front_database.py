"""The front database of a partner: a second real database, and every fault between its commit and ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import select

from models import Carrier, ExchangeIncident, ProblemState, SentState, UpstreamRecord, db
from registry.config import Settings
from registry.queries.records import get_record
from registry.rules.record import EndReason
from registry.services import publicity
from registry.transaction import transaction
from sync import runs
from sync.carriers import choice, front_database, handing
from sync.carriers.front_rows import row_id
from sync.carriers.front_tables import COLUMNS
from tests import carriers
from tests.carriers import (
    PARTNER,
    FrontDatabaseOfPartner,
    city_with_partner,
    enter,
    problems,
    sent_batches,
)
from tests.database import server
from tests.factories import ACTOR

Front = FrontDatabaseOfPartner


@pytest.fixture
def city() -> Iterator[Flask]:
    with city_with_partner(Carrier.FRONT_DATABASE) as application:
        yield application


@pytest.fixture
def front(city: Flask) -> Iterator[Front]:
    with carriers.front_database(city.extensions["registry_settings"]) as (database, settings):
        city.extensions["registry_settings"] = settings
        front_database.create(settings, PARTNER)
        yield database


def settings_of(city: Flask) -> Settings:
    found: Settings = city.extensions["registry_settings"]
    return found


def push(city: Flask, *, told: bool = True) -> runs.Run:
    return choice.carrier_of(PARTNER).push(settings_of(city), PARTNER, told=told)


def withdraw(record_id: str) -> None:
    with transaction():
        publicity.withdraw(
            record_id, reason=EndReason.DECISION_REVOKED, statement="决定被撤销", on=date(2026, 11, 1), actor=ACTOR
        )


def end(record_id: str) -> None:
    with transaction():
        publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=date(2026, 11, 1), actor=ACTOR)


def correct(record_id: str, **columns: Any) -> None:
    """A new revision of a record."""
    from registry import ledger

    with transaction():
        record = get_record(record_id)
        for name, value in columns.items():
            setattr(record, name, value)
        db.session.flush()
        ledger.append("penalty.corrected", record=record, actor=ACTOR)


def test_a_row_says_what_its_message_says(city: Flask, front: Front) -> None:
    (record_id,) = enter(facts="销售超过保质期的食品\n第二行“引号”，𠮷")
    assert push(city).outcome == "done"
    (row,) = front.rows()
    assert (row["row_id"], row["record_id"], row["revision"]) == (row_id(record_id, 1), record_id, 1)
    assert (row["operation"], row["publish_status"], row["sync_status"]) == ("I", "publish", 0)
    assert row["cf_sy"] == "销售超过保质期的食品\n第二行“引号”，𠮷"
    assert row["cf_wsh"] == get_record(record_id).document_no
    assert row["publish_from"] == get_record(record_id).public_from
    assert row["batch_no"] in {batch.batch_no for batch in sent_batches()}
    (operator,) = front.rows("operator")
    assert (operator["subject_uscc"], operator["kind"]) == (get_record(record_id).operator.uscc, "enterprise")


def test_taken_rows_complete_the_batch_and_their_names_are_kept(city: Flask, front: Front) -> None:
    (record_id,) = enter()
    push(city)
    assert {batch.state for batch in sent_batches()} == {SentState.FROZEN}
    front.take_all()
    run = push(city)
    assert run.counts["accepted"] == run.counts["received"] == 2
    assert {batch.state for batch in sent_batches()} == {SentState.RECEIPTED}
    taken = db.session.get_one(UpstreamRecord, (sent_batches()[0].peer_id, record_id))
    assert (taken.revision, taken.upstream_id) == (1, f"HB-{record_id}")


def test_an_end_and_a_withdrawal_follow_under_the_partners_name(city: Flask, front: Front) -> None:
    ended, withdrawn = enter(2)
    push(city)
    front.take_all()
    end(ended)
    withdraw(withdrawn)
    push(city)
    last = {row["record_id"]: row for row in front.rows()}
    assert (last[ended]["operation"], last[ended]["publish_status"], last[ended]["reason"]) == (
        "U", "ended", "repaired",
    )  # fmt: skip
    assert (last[withdrawn]["operation"], last[withdrawn]["reason"]) == ("D", "decision_revoked")
    assert last[ended]["upstream_id"] == f"HB-{ended}"
    assert last[ended]["cf_sy"] is None


def test_a_refused_row_is_a_problem_and_its_correction_closes_it(city: Flask, front: Front) -> None:
    refused, sound = enter(2)
    push(city)
    front.answer(
        "UPDATE administrative_penalty SET sync_status = 2, error_code = '1001', error_message = '主体信息不匹配'"
        f" WHERE record_id = '{refused}'"
    )
    push(city, told=False)  # the others are still waiting: the refusal is told at once
    (problem,) = problems()
    assert (problem.record_id, problem.state) == (refused, ProblemState.OPEN)
    assert problem.faults == [{"code": "1001", "field": "", "message": "主体信息不匹配"}]
    front.take_all()
    run = push(city)
    assert (run.counts["rejected"], run.counts["accepted"]) == (1, 2)
    correct(refused, remark="更正主体")
    push(city)
    corrected = next(row for row in front.rows() if row["record_id"] == refused and row["revision"] == 2)
    assert corrected["operation"] == "I"  # the partner never took the record
    assert corrected["bz"] == "更正主体"
    front.take_all()
    push(city)
    assert [(each.record_id, each.state) for each in problems()] == [(refused, ProblemState.RESENT)]
    correct(sound, remark="补充")
    push(city)
    assert next(row for row in front.rows() if row["bz"] == "补充")["operation"] == "U"


def test_killed_between_the_two_commits_nothing_is_there_twice(
    city: Flask, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(3)
    inserted = front_database.FrontDatabase.hand_over

    def killed(self: Any, batch: Any) -> Any:
        inserted(self, batch)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(front_database.FrontDatabase, "hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            push(city)
    assert len(front.rows()) == 3
    assert {bool(batch.headers) for batch in sent_batches()} == {False}
    assert push(city).outcome == "done"
    assert len(front.rows()) == 3
    assert len(sent_batches()) == 1


def test_killed_after_reading_back_the_answers_are_read_again(
    city: Flask, front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(2)
    push(city)
    front.take_all()
    with monkeypatch.context() as broken:
        broken.setattr(front_database.answers, "take_receipt", _killed)
        with pytest.raises(KeyboardInterrupt):
            push(city)
    run = push(city)
    assert run.counts["accepted"] == 3
    assert {batch.state for batch in sent_batches()} == {SentState.RECEIPTED}


def _killed(*_: Any, **__: Any) -> Any:
    raise KeyboardInterrupt


def test_a_cut_connection_inserts_all_of_a_batch_or_nothing(city: Flask, front: Front) -> None:
    enter(2)
    front.answer(
        "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN new; END $$;"
        "CREATE TRIGGER cut AFTER INSERT ON administrative_penalty FOR EACH STATEMENT EXECUTE FUNCTION cut()"
    )
    run = push(city)
    assert (run.outcome, run.detail["code"]) == ("no_answer", "front_database_unreachable")
    assert front.rows() == front.rows("operator") == []
    assert sent_batches()[0].next_attempt_at is not None
    front.answer("DROP TRIGGER cut ON administrative_penalty")
    assert push(city, told=False).counts["batches"] == 0  # its pause is not over
    assert push(city).outcome == "done"
    assert len(front.rows()) == 2


def test_a_partner_that_is_down_costs_only_its_own_lag(city: Flask, front: Front) -> None:
    enter()
    with server().connect() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(front.name)))
    assert push(city).detail["code"] == "front_database_unreachable"
    with server().connect() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(front.name)))
    assert push(city).outcome == "done"
    assert len(front.rows()) == 1


def test_a_row_that_the_partners_database_refuses_is_an_incident(city: Flask, front: Front) -> None:
    enter()
    for unfit in ("ADD CHECK (length(cf_sy) < 3)", "DROP COLUMN cf_sy"):
        front.answer(f"ALTER TABLE administrative_penalty {unfit}")
        assert push(city).detail["code"] == "front_database_refused"
    incident = db.session.execute(select(ExchangeIncident)).scalar_one()
    assert (incident.code, incident.times) == ("front_database_refused", 2)


def test_batches_do_not_wait_for_each_others_answers(city: Flask, front: Front) -> None:
    (first,) = enter()
    push(city)
    end(first)
    enter()
    push(city)
    assert [batch.state for batch in sent_batches()] == [SentState.FROZEN] * 3
    assert sent_batches()[2].previous == sent_batches()[0].batch_no
    assert [row["revision"] for row in front.rows() if row["record_id"] == first] == [1, 2]


def test_not_more_batches_wait_than_may(city: Flask, front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "MOST_WAITING", 2)
    for _ in range(3):
        enter()
        push(city)
    assert len(sent_batches()) == 2
    front.take_all()
    push(city)
    assert len(sent_batches()) == 3


def test_rows_that_were_taken_away_are_told_and_not_inserted_anew_unasked(city: Flask, front: Front) -> None:
    enter()
    push(city)
    front.answer("DELETE FROM administrative_penalty")
    push(city, told=False)
    assert front.rows() == []
    assert front_database.ROWS_MISSING in set(db.session.execute(select(ExchangeIncident.code)).scalars())
    push(city)
    assert len(front.rows()) == 1


def test_the_address_is_in_no_error_and_no_setting(city: Flask, front: Front) -> None:
    settings = settings_of(city)
    assert "partner-of-tests" not in repr(settings)
    wrong = {name: url.replace("partner-of-tests", "secret-word") for name, url in settings.front_databases.items()}
    with pytest.raises(handing.NotReached) as raised:
        front_database.create(replace(settings, front_databases=wrong), PARTNER)
    assert "secret-word" not in f"{raised.value}{raised.value.__cause__}"


def test_without_an_address_nothing_is_tried(city: Flask) -> None:
    with pytest.raises(front_database.NoFrontDatabase):
        push(city)


def test_every_member_of_a_message_has_a_column(city: Flask) -> None:
    from sync import own_members, own_messages

    enter()
    own_messages.catch_up(settings_of(city))
    assert set(own_members._SPOKEN) <= COLUMNS.keys()


def incidents() -> set[str]:
    return set(db.session.execute(select(ExchangeIncident.code)).scalars())


def test_a_refusal_without_a_reason_and_columns_of_other_types_are_read(city: Flask, front: Front) -> None:
    refused, coded, taken = enter(3)
    push(city)
    front.answer(
        "ALTER TABLE administrative_penalty ALTER error_code TYPE integer USING NULL,"
        " ALTER upstream_id TYPE bigint USING NULL, ALTER sync_status TYPE text"
    )
    front.answer(f"UPDATE administrative_penalty SET sync_status = '2' WHERE record_id = '{refused}'")
    front.answer(f"UPDATE administrative_penalty SET sync_status = '2', error_code = 1001 WHERE record_id = '{coded}'")
    front.answer(f"UPDATE administrative_penalty SET sync_status = '1', upstream_id = 77 WHERE record_id = '{taken}'")
    front.answer("UPDATE operator SET sync_status = 1")
    assert push(city).counts["rejected"] == 2
    assert {each.record_id: each.faults[0]["code"] for each in problems()} == {refused: "refused", coded: "1001"}
    assert db.session.get_one(UpstreamRecord, (sent_batches()[0].peer_id, taken)).upstream_id == "77"


@pytest.mark.parametrize("status", ["3", "-1", "NULL"])
def test_a_status_that_was_not_agreed_is_an_incident_and_no_answer(city: Flask, front: Front, status: str) -> None:
    enter()
    push(city)
    front.answer("ALTER TABLE administrative_penalty ALTER sync_status DROP NOT NULL")
    front.take_all()
    front.answer(f"UPDATE administrative_penalty SET sync_status = {status}")
    push(city, told=False)
    assert incidents() == {front_database.STATUS_UNKNOWN}
    assert sent_batches()[0].state is SentState.FROZEN
    front.answer("UPDATE administrative_penalty SET sync_status = 1")
    assert push(city).counts["accepted"] == 2


def test_rows_may_go_once_they_were_read_back(city: Flask, front: Front) -> None:
    taken, refused, waiting = enter(3)
    push(city)
    front.answer("UPDATE operator SET sync_status = 1")
    front.answer(f"UPDATE administrative_penalty SET sync_status = 1 WHERE record_id = '{taken}'")
    front.answer(f"UPDATE administrative_penalty SET sync_status = 2, error_code = 'E1' WHERE record_id = '{refused}'")
    push(city, told=False)
    front.answer("DELETE FROM operator; DELETE FROM administrative_penalty WHERE sync_status <> 0")
    push(city)  # told: what was answered is not inserted anew
    assert incidents() == set()
    assert front.rows("operator") == []
    assert [row["record_id"] for row in front.rows()] == [waiting]
    front.take_all()
    run = push(city)
    assert (run.counts["accepted"], run.counts["rejected"]) == (3, 1)
    assert sent_batches()[0].state is SentState.RECEIPTED
    assert [(each.record_id, each.faults[0]["code"]) for each in problems()] == [(refused, "E1")]


def test_what_was_refused_and_is_taken_after_all_is_no_problem(city: Flask, front: Front) -> None:
    refused, _ = enter(2)
    push(city)
    front.answer(f"UPDATE administrative_penalty SET sync_status = 2 WHERE record_id = '{refused}'")
    push(city, told=False)
    assert [each.state for each in problems()] == [ProblemState.OPEN]
    front.answer(f"UPDATE administrative_penalty SET sync_status = 1 WHERE record_id = '{refused}'")
    front.take_all()
    assert push(city).counts["rejected"] == 0
    assert [each.state for each in problems()] == [ProblemState.RESENT]
