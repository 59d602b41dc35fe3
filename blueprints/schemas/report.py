"""Which credit report is asked for, by the site's form and by platforms alike."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validates_schema
from werkzeug.datastructures import MultiDict

from registry.clock import today
from registry.rules.law_fields import BY_CODE, FIELDS
from registry.services.credit_reports import SpecialQuestion

FULL, SPECIAL = "full", "special"
NO_DAY: dict[str, Any] = {"invalid": [lazy_gettext("Enter a day, as in 2026-11-23.")]}  # a list: no plain string


class ReportIn(Schema):
    """Which report. A special one needs fields of law, given one by one or with commas, and days up to today."""

    class Meta:
        unknown = EXCLUDE  # `lang` may stand in any address

    kind = fields.String(load_default=FULL, data_key="type")
    codes = fields.List(fields.String(), load_default=list, data_key="fields")
    from_on = fields.Date(load_default=None, data_key="from", error_messages=NO_DAY)
    to_on = fields.Date(load_default=None, data_key="to", error_messages=NO_DAY)

    @pre_load
    def plain(self, data: MultiDict[str, str], **_kwargs: Any) -> dict[str, Any]:
        """The address's values with the fields as one list; what was left empty counts as left out."""
        plain: dict[str, Any] = {name: data[name].strip() for name in ("type", "from", "to") if data.get(name)}
        codes = [code.strip() for given in data.getlist("fields") for code in given.split(",") if code.strip()]
        if codes:
            plain["fields"] = list(dict.fromkeys(codes))
        return plain

    @validates_schema(skip_on_field_errors=False)
    def check_whole(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        """All that is wrong, at once. A scope on a full report is refused: it would not be what was asked for."""
        faults: dict[str, list[str]] = {}
        kind = data.get("kind")
        if kind not in (FULL, SPECIAL):
            faults["type"] = [_("Choose full or special.")]
        if kind == FULL and (data.get("codes") or data.get("from_on") or data.get("to_on")):
            faults["type"] = [_("Fields and days belong to a special report: add type=special.")]
        faults |= _faults_of_fields(data.get("codes", []), wanted=kind == SPECIAL)
        faults |= _faults_of_days(data, wanted=kind == SPECIAL)
        if faults:
            raise ValidationError(faults)

    @post_load
    def as_question(self, data: Mapping[str, Any], **_kwargs: Any) -> dict[str, SpecialQuestion | None]:
        """`{"special": …}`: the question of a special report, its fields in their usual order; None for a full one."""
        if data["kind"] == FULL:
            return {"special": None}
        chosen = [field for field in FIELDS if field.code in data["codes"]]
        return {"special": SpecialQuestion(chosen, data["from_on"], data["to_on"])}


def _faults_of_fields(codes: Sequence[str], *, wanted: bool) -> dict[str, list[str]]:
    unknown = [code for code in codes if code not in BY_CODE]
    if unknown:
        return {"fields": [_("There is no field of law named %(names)s.", names=", ".join(unknown)[:100])]}
    if wanted and not codes:
        return {"fields": [_("Choose at least one field of law.")]}
    return {}


def _faults_of_days(data: Mapping[str, Any], *, wanted: bool) -> dict[str, list[str]]:
    """Days that could not be read are told by the schema already: they are absent from `data`."""
    faults = {}
    for name in ("from", "to"):
        if wanted and data.get(f"{name}_on", date.min) is None:
            faults[name] = [_("Enter a day, as in 2026-11-23.")]
    start, end = data.get("from_on"), data.get("to_on")
    if end is not None and end > today():
        faults["to"] = [_("This day has not come yet.")]
    if start is not None and end is not None and start > end:
        faults["from"] = [_("The first day must not lie behind the last one.")]
    return faults
