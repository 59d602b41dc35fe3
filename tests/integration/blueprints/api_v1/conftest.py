"""A platform on a node with a database of its own: the hot path has connections that see no rolled-back data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from models import db
from registry.app import create_app
from registry.services import api_clients
from registry.services.api_clients import Scope
from registry.transaction import transaction
from tests.database import cloned_database, close

NOON = "2026-11-24T12:00:00+08:00"


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform and its key."""

    app: Flask
    key: str
    name: str

    def get(self, address: str, **headers: str) -> TestResponse:
        """Ask the API for something."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client().get(f"/api/v1{address}", headers={**self.authorization, **named})

    def check(self, *items: dict[str, Any], request_no: str = "1", purpose: str = "onboarding") -> TestResponse:
        """Ask for several merchants at once."""
        body = {"request_no": request_no, "purpose": purpose, "items": list(items)}
        return self.app.test_client().post("/api/v1/checks", json=body, headers=self.authorization)

    @property
    def authorization(self) -> dict[str, str]:
        """The header that carries the key."""
        return {"Authorization": f"Bearer {self.key}"}

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database now."""
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(text(statement))]


def enrol(app: Flask, name: str, *scopes: Scope, per_minute: int = 10_000) -> Platform:
    """A platform with these scopes."""
    with app.app_context(), transaction():
        _, key = api_clients.create(name, scopes, per_minute)
    return Platform(app, key, name)


@pytest.fixture(scope="module")
def node() -> Iterator[Flask]:
    """A node that the tests of a module share; each makes operators of its own."""
    with cloned_database() as settings:
        app = create_app(settings)
        yield app
        close(app)


@pytest.fixture(scope="module")
def platform(node: Flask) -> Platform:
    """A platform that may check and search."""
    return enrol(node, "platform", Scope.CHECK, Scope.SEARCH)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Noon in Beijing on 24 November 2026, which stands still."""
    with time_machine.travel(datetime.fromisoformat(NOON), tick=False) as traveller:
        yield traveller
