"""Forms of the security administrator."""

from marshmallow import Schema, fields, validate

from registry.rules.roles import Role

REASON = validate.Length(min=2, max=200)
SOME = validate.Length(min=1)


class NewOfficerIn(Schema):
    """A new account."""

    name = fields.String(required=True, validate=validate.Length(min=2, max=32))
    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=SOME)
    authority = fields.String(required=True, validate=validate.Length(equal=18))
    reason = fields.String(required=True, validate=REASON)


class RolesIn(Schema):
    """Other roles for an account."""

    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=SOME)
    reason = fields.String(required=True, validate=REASON)


class ReasonIn(Schema):
    """Why an account is changed."""

    reason = fields.String(required=True, validate=REASON)
