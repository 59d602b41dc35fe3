"""Words of the abnormal-operations list and of household marks."""

from typing import Any

from flask_babel import lazy_gettext as _

from blueprints.pages.proceeding_words import ProceedingWords
from registry.rules import abnormal_procedure as abnormal
from registry.rules import household_procedure as household
from registry.rules.abnormal_cases import CorrectionGround, RemovalReason
from registry.rules.listing import AbnormalReason
from registry.rules.proceedings import Procedure

_PARTICULARS: dict[str, Any] = {
    "facts": _("Facts of the case"),
    "verified_on": _("Verified on"),
    "visited_on": _("Visited on"),
    "letters_sent_on": _("Letters sent on (one day a line)"),
    "answered_on": _("The operator answered on"),
    "ordered_on": _("Ordered on"),
    "order_served_on": _("Order served on"),
    "applied_on": _("Applied on"),
    "removal_reason": _("Reason for removal"),
    "proof": _("Proof handed in"),
    "cured_on": _("Duty performed on"),
    "removal_verified_on": _("Performance verified on"),
    "correction_ground": _("How the listing was found wrong"),
    "found_wrong_on": _("Found wrong on"),
    "fraud_found_on": _("Fraud found on"),
    "serious_fraud": _("The fraud is serious"),
}
_CHOICES: dict[str, Any] = {
    RemovalReason.REPORTED: _("Missing annual report filed and published"),
    RemovalReason.DISCLOSED: _("Information published"),
    RemovalReason.INFORMATION_CORRECTED: _("False information corrected"),
    RemovalReason.ADDRESS_CHANGED: _("Change of address registered"),
    RemovalReason.REACHED: _("Contact regained"),
    CorrectionGround.OBJECTION: _("An objection was upheld"),
    CorrectionGround.OWN_FINDING: _("The authority found it itself"),
    CorrectionGround.REVIEW: _("Decision on administrative review"),
    CorrectionGround.COURT: _("Judgment of a court"),
}

_LISTING = ProceedingWords(
    title=_("Abnormal-operations list"),
    stages={
        abnormal.Stage.CLUE: _("Clue"),
        abnormal.Stage.ORDERED: _("Ordered to publish"),
        abnormal.Stage.CONTACTING: _("Being contacted"),
        abnormal.Stage.PENDING: _("Listing waits for review"),
        abnormal.Stage.NOT_LISTED: _("Not put on the list"),
        abnormal.Stage.LISTED: _("On the abnormal list"),
        abnormal.Stage.REMOVAL_PENDING: _("Removal waits for review"),
        abnormal.Stage.REMOVED: _("Removed after performance"),
        abnormal.Stage.CORRECTED: _("Listing corrected away"),
        abnormal.Stage.AUTO_CLOSED: _("Ended with the registration"),
        abnormal.Stage.RESTORED: _("Back on the abnormal list after fraud"),
    },
    actions={
        abnormal.Action.RECORD: _("Record a clue"),
        abnormal.Action.ORDER: _("Order to publish"),
        abnormal.Action.CLOSE_ORDER: _("Close, published in time"),
        abnormal.Action.CONTACT: _("Begin visits and letters"),
        abnormal.Action.DROP: _("Drop the clue"),
        abnormal.Action.PROPOSE: _("Propose the listing"),
        abnormal.Action.REFUSE: _("Refuse the listing"),
        abnormal.Action.LIST: _("Put on the abnormal list"),
        abnormal.Action.APPLY: _("Enter the application for removal"),
        abnormal.Action.REFUSE_REMOVAL: _("Refuse the removal"),
        abnormal.Action.REMOVE: _("Remove from the abnormal list"),
        abnormal.Action.CORRECT: _("Correct the listing away"),
        abnormal.Action.CLOSE: _("End with the registration"),
        abnormal.Action.RESTORE: _("Put back on the abnormal list"),
    },
    consequences={
        abnormal.Action.RECORD: _("Nothing becomes public. The clue is looked into."),
        abnormal.Action.ORDER: _("The order to publish is issued; its time runs from service, which is noted."),
        abnormal.Action.CONTACT: _(
            "Visits and letters are noted. Two letters that keep the interval and stay unanswered, or a visit, show that"
            " the operator cannot be reached."
        ),
        abnormal.Action.DROP: _("The case ends without a listing."),
        abnormal.Action.PROPOSE: _("A second officer decides; nothing is public until then."),
        abnormal.Action.REFUSE: _("The case ends without a listing, with your reason."),
        abnormal.Action.LIST: _("The decision is issued and the listing is public today."),
        abnormal.Action.APPLY: _("A second officer decides; the listing stays public until then."),
        abnormal.Action.REFUSE_REMOVAL: _("A notice with your reason is issued; the listing stays public."),
        abnormal.Action.REMOVE: _("The decision is issued; neither listing nor removal is shown any more."),
        abnormal.Action.CORRECT: _(
            "The decision is issued; the listing counts as never made, in no list and in no statistics."
        ),
        abnormal.Action.RESTORE: _("The removal is taken back; the listing is public again from today."),
    },
    particulars=_PARTICULARS,
    choices=_CHOICES,
    reasons={
        AbnormalReason.R1: _("Annual report not published in time"),
        AbnormalReason.R2: _("Information not published within the ordered time"),
        AbnormalReason.R3: _("Published information conceals the truth"),
        AbnormalReason.R4: _("Cannot be reached at the registered place"),
    },
)

_MARK = ProceedingWords(
    title=_("Household mark"),
    stages={
        household.Stage.NORMAL: _("Normal record"),
        household.Stage.MARK_PENDING: _("Mark waits for review"),
        household.Stage.MARKED: _("Marked as operating abnormally"),
        household.Stage.RECOVERY_PENDING: _("Recovery waits for review"),
        household.Stage.CORRECTED: _("Mark corrected away"),
        household.Stage.CLOSED: _("Mark ended with the registration"),
    },
    actions={
        household.Action.PROPOSE: _("Propose the mark"),
        household.Action.REFUSE: _("Refuse the mark"),
        household.Action.MARK: _("Mark the household"),
        household.Action.MARK_UNREPORTED: _("Mark, report missing"),
        household.Action.APPLY: _("Enter the application for recovery"),
        household.Action.REFUSE_RECOVERY: _("Refuse the recovery"),
        household.Action.RECOVER: _("Take the mark off"),
        household.Action.RECOVER_REPORTED: _("Take the mark off, report made up"),
        household.Action.CORRECT: _("Correct the mark away"),
        household.Action.CLOSE: _("End the mark with the registration"),
    },
    consequences={
        household.Action.PROPOSE: _("A second officer decides; nothing is public until then."),
        household.Action.REFUSE: _("The household keeps its normal record."),
        household.Action.MARK: _("The mark is public today. There is no document."),
        household.Action.APPLY: _("A second officer decides; the mark stays public until then."),
        household.Action.REFUSE_RECOVERY: _("The mark stays public."),
        household.Action.RECOVER: _("Neither mark nor recovery is shown any more."),
        household.Action.CORRECT: _("The decision is issued; the mark counts as never made."),
    },
    particulars=_PARTICULARS,
    choices=_CHOICES,
    reasons={
        AbnormalReason.R3: _("Published information conceals the truth"),
        AbnormalReason.R4: _("Cannot be reached at the registered place"),
    },
)

WORDS: dict[Procedure, ProceedingWords] = {
    Procedure.ABNORMAL_LISTING: _LISTING,
    Procedure.HOUSEHOLD_MARK: _MARK,
}
