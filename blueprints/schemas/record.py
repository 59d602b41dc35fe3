"""Forms about records that stand: exporting them, proposing that one be withdrawn."""

from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from blueprints.schemas.account import REASON
from blueprints.schemas.form import Form
from registry.clock import today
from registry.rules.record import EndReason


def _has_come(day: date) -> None:
    if day > today():
        raise ValidationError("Not a day that has come.")


class ExportIn(Form):
    """An export: which of the two upload templates, and what for."""

    layout = fields.String(load_default="organisation", validate=validate.OneOf(["organisation", "person"]))
    reason = fields.String(required=True, validate=REASON)


class WithdrawalIn(Form):
    """A withdrawal: why, from which day its term runs (today where none is given), what the public will read."""

    end_reason = fields.Enum(EndReason, by_value=True, required=True)
    since = fields.Date(validate=_has_come)
    statement = fields.String(required=True, validate=validate.Length(min=2, max=500))

    @post_load
    def from_today(self, form: dict[str, Any], **_context: Any) -> dict[str, Any]:
        """A term that nobody dated runs from today."""
        return {"since": today(), **form}


class ShieldIn(Form):
    """A reorganisation: which court, which ruling, or how the plan has failed."""

    ruling = fields.String(required=True, validate=validate.Length(min=2, max=500))
