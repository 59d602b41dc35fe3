"""`day run`: expiries are entered once, and the tables stay what the ledger says."""

import orjson
from flask import Flask
from sqlalchemy import func, select

from models import LedgerEntry, Penalty, db
from registry.rules.record import EndReason, RecordState
from registry.services import day as days
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty


def test_ends_what_ran_out_once(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        make_penalty(make_operator(), make_authority())
    run = own_app.test_cli_runner()
    before = run.invoke(args=["day", "run", "--on", "2027-03-01", "--json"], catch_exceptions=False)
    assert orjson.loads(before.output)["expired"]["administrative_penalty"] == 0
    first = run.invoke(args=["day", "run", "--on", "2027-03-09", "--json"], catch_exceptions=False)
    assert orjson.loads(first.output)["expired"]["administrative_penalty"] == 1
    again = run.invoke(args=["day", "run", "--on", "2027-03-10", "--json"], catch_exceptions=False)
    assert orjson.loads(again.output)["expired"]["administrative_penalty"] == 0
    with own_app.app_context():
        penalty = db.session.execute(select(Penalty)).scalar_one()
        assert (penalty.state, penalty.end_reason) == (RecordState.ENDED, EndReason.EXPIRED)
        assert penalty.ended_on == penalty.public_until
        entries = select(func.count()).where(LedgerEntry.action == "administrative_penalty.expired")
        assert db.session.execute(entries).scalar_one() == 1
    assert run.invoke(args=["ledger", "rebuild", "--check"], catch_exceptions=False).exit_code == 0


def test_the_second_at_once_says_so(own_app: Flask) -> None:
    with own_app.app_context(), days.only_one():
        second = own_app.test_cli_runner().invoke(args=["day", "run"])
    assert second.exit_code == 1
    assert "another process" in second.output
