"""Forms of announcements."""

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from blueprints.schemas.form import Form
from registry.rules.announcements import AnnouncementKind
from registry.services.announcements import Wording

MOST_RECORDS = 200
_RECORD = re.compile(r"[0-9A-Za-z_.-]{1,120}")


def _record_numbers(typed: str) -> None:
    numbers = typed.split()
    if len(numbers) > MOST_RECORDS:
        raise ValidationError(f"At most {MOST_RECORDS} records.")
    if not all(_RECORD.fullmatch(number) for number in numbers):
        raise ValidationError("One record number a line.")


class WordingIn(Form):
    """A draft, new or reworded, as the service takes it. `records` holds one record number a line."""

    kind = fields.Enum(AnnouncementKind, by_value=True, required=True)
    title = fields.String(required=True, validate=validate.Length(min=2, max=100))
    body = fields.String(required=True, validate=validate.Length(min=2, max=10_000))
    records = fields.String(load_default="", validate=_record_numbers)

    @post_load
    def as_wording(self, form: dict[str, Any], **_context: Any) -> Wording:
        """What the service takes."""
        return Wording(form["kind"], form["title"], form["body"], form["records"].split())
