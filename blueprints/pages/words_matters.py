"""Words of the console's matters: fields of the forms, steps and what they bring about, stages, clocks."""

from flask_babel import lazy_gettext as _

from registry.rules.penalty_procedure import Action, MatterKind, MatterState, Stage, Subject
from registry.rules.record import EndReason

SUBJECTS = {Subject.PENALTIES: _("Penalties"), Subject.LICENCES: _("Licences")}
KINDS = {
    MatterKind.ENTRY: _("New entry"),
    MatterKind.CORRECTION: _("Correction"),
    MatterKind.WITHDRAWAL: _("Withdrawal"),
    MatterKind.SHIELD: _("Temporary repair (reorganisation)"),
    MatterKind.LIFT_SHIELD: _("End of the temporary repair"),
}
AIMS = {MatterKind.SHIELD: Action.SHIELD, MatterKind.LIFT_SHIELD: Action.LIFT_SHIELD}
STATES = {
    MatterState.DRAFT: _("Draft"),
    MatterState.SUBMITTED: _("Waits for the second officer"),
    MatterState.RETURNED: _("Sent back with remarks"),
    MatterState.CARRIED_OUT: _("Carried out"),
    MatterState.REFUSED: _("Refused"),
    MatterState.DISCARDED: _("Given up"),
}
ASKED = {
    MatterState.DRAFT: _("Complete and submit"),
    MatterState.SUBMITTED: _("Review and decide"),
    MatterState.RETURNED: _("Correct and submit again"),
}
STAGES = {
    Stage.ENTERED: _("Entered, not public"),
    Stage.NOT_PUBLISHABLE: _("Kept from the public"),
    Stage.PUBLISHED: _("Public"),
    Stage.EARLY_STOPPED: _("Ended early"),
    Stage.EXPIRED: _("Publicity has run out"),
    Stage.WITHDRAWN: _("Withdrawn"),
    Stage.SHIELDED: _("Shielded"),
}
ACTIONS = {
    None: _("Draft saved"),
    Action.SUBMIT: _("Submit for review"),
    Action.PUBLISH: _("Publish"),
    Action.REFUSE_PUBLICITY: _("Do not publish"),
    Action.SEND_BACK: _("Send back with remarks"),
    Action.DISCARD: _("Give up"),
    Action.CORRECT: _("Carry out the correction"),
    Action.WITHDRAW: _("Withdraw from the public"),
    Action.REFUSE: _("Refuse the proposal"),
    Action.SHIELD: _("Hide during the reorganisation"),
    Action.LIFT_SHIELD: _("Show it again"),
}
CONSEQUENCES = {
    Action.SUBMIT: _(
        "The record is entered in the ledger and waits for a second officer; the public sees nothing yet."
    ),
    Action.PUBLISH: _("Everybody sees the record at once; platforms are told, and the province receives it."),
    Action.REFUSE_PUBLICITY: _("The record stays with the authorities; the public never sees it."),
    Action.SEND_BACK: _("The first officer reads your remarks, corrects and submits again."),
    Action.DISCARD: _("The draft is deleted; nothing in the register changes."),
    Action.CORRECT: _("The public sees the corrected record at once; the old value stays in the ledger only."),
    Action.WITHDRAW: _("The record leaves the public side at once; its address shows the reason and no facts."),
    Action.REFUSE: _("The record stays as it is."),
    Action.SHIELD: _("The public sees the record no more and measures rest, until the plan is carried out or fails."),
    Action.LIFT_SHIELD: _("The public sees the record again until its time of publicity is full."),
}
END_REASONS = {
    EndReason.DECISION_REVOKED: _("The decision was changed, revoked, or held unlawful or void"),
    EndReason.CORRECTED: _("It was entered wrongly"),
    EndReason.OTHER: _("Another reason"),
}
CLOCKS = {
    "report_upward": _("Report upward"),
    "publish_penalty": _("Publish"),
    "correct_penalty": _("Correct"),
    "withdraw_penalty": _("Withdraw"),
}
NOT_PUBLIC = {
    "warning_only": _("a warning alone is not published"),
    "minor_class": _("decisions of the minor class are not published"),
    "party_under_age": _("decisions on minors are never published"),
    "period_over": _("its time of publicity is over already"),
    "not_valid": _("the licence is not valid by its own status"),
}
