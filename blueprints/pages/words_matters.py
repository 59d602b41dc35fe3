"""Words of the console's matters: fields of the forms, steps and what they bring about, stages, clocks."""

from flask_babel import lazy_gettext as _

from registry.rules.penalty_procedure import Action, MatterKind, MatterState, Stage, Subject
from registry.rules.record import EndReason

SUBJECTS = {Subject.PENALTIES: _("Penalties"), Subject.LICENCES: _("Licences")}
KINDS = {
    MatterKind.ENTRY: _("New entry"),
    MatterKind.CORRECTION: _("Correction"),
    MatterKind.WITHDRAWAL: _("Withdrawal"),
}
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
GROUPS = {
    "party": _("Party"),
    "case": _("Decision"),
    "sanction": _("Sanction"),
    "days": _("Days and periods"),
    "source": _("Source and remarks"),
    "notice": _("Notice to the party"),
}
NOT_PUBLIC = {
    "warning_only": _("a warning alone is not published"),
    "minor_class": _("decisions of the minor class are not published"),
    "party_under_age": _("decisions on minors are never published"),
    "period_over": _("its time of publicity is over already"),
    "not_valid": _("the licence is not valid by its own status"),
}
FIELDS = {
    "category": _("Category of the party"),
    "name": _("Name of the party"),
    "uscc": _("Unified social credit code"),
    "doubt": _("Why a doubtful code is kept"),
    "registration_no": _("Registration number"),
    "organisation_code": _("Organisation code"),
    "tax_no": _("Tax registration number"),
    "institution_no": _("Certificate number of the public institution"),
    "society_no": _("Certificate number of the social organisation"),
    "representative": _("Legal representative"),
    "representative_id_type": _("Document type of the legal representative"),
    "representative_id": _("Document number of the legal representative"),
    "id_type": _("Document type"),
    "id_number": _("Document number of the person"),
    "document_no": _("Number of the decision"),
    "unlawful_act": _("Kind of unlawful act"),
    "facts": _("Facts"),
    "legal_basis": _("Legal basis"),
    "kinds": _("Kinds of penalty"),
    "content": _("Content of the decision"),
    "fine": _("Fine (in 10,000 yuan)"),
    "confiscated": _("Confiscated (in 10,000 yuan)"),
    "licence_affected": _("Licence withheld or revoked: name and number"),
    "restriction_until": _("Restriction until"),
    "decided_on": _("Day of the decision"),
    "valid_from": _("Valid from"),
    "valid_until": _("Valid until"),
    "declared_until": _("Declared end of publicity"),
    "severity": _("Class"),
    "source": _("Unit that hands the record on"),
    "source_uscc": _("Code of the unit that hands the record on"),
    "remark": _("Remark"),
    "told": _("Made by ordinary procedure and served; the party was told in writing of publicity and of repair"),
    "document_title": _("Title of the decision"),
    "licence_kind": _("Kind of licence"),
    "certificate_name": _("Name of the certificate"),
    "licence_no": _("Number of the licence"),
    "current_status": _("Present status"),
    "party_name": _("Name of the party"),
    "legal_representative": _("Legal representative"),
    "kinds_printed": _("Kinds of penalty"),
    "party_codes": _("Codes of the party"),
    "source_name": _("Unit that hands the record on"),
}
HINTS = {
    "document_no": _("As printed on the decision, for example 石市监处罚〔2023〕21号."),
    "kinds": _("Several kinds are separated by a semicolon."),
    "fine": _("Unit of the standard: 10,000 yuan, at most six decimals; 2,000 yuan is 0.2."),
    "decided_on": _("As 2026-02-28; the seven working days run from it."),
    "doubt": _("Only where the licence itself shows a code that fails its check."),
    "declared_until": _("Only where the decision names an earlier end than the rules."),
    "source": _("Empty: the deciding authority itself."),
    "severity": _("Empty: by the kinds of penalty."),
}
REQUIRED = frozenset(
    {"category", "name", "id_type", "id_number", "document_no", "unlawful_act", "facts", "legal_basis", "kinds",
     "content", "decided_on", "told", "document_title", "licence_kind", "valid_from", "current_status"}
)  # fmt: skip
LONG = frozenset({"facts", "content", "legal_basis", "remark", "unlawful_act"})
