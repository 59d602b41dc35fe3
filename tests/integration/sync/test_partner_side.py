"""What a run has seen of a partner without the wire, kept for the console."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models import Carrier, ExchangeIncident, db
from registry.transaction import transaction
from sync import peers, runs
from sync.carriers import choice, front_database, partner_side
from tests import carriers
from tests.carriers import PARTNER, FrontDatabaseOfPartner, add_partner, enter
from tests.exchange_nodes import node
from tests.exchange_wire import settings_of


@pytest.fixture
def city() -> Iterator[Flask]:
    with node("130100", "city") as application, application.app_context():
        yield application
        db.session.remove()


@pytest.fixture
def front(city: Flask) -> Iterator[FrontDatabaseOfPartner]:
    add_partner(Carrier.FRONT_DATABASE)
    with carriers.front_database(city.extensions["registry_settings"]) as (database, settings):
        city.extensions["registry_settings"] = settings
        front_database.create(settings, PARTNER)
        yield database


def push(city: Flask) -> runs.Run:
    return choice.carrier_of(PARTNER).push(settings_of(city), PARTNER, told=False)


def side() -> partner_side.PartnerSide:
    found = partner_side.of(choice.peers.get(PARTNER))
    assert found is not None
    return found


def penalties() -> dict[str, Any]:
    return next(each for each in side().seen["tables"] if each["resource"] == "administrative_penalty")


def test_rows_are_counted_by_what_the_partner_says(city: Flask, front: FrontDatabaseOfPartner) -> None:
    assert side().looked_at is None
    refused, taken, _ = enter(3)
    push(city)
    assert (penalties()["waiting"], penalties()["taken"], penalties()["refused"]) == (3, 0, 0)
    assert datetime.fromisoformat(penalties()["oldest"]).utcoffset() is not None
    assert side().unanswered_since is not None
    assert side().answered_at is None
    front.answer(f"UPDATE administrative_penalty SET sync_status = 2, sync_time = now() WHERE record_id = '{refused}'")
    front.answer(
        "UPDATE administrative_penalty SET sync_status = 1, sync_time = '2026-03-05 10:00:00', upstream_id = 'HB-1'"
        f" WHERE record_id = '{taken}'"
    )
    front.answer("UPDATE administrative_penalty SET sync_status = 7 WHERE sync_status = 0")
    choice.carrier_of(PARTNER).pull(settings_of(city), PARTNER, told=True)
    told = penalties()
    assert [told[name] for name in ("waiting", "taken", "refused", "unknown", "named")] == [0, 1, 1, 1, 1]
    assert told["oldest"] is None


def test_what_was_seen_stays_while_the_partner_is_away(city: Flask, front: FrontDatabaseOfPartner) -> None:
    enter()
    push(city)
    front.answer("ALTER TABLE operator RENAME TO operator_gone")
    run = choice.carrier_of(PARTNER).pull(settings_of(city), PARTNER, told=True)
    assert run.outcome == "no_answer"
    found = side()
    assert found.code == "front_database_refused"
    assert found.lost_since is not None
    assert penalties()["waiting"] == 1
    assert db.session.query(ExchangeIncident).one().code == "front_database_refused"
    choice.carrier_of(PARTNER).pull(settings_of(city), PARTNER, told=True)
    assert side().lost_since == found.lost_since
    front.answer("ALTER TABLE operator_gone RENAME TO operator")
    choice.carrier_of(PARTNER).pull(settings_of(city), PARTNER, told=False)
    assert side().code is None


def test_files_are_counted_by_folder_and_kind(city: Flask, tmp_path: Path) -> None:
    add_partner(Carrier.FILE, folder=str(tmp_path))
    enter()
    push(city)
    (batch,) = carriers.sent_batches()
    assert [(each["folder"], each["kind"], each["count"], each["name"]) for each in side().seen["files"]] == [
        ("outbox", "batches", 1, f"{batch.batch_no}.zip")
    ]
    (tmp_path / "outbox" / f"{batch.batch_no}.zip").unlink()
    (tmp_path / "inbox" / "notes.docx").write_bytes(b"x")
    (tmp_path / "inbox" / f"{batch.batch_no}.receipt.json.part").write_bytes(b"x")
    choice.carrier_of(PARTNER).pull(settings_of(city), PARTNER, told=True)
    assert [(each["folder"], each["kind"]) for each in side().seen["files"]] == [("inbox", "others"), ("bad", "others")]
    assert side().unanswered_since == batch.frozen_at


def test_a_peer_that_speaks_the_wire_has_no_such_side(city: Flask) -> None:
    with transaction():
        peers.add(PARTNER, "http://127.0.0.1:1", ())
    assert partner_side.of(choice.peers.get(PARTNER)) is None
