"""What an applicant said and handed in, for officers in whose area the case lies. Every look is logged."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from blueprints.area import READERS
from blueprints.console_proceedings import proceeding_of
from blueprints.guards import officers
from blueprints.pages.proceeding_words import all_words
from blueprints.pages.words_applications import PERSONAL
from blueprints.signed_in import current_actor, vault
from models import Proceeding
from registry.queries import proceedings as queries
from registry.services import access_log, evidence
from registry.services.evidence import EvidenceNotFound
from registry.services.personal_values import PersonalValueGone
from registry.transaction import transaction

blueprint = Blueprint("console_evidence", __name__, url_prefix="/console/proceedings")


@blueprint.get("/<int:proceeding_id>/application")
@officers(*READERS)
def show_application(proceeding_id: int) -> ResponseReturnValue:
    """Who applied, what was said, and the files."""
    proceeding = proceeding_of(proceeding_id)
    _log("application.read", proceeding)
    rows = queries.evidence_of(proceeding.id)
    return render_template(
        "console/application.html",
        proceeding=proceeding,
        words=all_words.WORDS[proceeding.procedure],
        said=_said(proceeding),
        labels=PERSONAL,
        files=evidence.opened(proceeding, rows, vault=vault()),
    )


@blueprint.get("/<int:proceeding_id>/evidence/<int:evidence_id>")
@officers(*READERS)
def show_file(proceeding_id: int, evidence_id: int) -> ResponseReturnValue:
    """One file, to be kept and opened by the officer; never shown inside the site."""
    proceeding = proceeding_of(proceeding_id)
    row = next((each for each in queries.evidence_of(proceeding.id) if each.id == evidence_id), None)
    if row is None:
        raise EvidenceNotFound("There is no such file in this case.")
    _log("evidence.read", proceeding)
    (file,) = evidence.opened(proceeding, [row], vault=vault())
    content = evidence.content_of(proceeding, row, vault=vault())
    answer = send_file(BytesIO(content), "application/octet-stream", as_attachment=True, download_name=file.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(proceeding: Proceeding) -> dict[str, str | None]:
    """The personal values of a case by their names; None where one was erased."""
    said: dict[str, str | None] = {}
    for name, digest in proceeding.personal.items():
        try:
            said[name] = vault().read(proceeding.record_id, name, digest)
        except PersonalValueGone:
            said[name] = None
    return said


def _log(event: str, proceeding: Proceeding) -> None:
    with transaction():
        access_log.note(
            event, actor=str(current_actor()), purpose=proceeding.record_id, operator_id=proceeding.operator_id
        )
