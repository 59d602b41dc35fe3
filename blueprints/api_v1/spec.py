"""flask-smorest as we use it: our errors, no pages of its own, problem JSON in every description."""

from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Flask
from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from flask_smorest import Api, Blueprint
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser

from blueprints.schemas.problem import ProblemOut

BEARER: dict[str, list[str]] = {"bearer": []}
_TEXT = {"type": "string"}
IDENTIFIER = {
    "name": "identifier",
    "in": "path",
    "description": _("Unified social credit code or registration number of before, in any width and case"),
}
PURPOSE = {
    "name": "purpose",
    "in": "query",
    "schema": {**_TEXT, "maxLength": 64},
    "description": _("What the question is for; kept in the access log"),
}
LANGUAGE = {
    "name": "lang",
    "in": "query",
    "schema": {**_TEXT, "enum": ["zh", "en"], "default": "zh"},
    "description": _("Language of advice and messages"),
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": _TEXT,
    "description": _("The ETag of the answer that you hold"),
}
NOT_MODIFIED = {"304": {"description": _("You hold the present answer")}}


ABOUT = _(
    "What a platform asks before it lets a merchant in, and afterwards. Refusals are problem JSON (RFC 9457) with a code"
    " that never changes. Every answer has X-Request-Id, and RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset in"
    " seconds wherever a limit was counted."
)


class Parser(FlaskParser):
    """Leaves faults to `blueprints.errors`: one shape, all faults at once."""

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raise the faults without the place they were read from."""
        (faults,) = error.messages_dict.values() if len(error.messages_dict) == 1 else (error.messages_dict,)
        raise ValidationError(faults) from error


class ApiBlueprint(Blueprint):
    """A subject of the API."""

    ARGUMENTS_PARSER = Parser()


class RegistryApi(Api):
    """The description of the API; failures stay with `blueprints.errors`."""

    ERROR_SCHEMA = ProblemOut
    DEFAULT_ERROR_RESPONSE_NAME = None  # every refusal is described by its own status

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app,
            spec_kwargs={
                "info": {"description": ABOUT},
                "servers": [{"url": "/"}],
            },
        )
        del self.spec.components.schemas["PaginationMetadata"]  # no address of ours is paged its way
        key = {"type": "http", "scheme": "bearer", "description": _("The key that the registry drew for the platform")}
        self.spec.components.security_scheme("bearer", key)

    def _register_error_handlers(self) -> None:
        """None: its own shape is not ours."""


def describe_elsewhere(api: RegistryApi, app: Flask, described: Mapping[str, Mapping[str, Any]]) -> None:
    """Add routes that are no part of a flask-smorest blueprint: endpoint and its OpenAPI operation."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in described:
            api.spec.path(rule=rule, operations={"get": dict(described[rule.endpoint])})


def problems(*codes: tuple[int, LazyString]) -> dict[str, Any]:
    """Responses of a description: each status with its codes and what they mean, as problem JSON."""
    shape = {"application/problem+json": {"schema": ProblemOut}}
    found: dict[str, Any] = {str(status): {"description": words, "content": shape} for status, words in codes}
    if "429" in found:
        found["429"]["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": _("Seconds until the next minute")}
        }
    return found


OVER_LIMIT = (429, _("too_many_requests: the limit of this minute is reached; hint names the cheaper way"))
REFUSALS = (
    (401, _("unauthorized: no key, or none that is valid")),
    (403, _("scope_missing: the key may not ask here")),
    OVER_LIMIT,
)
