"""Words of the violation list, of results of inspections and of notices to providers of network services."""

from flask_babel import lazy_gettext as _

from blueprints.pages import words_inspections
from blueprints.pages.proceeding_words import ProceedingWords
from registry.rules.inspection_procedure import Action as Inspecting
from registry.rules.inspection_procedure import Stage as Result
from registry.rules.listing import ViolationReason
from registry.rules.measures import MEASURES
from registry.rules.proceedings import Procedure
from registry.rules.service_stop_procedure import Action as Stopping
from registry.rules.service_stop_procedure import Stage as Notice
from registry.rules.violation_cases import Factor
from registry.rules.violation_procedure import Action, Stage

_LISTING = ProceedingWords(
    title=_("Violation list"),
    stages={
        Stage.ASSESSED: _("Being assessed"),
        Stage.NOTIFIED: _("Notice of intended listing given"),
        Stage.HEARING: _("Statement or hearing"),
        Stage.WITH_SUPERIOR: _("With the superior authority"),
        Stage.NOT_LISTED: _("Not listed"),
        Stage.LISTED: _("On the violation list"),
        Stage.REMOVAL_REVIEW: _("Early removal asked for"),
        Stage.REMOVED_EARLY: _("Removed early"),
        Stage.EXPIRED: _("Removed, time full"),
        Stage.REVOKED: _("Listing revoked"),
        Stage.RESTORED: _("On the list again after fraud"),
        Stage.SHIELDED: _("Hidden during reorganisation"),
    },
    actions={
        Action.ASSESS: _("Open an assessment"),
        Action.DROP: _("Decide not to list"),
        Action.NOTIFY: _("Give notice of intended listing"),
        Action.ASK_FOR_HEARING: _("Enter the request for a hearing"),
        Action.KEEP_PROPOSAL: _("Keep the proposal and ask for consent"),
        Action.REFUSE_CONSENT: _("Refuse consent"),
        Action.LIST: _("Decide to list"),
        Action.APPLY: _("Enter the application for early removal"),
        Action.REFUSE_REMOVAL: _("Refuse early removal"),
        Action.REMOVE: _("Grant early removal"),
        Action.EXPIRE: _("Remove, time full"),
        Action.REVOKE: _("Revoke the listing"),
        Action.RESTORE: _("Put back on the list"),
        Action.SHIELD: _("Hide during reorganisation"),
        Action.LIFT_SHIELD: _("Show again, reorganisation failed"),
    },
    consequences={
        Action.ASSESS: _(
            "Nothing becomes public. Every factor of article 12 has to be answered before notice is given."
        ),
        Action.DROP: _("The case ends with your reason; the party is not listed."),
        Action.NOTIFY: _("The notice of intended listing is issued, with facts, basis and rights."),
        Action.KEEP_PROPOSAL: _(
            "The case goes to the superior authority, or straight to the decision where no consent is needed."
        ),
        Action.REFUSE_CONSENT: _("The case ends; the party is not listed."),
        Action.LIST: _("The decision and the repair notice are issued together, and the listing is public at once."),
        Action.REMOVE: _("Listing and removal are shown no more, and the measures are lifted."),
        Action.REVOKE: _("The listing is withdrawn; its page tells only that the penalty behind it was annulled."),
        Action.RESTORE: _("The listing is public again, and its time starts anew today."),
        Action.SHIELD: _("The listing is hidden and its measures rest until the plan is carried out or fails."),
        Action.LIFT_SHIELD: _("The listing is public again until its time is full."),
    },
    particulars={
        "facts": _("Facts of the case"),
        "heavier_penalty": _("The penalty is a heavier one"),
        "grave": _("Bad in nature, grave, and of great social harm"),
        "sold_fake_food_or_drugs_online": _("Fake or inferior food or drugs were sold online"),
        "no_intent_proved": _("The party proved that there was no intent"),
        f"factor_{Factor.INTENT}": _("Subjective intent"),
        f"factor_{Factor.FREQUENCY}": _("Frequency of violations"),
        f"factor_{Factor.DURATION}": _("Duration"),
        f"factor_{Factor.PENALTY}": _("Kind of penalty imposed"),
        f"factor_{Factor.AMOUNT}": _("Amount fined and confiscated"),
        f"factor_{Factor.VALUE_OF_GOODS}": _("Value of the goods"),
        f"factor_{Factor.HARM_TO_HEALTH}": _("Harm to life and health"),
        f"factor_{Factor.LOSS}": _("Loss of property"),
        f"factor_{Factor.SOCIAL_EFFECT}": _("Effect on society"),
        "measures": _("Measures"),
        "restriction_until": _("Legal restriction until"),
        "notice_served_on": _("Notice served on"),
        "notice_tells_facts_basis_and_rights": _("The notice tells facts, basis and rights"),
        "hearing_asked_on": _("Hearing asked for on"),
        "hearing_waived_on": _("Hearing waived on"),
        "hearing_held_on": _("Hearing held on"),
        "superior_consented_on": _("Superior authority consented on"),
        "pushed_on": _("Passed on to the place of registration in another province on"),
        "received_there_on": _("Received there on"),
        "published_there_on": _("Published there on"),
        "decided_on": _("Decided on"),
        "penalty_decided_on": _("Penalty decided on"),
        "penalty_no": _("Document number of the penalty"),
        "received_on": _("Received on"),
        "duties_performed": _("Duties were performed"),
        "harm_removed": _("Harm was removed"),
        "heavier_penalty_since": _("Another heavier penalty has followed"),
        "commitment_made": _("A public commitment was made"),
        "penalty_annulled_on": _("Penalty annulled on"),
        "found_wrong_on": _("Listing found wrong on"),
        "revoke_by": _("Listing to be revoked by"),
        "reorganisation_ruling": _("Ruling of the court"),
        "reorganisation_approved_on": _("Plan or settlement approved on"),
        "reorganisation_failed_on": _("Plan failed on"),
        "fraud_found_on": _("Fraud found on"),
        "serious_fraud": _("The fraud is serious"),
    },
    choices={each.code: each.title for each in MEASURES},
    reasons={
        ViolationReason.FOOD: _("Food safety (article 5)"),
        ViolationReason.DRUGS: _("Drugs, medical devices, cosmetics (article 6)"),
        ViolationReason.QUALITY: _("Quality and safety (article 7)"),
        ViolationReason.CONSUMERS: _("Rights of consumers (article 8)"),
        ViolationReason.COMPETITION: _("Fair competition and market order (article 9)"),
        ViolationReason.LICENSING: _("Licences and registration (article 10)"),
        ViolationReason.REFUSAL: _("Refusal to perform (article 11)"),
    },
)

_SERVICE_STOP = ProceedingWords(
    title=_("Notice to stop network services"),
    stages={
        Notice.PROPOSED: _("Proposed to the second officer"),
        Notice.APPROVED: _("Approved"),
        Notice.SENT: _("With the provider"),
        Notice.CONFIRMED: _("Service stopped"),
        Notice.REFUSED: _("Service not stopped"),
        Notice.LIFTED: _("Lifted"),
    },
    actions={
        Stopping.PROPOSE: _("Propose the notice"),
        Stopping.APPROVE: _("Approve the notice"),
        Stopping.SEND: _("Serve the notice"),
        Stopping.CONFIRM: _("Enter that the service was stopped"),
        Stopping.REFUSE: _("Enter that the provider refuses"),
        Stopping.LIFT: _("Lift the notice"),
    },
    consequences={
        Stopping.PROPOSE: _("A second officer decides on it. The notice is never public."),
        Stopping.APPROVE: _("The notice is issued to the provider. It is lifted by itself when the listing ends."),
    },
    particulars={
        "provider": _("Provider"),
        "provider_contact": _("Contact of the provider"),
        "service": _("Service or address on the network"),
        "facts": _("Facts of the case"),
        "stopped_on": _("Stopped on"),
        "refusal_reason": _("Reason for refusing"),
    },
)

_INSPECTION = ProceedingWords(
    title=_("Result of an inspection"),
    stages={
        Result.RECORDED: _("Recorded"),
        Result.PUBLISHED: _("Public"),
        Result.ENDED: _("Publicity ended"),
        Result.WITHDRAWN: _("Withdrawn"),
    },
    actions={
        Inspecting.RECORD: _("Record the result"),
        Inspecting.PUBLISH: _("Publish the result"),
        Inspecting.END_WITH_RECORD: _("End with what it led to"),
        Inspecting.END_AFTER_REPAIR: _("End after repair"),
        Inspecting.WITHDRAW: _("Withdraw the result"),
    },
    consequences={
        Inspecting.RECORD: _("A second officer publishes it; nothing is public before."),
        Inspecting.PUBLISH: _("The result is public at once, on the operator's page and at its own address."),
        Inspecting.END_AFTER_REPAIR: _("The result is shown no more."),
        Inspecting.WITHDRAW: _("The result is taken back. If it was public, its page tells your reason and no facts."),
    },
    particulars={
        "inspection_kind": _("Kind of inspection"),
        "task": _("Task"),
        "inspected_on": _("Inspected on"),
        "completed_on": _("Completed on"),
        "result_code": _("What was found"),
        "result": _("Result as recorded"),
        "linked_record": _("Record that it led to"),
        "found_wrong_on": _("Found wrong on"),
        "repair_granted_on": _("Repair granted on"),
    },
    choices={
        str(value): word
        for group in (words_inspections.KINDS, words_inspections.CODES)
        for value, word in group.items()
    },
)

WORDS: dict[Procedure, ProceedingWords] = {
    Procedure.VIOLATION_LISTING: _LISTING,
    Procedure.SERVICE_STOP: _SERVICE_STOP,
    Procedure.INSPECTION_RESULT: _INSPECTION,
}
