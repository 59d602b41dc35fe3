"""Nodes to talk to: the program on a database of its own, served by its own web server, told of peers by its commands."""

import json
import os
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask

from bench.processes import serving
from models import db
from registry.app import create_app
from registry.config import Settings
from registry.launcher.postgres import free_port
from registry.services.personal_values import Vault
from tests.contract.exchange.partner import Partner
from tests.contract.exchange.wire import Key
from tests.database import cloned_database, close

_BIN = Path(sys.executable).parent


@dataclass
class Node:
    """The program in one role. `url` is set while it is served."""

    node: str
    app: Flask
    settings: Settings
    url: str = "http://127.0.0.1:1"

    def run(self, *words: str) -> tuple[int, str]:
        """A command of the program; its exit status and what it printed."""
        found = self.app.test_cli_runner().invoke(args=list(words))
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return found.exit_code, found.output

    def told(self, *words: str) -> dict[str, Any]:
        """The JSON object that a command prints last."""
        found: dict[str, Any] = json.loads(self.run(*words, "--json")[1].splitlines()[-1])
        return found

    @property
    def jwks(self) -> list[dict[str, str]]:
        """The public keys, as an administrator hands them over."""
        found: list[dict[str, str]] = json.loads(self.run("peer", "key")[1])["keys"]
        return found

    def trust(self, key: Key, url: str = "http://127.0.0.1:1") -> None:
        """Enter a node with its key."""
        file = self.settings.data_dir / f"{uuid.uuid4()}.jwk"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(key.jwk))
        status, output = self.run("peer", "add", key.node, url, "--key", str(file))
        assert status == 0, output

    def partner(self, node: str) -> Partner:
        """A node that this one trusts."""
        made = Partner(node, self.url, self.node, self.jwks)
        self.trust(made.key)
        return made

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of this node's own database."""
        with self.app.app_context(), db.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(db.text(statement), values)]

    def refused(self) -> list[bytes]:
        """The messages of a peer in the problem queue, each opened with the key of this node."""
        vault = Vault.of(self.settings)
        rows = self.ask("SELECT record_id, revision, content FROM exchange_problem WHERE direction = 'in' ORDER BY id")
        return [
            vault.decrypt(f"exchange_problem in {record_id} {revision}", content[1:])
            for record_id, revision, content in rows
        ]


@contextmanager
def node(node_id: str, role: str) -> Iterator[Node]:
    """A node that is not served."""
    with cloned_database() as cloned:
        settings = replace(cloned, node_id=node_id, node_role=role, node_region=node_id)
        app = create_app(settings)
        with app.app_context(), db.engine.begin() as connection:
            named = {"node": node_id, "epoch": str(uuid.uuid4())}
            connection.execute(db.text("UPDATE exchange_node SET node = :node, epoch = :epoch"), named)
        try:
            yield Node(node_id, app, settings)
        finally:
            close(app)


@contextmanager
def served(node_id: str, role: str, log: Path) -> Iterator[Node]:
    """A node behind its web server, a process of its own."""
    with node(node_id, role) as found:
        port = free_port()
        found.url = f"http://127.0.0.1:{port}"
        command = [
            str(_BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
            "--blocking-threads", "4", "--workers-kill-timeout", "10", "--no-access-log", "wsgi:app",
        ]  # fmt: skip
        with serving(command, _environ(found.settings), f"{found.url}/readyz", log):
            yield found


def _environ(settings: Settings) -> Mapping[str, str]:
    return {
        **os.environ,
        "REGISTRY_ENV": "test",
        "REGISTRY_NODE_ID": settings.node_id,
        "REGISTRY_NODE_ROLE": settings.node_role,
        "REGISTRY_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "DATABASE_OWNER_URL": settings.database_owner_url.replace("+psycopg", ""),
        "REGISTRY_SECRET_KEY": settings.secret_key,
        "REGISTRY_PERSONAL_DATA_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "REGISTRY_SITE_URL": settings.site_url,
    }
