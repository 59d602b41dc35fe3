"""Taking a backup of a node and restoring it, with the very code of the commands."""

from pathlib import Path

from flask import Flask, has_app_context

from models import db
from registry.services.backup.restoring import restore
from registry.services.backup.taking import take
from tests.database import connect_as_owner
from tests.exchange_wire import settings_of


def ignore(*_: object) -> None:
    """Nobody watches the progress."""


def back_up(application: Flask, file: Path) -> Path:
    """A backup of what a node holds now."""
    settings = settings_of(application)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with application.app_context(), connect_as_owner(settings) as owner:
        take(owner, settings.data_dir, file, ignore)
    return file


def put_back(application: Flask, file: Path) -> None:
    """A backup in the place of what the node holds by now."""
    settings = settings_of(application)
    if has_app_context():
        db.session.remove()  # a restore waits for every transaction that reads, also the test's own
    with application.app_context():
        with connect_as_owner(settings) as owner:
            restore(owner, settings.data_dir, file, settings.node_id, ignore)
        db.session.remove()
