"""Opening a case in the console, about an operator of the officer's area."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.area import READERS, area, desk
from blueprints.guards import officers
from blueprints.pages.proceeding_words import all_words
from blueprints.posted_particulars import posted_particulars, told_by_field
from blueprints.signed_in import current_actor, current_officer
from models import Operator, db
from registry.errors import NotFound, RegistryError
from registry.queries.records import RecordNotFound, get_record
from registry.rules.procedure import Actor, GuardsNotMet, ReasonMissing, StepNotInProcedure, Transition
from registry.rules.proceedings import ABOUT_A_RECORD, ON_A_PENALTY, WHERE_REGISTERED, Procedure
from registry.rules.roles import Role, registered_in_scope, scope_of
from registry.services.imports.faults import text_of
from registry.services.proceedings import choices, engine, taking_up
from registry.services.proceedings.bindings import binding_of
from registry.services.proceedings.particulars import read
from registry.transaction import transaction

blueprint = Blueprint("console_case_opening", __name__, url_prefix="/console/proceedings")

WHAT = f"<any({', '.join(Procedure)}):procedure>"


class OperatorOutsideArea(NotFound):
    """There is no such operator in the officer's area."""

    code = "operator_outside_area"


def can_open(*, in_area: bool) -> list[Procedure]:
    """Procedures of which the officer may open a case about an operator that is, or is not, registered in the area."""
    elsewhere = frozenset() if in_area else WHERE_REGISTERED
    return [each for each in all_words.WORDS if each not in ABOUT_A_RECORD | elsewhere and _openings(each)]


@blueprint.get(f"/new/{WHAT}")
@officers(*READERS)
def new(procedure: str) -> ResponseReturnValue:
    """The form that opens a case about an operator of the area."""
    return _new_page(Procedure(procedure), {})


@blueprint.post(f"/new/{WHAT}/<action>")
@officers(*READERS)
def create(procedure: str, action: str) -> ResponseReturnValue:
    """Open a case with its first step."""
    kind = Procedure(procedure)
    binding = binding_of(kind)
    part = _opening_part(kind, action)
    operator = _operator(kind)
    about, basis = (
        _record_of(operator, "about", kind in ABOUT_A_RECORD),
        _record_of(operator, "basis", kind in ON_A_PENALTY),
    )
    values, faults = read(binding.stated.get(binding.actions(action), ()), posted_particulars())
    year = request.form.get("report_year", "").strip()
    words = all_words.WORDS[kind]
    reason = request.form.get("reason", "").strip() or None
    told = told_by_field(faults)
    if words.reasons and reason not in words.reasons:
        told["reason"] = [text_of("missing", {})]
    if year and not (year.isdecimal() and len(year) == 4):
        told["report_year"] = [text_of("not_a_year", {})]
    if told:
        return _new_page(kind, told), 422
    try:
        with transaction():
            opened = engine.open_case(
                kind,
                binding.actions(action),
                part=part,
                authority=current_officer().authority,
                operator=operator,
                about=about,
                basis=basis,
                reason=reason,
                report_year=int(year) if year else None,
                values=values,
                statement=request.form.get("statement", ""),
                actor=current_actor(),
                desk=desk(),
            )
    except (GuardsNotMet, ReasonMissing, engine.ProceedingOpen) as refusal:
        return _new_page(kind, {}, refusal), 422
    return redirect(url_for("console_proceedings.show_proceeding", proceeding_id=opened.id), 303)


@blueprint.post("/about/<record_id>")
@officers(Role.ENTRY, Role.REPAIR, Role.OBJECTION)
def take_up(record_id: str) -> ResponseReturnValue:
    """Go to the case of a listing or mark of the area; one that came in without a case gets it now."""
    record = get_record(record_id)
    if record.authority_id not in area():
        raise RecordNotFound("There is no such record in your area.")
    with transaction():
        case = taking_up.case_for(record, actor=current_actor(), desk=desk())
    return redirect(url_for("console_proceedings.show_proceeding", proceeding_id=case.id), 303)


def _new_page(procedure: Procedure, told: dict[str, list[str]], refused: RegistryError | None = None) -> str:
    binding = binding_of(procedure)
    return render_template(
        "console/proceeding_new.html",
        procedure=procedure,
        words=all_words.WORDS[procedure],
        case_words=all_words,
        operator=_operator(procedure),
        asks_year=procedure in WHERE_REGISTERED,
        openings=[(row, part, binding.stated.get(row.action, ())) for row, part in _openings(procedure)],
        told=told,
        refused=refused,
    )


def _openings(procedure: Procedure) -> list[tuple[Transition[Any, Any], Actor]]:
    roles = [Role(each) for each in current_officer().roles]
    return choices.openings(procedure, choices.parts_of(procedure, roles, is_superior=False, is_own=True))


def _opening_part(procedure: Procedure, action: str) -> Actor:
    for row, part in _openings(procedure):
        if row.action == action:
            return part
    raise StepNotInProcedure("No case of this procedure is opened in this way.")


def _operator(procedure: Procedure) -> Operator | None:
    """The operator that a new case is about. OperatorOutsideArea where only its own bureau may begin and this is another."""
    number = request.values.get("operator", type=int)
    if number is None:
        return None
    found = db.session.get(Operator, number)
    authority = current_officer().authority
    here = found is not None and registered_in_scope(scope_of(authority.id, authority.region), found.region)
    if found is None or (procedure in WHERE_REGISTERED and not here):
        raise OperatorOutsideArea("There is no such operator in your area.")
    return found


def _record_of(operator: Operator | None, field: str, named: bool) -> str | None:
    """The record of the operator, decided on in the area, that a case is begun about or rests on; None where none was given.

    RecordNotFound for any other, and for one that this procedure does not name: it finds its records itself.
    """
    given = request.form.get(field)
    if not given:
        return None
    record = get_record(given)
    if not named or operator is None or record.operator_id != operator.id or record.authority_id not in area():
        raise RecordNotFound("There is no such record in your area.")
    return record.record_id
