"""Failures become answers: RFC 9457 problem JSON under the API's addresses, a page elsewhere. One table, one shape."""

from typing import Any

import orjson
from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from registry.errors import Conflict, NotAllowed, NotFound, RegistryError, RuleViolation, Unavailable

STATUS: dict[type[RegistryError], int] = {
    NotFound: 404, Conflict: 409, RuleViolation: 422, NotAllowed: 403, Unavailable: 503,
}  # fmt: skip
RETRY_AFTER = 60
"""Seconds after which what is unavailable may be asked for again."""
SECRET = ("password", "code", "secret")
"""How the names of fields begin that no page ever shows again."""

JSON_ADDRESSES = ("/api/", "/ledger/", "/exchange/", "/.well-known/")


def wants_json() -> bool:
    """Programs call these addresses; everything else is read by people."""
    return request.path.startswith(JSON_ADDRESSES)


def problem(status: int, code: str, title: str, **members: Any) -> Response:
    """An RFC 9457 problem. `errors` is `[{field, code, message}]`; `hint` names a cheaper way."""
    body = {"type": "about:blank", "status": status, "code": code, "title": title, **members}
    return Response(orjson.dumps(body), status, content_type="application/problem+json")


def field_errors(messages: Any, path: str = "") -> list[dict[str, str]]:
    """marshmallow's nested messages as a flat list, all faults at once."""
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            found += field_errors(inner, f"{path}.{name}" if path else str(name))
        return found
    return [{"field": path, "code": "invalid", "message": str(message)} for message in messages]


def entered() -> list[tuple[str, str]]:
    """What the reader has just sent in a form, so that the page can offer to send it again. Nothing that is secret."""
    if request.method != "POST" or request.files:
        return []
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return [] if any(name.startswith(SECRET) for name, _ in fields) else fields


def register(app: Flask) -> None:
    """Hang the handlers on the application."""

    @app.errorhandler(RegistryError)
    def registry_error(error: RegistryError) -> ResponseReturnValue:
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
        if wants_json():
            answer = problem(status, error.code, str(error))
        else:
            kept = entered() if isinstance(error, Unavailable) else []
            page = render_template("errors/error.html", status=status, code=error.code, kept=kept)
            answer = make_response(page, status)
        if status == 503:
            answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer

    @app.errorhandler(ValidationError)
    def validation_error(error: ValidationError) -> ResponseReturnValue:
        faults = field_errors(error.messages_dict)
        if wants_json():
            return problem(422, "invalid", "Some fields are not valid.", errors=faults)
        return render_template("errors/error.html", status=422, faults=faults), 422

    @app.errorhandler(DeadlockDetected)
    @app.errorhandler(DBAPIError)
    def database_error(error: DeadlockDetected | DBAPIError) -> ResponseReturnValue:
        """Two that changed the same records crosswise: the database let one of them go on, and the other is told."""
        if not isinstance(error.orig if isinstance(error, DBAPIError) else error, DeadlockDetected):
            raise error
        if wants_json():
            return problem(
                409, "conflict", "Another change was made at the same moment. Nothing was changed; try again."
            )
        return render_template("errors/error.html", status=409, at_once=True), 409

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None:
            return error.response
        status = error.code or 500
        if wants_json():
            return problem(status, error.name.lower().replace(" ", "_"), error.description or error.name)
        return render_template("errors/error.html", status=status), status
