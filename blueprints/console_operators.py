"""Operators in the console: search, everything about one on one page, and what the entry officer may change of it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.area import area, seen
from blueprints.console_case_opening import can_open
from blueprints.guards import officers
from blueprints.pages import words, words_matters, words_operators
from blueprints.pages.operator_items import responsible_label
from blueprints.pages.proceeding_words import all_words
from blueprints.signed_in import current_actor, current_officer
from models import Operator
from registry.clock import today
from registry.errors import NotAllowed, RuleViolation
from registry.ledger import Actor
from registry.queries import operator_file, public_findings, search
from registry.queries.operators import OperatorNotFound
from registry.queries.proceedings import cases_of
from registry.rules import masking
from registry.rules.operator import OperatorKind
from registry.rules.roles import BUSINESS, Role, registered_in_scope, scope_of
from registry.services import access_log, operator_forms, operators
from registry.services.imports.faults import text_of
from registry.services.matters.faults import FormRefused
from registry.services.operators import OperatorMoved, PresenceStands
from registry.transaction import transaction

blueprint = Blueprint("console_operators", __name__, url_prefix="/console/operators")

LONGEST_QUERY = 100
NEW_PRESENCE = "presence"
"""Name of the form for one more online presence; those of the presences that stand bear their number behind it."""


class OperatorNotYours(NotAllowed):
    """The operator is registered outside the officer's area, or nobody changes it by hand."""

    code = "operator_not_yours"


@blueprint.get("")
@officers(*BUSINESS)
def show_operators() -> ResponseReturnValue:
    """Search by name, former name, pinyin, code or number, over the whole register."""
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    result = search.search_operators(typed) if typed else None
    lists = public_findings.lists_of([hit.operator.id for hit in result.hits], today()) if result else {}
    return render_template("console/operators.html", typed=typed, result=result, lists=lists, most=search.SHOWN)


@blueprint.get("/<int:operator_id>")
@officers(*BUSINESS)
def show_operator(operator_id: int) -> ResponseReturnValue:
    """Everything of one operator that the officer may see; that it was read stands in the access log."""
    operator = _operator(operator_id)
    with transaction():
        access_log.note("operator.read", actor=str(current_actor()), operator_id=operator_id)
    return _page(operator)


@blueprint.post("/<int:operator_id>/name")
@officers(Role.ENTRY)
def rename(operator_id: int) -> ResponseReturnValue:
    """A new name with its day; the old one stays findable."""

    def change(operator: Operator, actor: Actor) -> str:
        asked = operator_forms.read_renaming(operator, request.form, today())
        operators.rename(operator, name=asked.name, on=asked.on, actor=actor)
        return asked.reason

    return _change(operator_id, "name", change)


@blueprint.post("/<int:operator_id>/status")
@officers(Role.ENTRY)
def change_status(operator_id: int) -> ResponseReturnValue:
    """Another status of registration with its day."""

    def change(operator: Operator, actor: Actor) -> str:
        asked = operator_forms.read_status(operator, request.form, today())
        operators.change_status(operator, status=asked.status, on=asked.on, actor=actor)
        return asked.reason

    return _change(operator_id, "status", change)


@blueprint.post("/<int:operator_id>/presences")
@officers(Role.ENTRY)
def add_presence(operator_id: int) -> ResponseReturnValue:
    """One more online presence."""

    def change(operator: Operator, actor: Actor) -> str:
        asked = operator_forms.read_presence(operator, request.form, today())
        operators.add_presence(operator, asked.presence, actor=actor)
        return asked.reason

    return _change(operator_id, NEW_PRESENCE, change)


@blueprint.post("/<int:operator_id>/presences/<int:presence_id>")
@officers(Role.ENTRY)
def change_presence(operator_id: int, presence_id: int) -> ResponseReturnValue:
    """Other particulars of an online presence."""

    def change(operator: Operator, actor: Actor) -> str:
        operators.presence_of(operator, presence_id)
        asked = operator_forms.read_presence(operator, request.form, today(), presence_id=presence_id)
        operators.change_presence(operator, presence_id, asked.presence, actor=actor)
        return asked.reason

    return _change(operator_id, f"{NEW_PRESENCE}{presence_id}", change)


@blueprint.post("/<int:operator_id>/presences/<int:presence_id>/remove")
@officers(Role.ENTRY)
def remove_presence(operator_id: int, presence_id: int) -> ResponseReturnValue:
    """An online presence that is no more."""

    def change(operator: Operator, actor: Actor) -> str:
        operators.presence_of(operator, presence_id)
        reason = operator_forms.read_removal(request.form, today())
        operators.remove_presence(operator, presence_id, actor=actor)
        return reason

    return _change(operator_id, f"remove{presence_id}", change)


@blueprint.app_errorhandler(OperatorMoved)
def moved(error: OperatorMoved) -> ResponseReturnValue:
    """Somebody was faster: what they did, and the way back to the operator as it is now."""
    operator = _operator(error.operator_id)
    since = operator_file.histories_of([operator.record_id], after_revision=error.seen)
    return render_template(
        "console/operator_moved.html",
        operator=operator,
        history=since.get(operator.record_id, []),
        terms=words_operators,
    ), 409


def _change(operator_id: int, form: str, change: Callable[[Operator, Actor], str]) -> ResponseReturnValue:
    """Carry out what one form asks for, with its reason in the access log; a refused form comes back with all faults."""
    operator = _operator(operator_id)
    if not _may_edit(operator):
        raise OperatorNotYours("This operator is not registered in your area, or it cannot be changed by hand.")
    operators.expect(operator, seen())
    try:
        with transaction():
            reason = change(operator, current_actor())
            access_log.note(
                "operator.edited",
                actor=str(current_actor()),
                purpose=f"{form}: {masking.mask_text(reason)}",
                operator_id=operator_id,
            )
    except (FormRefused, PresenceStands) as refusal:
        return _page(_operator(operator_id), form, _told(form, refusal)), 422
    return redirect(url_for(".show_operator", operator_id=operator_id), 303)


def _operator(operator_id: int) -> Operator:
    """The operator. Natural persons are there only for officers whose area has a record about them."""
    operator = operator_file.get_operator_by_key(operator_id)
    if operator.kind is OperatorKind.NATURAL_PERSON and not any(
        filed.is_own for filed in operator_file.records_of(operator, area(), today())
    ):
        raise OperatorNotFound("There is no such operator.")
    return operator


def _in_area(operator: Operator) -> bool:
    authority = current_officer().authority
    return registered_in_scope(scope_of(authority.id, authority.region), operator.region)


def _may_edit(operator: Operator) -> bool:
    """Whether the officer enters changes of this operator. Those that lead elsewhere are changed where they lead."""
    return (
        current_officer().has(Role.ENTRY)
        and operator.kind is not OperatorKind.NATURAL_PERSON
        and operator.successor_id is None
        and _in_area(operator)
    )


def _told(form: str, refusal: RuleViolation | PresenceStands) -> dict[str, list[str]]:
    """Messages by the id of their field on the page."""
    if not isinstance(refusal, FormRefused):
        return {f"{form}-type": [text_of("presence_stands", {})]}
    told: dict[str, list[str]] = {}
    for fault in refusal.faults:
        told.setdefault(f"{form}-{fault.field}", []).append(text_of(fault.code, fault.params))
    return told


def _page(operator: Operator, refused_form: str = "", faults: dict[str, list[str]] | None = None) -> str:
    authority_ids = area()
    records = operator_file.records_of(operator, authority_ids, today())
    own = [filed.record.record_id for filed in records if filed.is_own]
    in_area = _in_area(operator)
    context: dict[str, Any] = {
        "operator": operator,
        "predecessors": operator_file.predecessors_of(operator),
        "records": records,
        "histories": operator_file.histories_of([*own, operator.record_id] if in_area else own),
        "matters": operator_file.open_matters_of(operator, own, authority_ids),
        "cases": cases_of(operator.id, authority_ids),
        "case_words": all_words,
        "can_open": can_open(in_area=in_area),
        "in_area": in_area,
        "may_edit": _may_edit(operator),
        "has_public_page": operator.kind is not OperatorKind.NATURAL_PERSON,
        "responsible_label": responsible_label(operator.kind),
        "statuses": {
            status: words.REGISTRATION[status] for status in operator_forms.next_statuses(operator.registration_status)
        },
    }
    return render_template(
        "console/operator.html",
        **context,
        refused_form=refused_form,
        typed=request.form,
        faults=faults or {},
        new_presence=NEW_PRESENCE,
        terms=words_operators,
        matter_terms=words_matters,
        today=today(),
    )
