"""Words of the batches of the lists."""

from flask_babel import lazy_gettext as _

from models import BatchKind, BatchState

KINDS = {
    BatchKind.LIST: _("List and mark for a missing annual report"),
    BatchKind.REMOVE: _("Remove after the report was made up for"),
}
STATES = {
    BatchState.DRAWN_UP: _("Drawn up, waits for a second officer"),
    BatchState.APPROVED: _("Approved, waits for the worker"),
    BatchState.RUNNING: _("Being carried out"),
    BatchState.FINISHED: _("Carried out"),
    BatchState.REFUSED: _("Refused by the second officer"),
}
LEFT_OUT = {
    "wrong_kind": _("neither enterprise, cooperative nor household"),
    "not_on_register": _("struck off or moved away"),
    "registered_elsewhere": _("registered elsewhere"),
    "founding_unknown": _("day of founding not known"),
    "newly_founded": _("newly founded, no report owed for that year"),
    "listed_for_that_year": _("listed for that year before"),
    "case_open": _("an officer has an open case about it"),
    "not_listed": _("not on the list for that year"),
    "other_node": _("kept by another registry, which alone can end it"),
}
LISTED_AS = {
    BatchKind.LIST: _("marked, without document"),
    BatchKind.REMOVE: _("mark ended, without document"),
}
EFFECTIVE = {BatchKind.LIST: _("In effect"), BatchKind.REMOVE: _("Taken off")}
WOULD = {
    BatchKind.LIST: _("would be listed or marked"),
    BatchKind.REMOVE: _("would be taken off"),
}
REFUSALS = {
    "batch_empty": _("Nobody is on the initial list: no code of the file belongs to an operator of your area."),
    "report_period_not_over": _("The period for these annual reports is not over yet."),
    "same_person": _("Who drew a batch up never decides it."),
    "reason_missing": _("This step needs a reason."),
    "batch_not_ready": _("This batch was decided already."),
    "file_missing": _("Choose a file, a kind and a report year."),
}
