"""Words of the pages on which the public applies, objects, reports and follows: faults, kinds, stages."""

from flask_babel import lazy_gettext as _

from registry.rules import clue_procedure, objection_procedure, repair_procedure
from registry.rules.clue_procedure import Finding
from registry.rules.objection_procedure import ObjectionKind
from registry.rules.proceedings import Procedure

FAULTS = {
    # the form
    "applicant_missing": _("Please enter who applies."),
    "contact_missing": _("Please enter a telephone number or an e-mail address."),
    "contact_bad": _("This is neither a telephone number nor an e-mail address."),
    "agent_missing": _("Please enter the name of the agent."),
    "statement_missing": _("Please describe the matter."),
    "text_too_long": _("Too long: at most %(longest)s characters are taken in."),
    "text_unprintable": _("The text holds characters that cannot be displayed."),
    "choice_missing": _("Please choose one."),
    "commitment_missing": _("Without the commitment no repair can be applied for."),
    "proof_missing": _("Please add at least one file as proof."),
    "authorisation_missing": _("Please add the written authorisation of the agent."),
    "supplement_missing": _("Please add a file, or write what you have to say."),
    "form_old": _(
        "This page was open for too long. Please check your entries, choose the files again and send once more."
    ),
    # files
    "too_many_files": _("Too many files: at most %(most)s are taken in."),
    "files_too_large": _("The files are too large together: at most %(most)s MB are taken in."),
    "file_empty": _("File %(number)s is empty."),
    "file_too_large": _("File %(number)s is too large: at most %(most)s MB are taken in."),
    "file_name_bad": _(
        "The name of file %(number)s holds a path or forbidden characters, or is too long. Please rename it."
    ),
    "file_type_unknown": _("File %(number)s is neither PDF nor JPEG nor PNG, whatever it is called."),
    "file_type_differs": _(
        "The name of file %(number)s does not end as its content demands (.pdf, .jpg, .jpeg, .png)."
    ),
    "file_damaged": _("File %(number)s is damaged or incomplete."),
    "file_active": _("File %(number)s holds scripts or embedded files. Please print it to a plain PDF first."),
    "file_unfolds": _("File %(number)s is a picture of too many pixels. Please make it smaller."),
    # what the register says against it
    "record_is_public": _("This record is not public any more: nothing is left to be repaired."),
    "time_has_come": _("The earliest day to apply for this repair has not come."),
    "commitment_made": _("Without the commitment no repair can be applied for."),
    "may_speak": _("An agent needs a written authorisation."),
    "proceeding_open": _("This cannot be handed in online now. Please turn to the authority named above."),
    "no_bureau": _("No authority of this register is responsible for the place of this operator. Please call 12315."),
}

UNKNOWN_CODE = _("There is no application with this code. Please compare every character.")

OBJECTIONS = {
    ObjectionKind.LISTING: _("The listing or mark is wrong (only the operator itself can object)"),
    ObjectionKind.PENALTY_DATA: _("The published data of the penalty are not accurate (anybody with evidence)"),
    ObjectionKind.CREDIT_INFORMATION: _("The published information is wrong (only the operator itself can object)"),
    ObjectionKind.QUESTION: _("I have a question about what is published (anybody)"),
    ObjectionKind.REPORT: _("What is published is false (anybody)"),
}
TITLES = {
    Procedure.REPAIR: _("Application for credit repair"),
    Procedure.OBJECTION: _("Objection or question"),
    Procedure.CLUE: _("Clue about an operator"),
}

PERSONAL = {
    "applicant": _("Applicant"),
    "contact": _("Telephone or e-mail"),
    "agent": _("Agent"),
    "statement": _("Statement"),
    "supplement_statement": _("Statement with the missing papers"),
}
"""What an applicant said of a personal kind, by its name in the vault."""

_R, _F, _K = repair_procedure.Stage, objection_procedure.Stage, clue_procedure.Stage
STAGES = {
    _R.DRAFT: _("Being written"),
    _R.SUBMITTED: _("Handed in, waits for acceptance"),
    _R.SUPPLEMENT: _("More is asked of you"),
    _R.ACCEPTED: _("Accepted"),
    _R.NOT_ACCEPTED: _("Not accepted"),
    _R.VERIFYING: _("Verified, waits for the decision"),
    _R.GRANTED: _("Granted: the record is not public any more"),
    _R.REFUSED: _("Refused"),
    _R.SYNCED: _("Granted, and everybody who held the record was told"),
    _R.REVOKED: _("The repair was revoked: the record is public again"),
    _F.RECEIVED: _("Handed in, waits for acceptance"),
    _F.NOT_ACCEPTED: _("Not accepted"),
    _F.ACCEPTED: _("Accepted, being verified"),
    _F.UPHELD: _("Upheld: the record is being corrected"),
    _F.REJECTED: _("Not upheld: the record stands"),
    _F.CORRECTED: _("Upheld: the record was corrected or withdrawn"),
    _K.RECEIVED: _("Handed in"),
    _K.TAKEN_UP: _("Being checked"),
    _K.NOT_TAKEN_UP: _("Not to be checked; an answer follows"),
    _K.ANSWERED: _("Answered"),
}
"""Where a case stands, as its applicant reads it; stages of different procedures have different values."""
NEXT = {
    "accept_repair": _("The authority accepts or refuses acceptance by"),
    "decide_repair": _("The authority decides by"),
    "remove_abnormal": _("The authority decides by"),
    "restore_household": _("The authority decides by"),
    "stop_after_repair": _("Publicity ends by"),
    "share_repair": _("Other departments are told by"),
    "push_repair": _("The place of registration is told by"),
    "accept_objection": _("The authority accepts or refuses acceptance by"),
    "accept_data_objection": _("The authority accepts or refuses acceptance by"),
    "accept_credit_objection": _("The authority accepts or refuses acceptance by"),
    "verify_objection": _("The authority decides by"),
    "decide_data_objection": _("The authority decides by"),
    "decide_credit_objection": _("The authority decides by"),
    "answer_question": _("The authority answers by"),
    "check_report": _("The authority answers by"),
    "correct_listing": _("The record is corrected by"),
    "correct_penalty": _("The record is corrected by"),
}
"""What the deadline of a case is about, by its name in the rule set."""
FINDINGS = {
    Finding.CONFIRMED: _("What you reported was confirmed."),
    Finding.NOT_CONFIRMED: _("What you reported was not confirmed."),
    Finding.PASSED_ON: _("Another office is competent and has been told."),
}
