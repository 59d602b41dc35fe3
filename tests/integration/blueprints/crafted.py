"""For tests of crafted requests: officers with their browsers, and what tells whether a request changed anything."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from models import Authority, Officer, db
from registry import ledger
from registry.rules.roles import Role
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import csrf_of, sign_in

_BESIDE = frozenset({"access_log", "officer_session", "officer"})
"""What a refused request may write: that it was refused, and that the officer was there."""


class Desk:
    """An officer at a browser of their own."""

    def __init__(self, app: Flask, name: str, *roles: Role, at: Authority) -> None:
        self.browser: FlaskClient = Browser(app, app.response_class, use_cookies=True)
        self.officer: Officer = sign_in(self.browser, name, *roles, authority=at)
        self.me = f"officer:{name}"
        self._token = csrf_of(self.browser)

    def post(self, address: str, **fields: object) -> TestResponse:
        """Send a form with the right token."""
        answer = self.browser.post(address, data={"csrf_token": self._token, **fields})
        db.session.expire_all()
        return answer


def fingerprint(database: Connection) -> dict[str, str]:
    """Of every table, the ledger among them, less those that a refused request may write."""
    names = sorted(table.name for table in db.metadata.sorted_tables if table.name not in _BESIDE)
    each = " UNION ALL ".join(
        f"SELECT '{name}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS content FROM \"{name}\" t"
        for name in names
    )
    return {row.name: row.content for row in database.execute(text(each))}


@contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """One transaction that many tests share, as the fixture `database` is one for each; an application context around it."""
    with app.app_context():
        connection = db.engine.connect()
        outer, engine = connection.begin(), db.engines[None]
        db.engines[None] = connection  # type: ignore[assignment]  # the extension asks whatever stands here for connections
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            ledger.take_collected()
            ledger.take_followers()
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine


@contextmanager
def undone(database: Connection) -> Iterator[None]:
    """Whatever is done inside has not been done afterwards."""
    db.session.remove()  # else its open savepoint would lie around this one
    point = database.begin_nested()
    try:
        yield
    finally:
        ledger.take_collected()
        ledger.take_followers()
        db.session.remove()
        point.rollback()


def refusals(answers: Iterable[tuple[str, TestResponse]], *expected: int) -> list[str]:
    """Those of the answers that are no refusal, in words."""
    return [f"{what}: {answer.status_code}" for what, answer in answers if answer.status_code not in expected]
