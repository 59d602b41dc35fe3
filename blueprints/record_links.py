"""How a case names the record that it is about or rests on: by its number, and where an officer finds it."""

from dataclasses import dataclass

from flask import url_for

from blueprints.area import area
from models import InspectionResult, Licence, Penalty
from registry.queries.records import RecordNotFound, get_record


@dataclass(frozen=True, slots=True)
class RecordLink:
    """A record by the number of its document, or what stands for one; `address` None where it is not the officer's."""

    name: str
    address: str | None


def link_to(record_id: str | None) -> RecordLink | None:
    """The record of a case; None where the case has none."""
    if record_id is None:
        return None
    try:
        record = get_record(record_id)
    except RecordNotFound:  # taken back since with the file that brought it
        return RecordLink(record_id, None)
    if isinstance(record, Penalty | Licence):
        name, address = record.document_no, url_for("console_records.show_record", record_id=record_id)
    elif isinstance(record, InspectionResult):
        name, address = record.task, url_for("console_inspections.show_result", record_id=record_id)
    else:
        name = getattr(record, "decision_no", None) or record.listed_on.isoformat()  # a mark comes without document
        address = url_for("console_operators.show_operator", operator_id=record.operator_id)
    return RecordLink(name, address if record.authority_id in area() else None)
