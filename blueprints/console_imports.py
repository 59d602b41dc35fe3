"""The import page: hand a file in, see what was recognised, start it, follow it, get the bad rows back, undo it."""

import io
import tempfile
from pathlib import Path

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from marshmallow import ValidationError
from sqlalchemy import select

from blueprints.area import area
from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages.form_faults import Faults, faults_of
from blueprints.pages.words_accounts import FIELDS
from blueprints.schemas.account import ReasonIn
from blueprints.signed_in import current_actor, current_officer, needs_code
from models import FileState, ImportFile, ImportKind, ImportState, db
from registry.errors import NotFound
from registry.queries.data_quality import flagged_rows
from registry.queries.operators import OperatorNotFound, find_operator
from registry.rules.roles import Role
from registry.services import access_log
from registry.services.imports import runs, uploads
from registry.services.imports.correction_file import write_flagged, write_rejected
from registry.services.imports.faults import FileRefused, sentence, text_of
from registry.services.imports.messages import LAYOUTS
from registry.services.imports.undo import undo
from registry.transaction import transaction

blueprint = Blueprint("console_imports", __name__, url_prefix="/console/imports")

SHOWN = 50
WAITING = (FileState.QUEUED, FileState.RUNNING)


class FileNotFound(NotFound):
    """There is no such file, or none in the officer's area."""

    code = "import_file_not_found"


@blueprint.get("")
@officers(Role.ENTRY, Role.REVIEW)
def show_imports() -> ResponseReturnValue:
    """The form for a file, and the files of the area, the newest first."""
    return _imports({})


@blueprint.post("")
@officers(Role.ENTRY)
def upload() -> ResponseReturnValue:
    """Keep the file and show what it holds; nothing is taken in yet."""
    handed_in = request.files.get("file")
    faults: Faults = {}
    kind = request.form.get("kind", "")
    if kind not in set(ImportKind):
        faults["kind"] = [gettext("Choose one of the values that are offered.")]
    if handed_in is None or not handed_in.filename:
        faults["file"] = [gettext("Choose a file.")]
    if faults:
        return _imports(faults), 422
    assert handed_in is not None
    assert handed_in.filename is not None
    try:
        with transaction():
            kept = uploads.keep(
                handed_in.stream,
                handed_in.filename,
                kind=ImportKind(kind),
                authority=current_officer().authority,
                folder=_folder(),
                actor=current_actor(),
            )
    except FileRefused as refusal:
        return _imports({"file": [str(refusal)]}), 422
    return redirect(url_for(".show_file", file_id=kept.id), 303)


@blueprint.get("/<int:file_id>")
@officers(Role.ENTRY, Role.REVIEW)
def show_file(file_id: int) -> ResponseReturnValue:
    """One file: before its start what was recognised, afterwards how far it is."""
    return _page(_file(file_id), {})


@blueprint.get("/<int:file_id>/progress")
@officers(Role.ENTRY, Role.REVIEW)
def show_progress(file_id: int) -> ResponseReturnValue:
    """The part of the page that renews itself; whole again when the work has ended."""
    file = _file(file_id)
    if file.state not in WAITING:
        return "", 204, {"HX-Refresh": "true"}
    counts = runs.counts_of(file.run_id) if file.run_id else None
    return render_template("console/import_progress.html", file=file, counts=counts)


@blueprint.post("/<int:file_id>/start")
@officers(Role.ENTRY)
@stepped_up
def start(file_id: int) -> ResponseReturnValue:
    """Hand the file to the worker: its good rows are published as decisions of the officer's authority."""
    file = _file(file_id)
    with transaction():
        access_log.note("import.started", actor=str(current_actor()), purpose=f"import-file-{file.id}")
        uploads.start(file)
    return redirect(url_for(".show_file", file_id=file_id), 303)


@blueprint.get("/<int:file_id>/<any(rejected, flagged):which>.csv")
@officers(Role.ENTRY, Role.REVIEW)
def noted_rows(file_id: int, which: str) -> ResponseReturnValue:
    """The rejected rows with their reasons, to be corrected and handed in again; or the flagged ones, to be looked at."""
    file = _file(file_id)
    if file.run_id is None:
        raise FileNotFound("This file has no run yet.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write = write_rejected if which == "rejected" else write_flagged
        write(file.run_id, uploads.source_of(file, _folder()), path)
        rows = io.BytesIO(path.read_bytes())
    return send_file(rows, mimetype="text/csv", as_attachment=True, download_name=f"{which}-{file.id}.csv")


@blueprint.get("/<int:file_id>/rows/<int:line>")
@officers(Role.ENTRY, Role.REVIEW)
def show_row(file_id: int, line: int) -> ResponseReturnValue:
    """From a row to the operator that it names, where what is wrong can be mended."""
    for identifier in uploads.identifiers_of(_file(file_id), _folder(), line):
        operator = find_operator(identifier)
        if operator is not None:
            return redirect(url_for("console_operators.show_operator", operator_id=operator.id), 303)
    raise OperatorNotFound("There is no operator for this row.")


@blueprint.post("/<int:file_id>/undo")
@officers(Role.REVIEW)
@stepped_up
def take_back(file_id: int) -> ResponseReturnValue:
    """Take the whole run back, with a reason."""
    file = _file(file_id)
    try:
        reason = ReasonIn().load(form_fields())["reason"]
    except ValidationError as refusal:
        return _page(file, faults_of(refusal, "undo")), 422
    if file.run_id is None or file.state is not FileState.FINISHED:
        raise uploads.FileNotReady("Only a finished run can be taken back.")
    run_id = file.run_id
    with transaction():
        file.undo_reason = reason
        access_log.note("import.undone", actor=str(current_actor()), purpose=f"import-run-{run_id}")
    undo(run_id)
    return redirect(url_for(".show_file", file_id=file_id), 303)


def _folder() -> Path:
    folder: Path = current_app.extensions["registry_settings"].data_dir
    return folder


def _file(file_id: int) -> ImportFile:
    found = db.session.execute(
        select(ImportFile).where(ImportFile.id == file_id, ImportFile.authority_id.in_(area()))
    ).scalar_one_or_none()
    if found is None:
        raise FileNotFound("There is no such file in your area.")
    return found


def _imports(faults: Faults) -> str:
    files = db.session.execute(
        select(ImportFile).where(ImportFile.authority_id.in_(area())).order_by(ImportFile.id.desc()).limit(SHOWN)
    ).scalars()
    return render_template(
        "console/imports.html",
        files=files.all(),
        faults=faults,
        labels={"kind": gettext("Kind of data"), "file": gettext("File")},
        typed=request.form,
        may_upload=current_officer().has(Role.ENTRY),
    )


def _page(file: ImportFile, faults: Faults) -> str:
    preview, refusal = None, None
    if file.state is FileState.UPLOADED:
        try:
            preview = uploads.preview(file, _folder())
        except FileRefused as error:
            refusal = str(error)
    elif file.failure is not None:
        refusal = text_of(file.failure["code"], file.failure["params"])
    return render_template(
        "console/import_file.html",
        file=file,
        preview=preview,
        layouts=LAYOUTS,
        refusal=refusal,
        counts=runs.counts_of(file.run_id) if file.run_id else None,
        flagged=flagged_rows([file.run_id], SHOWN) if file.run_id else [],
        faults=faults,
        labels=FIELDS,
        typed=request.form,
        sentence=sentence,
        waiting=file.state in WAITING,
        startable=preview is not None or file.state is FileState.FAILED,
        undone=file.run is not None and file.run.state is ImportState.UNDONE,
        may_start=current_officer().has(Role.ENTRY),
        needs_code=needs_code(),
    )
