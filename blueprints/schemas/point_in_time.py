"""Forms that ask for a day and a moment: as of which day, as known on which."""

from datetime import date

from marshmallow import EXCLUDE, ValidationError, fields, validate

from blueprints.schemas.form import Form
from models import AskedFor
from registry.clock import today


def _come(day: date) -> None:
    if day > today():
        raise ValidationError("Not a day that has come.")


class ThenIn(Form):
    """Two days of an address; today where one is left out. `lang` and the like may stand beside them."""

    class Meta:
        unknown = EXCLUDE

    as_of = fields.Date(load_default=today, validate=_come)
    known_on = fields.Date(load_default=today, validate=_come)


class CertificateIn(Form):
    """A query that is to be entered: of whom, for whom, as of when, as known when, what for."""

    operator = fields.String(required=True, validate=validate.Length(min=1, max=64))
    asked_for = fields.Enum(AskedFor, by_value=True, required=True)
    as_of = fields.Date(required=True, validate=_come)
    known_on = fields.Date(required=True, validate=_come)
    purpose = fields.String(required=True, validate=validate.Length(min=2, max=200))
