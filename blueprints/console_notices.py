"""Notices in the console: proof of what was told, those that were given up, and where operators want to be told."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

from blueprints.area import READERS, area, desk
from blueprints.guards import form_fields, officers
from blueprints.pages.form_faults import Faults, faults_at
from blueprints.schemas.contact import ContactIn
from blueprints.signed_in import current_actor, current_officer
from models import Channel, NoticeState
from registry.queries import notices as queries
from registry.queries.operators import OperatorNotFound, get_operator
from registry.rules import uscc
from registry.rules.operator import OperatorKind
from registry.rules.roles import Role, registered_in_scope, scope_of
from registry.services import access_log, notices
from registry.transaction import transaction

blueprint = Blueprint("console_notices", __name__, url_prefix="/console/notices")

STATES = {
    NoticeState.WAITING: _("Waiting to be sent"),
    NoticeState.SENT: _("Sent"),
    NoticeState.GIVEN_UP: _("Not delivered, given up"),
}
CHANNELS = {Channel.EMAIL: _("E-mail"), Channel.SMS: _("Text message")}
FIELDS = {"operator": _("Code or registration number"), "contact": _("Telephone number or e-mail address")}


@blueprint.get("")
@officers(*READERS)
def show_notices() -> ResponseReturnValue:
    """Notices of the area in one state, or all."""
    return _page({}, {})


@blueprint.post("/contacts")
@officers(Role.ENTRY)
def note_contact() -> ResponseReturnValue:
    """Keep an operator's contact; the newest one counts."""
    try:
        asked = ContactIn().load(form_fields())
        operator = get_operator(uscc.normalise(asked["operator"]))
        authority = current_officer().authority
        if operator.kind is OperatorKind.NATURAL_PERSON or not registered_in_scope(
            scope_of(authority.id, authority.region), operator.region
        ):
            raise OperatorNotFound("There is no such operator in your area.")
        with transaction():
            notices.note_contact(operator, asked["contact"], actor=current_actor(), desk=desk())
            access_log.note("operator.contact_noted", actor=str(current_actor()), operator_id=operator.id)
    except ValidationError as refusal:
        return _page(request.form, faults_at(refusal)), 422
    except OperatorNotFound:
        told = gettext("No operator of your area has this code or number.")
        return _page(request.form, {"operator": [told]}), 422
    return redirect(url_for(".show_notices", noted=1), 303)


def _page(typed: Any, faults: Faults) -> str:
    asked = request.args.get("state", "")
    authority = current_officer().authority
    state = NoticeState(asked) if asked in set(NoticeState) else None
    return render_template(
        "console/notices.html",
        found=queries.of_area(area(), scope_of(authority.id, authority.region), state=state),
        state=state,
        states=STATES,
        channels=CHANNELS,
        typed=typed,
        faults=faults,
        labels=FIELDS,
        noted="noted" in request.args,
    )
