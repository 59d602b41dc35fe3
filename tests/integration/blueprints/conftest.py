"""A browser whose requests share nothing but the database."""

from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

_addresses = count()


class Browser(FlaskClient):
    """Pushes a fresh application context for each request: Flask reuses one that a test holds, language and all."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **kwargs)


@pytest.fixture
def client(app: Flask, database: Connection) -> FlaskClient:
    """A browser on the rolled-back transaction."""
    browser = Browser(app, app.response_class, use_cookies=True)
    browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{next(_addresses) % 250}"  # counts of addresses outlive a test
    return browser
