"""Words for what a rule set holds, in the reader's language."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from blueprints.pages.words import PENALTIES, SEVERITIES
from registry.rules.rule_set_comparison import Part
from registry.rules.rule_sets import Basis, Deadline, Event, Period, Severity, Unit

PARTS = {
    Part.PERIOD: _("Periods"),
    Part.DEADLINE: _("Deadlines"),
    Part.CONDITION: _("Conditions"),
    Part.ARTICLE: _("Articles"),
}
RULES = {
    "penalties.basis": _("Publicity of penalties counts from"),
    "penalties.minor": _("Penalties of the minor class"),
    "penalties.general": _("Penalties of the general class"),
    "penalties.serious": _("Penalties of the serious class"),
    "penalties.warning_shown": _("Mere warnings are published"),
    "penalties.criticism_shown": _("Circulated criticism is published"),
    "penalties.criticism_severity": _("Class of circulated criticism"),
    "penalties.low_fine_is_minor": _("A low fine is of the minor class"),
    "penalties.never_repaired": _("Penalties whose publicity never ends early"),
    "penalties.source": _("Publicity of penalties"),
    "penalties.safety_repair_after": _("Months before a repair where safety is at stake, at least"),
    "penalties.safety_words": _("What makes safety at stake, by act or legal basis"),
    "listings.violation_months": _("Months on the serious violation list"),
    "listings.violation_repair_after": _("Months before early removal from the serious violation list"),
    "listings.needs_superior_consent": _("A serious violation listing needs the consent of the next level"),
    "listings.removal_shown": _("Removals from the lists are shown"),
    "listings.source": _("Serious violation list"),
    "listings.abnormal_source": _("Abnormal list"),
    "listings.mark_source": _("Household marks"),
    "listings.annual_report_ends": _("The annual report is due (month-day)"),
    "listings.letter_gap": _("Calendar days between the two letters to an unreachable operator"),
    "listings.reminder_months": _("Months on the abnormal list that officers are reminded of"),
    "listings.reminder_days": _("Days by which that reminder comes earlier"),
    "deadlines.decide_penalty": _("Deciding on a penalty"),
    "deadlines.request_hearing": _("Asking for a hearing"),
    "deadlines.serve_penalty": _("Serving a penalty decision"),
    "deadlines.publish_penalty": _("Publishing a penalty"),
    "deadlines.push_to_other_province": _("Passing a decision on to another province"),
    "deadlines.publish_from_other_province": _("Publishing a decision from another province"),
    "deadlines.withdraw_penalty": _("Withdrawing a penalty that was annulled"),
    "deadlines.correct_penalty": _("Correcting published data"),
    "deadlines.report_upward_alarm": _("Alarm before reporting upward is due"),
    "deadlines.report_upward": _("Reporting upward"),
    "deadlines.list_r1": _("Listing for a missing annual report"),
    "deadlines.order_to_publish": _("Publishing information after an order"),
    "deadlines.list_r2": _("Listing for information not published after an order"),
    "deadlines.list_r3": _("Listing for false information"),
    "deadlines.list_r4": _("Listing for being unreachable"),
    "deadlines.remove_abnormal": _("Deciding on removal from the abnormal list"),
    "deadlines.mark_household": _("Marking a household"),
    "deadlines.restore_household": _("Restoring the normal state of a household"),
    "deadlines.publish_violation": _("Publishing a serious violation listing"),
    "deadlines.stop_violation": _("Ending publicity after removal from the serious violation list"),
    "deadlines.revoke_violation": _("Revoking a listing whose penalty was annulled"),
    "deadlines.object": _("Objecting to a listing or mark"),
    "deadlines.accept_objection": _("Accepting an objection to a listing or mark"),
    "deadlines.verify_objection": _("Deciding on an objection to a listing or mark"),
    "deadlines.correct_listing": _("Correcting a listing or mark"),
    "deadlines.accept_data_objection": _("Accepting an objection to penalty data"),
    "deadlines.decide_data_objection": _("Deciding on an objection to penalty data"),
    "deadlines.accept_credit_objection": _("Accepting an objection to credit information"),
    "deadlines.decide_credit_objection": _("Deciding on an objection to credit information"),
    "deadlines.answer_question": _("Answering a question about published data"),
    "deadlines.check_report": _("Checking a report of false data"),
    "deadlines.ask_for_review": _("Asking for administrative review"),
    "deadlines.go_to_court": _("Going to court"),
    "deadlines.publish_information": _("Publishing information of one's own"),
    "deadlines.end_suspension": _("Ending a suspension of business"),
    "deadlines.mark_undissolved": _("Dissolving after revocation, annulment or closure"),
    "deadlines.renew_shown_licence": _("Renewing the licence data shown in a shop"),
    "deadlines.verify_merchants_again": _("Verifying a platform's merchants again"),
    "deadlines.publish_platform_measure": _("Publishing a platform's measure"),
    "deadlines.accept_repair": _("Accepting an application for repair"),
    "deadlines.decide_repair": _("Deciding on an application for repair"),
    "deadlines.stop_after_repair": _("Ending publicity after repair"),
    "deadlines.share_repair": _("Telling other departments of a repair"),
    "deadlines.follow_repair": _("Following a repair on the credit site"),
    "deadlines.push_repair": _("Telling the place of registration in another province of a repair"),
}
EVENTS = {
    Event.ACCEPTANCE: _("acceptance"),
    Event.CREATION: _("creation of the information"),
    Event.DECISION: _("the decision"),
    Event.DISSOLUTION: _("revocation, annulment or closure"),
    Event.FILING: _("filing of the case"),
    Event.MEASURE: _("the measure"),
    Event.NOTICE: _("the notice"),
    Event.ORDER_ENDED: _("the end of the ordered time"),
    Event.ORDER_SERVED: _("service of the order"),
    Event.PERIOD_ENDED: _("the end of the annual-report period"),
    Event.PERIOD_ENDED_OR_VERIFICATION: _("the end of the annual-report period, or verification"),
    Event.APPLICATION_OR_VERIFICATION: _("the application, or verification"),
    Event.PUBLICATION: _("publication"),
    Event.RECEIPT: _("receipt"),
    Event.REVOCATION: _("annulment"),
    Event.SERVICE: _("service"),
    Event.SUSPENSION: _("the suspension of business"),
    Event.VERIFICATION: _("verification"),
}
_BASES = {Basis.DECISION: _("the day of the decision"), Basis.PUBLICATION: _("the day of publication")}


def value_in_words(name: str, value: object) -> str:
    """The value of the rule of this name, or that there is none, for people. A class without a period is not published."""
    match value:
        case None if name.startswith("penalties."):
            return gettext("never published")
        case None:
            return gettext("none")
        case True:
            return gettext("yes")
        case False:
            return gettext("no")
        case Period():
            return gettext(
                "%(longest)s months at most, repair after %(repair)s",
                longest=value.longest, repair=value.repair_after,
            )  # fmt: skip
        case Deadline():
            return gettext("%(length)s from %(event)s", length=_length(value), event=EVENTS[value.since])
        case Basis():
            return str(_BASES[value])
        case Severity():
            return str(SEVERITIES[value])
        case frozenset():
            named = [str(words) for kind, words in PENALTIES.items() if kind in value]
            return gettext(", ").join(named) or gettext("none")
        case tuple():
            return "–".join(str(each) for each in value)
        case _:
            return str(value)


def _length(deadline: Deadline) -> str:
    amount = deadline.amount
    if deadline.unit is Unit.WORKING_DAYS:
        return ngettext("%(num)s working day", "%(num)s working days", amount)
    if deadline.unit is Unit.CALENDAR_DAYS:
        return ngettext("%(num)s calendar day", "%(num)s calendar days", amount)
    return ngettext("%(num)s month", "%(num)s months", amount)
