"""Every run that was begun ends with what became of it, whatever went wrong in it."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DataError

from models import ExchangeRun, RunKind, db
from registry.transaction import transaction
from sync import peers, runs


def test_a_run_that_the_database_refused_is_written_down_as_failed(own_app: Flask) -> None:
    with own_app.app_context():
        with transaction():
            peer = peers.add("130000", "https://credit.hebei.example", [])
        with pytest.raises(DataError), runs.running(peer, RunKind.PUSH, told=True):
            db.session.execute(text("SELECT 1 / 0"))
        db.session.remove()
        (run,) = db.session.execute(select(ExchangeRun)).scalars()
        assert (run.outcome, run.finished_at is None) == (runs.FAILED, False)
        db.session.remove()
