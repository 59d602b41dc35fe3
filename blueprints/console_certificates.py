"""Query certificates in the console: enter a query, see its words and prints, print it once more."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

from blueprints.area import READERS, area
from blueprints.guards import form_fields, officers
from blueprints.pages.form_faults import Faults, faults_at
from blueprints.schemas.point_in_time import CertificateIn
from blueprints.signed_in import current_actor, current_officer
from models import AskedFor, QueryCertificate
from registry.clock import end_of, now, today
from registry.config import Settings
from registry.queries import operator_file
from registry.queries.authorities import codes_of
from registry.queries.operators import OperatorNotFound, get_operator
from registry.rules import uscc
from registry.rules.operator import OperatorKind
from registry.services import query_certificates
from registry.services.query_certificates import DayIsFull, NotKnownThen
from registry.transaction import transaction

blueprint = Blueprint("console_certificates", __name__, url_prefix="/console/certificates")

ASKED_FOR = {
    AskedFor.AUTHORITY: _("An authority: all that your area holds"),
    AskedFor.PARTY: _("The party itself: what the public sees"),
}
FIELDS = {
    "operator": _("Code or registration number"),
    "asked_for": _("Asked on behalf of"),
    "as_of": _("In effect on"),
    "known_on": _("As known on"),
    "purpose": _("Purpose"),
}


@blueprint.get("")
@officers(*READERS)
def show_certificates() -> ResponseReturnValue:
    """Certificates of the area, and the form for a new one."""
    return _list({"as_of": today(), "known_on": today(), **request.args}, {})


@blueprint.post("")
@officers(*READERS)
def enter() -> ResponseReturnValue:
    """Enter a query; with the entry it gets its number."""
    try:
        certificate = _entered(CertificateIn().load(form_fields()))
    except ValidationError as refusal:
        return _list(request.form, faults_at(refusal)), 422
    except OperatorNotFound:
        return _list(request.form, {"operator": [gettext("No operator has this code or number.")]}), 422
    except NotKnownThen:
        return _list(request.form, {"known_on": [gettext("The register did not know this operator then.")]}), 422
    except DayIsFull:
        return _list(request.form, {"purpose": [gettext("All numbers of this day have been given.")]}), 409
    return redirect(url_for(".show_certificate", certificate_id=certificate.id), 303)


@blueprint.get("/<int:certificate_id>")
@officers(*READERS)
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """One certificate: its words, and who printed it when."""
    certificate = query_certificates.get(certificate_id, area())
    return render_template("console/certificate.html", certificate=certificate, asked_for=ASKED_FOR)


@blueprint.post("/<int:certificate_id>/prints")
@officers(*READERS)
def print_out(certificate_id: int) -> ResponseReturnValue:
    """One more print, numbered and recorded, as a file."""
    with transaction():
        certificate = query_certificates.get(certificate_id, area())
        printed, pdf = query_certificates.print_out(certificate, settings=_settings(), actor=current_actor())
        name = f"{certificate.number}-{printed.print_no:04d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def _entered(asked: dict[str, Any]) -> QueryCertificate:
    operator = get_operator(uscc.normalise(asked["operator"]))
    if operator.kind is OperatorKind.NATURAL_PERSON and not any(
        filed.is_own for filed in operator_file.records_of(operator, area(), today())
    ):
        raise OperatorNotFound("There is no such operator.")
    with transaction():
        return query_certificates.enter(
            operator,
            asked_for=asked["asked_for"],
            as_of=asked["as_of"],
            known_at=min(end_of(asked["known_on"]), now()),
            purpose=asked["purpose"],
            authority=current_officer().authority,
            own=codes_of(area()),
            settings=_settings(),
            actor=current_actor(),
        )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings


def _list(typed: Any, faults: Faults) -> str:
    return render_template(
        "console/certificates.html",
        certificates=query_certificates.newest(area()),
        most=query_certificates.SHOWN,
        typed=typed,
        faults=faults,
        labels=FIELDS,
        asked_for=ASKED_FOR,
    )
