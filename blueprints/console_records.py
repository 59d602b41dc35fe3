"""Penalties and licences that stand: the list of the area, one record with its history, proposals about it."""

import io
import tempfile
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from marshmallow import ValidationError

from blueprints.area import READERS, area, desk, record_of
from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages import words_matters as terms
from blueprints.pages.form_faults import NO_DAY, Faults, faults_of, worded
from blueprints.pages.proceeding_words import all_words
from blueprints.schemas.record import ExportIn, ShieldIn, WithdrawalIn
from blueprints.signed_in import current_actor, current_officer, needs_code, vault
from registry.clock import today
from registry.queries import matters as queries
from registry.rules import table_dates
from registry.rules.penalty_procedure import MatterKind, Stage, Subject, can_be_proposed
from registry.rules.roles import Role
from registry.services import access_log, exports
from registry.services.matters import drafting, forms, records
from registry.transaction import transaction

blueprint = Blueprint("console_records", __name__, url_prefix="/console")

FIELDS = {
    "layout": _("Layout"),
    "reason": _("Purpose"),
    "from": _("Decided from"),
    "to": _("Decided until"),
    "end_reason": _("Why"),
    "since": _("Day of the revocation"),
    "statement": _("Reason the public will read"),
}
"""Fields of the forms, as the summary of their faults names them."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/penalties")
@officers(*READERS)
def show_penalties() -> ResponseReturnValue:
    """Penalties of the area in any state, the newest first; pages by key."""
    return _list(Subject.PENALTIES)


@blueprint.get("/licences")
@officers(*READERS)
def show_licences() -> ResponseReturnValue:
    """Licences of the area in any state, the newest first; pages by key."""
    return _list(Subject.LICENCES)


@blueprint.post("/<any(penalties, licences):what>/export")
@officers(*READERS)
@stepped_up
def export(what: str) -> ResponseReturnValue:
    """The area's records in force as an upload template; who exported it and why stands in the access log."""
    try:
        asked = ExportIn().load(form_fields())
    except ValidationError as refusal:
        return _list(Subject(what), faults_of(refusal, "export")), 422
    layout, purpose = asked["layout"], asked["reason"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        with transaction():
            access_log.note(f"export.{what}", actor=str(current_actor()), purpose=purpose)
            exports.export(
                what, layout, path, vault=vault(), actor=str(current_actor()), purpose=purpose, authority_ids=area()
            )
        rows = io.BytesIO(path.read_bytes())
    return send_file(rows, mimetype=XLSX, as_attachment=True, download_name=f"{what}-{layout}-{today()}.xlsx")


@blueprint.get("/records/<record_id>")
@officers(*READERS)
def show_record(record_id: str) -> ResponseReturnValue:
    """One record in any state, with every matter there was about it."""
    return _page(record_of(record_id), {})


@blueprint.post("/records/<record_id>/correction")
@officers(Role.ENTRY)
def begin_correction(record_id: str) -> ResponseReturnValue:
    """Open a correction and go to its form."""
    record = record_of(record_id)
    with transaction():
        matter = drafting.open_correction(record, desk=desk(), actor=current_actor())
    return redirect(url_for("console_forms.edit", matter_id=matter.id), 303)


@blueprint.post("/records/<record_id>/withdrawal")
@officers(Role.ENTRY)
def propose_withdrawal(record_id: str) -> ResponseReturnValue:
    """Propose a withdrawal: the public reason, its kind, the day it runs from."""
    record = record_of(record_id)
    try:
        asked = WithdrawalIn().load(form_fields())
    except ValidationError as refusal:
        return _page(record, faults_of(refusal, "withdrawal")), 422
    with transaction():
        matter = drafting.propose_withdrawal(
            record,
            statement=asked["statement"],
            reason=asked["end_reason"],
            since=asked["since"],
            desk=desk(),
            actor=current_actor(),
        )
    return redirect(url_for("console_matters.show_matter", matter_id=matter.id), 303)


@blueprint.post("/records/<record_id>/<any(shield, lift_shield):what>")
@officers(Role.ENTRY)
def propose_shield(record_id: str, what: str) -> ResponseReturnValue:
    """Propose to hide a record while a reorganisation is carried out, or to show it again."""
    record = record_of(record_id)
    try:
        asked = ShieldIn().load(form_fields())
    except ValidationError as refusal:
        return _page(record, faults_of(refusal, what)), 422
    with transaction():
        matter = drafting.propose_shield(
            record, lift=what == "lift_shield", ruling=asked["ruling"], desk=desk(), actor=current_actor()
        )
    return redirect(url_for("console_matters.show_matter", matter_id=matter.id), 303)


def _page(record: records.Record, faults: Faults) -> str:
    standing = records.stage_of_record(record)
    can = current_officer().has(Role.ENTRY) and queries.open_matter_about(record.record_id) is None
    return render_template(
        "console/record.html",
        record=record,
        subject=records.subject_of(record),
        stage=standing,
        cells=_shown_cells(record),
        about=queries.matters_about(record.record_id),
        history=queries.history_of(record.record_id),
        can_correct=can and can_be_proposed(MatterKind.CORRECTION, standing),
        can_withdraw=can and can_be_proposed(MatterKind.WITHDRAWAL, standing),
        shields=[
            kind for kind in (MatterKind.SHIELD, MatterKind.LIFT_SHIELD) if can and can_be_proposed(kind, standing)
        ],
        is_public=standing is Stage.PUBLISHED,
        case_words=all_words,
        today=today(),
        faults=faults,
        typed=request.form,
        labels=FIELDS,
        terms=terms,
    )


def _list(subject: Subject, faults: Faults | None = None) -> str:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "state", "from", "to", "sort")}
    days = {name: table_dates.parse(asked[name]) for name in ("from", "to")}
    faults = (faults or {}) | {name: [worded(NO_DAY)] for name, day in days.items() if asked[name] and day is None}
    page = queries.records_page(
        records.model_of(subject),
        area(),
        text=asked["q"],
        state=asked["state"],
        since=days["from"],
        until=days["to"],
        sort=asked["sort"],
        before=request.args.get("before", ""),
    )
    return render_template(
        "console/records.html",
        subject=subject,
        page=page,
        asked=asked,
        stages={record.id: records.stage_of_record(record) for record in page.items},
        terms=terms,
        may_enter=current_officer().has(Role.ENTRY),
        needs_code=needs_code(),
        faults=faults,
        typed=request.form,
        labels=FIELDS,
    )


def _shown_cells(record: records.Record) -> forms.Cells:
    return forms.shown(drafting.cells_of(record, desk()))
