"""GET /operators/{id}/status."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from blueprints.api_v1.answers import conditional, moving_members, settings, sources_at, status_members
from blueprints.api_v1.at_once import LOOKED_UP
from blueprints.api_v1.codes import fault_in_words
from blueprints.api_v1.receipts import wants_receipt, with_receipt
from blueprints.api_v1.spec import (
    BEARER,
    IDENTIFIER,
    IF_NONE_MATCH,
    LANGUAGE,
    NOT_MODIFIED,
    PURPOSE,
    REFUSALS,
    ApiBlueprint,
    problems,
)
from blueprints.errors import problem
from blueprints.guards import api_key_counted_inside, asked_by_client, refusal
from blueprints.locales import choose_locale
from blueprints.schemas.merchant_status import StatusOut
from registry.clock import today
from registry.queries.answering import answer
from registry.rules import uscc
from registry.services import merchant_status
from registry.services.api_clients import Scope
from registry.services.merchant_status import LookedUp
from registry.services.status_as_of import as_of, day_asked

blueprint = ApiBlueprint("merchant_status", __name__, url_prefix="/api/v1", description=_("Merchant status"))

_IS_ASKED = {"type": "string", "enum": ["1"]}
RECEIPT = {
    "name": "receipt",
    "in": "query",
    "schema": _IS_ASKED,
    "description": _("1: the answer, also a 404, carries a signed receipt and is not to be stored by caches"),
}
AS_OF = {
    "name": "as_of",
    "in": "query",
    "schema": {"type": "string", "format": "date"},
    "description": _("In legal effect on that day, among findings that are public today; no day to come"),
}


@blueprint.get("/operators/<identifier>/status", parameters=[IDENTIFIER])
@blueprint.doc(
    summary=_("Status of a merchant by code or registration number"),
    description=_("A corrected or merged code leads to the one that holds now; natural persons are never found."),
    security=[BEARER],
    parameters=[PURPOSE, RECEIPT, AS_OF, LANGUAGE, IF_NONE_MATCH],
    responses=NOT_MODIFIED
    | problems(
        *REFUSALS,
        (404, _("operator_not_found: a possible code that this register does not hold")),
        (422, _("uscc_invalid: no possible code; errors names the fault. as_of_invalid: no day, or one to come")),
    ),
)
@blueprint.response(200, StatusOut, description=_("The operator with what is public of it now"))
@api_key_counted_inside(Scope.CHECK)
def show_status(identifier: str) -> ResponseReturnValue:
    """A merchant's status by code or registration number.

    A corrected or merged code leads to its successor; natural persons are not found.
    """
    code = uscc.normalise(identifier)
    fault = merchant_status.fault_of(code)
    looked_up: LookedUp | None = request.environ.pop(LOOKED_UP, None)  # by StatusAtOnce, which has counted it
    if looked_up is None:
        looked_up = merchant_status.look_up(asked_by_client(Scope.CHECK), code, missing=422 if fault else 404)
    refused = refusal(looked_up.admitted, Scope.CHECK)
    if refused is not None:
        return refused
    day = day_asked(request.args["as_of"], today()) if "as_of" in request.args else None
    node = settings()
    known = sources_at(looked_up.register, node)
    moving = moving_members(looked_up.register, known)
    del moving["receipt"]
    found = looked_up.found
    if found is not None:
        if day is not None:
            found = as_of(found, day, answer)
        members = status_members(found, choose_locale(), node, known)
        if day is not None:
            members["as_of"] = day.isoformat()
        if wants_receipt():
            return with_receipt({**members, **moving}, looked_up)
        return conditional(members, {**moving, "receipt": None})
    if fault is not None:
        named = [{"field": "id", "code": fault.value, "message": fault_in_words(code, fault)}]
        return problem(422, "uscc_invalid", "This is no unified social credit code.", errors=named)
    title = "No operator of this register has this code or number."
    if wants_receipt():
        told = {"type": "about:blank", "status": 404, "code": "operator_not_found", "title": title, "id": code}
        return with_receipt({**told, "scope": [node.node_region], **moving}, looked_up)
    return problem(404, "operator_not_found", title)
