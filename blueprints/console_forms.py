"""The form of a penalty or a licence: kept at any completeness, submitted with all its faults told at once."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.area import desk, matter_of, seen
from blueprints.console_typing import fields_of
from blueprints.guards import officers
from blueprints.pages import words_fields
from blueprints.posted_cells import posted_cells
from blueprints.signed_in import current_actor, current_officer, vault
from models import Matter
from registry.clock import today
from registry.errors import RuleViolation
from registry.rules.penalty_procedure import Subject
from registry.rules.roles import Role
from registry.services.imports.faults import text_of
from registry.services.matters import drafting, forms
from registry.services.matters.faults import FormRefused, ReasonMissing
from registry.transaction import transaction

blueprint = Blueprint("console_forms", __name__, url_prefix="/console")

WHAT = "<any(penalties, licences):what>"


@blueprint.get(f"/{WHAT}/new")
@officers(Role.ENTRY)
def new(what: str) -> ResponseReturnValue:
    """An empty form; the category can be given, so that it works without JavaScript too."""
    return _form(Subject(what), None, {"category": request.args.get("category", "")})


@blueprint.post(f"/{WHAT}/new")
@officers(Role.ENTRY)
def create(what: str) -> ResponseReturnValue:
    """Keep a first draft; submit it at once where that was asked."""
    with transaction():
        matter = drafting.open_entry(
            Subject(what), posted_cells(), authority=current_officer().authority, desk=desk(), actor=current_actor()
        )
    return _go_on(matter)


@blueprint.get("/matters/<int:matter_id>/form")
@officers(Role.ENTRY)
def edit(matter_id: int) -> ResponseReturnValue:
    """The form of a draft, with all its faults when it was just refused."""
    matter = matter_of(matter_id)
    cells = forms.unseal(vault(), matter.name, matter.form)
    if request.args.get("category"):
        cells |= {"category": request.args["category"]}
    faults = _faults(matter, cells) if "check" in request.args else {}
    return _form(matter.subject, matter, forms.shown(cells), faults)


@blueprint.post("/matters/<int:matter_id>/form")
@officers(Role.ENTRY)
def save(matter_id: int) -> ResponseReturnValue:
    """Keep what was typed; submit where that was asked."""
    matter = matter_of(matter_id)
    with transaction():
        drafting.save(matter, posted_cells(), revision=seen(), desk=desk(), actor=current_actor())
    return _go_on(matter)


def _go_on(matter: Matter) -> ResponseReturnValue:
    """After a save: stay at the form, or submit and show the matter; a refused form comes back with all faults."""
    if request.form.get("then") != "submit":
        return redirect(url_for(".edit", matter_id=matter.id, saved=1), 303)
    reason = request.form.get("reason", "")
    try:
        with transaction():
            drafting.submit(matter, revision=matter.revision, reason=reason, desk=desk(), actor=current_actor())
    except (FormRefused, ReasonMissing) as refusal:
        fresh = matter_of(matter.id)
        cells = forms.unseal(vault(), fresh.name, fresh.form)
        return _form(fresh.subject, fresh, forms.shown(cells), _told(refusal), reason), 422
    return redirect(url_for("console_matters.show_matter", matter_id=matter.id), 303)


def _told(refusal: RuleViolation) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if isinstance(refusal, FormRefused):
        for fault in refusal.faults:
            found.setdefault(fault.field or "form", []).append(text_of(fault.code, fault.params))
    else:
        found["reason"] = [text_of("missing", {})]
    return found


def _faults(matter: Matter, cells: forms.Cells) -> dict[str, list[str]]:
    reading = forms.read(matter.subject, cells, authority=matter.authority, vault=vault(), today=today())
    return _told(FormRefused(reading.refused))


def _form(
    subject: Subject,
    matter: Matter | None,
    cells: forms.Cells,
    faults: dict[str, list[str]] | None = None,
    reason: str = "",
) -> str:
    return render_template(
        "console/matter_form.html",
        **fields_of(subject, cells),
        matter=matter,
        faults=faults or {},
        labels={**words_fields.FIELDS, "reason": _("Reason")},
        reason=reason,
        authority=matter.authority if matter else current_officer().authority,
    )
