"""A browser whose requests share nothing but the database."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """Pushes a fresh application context for each request: Flask reuses one that a test holds, language and all."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask, database: Connection) -> FlaskClient:
    """A browser on the rolled-back transaction."""
    return Browser(app, app.response_class, use_cookies=True)
