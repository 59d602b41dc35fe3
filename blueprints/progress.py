"""Following what was handed in, with its query code: where it stands, the clock, what is asked for, the documents."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.anonymous import limited
from blueprints.area import desk
from blueprints.console_documents import pdf_answer
from blueprints.guards import open_to_all
from blueprints.handing_in import Faults, begin_following, followed, posted_files, stop_following, told
from blueprints.pages import words_applications
from models import Proceeding
from registry.clock import today
from registry.queries import proceedings as queries
from registry.queries.calendar import working_calendar
from registry.queries.proceedings import Happening
from registry.rules.calendar import CalendarYearMissing
from registry.rules.clue_procedure import Finding
from registry.rules.repair_procedure import Stage
from registry.services import access_log, application_forms, applications, evidence
from registry.services.applications import PUBLIC
from registry.services.documents.files import DocumentNotFound
from registry.services.proceedings.engine import ProceedingMoved
from registry.transaction import transaction

blueprint = Blueprint("progress", __name__)


@blueprint.get("/applications")
@open_to_all
def show() -> ResponseReturnValue:
    """Where the case stands that this browser follows; else the field for the code."""
    proceeding = _followed()
    if proceeding is None:
        return render_template("public/follow.html", faults={})
    return _page(proceeding, {})


@blueprint.post("/applications")
@open_to_all
@limited
def follow() -> ResponseReturnValue:
    """Open a case with its code. The code stands in no address and in no log."""
    code = request.form.get("code", "")[:100]
    proceeding = applications.follow(code)
    if proceeding is None:
        return render_template("public/follow.html", faults={"code": [str(words_applications.UNKNOWN_CODE)]}), 422
    with transaction():
        access_log.note("application.followed", actor=str(PUBLIC), purpose=proceeding.record_id)
    begin_following(code)
    return redirect(url_for(".show"), 303)


@blueprint.post("/applications/close")
@open_to_all
def close() -> ResponseReturnValue:
    """Forget the code at this browser."""
    stop_following()
    return redirect(url_for(".show"), 303)


@blueprint.post("/applications/supplement")
@open_to_all
@limited
def supplement() -> ResponseReturnValue:
    """Take in what was asked for; sent twice it is taken in once."""
    proceeding = _followed()
    if proceeding is None:
        return redirect(url_for(".show"), 303)
    form = application_forms.read_supplement(request.form, posted_files("proof"))
    if form.faults:
        return _page(proceeding, told(form.faults)), 422
    revision = request.form.get("revision", type=int) or 0
    try:
        with transaction():
            applications.supplement(proceeding, form, revision=revision, desk=desk())
    except (ProceedingMoved, applications.NotAskedFor):
        return redirect(url_for(".show"), 303)  # it was sent before: the page says so
    return redirect(url_for(".show"), 303)


@blueprint.get("/applications/supplement")
@open_to_all
def ask_again() -> ResponseReturnValue:
    """Where a reader is led back to after a question."""
    return redirect(url_for(".show"), 303)


@blueprint.get("/applications/documents/<int:document_id>")
@open_to_all
def show_document(document_id: int) -> ResponseReturnValue:
    """A document of the case that this browser follows."""
    proceeding = _followed()
    documents = queries.documents_of(proceeding.id) if proceeding is not None else []
    document = next((each for each in documents if each.id == document_id), None)
    if document is None:
        raise DocumentNotFound("There is no such document.")
    return pdf_answer(document)


def _followed() -> Proceeding | None:
    digest = followed()
    return queries.by_query_code(digest) if digest is not None else None


def _page(proceeding: Proceeding, faults: Faults) -> str:
    finding = proceeding.facts.get("finding")
    return render_template(
        "public/progress.html",
        proceeding=proceeding,
        stage=proceeding.stage,
        steps=_steps(queries.history(proceeding)),
        documents=queries.documents_of(proceeding.id),
        asked_for_more=proceeding.stage == Stage.SUPPLEMENT,
        left=_days_left(proceeding),
        finding=words_applications.FINDINGS[Finding(finding)] if finding else None,
        application_words=words_applications,
        most_files=evidence.MOST,
        largest_file=evidence.LARGEST // 2**20,
        faults=faults,
    )


def _steps(history: list[Happening]) -> list[Happening]:
    """One step for each stage that the case came to; notes of officers are not told."""
    return [each for each in history if each.action is not None and each.stage != Stage.DRAFT]


def _days_left(proceeding: Proceeding) -> int | None:
    if proceeding.due_on is None:
        return None
    try:
        return working_calendar().working_days_between(today(), proceeding.due_on)
    except CalendarYearMissing:
        return None
