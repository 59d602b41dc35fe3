"""The node's health, for the system administrator, who sees no record."""

import platform
from importlib.metadata import version

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from blueprints.guards import officers
from registry import signing_keys
from registry.config import Settings
from registry.queries.node_state import node_state
from registry.rules.roles import Role

blueprint = Blueprint("console_system", __name__, url_prefix="/console/system")

LIBRARIES = ("flask", "sqlalchemy", "psycopg", "cryptography", "granian", "procrastinate")


@blueprint.get("")
@officers(Role.SYSTEM_ADMIN)
def show_system() -> ResponseReturnValue:
    """Database, queue, calendar, keys by their ids, versions."""
    settings: Settings = current_app.extensions["registry_settings"]
    return render_template(
        "console/system.html",
        state=node_state(),
        node=settings.node_id,
        environment=settings.environment,
        key_ids=[key["kid"] for key in signing_keys.load_or_create(settings.key_dir).public_jwks()],
        versions=[("Python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)],
    )
