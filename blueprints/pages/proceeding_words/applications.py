"""Words of repairs, objections and clues for the console."""

from flask_babel import lazy_gettext as _

from blueprints.pages.proceeding_words import ProceedingWords
from blueprints.pages.words import ABNORMAL
from registry.rules import clue_procedure, objection_procedure, repair_procedure
from registry.rules.abnormal_cases import RemovalReason
from registry.rules.clue_procedure import Finding
from registry.rules.listing import AbnormalReason
from registry.rules.objection_procedure import ObjectionKind
from registry.rules.proceedings import Procedure
from registry.services.proceedings.objection_effects import Outcome

_ES, _EA = repair_procedure.Stage, repair_procedure.Action
_FS, _FA = objection_procedure.Stage, objection_procedure.Action
_KS, _KA = clue_procedure.Stage, clue_procedure.Action

_REPAIR = ProceedingWords(
    title=_("Credit repairs"),
    stages={
        _ES.DRAFT: _("Being written"),
        _ES.SUBMITTED: _("Handed in"),
        _ES.SUPPLEMENT: _("More was asked for"),
        _ES.ACCEPTED: _("Accepted"),
        _ES.NOT_ACCEPTED: _("Not accepted"),
        _ES.VERIFYING: _("Verified, to be decided"),
        _ES.GRANTED: _("Repair granted"),
        _ES.REFUSED: _("Repair refused"),
        _ES.SYNCED: _("Repair granted, everybody told"),
        _ES.REVOKED: _("Repair revoked"),
    },
    actions={
        _EA.DRAFT: _("Write an application"),
        _EA.SUBMIT: _("Hand the application in"),
        _EA.ASK_FOR_MORE: _("Ask for what is missing"),
        _EA.SUPPLEMENT: _("Hand in what was missing"),
        _EA.ACCEPT: _("Accept the application"),
        _EA.NOT_ACCEPT: _("Do not accept the application"),
        _EA.VERIFY: _("Enter the verification"),
        _EA.GRANT: _("Grant the repair"),
        _EA.REFUSE: _("Refuse the repair"),
        _EA.SYNC: _("Everybody was told"),
        _EA.REVOKE: _("Revoke the repair"),
    },
    consequences={
        _EA.ASK_FOR_MORE: _("Can be done once. The clock of acceptance begins anew when the missing papers come in."),
        _EA.ACCEPT: _("The clock of the decision begins; the applicant reads it with the query code."),
        _EA.NOT_ACCEPT: _("The case ends; your reason stands in the notice that the applicant reads."),
        _EA.VERIFY: _("The case goes to the second officer, who decides."),
        _EA.GRANT: _("The record disappears from every public page, report, file and interface in this moment."),
        _EA.REFUSE: _("The record stays public; your reason stands in the decision that the applicant reads."),
        _EA.REVOKE: _("The record is public again at once, and its period of publicity starts anew."),
    },
    particulars={
        "missing": _("Everything that is missing, one item a line"),
        "materials_complete": _("The materials are complete"),
        "commitment_made": _("The public commitment was made"),
        "through_agent": _("An agent applies"),
        "agent_authorised": _("The agent showed a written authorisation"),
        "verified_on": _("Verified on"),
        "duties_performed": _("The duties were performed and the wrong is set right"),
        "same_kind_penalty": _("Another penalty for the same kind of conduct has followed"),
        "removal_reason": _("Reason of the removal (abnormal list and marks)"),
        "findings": _("What was found"),
        "told_on": _("Other departments and the credit centre were told on"),
        "serious_fraud_found": _("The repair was obtained by serious fraud"),
        "received_on": _("Received on"),
        "accepted_on": _("Accepted on"),
        "granted_on": _("Granted on"),
    },
    choices={
        RemovalReason.REPORTED: _("Missing annual report published"),
        RemovalReason.DISCLOSED: _("Duty to publish performed"),
        RemovalReason.INFORMATION_CORRECTED: _("Published information corrected"),
        RemovalReason.ADDRESS_CHANGED: _("Change of address registered"),
        RemovalReason.REACHED: _("Reached again at the registered address"),
    },
)

_OBJECTION = ProceedingWords(
    title=_("Objection"),
    stages={
        _FS.RECEIVED: _("Handed in"),
        _FS.NOT_ACCEPTED: _("Not accepted"),
        _FS.ACCEPTED: _("Accepted, to be verified and decided"),
        _FS.UPHELD: _("Upheld, to be corrected"),
        _FS.REJECTED: _("Not upheld"),
        _FS.CORRECTED: _("Upheld and put right"),
    },
    actions={
        _FA.OBJECT: _("Enter an objection"),
        _FA.ACCEPT: _("Accept the objection"),
        _FA.NOT_ACCEPT: _("Do not accept the objection"),
        _FA.UPHOLD: _("Uphold the objection"),
        _FA.REJECT: _("Reject the objection"),
        _FA.CORRECT: _("Put right"),
    },
    consequences={
        _FA.OBJECT: _("The record is shown as being under objection; it stays public."),
        _FA.NOT_ACCEPT: _("The mark on the record goes; the notice points to review and court."),
        _FA.UPHOLD: _(
            "Withdrawn, the record disappears at once. To be corrected, the case stays open until the correction is"
            " decided as a matter of its own."
        ),
        _FA.REJECT: _("The record stands and is no longer shown as contested."),
    },
    particulars={
        "by_the_operator": _("It comes from the operator itself"),
        "evidence_given": _("Evidence was given"),
        "verified_on": _("Verified on"),
        "found_wrong": _("What is published was found wrong"),
        "findings": _("What was found"),
        "outcome": _("How it is put right"),
        "received_on": _("Received on"),
        "accepted_on": _("Accepted on"),
        "upheld_on": _("Upheld on"),
        "corrected_on": _("Put right on"),
    },
    choices={Outcome.WITHDRAW: _("Withdraw the record"), Outcome.CORRECT: _("Correct the record")},
    reasons={
        ObjectionKind.LISTING: _("Listing or mark"),
        ObjectionKind.PENALTY_DATA: _("Data of a penalty"),
        ObjectionKind.CREDIT_INFORMATION: _("Other credit information"),
        ObjectionKind.QUESTION: _("Question"),
        ObjectionKind.REPORT: _("Report of false information"),
    },
)

_CLUE = ProceedingWords(
    title=_("Clue from the public"),
    stages={
        _KS.RECEIVED: _("Handed in"),
        _KS.TAKEN_UP: _("Being checked"),
        _KS.NOT_TAKEN_UP: _("Not taken up, to be answered"),
        _KS.ANSWERED: _("Answered"),
    },
    actions={
        _KA.REPORT: _("Enter a clue"),
        _KA.TAKE_UP: _("Take the clue up"),
        _KA.NOT_TAKE_UP: _("Do not take the clue up"),
        _KA.ANSWER: _("Answer"),
    },
    consequences={
        _KA.TAKE_UP: _("With a reason of the abnormal list, a case of that list begins with this clue."),
        _KA.ANSWER: _("Whoever reported reads the answer with the query code. Name nobody in it."),
    },
    particulars={
        "opens_case_for": _("Begin a case of the abnormal list for"),
        "finding": _("What the check came to"),
        "answer": _("Answer to whoever reported"),
        "anonymous": _("Reported without a name"),
        "evidence_given": _("Evidence was given"),
        "received_on": _("Received on"),
        "opened_case": _("Case that was begun"),
    },
    choices={
        Finding.CONFIRMED: _("Confirmed"),
        Finding.NOT_CONFIRMED: _("Not confirmed"),
        Finding.PASSED_ON: _("Passed on to the competent office"),
        **{reason: ABNORMAL[reason] for reason in AbnormalReason},
    },
)

WORDS = {Procedure.REPAIR: _REPAIR, Procedure.OBJECTION: _OBJECTION, Procedure.CLUE: _CLUE}
