"""What the operator page shows of each public finding, and the sentences on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from blueprints.pages import words
from blueprints.pages.citations import basis
from blueprints.pages.formats import moment
from models import AbnormalListing, HouseholdMark, Operator, Penalty, PublicFinding, ViolationListing
from registry.queries.public_operators import records_behind
from registry.queries.records import FindingRecord
from registry.rules import repair
from registry.rules.listing import AbnormalReason
from registry.rules.merchant_status import FindingType, Level
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.services.earliest_days import earliest_on


@dataclass(frozen=True, slots=True)
class Item:
    """A public finding with the record behind it, how it ends, and from when on a repair may be asked for."""

    finding: PublicFinding
    record: FindingRecord
    ends: str
    repair_from: date | None


def items_of(findings: Sequence[PublicFinding]) -> dict[FindingType, list[Item]]:
    """The findings that have a record of their own, by kind, in the order they came."""
    records = records_behind([finding.record_id for finding in findings])
    items: dict[FindingType, list[Item]] = {kind: [] for kind in FindingType}
    for finding in findings:
        record = records.get(finding.record_id)
        if record is not None:
            items[finding.type].append(item_of(finding, record))
    return items


def item_of(finding: PublicFinding, record: FindingRecord) -> Item:
    """One finding with its record, its end in words and its earliest repair day."""
    return Item(finding, record, how_it_ends(finding, record), earliest_on(record))


def how_it_ends(finding: PublicFinding, record: FindingRecord) -> str:
    """A sentence on when and how the record stops being public."""
    if isinstance(record, AbnormalListing | HouseholdMark):
        cure = words.CURES[AbnormalReason(record.reason)]
        days = repair.working_days_to_remove(record.rule_set)
        if isinstance(record, HouseholdMark):
            return _(
                "Ends when the household %(cure)s; the authority then restores the normal state"
                " within %(days)s working days.",
                cure=cure,
                days=days,
            )
        return _(
            "Ends when the operator %(cure)s; the authority then decides on removal within %(days)s working days.",
            cure=cure,
            days=days,
        )
    until = record.public_until or finding.public_until
    if isinstance(record, ViolationListing):
        return _("Ends by itself on %(day)s, unless early removal is granted before.", day=until)
    if isinstance(record, Penalty):
        return _("Publication ends by itself on %(day)s, unless a repair ends it before.", day=until)
    return _("Shown as long as the licence is valid, until %(day)s.", day=record.valid_until)


def sentences(
    operator: Operator, items: dict[FindingType, list[Item]], findings: Sequence[PublicFinding], as_of: datetime
) -> list[str]:
    """What a shopkeeper should know, gravest first; one sentence when nothing was found."""
    told = [_listed(item) for item in items[FindingType.VIOLATION_LISTING]]
    told += [_abnormal(item) for item in items[FindingType.ABNORMAL_LISTING]]
    told += [_marked(item) for item in items[FindingType.HOUSEHOLD_MARK]]
    if operator.registration_status is not RegistrationStatus.ACTIVE and any(
        finding.type is FindingType.REGISTRATION_STATUS for finding in findings
    ):
        told.append(_registered_as(operator, findings))
    decided = [item.finding.data["decided_on"] for item in items[FindingType.PENALTY]]
    if len(decided) == 1:
        told.append(
            _("One administrative penalty against this operator is public, decided on %(day)s.", day=decided[0])
        )
    elif decided:
        told.append(
            _(
                "%(count)s administrative penalties against this operator are public, the newest decided on %(day)s.",
                count=len(decided),
                day=max(decided),
            )
        )
    if told:
        return told
    return [
        _("As of %(moment)s, no public record of dishonesty was found within this system.", moment=moment(as_of)),
        _("This is no certificate of good standing: it covers only what this system collects and may show."),
    ]


def _registered_as(operator: Operator, findings: Sequence[PublicFinding]) -> str:
    status = words.REGISTRATION[operator.registration_status]
    if any(each.type is FindingType.REGISTRATION_STATUS and each.level is Level.BARRED for each in findings):
        return _("Registration status of this operator: %(status)s. By law it may no longer trade.", status=status)
    return _("Registration status of this operator: %(status)s.", status=status)


def _listed(item: Item) -> str:
    return _(
        "This operator is on the serious violation and dishonesty list, published until %(day)s (that day excluded)."
        " Basis: %(basis)s.",
        day=item.record.public_until,
        basis=basis(item.finding.data["legal_basis"]),
    )


def _abnormal(item: Item) -> str:
    return _(
        "This operator has been on the abnormal operations list since %(day)s (%(reason)s), until it is removed."
        " Basis: %(basis)s.",
        day=item.finding.public_from,
        reason=words.ABNORMAL[AbnormalReason(item.finding.data["code"])],
        basis=basis(item.finding.data["legal_basis"]),
    )


def _marked(item: Item) -> str:
    return _(
        "This household has been marked as operating abnormally since %(day)s (%(reason)s), until it is restored."
        " Basis: %(basis)s.",
        day=item.finding.public_from,
        reason=words.ABNORMAL[AbnormalReason(item.finding.data["code"])],
        basis=basis(item.finding.data["legal_basis"]),
    )


def tone_of(items: dict[FindingType, list[Item]]) -> str:
    """Colour of the panel on top: red only for the violation list, amber only for the abnormal list and marks."""
    if items[FindingType.VIOLATION_LISTING]:
        return "violation"
    if items[FindingType.ABNORMAL_LISTING] or items[FindingType.HOUSEHOLD_MARK]:
        return "abnormal"
    return "neutral"


def responsible_label(kind: OperatorKind) -> str:
    """What the responsible person is called for this kind of operator."""
    return str(words.RESPONSIBLE.get(kind, words.RESPONSIBLE[OperatorKind.OTHER_ORGANISATION]))
