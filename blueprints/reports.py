"""The credit report as a PDF, and the form that asks for a special one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validates_schema
from werkzeug.datastructures import MultiDict

from blueprints.anonymous import limited
from blueprints.guards import open_to_all
from blueprints.public import address_of
from models import Operator
from registry.clock import today
from registry.config import Settings
from registry.queries.public_operators import get_public_operator
from registry.rules import uscc
from registry.rules.calendar import add_months
from registry.rules.law_fields import BY_CODE, FIELDS
from registry.services import credit_reports
from registry.services.credit_reports import IssuedReport, SpecialQuestion
from registry.transaction import transaction

blueprint = Blueprint("reports", __name__)

FULL, SPECIAL = "full", "special"
USUAL_MONTHS = 36
"""How far back the form asks at first: three years, as these certificates commonly cover."""
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


@blueprint.get("/operators/<identifier>/report.pdf")
@open_to_all
@limited
def show_report(identifier: str) -> ResponseReturnValue:
    """Issue a report of what is public at this moment. A faulty question about a special one leads to its form again."""
    operator = get_public_operator(uscc.normalise(identifier))
    if address_of(operator) != identifier:
        question: dict[str, Any] = request.args.to_dict(flat=False)
        return redirect(url_for("reports.show_report", **{**question, "identifier": address_of(operator)}), 301)
    try:
        asked = ReportIn().load(request.args)
    except ValidationError as error:
        if request.args.get("type") != SPECIAL:
            raise
        return _form(operator, request.args, error.messages_dict), 422
    special = None
    if asked["kind"] == SPECIAL:
        chosen = [field for field in FIELDS if field.code in asked["codes"]]
        special = SpecialQuestion(chosen, asked["from_on"], asked["to_on"])
    settings: Settings = current_app.extensions["registry_settings"]
    with transaction():
        issued = credit_reports.issue(operator.id, settings=settings, special=special)
        return _file(issued)


@blueprint.get("/operators/<identifier>/special-report")
@open_to_all
def special_report(identifier: str) -> ResponseReturnValue:
    """Choose fields of law and days."""
    operator = get_public_operator(uscc.normalise(identifier))
    if address_of(operator) != identifier:
        return redirect(url_for("reports.special_report", identifier=address_of(operator)), 301)
    end = today()
    usual = MultiDict({"from": add_months(end, -USUAL_MONTHS).isoformat(), "to": end.isoformat()})
    return _form(operator, usual, {})


def _form(operator: Operator, given: MultiDict[str, str], faults: dict[str, Any]) -> str:
    codes = {code.strip() for value in given.getlist("fields") for code in value.split(",")}
    return render_template(
        "public/special_report.html",
        operator=operator,
        identifier=address_of(operator),
        law_fields=FIELDS,
        chosen=codes,
        from_on=given.get("from", ""),
        to_on=given.get("to", ""),
        latest=today().isoformat(),
        faults={name: _first(messages) for name, messages in faults.items()},
    )


def _first(messages: Any) -> str:
    """One sentence for a field; of a list's members the first that is wrong."""
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return str(messages[0])


def _file(issued: IssuedReport) -> Response:
    """The PDF to be looked at, under a name that says whose it is; nobody keeps it on the way."""
    report = issued.report
    answer = Response(issued.pdf, content_type="application/pdf")
    chinese = quote(f"{report.subject_name}-信用信息报告-{report.report_no}.pdf", safe="")
    answer.headers["Content-Disposition"] = (
        f"inline; filename=\"credit-report-{report.report_no}.pdf\"; filename*=UTF-8''{chinese}"
    )
    answer.cache_control.no_store = True  # a copy must not outlive what is public
    return answer
