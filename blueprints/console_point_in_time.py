"""An operator as the register knew it on a day, and what was in legal effect on another: two dates, nothing else to set."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from blueprints.area import area
from blueprints.guards import officers
from blueprints.pages import words, words_matters, words_operators
from blueprints.pages.form_faults import Faults, faults_at
from blueprints.schemas.point_in_time import ThenIn
from blueprints.signed_in import current_actor
from models import Operator
from registry.clock import end_of, now, today
from registry.queries import operator_file
from registry.queries.authorities import codes_of
from registry.queries.operators import OperatorNotFound
from registry.queries.point_in_time import operator_then
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.roles import BUSINESS
from registry.services import access_log
from registry.transaction import transaction

blueprint = Blueprint("console_point_in_time", __name__, url_prefix="/console/operators")


@blueprint.get("/<int:operator_id>/as-known")
@officers(*BUSINESS)
def show_operator_then(operator_id: int) -> ResponseReturnValue:
    """What was known at the end of a day, of another day. Read in the access log like the page of today."""
    operator = operator_file.get_operator_by_key(operator_id)
    if operator.kind is OperatorKind.NATURAL_PERSON and not any(
        filed.is_own for filed in operator_file.records_of(operator, area(), today())
    ):
        raise OperatorNotFound("There is no such operator.")
    faults: Faults = {}
    try:
        asked = ThenIn().load(request.args)
    except ValidationError as refusal:
        faults, asked = faults_at(refusal), ThenIn().load({})
    with transaction():
        access_log.note("operator.read", actor=str(current_actor()), operator_id=operator_id, purpose="as known")
    return _page(operator, asked, faults), 422 if faults else 200


def _page(operator: Operator, asked: dict[str, object], faults: Faults) -> str:
    as_of, known_on = asked["as_of"], asked["known_on"]
    found = operator_then(
        operator.id,
        as_of=as_of,  # type: ignore[arg-type]  # as the schema loads them
        known_at=min(end_of(known_on), now()),  # type: ignore[arg-type]
        own=codes_of(area()),
        today=today(),
    )
    status = found.content and words.REGISTRATION[RegistrationStatus(found.content["registration_status"])]
    return render_template(
        "console/operator_then.html",
        operator=operator,
        found=found,
        status=status,
        as_of=as_of,
        known_on=known_on,
        typed=request.args,
        faults=faults,
        stages=words_matters.STAGES,
        terms=words_operators,
    )
