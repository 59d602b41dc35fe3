"""The platform API: what platforms ask, described in OpenAPI. Its answers only ever grow."""

import secrets

from flask import Flask, Response, g, request
from flask_babel import lazy_gettext as _

from blueprints import headers
from blueprints.api_v1 import checks, docs, ledger_described, reports, search, status
from blueprints.api_v1.at_once import LOOKED_UP, StatusAtOnce
from blueprints.api_v1.spec import RegistryApi, describe_elsewhere
from models import db
from registry.extensions import csrf
from registry.queries.answering import connections_to

PREFIX = "/api/"


def register(app: Flask) -> None:
    """Hang the API and its description on the application."""
    app.config.update(
        API_TITLE=_("Operator credit registry: platform API"),
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    app.before_request(_number_request)
    app.after_request(_tell_number_and_limit)
    api = RegistryApi(app)
    for part in (status, checks, search, reports):
        csrf.exempt(part.blueprint)  # a key in a header, no cookie: no other site can use it
        api.register_blueprint(part.blueprint)
    api.spec.tag({"name": ledger_described.TAG, "description": ledger_described.TITLE})
    describe_elsewhere(api, app, ledger_described.DESCRIBED)
    app.extensions["registry_openapi"] = api
    app.register_blueprint(docs.blueprint)
    with app.app_context():
        connections = connections_to(db.engine.url)
    app.wsgi_app = StatusAtOnce(app, connections, headers.of_every_answer(app))  # type: ignore[method-assign]


def _number_request() -> None:
    if request.path.startswith(PREFIX):
        looked_up = request.environ.get(LOOKED_UP)
        g.request_id = looked_up.asked.request_id if looked_up else secrets.token_hex(8)


def _tell_number_and_limit(response: Response) -> Response:
    """X-Request-Id on every answer of the API; what is left of the limit wherever one was counted."""
    number = g.get("request_id")
    if number is not None:
        told = response.headers
        told["X-Request-Id"] = number
        admitted = g.get("admission")
        if admitted is not None:
            told["RateLimit-Limit"] = str(admitted.quota)
            told["RateLimit-Remaining"] = str(admitted.remaining)
            told["RateLimit-Reset"] = str(admitted.reset)
    return response
