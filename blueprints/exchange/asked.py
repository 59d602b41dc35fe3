"""Parameters of what peers ask for, and who asks."""

from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from blueprints.errors import field_errors
from blueprints.exchange.signed import caller, settings
from models import NodeRole
from sync.feed import Reader
from sync.message import RESOURCES

SIX_DIGITS = validate.Regexp(r"^[0-9]{6}\Z")
KNOWN_RESOURCE = validate.OneOf(sorted(RESOURCES))


class ParameterInvalid(Exception):
    """Some parameters are not what they must be; each fault with its field."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        super().__init__("Some parameters are not valid.")
        self.faults = faults


class Asked(Schema):
    """What every request may carry besides: parameters that are not known here are passed over."""

    class Meta:
        unknown = EXCLUDE


def parameters(schema: type[Asked]) -> dict[str, Any]:
    """The query as a schema reads it; every fault at once. ParameterInvalid."""
    try:
        found: dict[str, Any] = schema().load(_lists(schema, request.args))
    except ValidationError as error:
        raise ParameterInvalid(field_errors(error.messages_dict)) from error
    return found


def reader() -> Reader:
    """The peer that asks, as a reader of ours."""
    peer = caller()
    return Reader(peer.node, is_above=peer.role is NodeRole.PROVINCE and settings().node_role == NodeRole.CITY)


def _lists(schema: type[Asked], given: MultiDict[str, str]) -> dict[str, Any]:
    repeatable = {name for name, field in schema._declared_fields.items() if isinstance(field, fields.List)}
    return {name: given.getlist(name) if name in repeatable else given[name] for name in given}
