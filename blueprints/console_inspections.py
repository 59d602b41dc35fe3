"""Results of inspections in the console: one result of the area, its cases, its history. Changed by its case only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.area import READERS, area
from blueprints.guards import officers
from blueprints.pages import words_inspections
from blueprints.pages.proceeding_words import all_words
from models import InspectionResult
from registry.clock import today
from registry.queries.inspection_results import is_public_on
from registry.queries.operator_file import histories_of
from registry.queries.proceedings import cases_about
from registry.queries.records import RecordNotFound, get_record

blueprint = Blueprint("console_inspections", __name__, url_prefix="/console/inspection-results")


@blueprint.get("/<record_id>")
@officers(*READERS)
def show_result(record_id: str) -> ResponseReturnValue:
    """A result of the officer's area in whatever state; elsewhere it is not there."""
    record = get_record(record_id)
    if not isinstance(record, InspectionResult) or record.authority_id not in area():
        raise RecordNotFound("There is no such record in your area.")
    return render_template(
        "console/inspection_result.html",
        record=record,
        is_public=is_public_on(record, today()),
        cases=cases_about(record_id),
        history=histories_of([record_id]).get(record_id, []),
        terms=words_inspections,
        case_words=all_words,
    )
