"""GET /operators/{id}/report.pdf: the credit report for platforms, the very one that the site issues."""

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from blueprints.api_v1.codes import fault_in_words
from blueprints.api_v1.spec import BEARER, IDENTIFIER, PURPOSE, REFUSALS, ApiBlueprint, problems
from blueprints.errors import problem
from blueprints.guards import api_key
from blueprints.reports import issued_file
from blueprints.schemas.report import FULL, SPECIAL, ReportIn
from registry.queries.operators import OperatorNotFound
from registry.queries.public_operators import get_public_operator
from registry.rules import uscc
from registry.rules.law_fields import FIELDS
from registry.services import merchant_status
from registry.services.api_clients import Scope

blueprint = ApiBlueprint("credit_report", __name__, url_prefix="/api/v1", description=_("Signed credit report"))

_DAY = {"type": "string", "format": "date"}


@blueprint.get("/operators/<identifier>/report.pdf", parameters=[IDENTIFIER])
@blueprint.doc(
    summary=_("The signed credit report of a merchant (PDF)"),
    description=_(
        "What is public at this moment: all of it, or what there is in chosen fields of law and between two days."
    ),
    security=[BEARER],
    parameters=[
        {
            "name": "type",
            "in": "query",
            "description": _("A full report, or a special one on fields of law and days"),
            "schema": {"type": "string", "enum": [FULL, SPECIAL], "default": FULL},
        },
        {
            "name": "fields",
            "in": "query",
            "description": _("Fields of law of a special report, one by one or with commas"),
            "schema": {"type": "array", "items": {"type": "string", "enum": [field.code for field in FIELDS]}},
        },
        {"name": "from", "in": "query", "description": _("First day of decision of a special report"), "schema": _DAY},
        {"name": "to", "in": "query", "description": _("Last day of decision, today at the latest"), "schema": _DAY},
        PURPOSE,
    ],
    responses={
        "200": {
            "description": _("The signed PDF. Each request issues a report of its own, with a number to verify it by"),
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
    | problems(
        *REFUSALS,
        (404, _("operator_not_found: a possible code that this register does not hold")),
        (409, _("operator_is_changing: its records are being changed at this moment; ask again")),
        (422, _("uscc_invalid: no possible code; or invalid: some parameters are not valid")),
    ),
)
@api_key(Scope.CHECK)
def show_report(identifier: str) -> ResponseReturnValue:
    """A full report, or a special one on fields of law and days, of what is public at this moment.

    A corrected or merged code leads to its successor; natural persons are not found.
    """
    asked = ReportIn().load(request.args)
    code = uscc.normalise(identifier)
    try:
        operator = get_public_operator(code)
    except OperatorNotFound:
        fault = merchant_status.fault_of(code)
        if fault is None:
            raise
        named = [{"field": "id", "code": fault.value, "message": fault_in_words(code, fault)}]
        return problem(422, "uscc_invalid", "This is no unified social credit code.", errors=named)
    return issued_file(operator, asked["special"], client_id=g.admission.client_id)
