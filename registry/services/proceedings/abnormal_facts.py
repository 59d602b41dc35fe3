"""What is known of a case of the abnormal list or of a household mark: what was stated, the operator, its other stays."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, Operator, Proceeding, db
from registry.clock import today
from registry.errors import RuleViolation
from registry.queries.calendar import working_calendar
from registry.rules import abnormal_cases as rule
from registry.rules.abnormal_cases import CorrectionGround, OtherListing, RemovalReason
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import Actor, StepNotInProcedure
from registry.rules.record import RecordState
from registry.rules.roles import registered_in_scope, scope_of
from registry.rules.rule_sets import Regime, RuleSet, rule_set_for
from registry.services.proceedings.binding import Clock
from registry.services.proceedings.particulars import Form, Particular

ENDED = frozenset({RegistrationStatus.CANCELLED, RegistrationStatus.REVOKED, RegistrationStatus.ANNULLED})
"""Deregistered, revoked, annulled: a stay ends by itself (domain.md 5, A9)."""
NOT_ON_REGISTER = ENDED | {RegistrationStatus.MOVED_OUT}

FACTS = Particular("facts", Form.LONG_TEXT, required=True)
VERIFIED_ON = Particular("verified_on", Form.DAY)
VISITED_ON = Particular("visited_on", Form.DAY)
LETTERS_SENT_ON = Particular("letters_sent_on", Form.DAYS)
ANSWERED_ON = Particular("answered_on", Form.DAY)
ORDER_SERVED_ON = Particular("order_served_on", Form.DAY)
APPLIED_ON = Particular("applied_on", Form.DAY, required=True)
REMOVAL_REASON = Particular("removal_reason", Form.CHOICE, required=True, choices=tuple(RemovalReason))
PROOF = Particular("proof", Form.LONG_TEXT, required=True)
CURED_ON = Particular("cured_on", Form.DAY)
REMOVAL_VERIFIED_ON = Particular("removal_verified_on", Form.DAY)
CORRECTION_GROUND = Particular("correction_ground", Form.CHOICE, required=True, choices=tuple(CorrectionGround))
WRONG_SINCE = Particular("found_wrong_on", Form.DAY, required=True)
FRAUD_FOUND_ON = Particular("fraud_found_on", Form.DAY, required=True)
SERIOUS_FRAUD = Particular("serious_fraud", Form.YES_NO)

APPLICATION = (APPLIED_ON, REMOVAL_REASON, PROOF, CURED_ON, REMOVAL_VERIFIED_ON)
"""What is stated about a removal; forgotten when it is refused, so that the next one stands on facts of its own."""
CORRECTION = (CORRECTION_GROUND, WRONG_SINCE)
UNREACHABLE = (VISITED_ON, LETTERS_SENT_ON, ANSWERED_ON, VERIFIED_ON)
"""What is noted while an operator is looked for (art. 9)."""


def optional(*particulars: Particular) -> tuple[Particular, ...]:
    """The same fields where not all of them are stated at once."""
    return tuple(replace(each, required=False) for each in particulars)


class WrongList(RuleViolation):
    """Enterprises and cooperatives are listed, households are marked, natural persons neither (domain.md 3.2, 3.3)."""

    code = "wrong_list"


class ReasonNotInLaw(RuleViolation):
    """A case of the lists is opened for one of the reasons of 企业经营异常名录管理办法 art. 4."""

    code = "reason_not_in_law"


def facts_of(proceeding: Proceeding, *, marked: bool) -> dict[str, Any]:
    """The members of an `abnormal_cases.Case` for this proceeding. WrongList, ReasonNotInLaw, StepNotInProcedure.

    A day that has not come yet, and service before the order, count as not known.
    """
    if proceeding.id is None and proceeding.about is not None:
        raise StepNotInProcedure("A new case makes a record of its own; a record that stands has its case.")
    operator = _operator(proceeding, marked=marked)
    on = today()
    law = rule_set_for(Regime.SAMR, on)
    stated = proceeding.facts
    removal, ground = stated.get("removal_reason"), stated.get("correction_ground")
    return {
        "today": on,
        "rule_set": law,
        "reason": reason_of(proceeding),
        "report_year": proceeding.report_year,
        "founded_on": operator.established_on,
        "order_ends_on": _order_ends_on(proceeding, law),
        "verified_on": day(proceeding, "verified_on"),
        "visited_on": day(proceeding, "visited_on"),
        "letters_sent_on": tuple(
            each for each in map(date.fromisoformat, stated.get("letters_sent_on", ())) if each <= on
        ),
        "letters_answered": "answered_on" in stated,
        "cured_on": day(proceeding, "cured_on"),
        "on_register": operator.registration_status not in NOT_ON_REGISTER,
        "registered_here": registered_in_scope(
            scope_of(proceeding.authority.id, proceeding.authority.region), operator.region
        ),
        "other_listings": other_listings(operator, but=proceeding.about),
        "decided_on": on,
        "audited_on": on,
        "removal_reason": RemovalReason(removal) if removal else None,
        "proof_given": bool(stated.get("proof")),
        "removal_verified_on": day(proceeding, "removal_verified_on"),
        "correction_ground": CorrectionGround(ground) if ground else None,
        "registration_ended": operator.registration_status in ENDED,
        "serious_fraud_found": bool(stated.get("serious_fraud")) and day(proceeding, "fraud_found_on") is not None,
    }


def reason_of(proceeding: Proceeding) -> AbnormalReason:
    """The reason of a case. ReasonNotInLaw."""
    try:
        return AbnormalReason(proceeding.reason or "")
    except ValueError as error:
        raise ReasonNotInLaw("A case needs one of the reasons R1 to R4.") from error


def day(proceeding: Proceeding, name: str) -> date | None:
    """A stated day; None where none was stated, or one that has not come."""
    stated = proceeding.facts.get(name)
    found = date.fromisoformat(stated) if stated else None
    return None if found is None or found > today() else found


def other_listings(operator: Operator, *, but: str | None) -> list[OtherListing]:
    """The other stays, or marks, of an operator that were not corrected away."""
    model: Any = HouseholdMark if operator.kind is OperatorKind.HOUSEHOLD else AbnormalListing
    rows = db.session.execute(
        select(model.record_id, model.reason, model.report_year, model.state).where(
            model.operator_id == operator.id, model.state != RecordState.WITHDRAWN
        )
    )
    return [
        OtherListing(reason, year, state is RecordState.IN_FORCE)
        for record_id, reason, year, state in rows
        if record_id != but
    ]


def removal_clock(proceeding: Proceeding, case: rule.Case) -> Clock | None:
    """Until when a removal or a recovery has to be decided; None before it is verified where that is needed."""
    applied_on = day(proceeding, "applied_on")
    household = proceeding.operator is not None and proceeding.operator.kind is OperatorKind.HOUSEHOLD
    if applied_on is None:
        return None
    due = rule.removal_due_on(
        case.reason,
        applied_on=applied_on,
        verified_on=case.removal_verified_on,
        rule_set=case.rule_set,
        calendar=working_calendar(),
        household=household,
    )
    return Clock("restore_household" if household else "remove_abnormal", due) if due else None


def listing_clock(case: rule.Case, name: str | None = None) -> Clock | None:
    """Until when a listing has to be decided: from the end of the reporting period or the order, or from verification."""
    since = {
        rule.R1: rule.report_period_ends_on(case.report_year, case.rule_set) if case.report_year else None,
        rule.R2: case.order_ends_on,
        rule.R3: case.verified_on,
        rule.R4: case.verified_on,
    }[case.reason]
    return clock_since(case.rule_set, name or rule.LISTED_WITHIN[case.reason], since)


def correction_clock(proceeding: Proceeding, case: rule.Case) -> Clock | None:
    """Until when a listing that was found wrong has to be corrected (art. 16)."""
    return clock_since(case.rule_set, "correct_listing", day(proceeding, "found_wrong_on"))


def clock_since(law: RuleSet, name: str, since: date | None) -> Clock | None:
    """The clock of a deadline that runs since a day; None where nothing has started it."""
    return Clock(name, due_on(law.deadlines[name], since, working_calendar())) if since else None


def asks_to_correct(proceeding: Proceeding) -> Actor | None:
    """On the list a case rests, until a handler has noted that the listing is wrong."""
    return Actor.REVIEWER if "correction_ground" in proceeding.facts else None


def forget(proceeding: Proceeding, particulars: tuple[Particular, ...]) -> None:
    """Leave what was stated under these names to the history: it holds for nothing that follows."""
    gone = {each.name for each in particulars}
    proceeding.facts = {name: value for name, value in proceeding.facts.items() if name not in gone}


def _operator(proceeding: Proceeding, *, marked: bool) -> Operator:
    operator = proceeding.operator
    if operator is None or operator.kind is OperatorKind.NATURAL_PERSON:
        raise WrongList("Only a registered operator is listed or marked.")
    if (operator.kind is OperatorKind.HOUSEHOLD) is not marked:
        raise WrongList("A household is marked, every other operator is listed.")
    return operator


def _order_ends_on(proceeding: Proceeding, law: RuleSet) -> date | None:
    """R2: the last day of the ordered time, from the service of the order (art. 7)."""
    served, ordered = day(proceeding, "order_served_on"), day(proceeding, "ordered_on")
    if served is None or ordered is None or served < ordered:
        return None
    return due_on(law.deadlines["order_to_publish"], served, working_calendar())
