"""One published record at its stable address."""

import re

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import open_to_all
from blueprints.pages import words_inspections
from blueprints.pages.operator_items import item_of
from blueprints.public import address_of
from models import InspectionResult
from registry.clock import today
from registry.queries.inspection_results import is_public_on
from registry.queries.public_findings import finding_of_record
from registry.queries.public_operators import data_as_of, operator_of_record
from registry.queries.records import PublishedRecord, RecordNotFound, corrected_at, get_record
from registry.rules.inspections import is_negative
from registry.rules.operator import OperatorKind
from registry.rules.record import RecordState

blueprint = Blueprint("records", __name__)

FORM = re.compile(r"[0-9A-Za-z_.-]{1,120}")


@blueprint.get("/records/<record_id>")
@open_to_all
def show_record(record_id: str) -> ResponseReturnValue:
    """A penalty, licence, listing, mark or result of an inspection while it is public; afterwards what may still be said of it."""
    if FORM.fullmatch(record_id) is None:  # nothing else goes to the database, which takes no zero bytes
        raise RecordNotFound("There is no record with this number.")
    operator = operator_of_record(record_id)
    if operator is not None:
        return redirect(url_for("public.show_operator", identifier=address_of(operator)), 301)
    finding = finding_of_record(record_id, today())
    record = get_record(record_id)
    if isinstance(record, InspectionResult):
        return _inspection(record)
    if finding is None:
        return _no_longer_public(record)
    return render_template(
        "records/record.html",
        item=item_of(finding, record),
        finding=finding,
        record=record,
        operator=record.operator,
        has_page=record.operator.kind is not OperatorKind.NATURAL_PERSON,
        address=address_of(record.operator),
        corrected_at=corrected_at(record_id),
        data_as_of=data_as_of(),
        today=today(),
    )


def _inspection(record: InspectionResult) -> ResponseReturnValue:
    """A result of an inspection, which gives no finding."""
    if not is_public_on(record, today()):
        return _no_longer_public(record)
    return render_template(
        "records/inspection.html",
        record=record,
        operator=record.operator,
        has_page=record.operator.kind is not OperatorKind.NATURAL_PERSON,
        address=address_of(record.operator),
        negative=is_negative(record.result_code),
        corrected_at=corrected_at(record.record_id),
        terms=words_inspections,
    )


def _no_longer_public(record: PublishedRecord) -> ResponseReturnValue:
    """Withdrawn: the reason, no facts. Repaired, shielded or expired: gone. Never public: not there at all."""
    if record.state is RecordState.WITHDRAWN:
        return render_template("records/withdrawn.html", record_id=record.record_id, statement=record.end_statement)
    if record.public_from is None or record.public_from > today():
        raise RecordNotFound("There is no record with this number.")
    return render_template("records/gone.html", record_id=record.record_id), 410
