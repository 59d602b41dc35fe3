"""Penalties and licences that stand: the list of the area, one record with its history, proposals about it."""

import io
import tempfile
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from blueprints.area import READERS, area, desk, record_of
from blueprints.guards import officers, stepped_up
from blueprints.pages import words_matters as terms
from blueprints.signed_in import current_actor, current_officer, current_session, vault
from registry.clock import today
from registry.queries import matters as queries
from registry.rules import table_dates
from registry.rules.penalty_procedure import MatterKind, Stage, Subject, can_be_proposed
from registry.rules.record import EndReason
from registry.rules.roles import Role
from registry.services import access_log, exports, sessions
from registry.services.matters import drafting, forms, records
from registry.services.matters.faults import ReasonMissing
from registry.transaction import transaction

blueprint = Blueprint("console_records", __name__, url_prefix="/console")

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
    purpose = request.form.get("reason", "").strip()
    if not purpose:
        raise ReasonMissing("An export needs its purpose.")
    layout = "person" if request.form.get("layout") == "person" else "organisation"
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
    record = record_of(record_id)
    standing = records.stage_of_record(record)
    can = current_officer().has(Role.ENTRY) and queries.open_matter_about(record_id) is None
    return render_template(
        "console/record.html",
        record=record,
        subject=records.subject_of(record),
        stage=standing,
        cells=_shown_cells(record),
        about=queries.matters_about(record_id),
        history=queries.history_of(record_id),
        can_correct=can and can_be_proposed(MatterKind.CORRECTION, standing),
        can_withdraw=can and can_be_proposed(MatterKind.WITHDRAWAL, standing),
        is_public=standing is Stage.PUBLISHED,
        today=today(),
        terms=terms,
    )


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
    since = table_dates.parse(request.form.get("since", "")) or today()
    statement = request.form.get("statement", "").strip()
    if not statement:
        raise ReasonMissing("A withdrawal needs the reason that the public is told.")
    with transaction():
        matter = drafting.propose_withdrawal(
            record,
            statement=statement,
            reason=_end_reason(),
            since=min(since, today()),
            desk=desk(),
            actor=current_actor(),
        )
    return redirect(url_for("console_matters.show_matter", matter_id=matter.id), 303)


def _list(subject: Subject) -> str:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "state", "from", "to", "sort")}
    own_session = current_session()
    page = queries.records_page(
        records.model_of(subject),
        area(),
        text=asked["q"],
        state=asked["state"],
        since=table_dates.parse(asked["from"]) if asked["from"] else None,
        until=table_dates.parse(asked["to"]) if asked["to"] else None,
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
        needs_code=own_session is None or not sessions.is_stepped_up(own_session),
    )


def _end_reason() -> EndReason:
    try:
        return EndReason(request.form.get("end_reason", ""))
    except ValueError:
        return EndReason.OTHER


def _shown_cells(record: records.Record) -> forms.Cells:
    return forms.shown(drafting.cells_of(record, desk()))
