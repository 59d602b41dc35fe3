"""Words of announcements: their kinds and states."""

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
