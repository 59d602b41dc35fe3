"""Proceedings in the console: the cases of an area, and one case with its procedure and what can be done about it now."""

from enum import StrEnum
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.area import READERS, area, desk, seen
from blueprints.guards import officers, stepped_up
from blueprints.pages.proceeding_words import all_words
from blueprints.posted_particulars import posted_particulars, told_by_field
from blueprints.record_links import link_to
from blueprints.signed_in import current_actor, current_officer, needs_code
from models import Proceeding, db
from registry.clock import today
from registry.errors import NotFound, RegistryError
from registry.queries import proceedings as queries
from registry.queries.calendar import working_calendar
from registry.rules.calendar import CalendarYearMissing
from registry.rules.procedure import (
    Actor,
    GuardsNotMet,
    ReasonMissing,
    SamePerson,
    StepNotInProcedure,
)
from registry.rules.proceedings import Procedure
from registry.rules.roles import Role, scope_of
from registry.rules.rule_sets import rule_set_for
from registry.services.proceedings import choices, engine
from registry.services.proceedings.binding import Binding
from registry.services.proceedings.bindings import binding_of
from registry.services.proceedings.particulars import read
from registry.transaction import transaction

blueprint = Blueprint("console_proceedings", __name__, url_prefix="/console/proceedings")


class ProceedingNotFound(NotFound):
    """There is no such case, or none in the area of who asks."""

    code = "proceeding_not_found"


def proceeding_of(proceeding_id: int) -> Proceeding:
    """The case, if it lies in the officer's area or waits for the consent of the officer's authority."""
    found = queries.get_proceeding(proceeding_id)
    officer = current_officer()
    if found is None or not queries.is_visible(found, scope_of(officer.authority.id, officer.authority.region)):
        raise ProceedingNotFound("There is no such case in your area.")
    return found


@blueprint.get("/")
@officers(*READERS)
def show_proceedings() -> ResponseReturnValue:
    """The cases of the area, newest first, by procedure and by whether they are open."""
    asked = request.args.get("procedure", "")
    standing = request.args.get("standing", "open")
    page = queries.cases_page(
        area(),
        procedure=Procedure(asked) if asked in set(Procedure) else None,
        is_open={"open": True, "closed": False}.get(standing),
        before=request.args.get("before", type=int),
    )
    return render_template(
        "console/proceedings.html",
        page=page,
        asked=asked,
        standing=standing,
        case_words=all_words,
    )


@blueprint.get("/<int:proceeding_id>")
@officers(*READERS)
def show_proceeding(proceeding_id: int) -> ResponseReturnValue:
    """Facts on the left, the procedure on the right, below what may be done now."""
    return _page(proceeding_of(proceeding_id))


@blueprint.post("/<int:proceeding_id>/steps/<action>")
@officers(*READERS)
def take_step(proceeding_id: int, action: str) -> ResponseReturnValue:
    """A step that needs no second person."""
    return _step(proceeding_of(proceeding_id), action, second_person=False)


@blueprint.post("/<int:proceeding_id>/decisions/<action>")
@officers(*READERS)
@stepped_up
def decide(proceeding_id: int, action: str) -> ResponseReturnValue:
    """A decision of the second officer or of the superior authority."""
    return _step(proceeding_of(proceeding_id), action, second_person=True)


@blueprint.post("/<int:proceeding_id>/notes")
@officers(*READERS)
def note(proceeding_id: int) -> ResponseReturnValue:
    """Note facts of a case: a letter, a visit, a verification, a consent."""
    proceeding = proceeding_of(proceeding_id)
    noting = next((each for each in choices.notings(proceeding, _parts(proceeding)) if each.part == _part()), None)
    if noting is None:
        raise StepNotInProcedure("This cannot be noted here.")
    values, faults = read(noting.particulars, posted_particulars())
    values = {name: value for name, value in values.items() if value is not False or proceeding.facts.get(name)}
    if faults:
        return _page(proceeding, told={"note": told_by_field(faults)}), 422
    try:
        with transaction():
            engine.note(
                proceeding,
                values,
                part=noting.part,
                revision=seen(),
                statement=request.form.get("statement", ""),
                actor=current_actor(),
                desk=desk(),
            )
    except (ReasonMissing, StepNotInProcedure) as refusal:
        db.session.rollback()
        return _page(proceeding_of(proceeding_id), refusal), 422
    return redirect(url_for(".show_proceeding", proceeding_id=proceeding_id), 303)


@blueprint.app_errorhandler(engine.ProceedingMoved)
def moved(error: engine.ProceedingMoved) -> ResponseReturnValue:
    """Somebody was faster: what they did, and the way back to the case as it is now."""
    proceeding = proceeding_of(error.proceeding_id)
    since = [each for each in queries.history(proceeding) if each.revision > error.seen]
    words = all_words.WORDS[proceeding.procedure]
    page = render_template(
        "console/proceeding_moved.html", proceeding=proceeding, since=since, words=words, case_words=all_words
    )
    return page, 409


def _step(proceeding: Proceeding, action: str, *, second_person: bool) -> ResponseReturnValue:
    binding = binding_of(proceeding.procedure)
    offered = choices.choices(proceeding, _parts(proceeding), me=str(current_actor()), desk=desk())
    choice = next((each for each in offered if each.row.action == action), None)
    if choice is None or choice.row.second_person is not second_person:
        raise StepNotInProcedure(f"{binding.machine.code}: no such step from here.")
    values, faults = read(choice.particulars, posted_particulars())
    if faults:
        return _page(proceeding, told={action: told_by_field(faults)}), 422
    try:
        with transaction():
            engine.take_step(
                proceeding,
                choice.row.action,
                part=choice.part,
                revision=seen(),
                statement=request.form.get("statement", ""),
                values=values,
                actor=current_actor(),
                desk=desk(),
            )
    except (GuardsNotMet, ReasonMissing, SamePerson, StepNotInProcedure) as refusal:
        db.session.rollback()
        return _page(proceeding_of(proceeding.id), refusal), 403 if isinstance(refusal, SamePerson) else 422
    return redirect(url_for(".show_proceeding", proceeding_id=proceeding.id), 303)


def _page(
    proceeding: Proceeding, refused: RegistryError | None = None, told: dict[str, dict[str, list[str]]] | None = None
) -> str:
    binding: Binding[Any, Any] = binding_of(proceeding.procedure)
    me, parts = str(current_actor()), _parts(proceeding)
    offered = choices.choices(proceeding, parts, me=me, desk=desk())
    return render_template(
        "console/proceeding.html",
        proceeding=proceeding,
        words=all_words.WORDS[proceeding.procedure],
        case_words=all_words,
        stage=binding.stage_of(proceeding),
        is_public=binding.stage_of(proceeding) in binding.machine.public,
        history=queries.history(proceeding),
        about=link_to(proceeding.about),
        basis=link_to(proceeding.basis),
        documents=queries.documents_of(proceeding.id),
        rows={str(row.action): row for row in binding.machine.transitions},
        choices=offered,
        notings=choices.notings(proceeding, parts),
        left=days_left(proceeding),
        source=_source(proceeding),
        needs_code=needs_code(),
        refused=refused,
        told=told or {},
    )


def _parts(proceeding: Proceeding) -> tuple[Actor, ...]:
    officer = current_officer()
    return choices.parts_of(
        proceeding.procedure,
        [Role(each) for each in officer.roles],
        is_superior=proceeding.authority.parent_id == officer.authority_id,
        is_own=proceeding.authority_id in area(),
    )


def _part() -> StrEnum | None:
    posted = request.form.get("part", "")
    return Actor(posted) if posted in set(Actor) else None


def days_left(proceeding: Proceeding) -> int | None:
    """Working days until the deadline, negative after it; None without one, or in a year that is not loaded."""
    if proceeding.due_on is None:
        return None
    try:
        return working_calendar().working_days_between(today(), proceeding.due_on)
    except CalendarYearMissing:
        return None


def _source(proceeding: Proceeding) -> str | None:
    if proceeding.deadline is None:
        return None
    return rule_set_for(proceeding.authority.regime, today()).deadlines[proceeding.deadline].source
