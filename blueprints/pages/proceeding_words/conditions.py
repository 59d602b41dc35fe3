"""What the guards of the procedures demand, in words; a test compares them with the declarations."""

from flask_babel import lazy_gettext as _

GUARDS = {
    # the abnormal list and the mark
    "reason_is_r1": _("The reason is a missing annual report."),
    "reason_is_r2": _("The reason is information not published."),
    "reason_is_r4": _("The reason is being unreachable."),
    "reason_is_direct": _("The reason needs neither an order nor letters (annual report, false information)."),
    "reason_is_r3_or_r4": _("The reason is false information or being unreachable."),
    "disclosed_in_time": _("It was published within the ordered time."),
    "order_is_over": _("The ordered time is over and nothing was published."),
    "ground_holds": _("The reason for listing is made out on this day."),
    "on_register": _("The operator is on the register."),
    "registered_here": _("The operator is registered with this authority."),
    "no_second_listing": _("It does not stand on the list for the same year, or as unreachable, already."),
    "decided_by_the_audit": _("The decision is not dated after its approval."),
    "removal_answers_listing": _("The reason for removal answers the reason for listing."),
    "proof_given": _("Proof was handed in."),
    "removal_is_verified": _("The duty was performed; for false information and unreachability that was verified too."),
    "correction_grounded": _("It is stated who found the entry wrong."),
    "registration_ended": _("The operator was deregistered, revoked, or has become a company."),
    "serious_fraud_found": _("It was obtained by serious fraud."),
    # the violation list
    "must_be_assessed": _("The conduct calls for an assessment (articles 5 to 11, or fake food or drugs sold online)."),
    "all_factors_answered": _("Each factor of article 12 is answered."),
    "is_listable": _("The penalty is a heavier one, the case is grave, and absence of intent was not proved."),
    "notice_served": _("The notice with facts, basis and rights was served."),
    "hearing_may_be_asked": _("The time to ask for a hearing is not over."),
    "hearing_wait_is_over": _("A hearing was held, waived, or not asked for in time."),
    "superior_agrees": _("The next level has consented, or need not."),
    "decided_with_the_penalty": _("It is decided on the day of the penalty, and not dated after its approval."),
    "early_removal_is_open": _("One year on the list is full, three are not, and no legal restriction runs."),
    "may_come_off_early": _("Duties were performed, harm removed, and no heavier penalty has followed."),
    "commitment_made": _("The public commitment was made."),
    "months_are_full": _("The time on the list, or the longer restriction, is full."),
    "revocation_grounded": _(
        "The penalty behind it was revoked, held unlawful or void, or the listing was found wrong."
    ),
    "reorganisation_approved": _("A court approved the plan or settlement."),
    "reorganisation_failed": _("The plan has failed."),
    # repair
    "record_is_public": _("The record is public now."),
    "time_has_come": _("The shortest time of publicity is full."),
    "may_speak": _("Whoever applies for another is authorised."),
    "same_office": _("This authority decided on the record itself."),
    "asked_only_once": _("Nothing was asked for before: all that is missing is asked for at once."),
    "materials_complete": _("The materials are complete."),
    "record_is_clean": _(
        "A penalty: the operator stands on neither list and had no second penalty of the kind."
        " A stay on the violation list: no heavier penalty has followed."
    ),
    "is_verified": _("The facts were checked."),
    "everybody_told": _("Publicity has stopped and everybody who held the record was told."),
    # objections
    "raised_in_time": _("It was raised within thirty days of publication."),
    "may_object": _("It comes from the operator where the law demands that, with evidence where it does."),
    "found_wrong": _("What is published was found wrong."),
    "decider_is_impartial": _("Whoever decides had no part in the penalty or the listing."),
    "found_right": _("What is published was found right."),
    "record_corrected": _("The record was corrected or withdrawn."),
    # inspections, notices to providers
    "completed": _("The inspection is completed."),
    "negative": _("The result is negative."),
    "linked_record_ended": _("The penalty or listing that it led to has ended."),
    "repair_granted": _("A repair was granted."),
    "listing_in_force": _("The violation listing is in force."),
    "listing_ended": _("The violation listing has ended."),
    "refusal_explained": _("The provider gave a reason."),
    # clues
    "clue_is_checked": _("What was taken up has been checked, with a finding."),
    "answer_given": _("The answer to whoever reported is written."),
}
