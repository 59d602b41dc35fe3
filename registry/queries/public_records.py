"""Public records for what a person types: a name, a code, a registration number, or the number of a document."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models import InspectionResult, Operator, PublicFinding, db
from registry.queries.inspection_results import public_results_of
from registry.queries.public_findings import findings_of, public_on
from registry.queries.public_operators import records_behind
from registry.queries.records import PublishedRecord
from registry.queries.search import search_operators
from registry.rules.inspections import is_negative
from registry.rules.operator import OperatorKind

OPERATORS = 10
"""Operators whose records are shown for one search; more hits ask for a more exact one."""
RECORDS = 50


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """A record that is public, what the public sees of it, and its operator where that has a page."""

    finding: PublicFinding
    record: PublishedRecord
    operator: Operator | None


def public_records(typed: str, day: date) -> list[PublicRecord]:
    """Records that are public on `day`, of the operators found, and those whose document bears this number."""
    numbered = db.session.execute(
        select(PublicFinding)
        .where(PublicFinding.data["decision_no"].astext == typed, public_on(day))
        .order_by(PublicFinding.record_id)
        .limit(RECORDS)
    ).scalars()
    found = {finding.record_id: finding for finding in numbered}
    for hit in search_operators(typed).hits[:OPERATORS]:
        found |= {finding.record_id: finding for finding in findings_of(hit.operator.id, day)}
    records = records_behind(list(found))
    return [
        PublicRecord(finding, records[record_id], _shown(records[record_id].operator))
        for record_id, finding in found.items()
        if record_id in records
    ][:RECORDS]


def negative_results(typed: str, day: date) -> list[InspectionResult]:
    """Negative results of inspections that are public on `day`, of the operators found."""
    return [
        result
        for hit in search_operators(typed).hits[:OPERATORS]
        for result in public_results_of(hit.operator.id, day)
        if is_negative(result.result_code)
    ][:RECORDS]


def operators_for(typed: str) -> list[Operator]:
    """Operators that a person may mean, best first."""
    return [hit.operator for hit in search_operators(typed).hits[:OPERATORS]]


def _shown(operator: Operator) -> Operator | None:
    return None if operator.kind is OperatorKind.NATURAL_PERSON else operator
