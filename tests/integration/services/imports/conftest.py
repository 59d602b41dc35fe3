"""A node with a database of its own for a whole module: imports commit, and hold locks on connections of their own."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from registry.app import create_app
from registry.services.imports.running import Importer, Report
from tests.database import cloned_database, close
from tests.import_files import write_csv
from tests.import_rows import VAULT

Take = Callable[..., Report]


@pytest.fixture(scope="module")
def node() -> Iterator[Flask]:
    """The application, its context pushed."""
    with cloned_database() as settings:
        application = create_app(settings)
        with application.app_context():
            yield application
        close(application)


@pytest.fixture(autouse=True)
def on_a_fixed_day() -> Iterator[None]:
    """All files come in on 24 November 2026, 10 o'clock in Beijing."""
    with time_machine.travel("2026-11-24T02:00:00Z"):
        yield


@pytest.fixture
def importer(node: Flask) -> Importer:
    """The importer of the node."""
    return Importer("130100", VAULT)


@pytest.fixture
def take(importer: Importer, tmp_path: Path) -> Take:
    """Take rows in as a file of one kind."""

    def taken(kind: str, *rows: Mapping[str, str], **options: str) -> Report:
        return importer.take_in(kind, write_csv(tmp_path / f"{kind}.csv", rows), **options)

    return taken
