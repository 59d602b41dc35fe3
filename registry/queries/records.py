"""Finding one record by its name for ever, and when it was last corrected."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import AbnormalListing, HouseholdMark, InspectionResult, LedgerEntry, Licence, Penalty, ViolationListing, db
from registry.errors import NotFound

FindingRecord = Penalty | Licence | AbnormalListing | HouseholdMark | ViolationListing
"""Records that give findings: what platforms weigh, and what reports and lists show."""

PublishedRecord = FindingRecord | InspectionResult

FINDING_MODELS: dict[str, type[FindingRecord]] = {
    "administrative_penalty": Penalty,
    "administrative_licence": Licence,
    "abnormal_listing": AbnormalListing,
    "household_mark": HouseholdMark,
    "violation_listing": ViolationListing,
}
MODELS: dict[str, type[PublishedRecord]] = {**FINDING_MODELS, "inspection_result": InspectionResult}
"""Resource, the second part of a record_id, and the table that holds it."""


class RecordNotFound(NotFound):
    """No record has this name."""

    code = "record_not_found"


def get_record(record_id: str) -> PublishedRecord:
    """The record with its operator and authority; RecordNotFound where there is none."""
    parts = record_id.split(".")
    model = MODELS.get(parts[1]) if len(parts) == 3 else None
    record = None
    if model is not None:
        record = db.session.execute(
            select(model)
            .where(model.record_id == record_id)
            .options(joinedload(model.operator), joinedload(model.authority))
        ).scalar_one_or_none()
    if record is None:
        raise RecordNotFound("There is no record with this number.")
    return cast(PublishedRecord, record)  # the mapping above holds nothing else


def corrected_at(record_id: str) -> datetime | None:
    """When a record was last corrected; None where it never was. What it said before stays in the ledger."""
    return db.session.execute(
        select(LedgerEntry.recorded_at)
        .where(LedgerEntry.record_id == record_id, LedgerEntry.action.endswith(".corrected", autoescape=True))
        .order_by(LedgerEntry.revision.desc())
        .limit(1)
    ).scalar_one_or_none()
