"""The part of flask-smorest that the platform API uses; the library has no types of its own."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from apispec import APISpec
from flask import Blueprint as FlaskBlueprint
from flask import Flask
from marshmallow import Schema

View = TypeVar("View", bound=Callable[..., Any])

class Blueprint(FlaskBlueprint):
    ARGUMENTS_PARSER: Any
    def __init__(self, *args: Any, description: str = ..., **kwargs: Any) -> None: ...
    def doc(self, **operation: Any) -> Callable[[View], View]: ...
    def response(
        self, status_code: int, schema: type[Schema] | None = ..., **description: Any
    ) -> Callable[[View], View]: ...
    def arguments(
        self, schema: type[Schema], *, location: str = ..., as_kwargs: bool = ..., **options: Any
    ) -> Callable[[View], View]: ...

class Api:
    ERROR_SCHEMA: type[Schema]
    spec: APISpec
    def __init__(self, app: Flask | None = ..., *, spec_kwargs: Mapping[str, Any] | None = ...) -> None: ...
    def register_blueprint(self, blp: Blueprint, **options: Any) -> None: ...
