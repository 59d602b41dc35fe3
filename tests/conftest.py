"""Fixtures: the application on the template database, one transaction a test, rolled back after it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection

from models import db
from registry import ledger
from registry.app import create_app
from registry.config import Settings
from tests.database import cloned_database, close, template

hypothesis_settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
hypothesis_settings.load_profile("steady")


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The application on the migrated template."""
    application = create_app(template())
    yield application
    close(application)


@pytest.fixture
def database(app: Flask) -> Iterator[Connection]:
    """One transaction, rolled back after the test; commits inside it release savepoints only."""
    with app.app_context():
        connection = db.engine.connect()
        outer = connection.begin()
        engine = db.engines[None]
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


@pytest.fixture
def client(app: Flask, database: Connection) -> FlaskClient:
    """A browser on the rolled-back transaction."""
    return app.test_client()


@pytest.fixture
def own_settings() -> Iterator[Settings]:
    """Settings of a node on a database of its own."""
    with cloned_database() as settings:
        yield settings


@pytest.fixture
def own_app(own_settings: Settings) -> Iterator[Flask]:
    """An application on a database of its own."""
    application = create_app(own_settings)
    yield application
    close(application)
