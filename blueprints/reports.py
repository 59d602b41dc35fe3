"""The credit report as a PDF, and the form that asks for a special one."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from blueprints.anonymous import limited
from blueprints.guards import open_to_all
from blueprints.public import address_of
from blueprints.schemas.report import SPECIAL, ReportIn
from models import Operator
from registry.clock import today
from registry.config import Settings
from registry.queries.public_operators import get_public_operator
from registry.rules import uscc
from registry.rules.calendar import add_months
from registry.rules.law_fields import FIELDS
from registry.services import credit_reports
from registry.services.credit_reports import IssuedReport, SpecialQuestion
from registry.transaction import transaction

blueprint = Blueprint("reports", __name__)

USUAL_MONTHS = 36
"""How far back the form asks at first: three years, as these certificates commonly cover."""


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
    return issued_file(operator, asked["special"])


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


def issued_file(
    operator: Operator, special: SpecialQuestion | None, *, client_id: int | None = None
) -> ResponseReturnValue:
    """Issue a report and answer it, to be looked at, under a name that says whose it is; nobody keeps it on the way.

    HEAD asks what would be answered: nothing is issued, entered or signed for it.
    """
    answer = Response(content_type="application/pdf")
    answer.cache_control.no_store = True  # a copy must not outlive what is public
    if request.method == "HEAD":
        return answer
    settings: Settings = current_app.extensions["registry_settings"]
    with transaction():
        issued = credit_reports.issue(operator.id, settings=settings, special=special, client_id=client_id)
        answer.headers["Content-Disposition"] = _disposition(issued)
    answer.data = issued.pdf
    return answer


def _disposition(issued: IssuedReport) -> str:
    report = issued.report
    chinese = quote(f"{report.subject_name}-信用信息报告-{report.report_no}.pdf", safe="")
    return f"inline; filename=\"credit-report-{report.report_no}.pdf\"; filename*=UTF-8''{chinese}"
