"""flask-smorest as we use it: our errors, no pages of its own, problem JSON in every description."""

from collections.abc import Mapping
from typing import Any, NoReturn

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser

from blueprints.schemas.problem import ProblemOut

BEARER: dict[str, list[str]] = {"bearer": []}


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

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app,
            spec_kwargs={
                "info": {"description": "Merchant status for platforms. Errors are problem JSON (RFC 9457)."},
                "servers": [{"url": "/"}],
            },
        )
        self.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})

    def _register_error_handlers(self) -> None:
        """None: its own shape is not ours."""


def describe_elsewhere(api: RegistryApi, app: Flask, described: Mapping[str, Mapping[str, Any]]) -> None:
    """Add routes that are no part of a flask-smorest blueprint: endpoint and its OpenAPI operation."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in described:
            api.spec.path(rule=rule, operations={"get": dict(described[rule.endpoint])})


def problems(*codes: tuple[int, str]) -> dict[str, Any]:
    """Responses of a description: each status with what it means, as problem JSON."""
    shape = {"application/problem+json": {"schema": ProblemOut}}
    return {str(status): {"description": words, "content": shape} for status, words in codes}


REFUSALS = ((401, "No valid key"), (403, "The key lacks the scope"), (429, "Limit reached; see Retry-After and hint"))
