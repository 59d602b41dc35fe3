"""The description of the API, for programs and for people, in the language in which it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from blueprints.api_v1.spec import RegistryApi
from blueprints.guards import open_to_all
from blueprints.locales import choose_locale

blueprint = Blueprint("api_docs", __name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One request as the page shows it: its place in the document, and `anchor`, its place on the page."""

    anchor: str
    method: str
    path: str
    told: dict[str, Any]
    parameters: list[dict[str, Any]]


@blueprint.get("/api/docs")
@open_to_all
def show_docs() -> ResponseReturnValue:
    """The documentation page: the description itself, written out, so that neither script nor guest is needed."""
    document = orjson.loads(_description(current_app.extensions["registry_openapi"], choose_locale()))
    return render_template(
        "public/api_docs.html",
        info=document["info"],
        subjects=[(tag, list(_operations(document, tag["name"]))) for tag in document["tags"]],
        schemas=document["components"]["schemas"],
        shape_of=shape_of,
        name_of=_name_of,
    )


@blueprint.get("/api/v1/openapi.json")
@open_to_all
def show_openapi() -> ResponseReturnValue:
    """The description in OpenAPI 3.1."""
    document = _description(current_app.extensions["registry_openapi"], choose_locale())
    return Response(document, content_type="application/json")


@cache
def _description(api: RegistryApi, language: str) -> bytes:
    with force_locale(language):  # the words are looked up as they are written
        return orjson.dumps(api.spec.to_dict(), default=str)


def _operations(document: dict[str, Any], tag: str) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if method != "parameters" and tag in told["tags"]:
                parameters = [*methods.get("parameters", []), *told.get("parameters", [])]
                anchor = f"{method}{path}".translate({ord(each): "-" for each in "/{}._"})
                yield Operation(anchor, method.upper(), path, told, parameters)


def shape_of(schema: dict[str, Any]) -> str:
    """The type of a value in words: `text`, `list of whole number`, `FindingOut or null`, `one of a, b`."""
    if "$ref" in schema:
        return _name_of(schema["$ref"])
    if "enum" in schema:
        return _("one of %(values)s", values=_(", ").join(each for each in schema["enum"] if each is not None))
    if "anyOf" in schema:
        return _(" or ").join(map(shape_of, schema["anyOf"]))
    kinds = schema.get("type", "object")
    if isinstance(kinds, list):
        return _(" or ").join(shape_of({**schema, "type": kind}) for kind in kinds)
    if kinds == "array":
        return _("list of %(each)s", each=shape_of(schema.get("items", {})))
    formats = {
        "date": _("day (2026-11-23)"),
        "date-time": _("moment (RFC 3339)"),
        "uri": _("web address"),
        "url": _("web address"),
    }
    names = {
        "string": formats.get(schema.get("format", ""), _("text")),
        "integer": _("whole number"),
        "number": _("decimal number"),
        "boolean": _("true or false"),
        "null": "null",
    }
    return names.get(kinds, _("object"))


def _name_of(reference: str) -> str:
    return reference.rpartition("/")[2]
