"""Is it up; is it at the newest migration and able to ask the database."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from blueprints.guards import open_to_all
from models import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """The database answers and has been prepared."""
    revision = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return jsonify(status="ready", migration=revision)
