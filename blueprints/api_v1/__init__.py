"""The platform API: what platforms ask, described in OpenAPI. Its answers only ever grow."""

import secrets

from flask import Flask, Response, g, request

from blueprints import ledger
from blueprints.api_v1 import checks, docs, reports, search, status
from blueprints.api_v1.spec import RegistryApi, describe_elsewhere
from registry.extensions import csrf

PREFIX = "/api/"


def register(app: Flask) -> None:
    """Hang the API and its description on the application."""
    app.config.update(
        API_TITLE="Operator credit registry: platform API",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
    )
    app.before_request(_number_request)
    app.after_request(_tell_number_and_limit)
    api = RegistryApi(app)
    for part in (status, checks, search, reports):
        csrf.exempt(part.blueprint)  # a key in a header, no cookie: no other site can use it
        api.register_blueprint(part.blueprint)
    describe_elsewhere(api, app, ledger.DESCRIBED)
    app.extensions["registry_openapi"] = api
    app.register_blueprint(docs.blueprint)


def _number_request() -> None:
    if request.path.startswith(PREFIX):
        g.request_id = secrets.token_hex(8)


def _tell_number_and_limit(response: Response) -> Response:
    """X-Request-Id on every answer of the API; what is left of the limit wherever one was counted."""
    number = g.get("request_id")
    if number is not None:
        headers = response.headers
        headers["X-Request-Id"] = number
        admitted = g.get("admission")
        if admitted is not None:
            headers["RateLimit-Limit"] = str(admitted.quota)
            headers["RateLimit-Remaining"] = str(admitted.remaining)
            headers["RateLimit-Reset"] = str(admitted.reset)
    return response
