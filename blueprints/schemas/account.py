"""Forms of the security administrator."""

from collections.abc import Collection

from marshmallow import ValidationError, fields, validate

from blueprints.schemas.form import Form
from registry.rules.roles import Role, RolesNotSeparate, check_separation

REASON = validate.Length(min=2, max=200)
NAME = validate.And(
    validate.Length(min=2, max=32), validate.Regexp(r"[a-z][a-z0-9._-]*\Z", error="Not a name of an officer.")
)
CODE = validate.Length(equal=18)


def _separate(roles: Collection[Role]) -> None:
    try:
        check_separation(roles)
    except RolesNotSeparate as refusal:
        raise ValidationError("Roles not separate.") from refusal


class NewOfficerIn(Form):
    """A new account."""

    name = fields.String(required=True, validate=NAME)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=_separate)
    authority = fields.String(required=True, validate=CODE)
    reason = fields.String(required=True, validate=REASON)


class RolesIn(Form):
    """Other roles for an account."""

    roles = fields.List(fields.Enum(Role, by_value=True), required=True, validate=_separate)
    reason = fields.String(required=True, validate=REASON)


class AuthorityIn(Form):
    """Another authority for an account."""

    authority = fields.String(required=True, validate=CODE)
    reason = fields.String(required=True, validate=REASON)


class ReasonIn(Form):
    """Why something is done."""

    reason = fields.String(required=True, validate=REASON)
