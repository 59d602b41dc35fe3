"""From when on a repair of a record may be asked for, and what kind of repair that is."""

from datetime import date

from models import AbnormalListing, HouseholdMark, InspectionResult, Licence, Penalty, ViolationListing
from registry.queries.records import PublishedRecord
from registry.rules import repair
from registry.rules.inspections import is_negative
from registry.rules.penalty_kinds import PenaltyKind
from registry.rules.repair_procedure import RepairOf

_KINDS: dict[type, RepairOf] = {
    AbnormalListing: RepairOf.ABNORMAL_LISTING,
    HouseholdMark: RepairOf.HOUSEHOLD_MARK,
    Penalty: RepairOf.PENALTY,
    ViolationListing: RepairOf.VIOLATION_LISTING,
    InspectionResult: RepairOf.INSPECTION_RESULT,
}


def repair_of(record: PublishedRecord) -> RepairOf | None:
    """What a repair of this record is; None for a licence and a harmless result, which are nothing to be repaired."""
    if isinstance(record, InspectionResult) and not is_negative(record.result_code):
        return None
    return None if isinstance(record, Licence) else _KINDS[type(record)]


def earliest_on(record: PublishedRecord) -> date | None:
    """First day on which a repair may be asked for; None where there is none: never, or at any time (lists and marks).

    A negative result of an inspection can be repaired from its first public day.
    A record that was restored after fraud counts from its restoration.
    """
    if isinstance(record, Penalty):
        return repair.earliest_for_penalty(
            record.rule_set,
            severity=record.severity,
            kinds=[PenaltyKind(kind) for kind in record.kinds],
            basis_on=record.period_basis_on,
            texts=(record.unlawful_act, record.legal_basis),
        )
    if isinstance(record, ViolationListing):
        return repair.earliest_for_violation(
            record.rule_set,
            listed_on=max(record.listed_on, record.period_basis_on or record.listed_on),
            restriction_until=record.restriction_until,
        )
    return record.public_from if isinstance(record, InspectionResult) else None


def can_never_be_repaired(record: PublishedRecord) -> bool:
    """A penalty of a kind, or a class, whose publicity no repair ends early; it ends with its period."""
    return isinstance(record, Penalty) and earliest_on(record) is None
