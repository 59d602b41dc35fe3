"""The command line: parse, call a service, commit, print. One module a subject."""

from flask import Flask

from registry.cli.api_clients import api_client
from registry.cli.authorities import authority
from registry.cli.backup import backup, restore
from registry.cli.calendar import calendar, rules
from registry.cli.database import db_prepare
from registry.cli.day import day
from registry.cli.demo import demo
from registry.cli.exports import export
from registry.cli.imports import imports
from registry.cli.ledger import ledger
from registry.cli.officers import officer
from registry.cli.peers import peer
from registry.cli.unclear import exchange
from registry.cli.worker import worker


def register(app: Flask) -> None:
    """Hang every command on the application."""
    for command in (
        api_client,
        authority,
        backup,
        calendar,
        day,
        db_prepare,
        demo,
        exchange,
        export,
        imports,
        ledger,
        officer,
        peer,
        restore,
        rules,
        worker,
    ):
        app.cli.add_command(command)
