"""How documents name a record and its party, and the days that cases hold as ISO texts."""

from datetime import date
from typing import Any

from models import AbnormalListing, HouseholdMark, InspectionResult, Licence, Penalty, Proceeding
from registry.queries.records import PublishedRecord
from registry.rules.operator import OperatorKind


def party_of(record: PublishedRecord) -> dict[str, Any]:
    """Whom a document about this record is addressed to: `party`, `party_no`, and whether it is a household."""
    operator = record.operator
    name = record.party_name if isinstance(record, Penalty | Licence) else operator.name
    return {
        "party": name,
        "party_no": operator.uscc or operator.registration_no,
        "household": operator.kind is OperatorKind.HOUSEHOLD,
    }


def name_of(record: PublishedRecord) -> str:
    """What documents call this record, in Chinese."""
    by = record.authority.name
    if isinstance(record, Penalty):
        return f"{by}作出的{record.document_no}行政处罚决定"
    if isinstance(record, Licence):
        return f"{by}作出的{record.document_no}行政许可决定"
    if isinstance(record, HouseholdMark):
        return f"{by}自{day_words(record.listed_on)}起的经营异常状态标记"
    if isinstance(record, InspectionResult):
        return f"{by}于{day_words(record.inspected_on)}作出的“{record.task}”检查结果"
    listed = "经营异常名录" if isinstance(record, AbnormalListing) else "严重违法失信名单"
    return f"{by}以{record.decision_no}作出的列入{listed}的决定"


def day_words(day: date) -> str:
    """2026年7月14日."""
    return f"{day.year}年{day.month}月{day.day}日"


def fact_day(proceeding: Proceeding, name: str) -> date | None:
    """A day that the case holds; None where it does not."""
    value = proceeding.facts.get(name)
    return date.fromisoformat(value) if value else None
