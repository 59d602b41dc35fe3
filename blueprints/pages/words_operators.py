"""Words of the console's operator page: what the ledger says happened, why a record is not public."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from blueprints.pages.words_matters import STAGES
from registry.queries.operator_file import FiledRecord
from registry.rules.merchant_status import FindingType
from registry.rules.penalty_procedure import Stage

VERBS = {
    "entered": _("Entered in the register"),
    "entered_again": _("Entered again"),
    "changed": _("Changed"),
    "renamed": _("Renamed"),
    "status_changed": _("Registration status changed"),
    "succeeded": _("Led to its successor"),
    "presence_added": _("Online presence added"),
    "presence_changed": _("Online presence changed"),
    "presence_removed": _("Online presence removed"),
    "published": _("Published"),
    "not_publishable": _("Kept from the public"),
    "corrected": _("Corrected"),
    "ended": _("Publicity ended"),
    "expired": _("Publicity has run out"),
    "withdrawn": _("Withdrawn"),
    "shielded": _("Shielded"),
    "shown_again": _("Shown again"),
    "objection_marked": _("Marked as contested"),
    "taken_back": _("Taken back with its import"),
    "restored": _("Restored when an import was taken back"),
}
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


def verb_of(action: str) -> str:
    """A word for what a ledger entry did; its code where there is none."""
    verb = action.partition(".")[2]
    return str(VERBS.get(verb, verb))


def title_of(filed: FiledRecord) -> str:
    """What a record is called on lists: the number of its decision, else the reason of a mark."""
    record = filed.record
    for name in ("document_no", "decision_no", "reason_text"):
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
