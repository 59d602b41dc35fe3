"""The form for an operator's contact."""

import re

from marshmallow import ValidationError, fields, validate

from blueprints.schemas.form import Form

_PHONE = re.compile(r"\+?[0-9][0-9 -]{6,18}[0-9]")
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


def _reachable(typed: str) -> None:
    if _PHONE.fullmatch(typed) is None and _MAIL.fullmatch(typed) is None:
        raise ValidationError("Not a contact.")


class ContactIn(Form):
    """Of whom, and where it wants to be told: a telephone number or an e-mail address."""

    operator = fields.String(required=True, validate=validate.Length(min=1, max=64))
    contact = fields.String(required=True, validate=validate.And(validate.Length(max=100), _reachable))
