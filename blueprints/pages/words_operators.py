"""Words of the console's operator page: its forms, why a record is not public."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from blueprints.pages.words_matters import STAGES
from registry.queries.operator_file import FiledRecord
from registry.rules.merchant_status import FindingType
from registry.rules.penalty_procedure import Stage

FIELDS = {
    "name": _("Name"),
    "on": _("Day"),
    "status": _("New status"),
    "type": _("Type"),
    "platform": _("Platform"),
    "url": _("Web address"),
    "icp_no": _("ICP number"),
    "reason": _("Reason"),
}
"""Fields of the forms, as the summary of their faults names them."""

RESOURCES = {
    "administrative_penalty": FindingType.PENALTY,
    "administrative_licence": FindingType.LICENCE,
    "abnormal_listing": FindingType.ABNORMAL_LISTING,
    "household_mark": FindingType.HOUSEHOLD_MARK,
    "violation_listing": FindingType.VIOLATION_LISTING,
}
"""The kind of finding that a record of this resource is when it is public."""


def title_of(filed: FiledRecord) -> str:
    """What a record is called on lists: the number of its decision, else the reason of a mark, the task of an inspection."""
    record = filed.record
    for name in ("document_no", "decision_no", "reason_text", "task"):
        if getattr(record, name, None):
            return str(getattr(record, name))
    return record.record_id


def why_internal(filed: FiledRecord, today: date) -> str:
    """Why the public does not see a record today, in a few words."""
    record = filed.record
    if record.public_from is not None and today < record.public_from:
        return gettext("public from %(day)s only", day=record.public_from)
    if filed.stage is Stage.EXPIRED and record.public_until is not None:
        return gettext("publicity has run out on %(day)s", day=record.public_until)
    if record.ended_on is not None:
        return gettext("%(stage)s on %(day)s", stage=str(STAGES[filed.stage]), day=record.ended_on)
    return gettext("not shown by the rules") if filed.stage is Stage.PUBLISHED else str(STAGES[filed.stage])
