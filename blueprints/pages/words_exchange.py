"""Words of the exchange: states, runs, chains, resources, incidents, codes of rejections."""

from flask_babel import lazy_gettext as _

from models import Carrier, Chain, Direction, PeerState, ProblemState, RunKind, SentState

STATES = {
    PeerState.ACTIVE: _("Exchange runs"),
    PeerState.PAUSED: _("Paused by an officer"),
    PeerState.STOPPED: _("Stopped by an incident"),
}
CARRIERS = {
    Carrier.HTTP: _("Exchange interface"),
    Carrier.FILE: _("Files"),
    Carrier.FRONT_DATABASE: _("Front database"),
}
CHAINS = {Chain.URGENT: _("Ends of publicity and withdrawals"), Chain.BULK: _("All other changes")}
RUNS = {
    RunKind.PUSH: _("Sending"),
    RunKind.PULL: _("Fetching"),
    RunKind.RECONCILE: _("Reconciliation"),
    RunKind.RECOVER: _("Recovery after a restore"),
}
OUTCOMES = {
    "done": _("Completed"),
    "no_answer": _("No answer; it is tried again"),
    "stopped": _("Stopped by an incident"),
    "failed": _("Failed on our side"),
}
SENT = {
    SentState.FROZEN: _("Waits for its receipt"),
    SentState.RECEIPTED: _("Receipt received"),
    SentState.SET_ASIDE: _("Set aside"),
}
DIRECTIONS = {Direction.OUT: _("Ours, refused by the peer"), Direction.IN: _("Theirs, not taken here")}
PROBLEMS = {
    ProblemState.OPEN: _("To be settled"),
    ProblemState.RESENT: _("Corrected and sent again"),
    ProblemState.SET_ASIDE: _("Set aside with a reason"),
}
RESOURCES = {
    "operator": _("Operators"),
    "administrative_penalty": _("Penalties"),
    "administrative_licence": _("Licences"),
    "abnormal_listing": _("Abnormal list"),
    "household_mark": _("Household marks"),
    "violation_listing": _("Violation list"),
    "inspection_result": _("Results of inspections"),
    "commitment": _("Commitments"),
    "feedback": _("Feedback"),
}
COUNTS = {
    "sent": _("sent"),
    "accepted": _("accepted"),
    "applied": _("applied"),
    "duplicate": _("had already"),
    "superseded": _("overtaken by a newer one"),
    "rejected": _("refused"),
    "received": _("received"),
    "batches": _("batches"),
    "messages": _("messages"),
    "quarantined": _("kept for a person"),
    "different": _("different"),
    "explained": _("explained by the problem queue"),
    "repaired": _("repaired"),
    "pages": _("pages"),
}
