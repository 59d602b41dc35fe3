"""Batches in the console: drawing up from a file, what it would do, the second officer's decision, how far it is."""

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints.area import area
from blueprints.guards import officers, stepped_up
from blueprints.pages import batch_annex, words_batches
from blueprints.signed_in import current_actor, current_officer, needs_code
from models import BatchKind, BatchState, ListingBatch, db
from registry.errors import NotFound, RegistryError
from registry.reports.batch_annex import ROWS_A_VOLUME, volumes_of
from registry.rules.operator import OperatorKind
from registry.rules.procedure import ReasonMissing, SamePerson
from registry.rules.roles import Role
from registry.services import access_log, listing_batches
from registry.services.listing_batch_documents import printed_numbers
from registry.services.listing_batch_preview import preview, rows
from registry.services.listing_batches import BatchEmpty, BatchNotReady, PeriodNotOver
from registry.transaction import transaction

blueprint = Blueprint("console_batches", __name__, url_prefix="/console/batches")

SHOWN = 50
ROWS = 50
"""Operators of one page of a batch's list."""
WAITING = (BatchState.APPROVED, BatchState.RUNNING)


class BatchNotFound(NotFound):
    """There is no such batch, or none in the officer's area."""

    code = "batch_not_found"


class VolumeNotFound(NotFound):
    """The annex has fewer volumes."""

    code = "volume_not_found"


class FileMissing(RegistryError):
    """The form names no file, kind or year."""

    code = "file_missing"


@blueprint.get("")
@officers(Role.ENTRY, Role.REVIEW)
def show_batches() -> ResponseReturnValue:
    """The form that draws a batch up, and the batches of the area, the newest first."""
    return _batches(None)


@blueprint.post("")
@officers(Role.ENTRY)
def draw_up() -> ResponseReturnValue:
    """Draw a batch up from a file of codes; its list is locked, nothing is decided yet."""
    try:
        handed_in, year = request.files.get("file"), request.form.get("report_year", type=int)
        kinds = [OperatorKind(each) for each in request.form.getlist("kinds") if each in listing_batches.LISTED_KINDS]
        if handed_in is None or not handed_in.filename or year is None or not kinds:
            raise FileMissing("A batch needs a file, a report year and kinds of operators.")
        kind = BatchKind.REMOVE if request.form.get("what") == "remove" else BatchKind.LIST
        with transaction():
            batch = listing_batches.draw_up(
                kind,
                authority=current_officer().authority,
                report_year=year,
                content=handed_in.stream.read(),
                file_name=handed_in.filename[:200],
                reported=request.form.get("what") == "list_others",
                kinds=kinds,
                actor=current_actor(),
            )
            access_log.note("batch.drawn_up", actor=str(current_actor()), purpose=f"listing-batch-{batch.id}")
    except (FileMissing, BatchEmpty, PeriodNotOver) as refusal:
        return _batches(refusal), 422
    return redirect(url_for(".show_batch", batch_id=batch.id), 303)


@blueprint.get("/<int:batch_id>")
@officers(Role.ENTRY, Role.REVIEW)
def show_batch(batch_id: int) -> ResponseReturnValue:
    """One batch: before its decision what it would do, afterwards how far it is."""
    return _batch(_found(batch_id), None)


@blueprint.get("/<int:batch_id>/progress")
@officers(Role.ENTRY, Role.REVIEW)
def show_progress(batch_id: int) -> ResponseReturnValue:
    """The part of the page that renews itself; whole again when the work has ended."""
    batch = _found(batch_id)
    if batch.state not in WAITING:
        return "", 204, {"HX-Refresh": "true"}
    return render_template("console/batch_progress.html", batch=batch, words=words_batches)


@blueprint.get("/<int:batch_id>/annex.csv")
@officers(Role.ENTRY, Role.REVIEW)
def export_annex(batch_id: int) -> ResponseReturnValue:
    """The whole list as a file: UTF-8 with its mark, sent while it is read."""
    batch = _found(batch_id)
    answer = Response(stream_with_context(batch_annex.csv_lines(batch.id)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="batch-{batch_id}.csv"'
    answer.cache_control.no_store = True
    return answer


@blueprint.get("/<int:batch_id>/annex-<int:volume>.pdf")
@officers(Role.ENTRY, Role.REVIEW)
def show_annex(batch_id: int, volume: int) -> ResponseReturnValue:
    """One volume of the list, to be printed behind the document of the batch."""
    batch = _found(batch_id)
    if not 1 <= volume <= volumes_of(batch.initial):
        raise VolumeNotFound("The annex has no such volume.")
    answer = Response(batch_annex.volume_pdf(batch, volume), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="batch-{batch_id}-{volume}.pdf"'
    answer.cache_control.no_store = True
    return answer


@blueprint.post("/<int:batch_id>/<any(approve, refuse):decision>")
@officers(Role.REVIEW)
@stepped_up
def decide(batch_id: int, decision: str) -> ResponseReturnValue:
    """The second officer's decision on the whole list."""
    step = listing_batches.approve if decision == "approve" else listing_batches.refuse
    try:
        with transaction():
            step(_found(batch_id), statement=request.form.get("reason", ""), actor=current_actor())
    except (SamePerson, ReasonMissing, BatchNotReady) as refusal:
        return _batch(_found(batch_id), refusal), 422
    return redirect(url_for(".show_batch", batch_id=batch_id), 303)


def _found(batch_id: int) -> ListingBatch:
    found = db.session.execute(
        select(ListingBatch).where(ListingBatch.id == batch_id, ListingBatch.authority_id.in_(area()))
    ).scalar_one_or_none()
    if found is None:
        raise BatchNotFound("There is no such batch in your area.")
    return found


def _batches(refusal: RegistryError | None) -> str:
    batches = db.session.execute(
        select(ListingBatch).where(ListingBatch.authority_id.in_(area())).order_by(ListingBatch.id.desc()).limit(SHOWN)
    ).scalars()
    return render_template(
        "console/batches.html",
        batches=batches.all(),
        refusal=refusal,
        words=words_batches,
        may_draw_up=current_officer().has(Role.ENTRY),
    )


def _batch(batch: ListingBatch, refusal: RegistryError | None) -> str:
    drawn_up = batch.state is BatchState.DRAWN_UP
    after = max(0, request.args.get("after", 0, type=int))
    officer = current_officer()
    return render_template(
        "console/batch.html",
        batch=batch,
        refusal=refusal,
        words=words_batches,
        preview=preview(batch) if drawn_up else None,
        counts=None if drawn_up else listing_batches.counts_of(batch),
        after=after,
        printed=printed_numbers(batch) if batch.document else None,
        rows=rows(batch, after=after, limit=ROWS),
        size=ROWS,
        volumes=volumes_of(batch.initial),
        rows_a_volume=ROWS_A_VOLUME,
        waiting=batch.state in WAITING,
        may_decide=drawn_up and officer.has(Role.REVIEW) and batch.prepared_by != str(current_actor()),
        needs_code=needs_code(),
    )
