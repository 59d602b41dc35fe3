"""The description of the API, for programs and for people."""

from functools import cache

import orjson
from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from blueprints.api_v1.spec import RegistryApi
from blueprints.guards import open_to_all

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/docs")
@open_to_all
def show_docs() -> ResponseReturnValue:
    """The documentation page; everything it needs is served by us."""
    return render_template("public/api_docs.html")


@blueprint.get("/api/v1/openapi.json")
@open_to_all
def show_openapi() -> ResponseReturnValue:
    """The description in OpenAPI 3.1."""
    return Response(_description(current_app.extensions["registry_openapi"]), content_type="application/json")


@cache
def _description(api: RegistryApi) -> bytes:
    return orjson.dumps(api.spec.to_dict())
