"""What the forms of the console say while somebody types: parts of pages, asked for by htmx."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.area import area, matter_of
from blueprints.guards import officers
from blueprints.pages import words_matters as terms
from blueprints.posted_cells import posted_cells
from blueprints.signed_in import current_officer
from registry.queries import matters as queries
from registry.queries.operators import find_operator
from registry.queries.search import search_operators
from registry.rules import document_numbers
from registry.rules.operator import OperatorKind, PartyCategory
from registry.rules.penalty_procedure import Subject
from registry.rules.roles import Role
from registry.services.matters import forms, records

blueprint = Blueprint("console_typing", __name__, url_prefix="/console")

WHAT = "<any(penalties, licences):what>"
OFFERED = 6
AMOUNTS = ("fine", "confiscated")


@blueprint.get(f"/{WHAT}/duplicates")
@officers(Role.ENTRY)
def duplicates(what: str) -> ResponseReturnValue:
    """What stands already under a number that is being typed, however it is bracketed."""
    key = document_numbers.normalise(request.args.get("document_no", ""))
    itself = request.args.get("matter", type=int)
    standing = records.find_standing(Subject(what), current_officer().authority_id, key) if key else []
    drafts = queries.open_matters_with_number(area(), key) if key else []
    return render_template(
        "console/duplicates.html", standing=standing, drafts=[each for each in drafts if each.id != itself]
    )


@blueprint.get(f"/{WHAT}/amount")
@officers(Role.ENTRY)
def amount(what: str) -> ResponseReturnValue:
    """An amount that is being typed in 万元, in both units."""
    del what
    typed = next((request.args[key] for key in AMOUNTS if key in request.args), "")
    return render_template("console/amount.html", typed=typed)


@blueprint.get(f"/{WHAT}/parties")
@officers(Role.ENTRY)
def parties(what: str) -> ResponseReturnValue:
    """Operators that a name or a code being typed may mean; choosing one fills the party."""
    typed = next((request.args[key].strip() for key in ("uscc", "name") if key in request.args), "")[:100]
    hits = search_operators(typed).hits[:OFFERED] if typed else []
    return render_template("console/parties.html", what=what, hits=hits)


@blueprint.post(f"/{WHAT}/fields")
@officers(Role.ENTRY)
def fields(what: str) -> ResponseReturnValue:
    """The form's fields for the category or the operator just chosen, with all that was typed so far; nothing is kept."""
    subject, cells = Subject(what), posted_cells()
    chosen = find_operator(cells.pop("chosen", ""))
    if chosen is not None:
        household = chosen.kind is OperatorKind.HOUSEHOLD
        category = PartyCategory.HOUSEHOLD if household else PartyCategory.ORGANISATION
        cells |= {
            "category": forms.CATEGORY_WORDS[category],
            "name": chosen.name,
            "uscc": chosen.uscc or "",
            "registration_no": "" if chosen.uscc else chosen.registration_no or "",
            "representative": chosen.responsible_person or "",
        }
    number = request.form.get("matter", type=int)
    matter = matter_of(number) if number else None
    cells = forms.cleaned(subject, cells, {})
    return render_template("console/form_fields.html", **fields_of(subject, cells), matter=matter, faults={})


def fields_of(subject: Subject, cells: forms.Cells) -> dict[str, object]:
    """What the template of a form's fields needs of the cells."""
    category = forms.category_of(cells)
    return {
        "subject": subject,
        "cells": cells | {"category": forms.CATEGORY_WORDS[category]},
        "groups": forms.groups(subject, category),
        "terms": terms,
    }
