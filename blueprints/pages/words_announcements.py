"""Words of announcements: their kinds and states."""

from typing import Any

from flask_babel import lazy_gettext as _

from registry.rules.announcements import AnnouncementKind, AnnouncementState

KINDS = {
    AnnouncementKind.ABNORMAL_LISTED: _("Entered in the abnormal operations list"),
    AnnouncementKind.ABNORMAL_REMOVED: _("Removed from the abnormal operations list"),
    AnnouncementKind.ABNORMAL_REMINDER: _("Reminder before three years on the abnormal operations list"),
    AnnouncementKind.VIOLATION_LISTED: _("Entered in the violation list"),
    AnnouncementKind.VIOLATION_REMOVED: _("Removed from the violation list"),
    AnnouncementKind.VIOLATION_EXPIRED: _("Stay on the violation list expired"),
    AnnouncementKind.RANDOM_INSPECTION: _("Random inspection"),
    AnnouncementKind.INSPECTION: _("Inspection"),
    AnnouncementKind.NON_COOPERATION: _("Refusal of an inspection"),
    AnnouncementKind.SIMPLE_DEREGISTRATION: _("Simplified deregistration"),
    AnnouncementKind.DEREGISTRATION: _("Deregistration"),
    AnnouncementKind.OTHER: _("Other announcement"),
}
STATES = {
    AnnouncementState.DRAFT: _("Draft, waits for a second officer"),
    AnnouncementState.PUBLISHED: _("Published"),
    AnnouncementState.WITHDRAWN: _("Withdrawn"),
}
REFUSALS: dict[str, tuple[str, Any]] = {
    "announcement_names_somebody": (
        "body",
        _(
            "The text names an operator that it may not name. Announcements of a removal or an expiry name nobody; "
            "others name only operators whose public records are given below. Nothing was changed."
        ),
    ),
    "announcement_record_not_public": (
        "records",
        _("A record that it rests on is not public today. Nothing was changed."),
    ),
    "own_announcement": ("form", _("You wrote this text; another officer publishes it.")),
    "announcement_moved": (
        "form",
        _("Somebody changed the announcement after you had opened it. Above is what stands now; nothing was changed."),
    ),
}
"""What the service refuses, by the code of the refusal: the field it is about, and the words."""

FIELDS = {
    "kind": _("Kind of announcement"),
    "title": _("Title"),
    "body": _("Text"),
    "records": _("Records that it tells of"),
    "reason": _("Reason"),
}
"""Fields of the forms, as the summary of their faults names them."""
