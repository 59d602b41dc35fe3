"""What is stated and noted in cases of the violation list, and how the facts of a case are gathered from it and the register."""

from datetime import date

from sqlalchemy import select

from models import Penalty, Proceeding, ViolationListing, db
from registry.clock import today
from registry.queries.calendar import working_calendar
from registry.rules import document_numbers, rule_sets
from registry.rules.calendar import CalendarYearMissing
from registry.rules.deadlines import due_on
from registry.rules.listing import ViolationReason
from registry.rules.local_settings import LocalSettings
from registry.rules.mandatory_assessment import is_heavier
from registry.rules.measures import MEASURES
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Regime, RuleSet, rule_set_for
from registry.rules.violation_cases import Factor, TakingPart, ViolationCase, level_of
from registry.rules.violation_procedure import Stage
from registry.services.matters import Desk
from registry.services.proceedings.particulars import Form, Particular

FACTORS = tuple(Particular(f"factor_{factor}", Form.LONG_TEXT) for factor in Factor)
CONDUCT = (
    Particular("facts", Form.LONG_TEXT, required=True),
    Particular("heavier_penalty", Form.YES_NO),
    Particular("grave", Form.YES_NO),
    Particular("sold_fake_food_or_drugs_online", Form.YES_NO),
)
ASSESSMENT = (
    Particular("facts", Form.LONG_TEXT),
    *CONDUCT[1:],
    Particular("no_intent_proved", Form.YES_NO),
    *FACTORS,
)
NOTICE = (
    Particular("measures", Form.SEVERAL, choices=tuple(each.code for each in MEASURES)),
    Particular("restriction_until", Form.DAY),
)
SERVED = (
    Particular("notice_served_on", Form.DAY),
    Particular("notice_tells_facts_basis_and_rights", Form.YES_NO),
    Particular("hearing_waived_on", Form.DAY),
)
HEARING_ASKED = (Particular("hearing_asked_on", Form.DAY, required=True),)
HEARING = (Particular("hearing_held_on", Form.DAY), Particular("hearing_waived_on", Form.DAY))
CONSENT = (Particular("superior_consented_on", Form.DAY, required=True),)
DECISION = (
    Particular("decided_on", Form.DAY, required=True),
    Particular("penalty_decided_on", Form.DAY),
    Particular("penalty_no", Form.TEXT),
)
APPLICATION = (
    Particular("received_on", Form.DAY, required=True),
    Particular("duties_performed", Form.YES_NO),
    Particular("harm_removed", Form.YES_NO),
    Particular("heavier_penalty_since", Form.YES_NO),
    Particular("commitment_made", Form.YES_NO),
)
ANNULLED_ON = Particular("penalty_annulled_on", Form.DAY)
FOUND_WRONG_ON = Particular("found_wrong_on", Form.DAY)
ANNULLED = (ANNULLED_ON, Particular("revoke_by", Form.DAY))
REORGANISATION = (Particular("reorganisation_ruling", Form.TEXT), Particular("reorganisation_approved_on", Form.DAY))
REORGANISATION_FAILED = (Particular("reorganisation_failed_on", Form.DAY),)
PUSHED = (
    Particular("pushed_on", Form.DAY),
    Particular("received_there_on", Form.DAY),
    Particular("published_there_on", Form.DAY),
)
"""How the listing of a party of another province went to its place of registration (art. 14: 10 and 10 working days)."""
FRAUD = (Particular("fraud_found_on", Form.DAY), Particular("serious_fraud", Form.YES_NO))


def day(case: Proceeding, name: str) -> date | None:
    """A day among the facts of a case."""
    value = case.facts.get(name)
    return date.fromisoformat(value) if value else None


def forget(case: Proceeding, particulars: tuple[Particular, ...]) -> None:
    """Take out of the facts what holds no longer; the ledger keeps it."""
    names = {each.name for each in particulars}
    case.facts = {name: value for name, value in case.facts.items() if name not in names}


def listing_of(case: Proceeding) -> ViolationListing | None:
    """The stay that a case has led to, or deals with."""
    if case.about is None:
        return None
    return db.session.execute(
        select(ViolationListing).where(ViolationListing.record_id == case.about)
    ).scalar_one_or_none()


def penalty_of(case: Proceeding) -> Penalty | None:
    """The penalty that a case rests on, where the register holds it: by its name for ever, else by the number stated."""
    if case.basis is not None:
        return db.session.execute(select(Penalty).where(Penalty.record_id == case.basis)).scalar_one_or_none()
    number = case.facts.get("penalty_no")
    if not number:
        return None
    return db.session.execute(
        select(Penalty)
        .where(
            Penalty.operator_id == case.operator_id,
            Penalty.authority_id == case.authority_id,
            Penalty.document_no_key == document_numbers.normalise(number),
        )
        .order_by(Penalty.id)
        .limit(1)
    ).scalar_one_or_none()


def penalty_decided_on(case: Proceeding, penalty: Penalty | None) -> date | None:
    """When the penalty was decided: as the register holds it, else as stated."""
    return penalty.decided_on if penalty is not None else day(case, "penalty_decided_on")


def rules_of(case: Proceeding, listing: ViolationListing | None) -> RuleSet:
    """The set that a case follows: that of the stay, else the one of the decision's day, or of today."""
    if listing is not None:
        return rule_sets.get(listing.rule_set)
    return rule_set_for(Regime.SAMR, day(case, "decided_on") or today())


def facts(case: Proceeding, desk: Desk) -> ViolationCase:  # noqa: ARG001 - nothing here is personal
    """What is known of a case now. A term that falls into a year without a calendar is not known."""
    listing, penalty = listing_of(case), penalty_of(case)
    rules = rules_of(case, listing)
    reason = ViolationReason(case.reason) if case.reason else None
    return ViolationCase(
        today=_present(listing),
        rule_set=rules,
        reason=reason,
        heavier_penalty=bool(case.facts.get("heavier_penalty")) or (penalty is not None and is_heavier(penalty.kinds)),
        grave=bool(case.facts.get("grave")),
        sold_fake_food_or_drugs_online=bool(case.facts.get("sold_fake_food_or_drugs_online")),
        factors_answered=[factor for factor in Factor if str(case.facts.get(f"factor_{factor}") or "").strip()],
        no_intent_proved=bool(case.facts.get("no_intent_proved")),
        notice_served_on=day(case, "notice_served_on"),
        notice_tells_facts_basis_and_rights=bool(case.facts.get("notice_tells_facts_basis_and_rights")),
        hearing=_hearing(case),
        hearing_may_be_asked_until=hearing_until(case, rules),
        hearing_asked_on=day(case, "hearing_asked_on"),
        authority_level=level_of(case.authority.region),
        local=LocalSettings.of(case.authority.settings),
        superior_consented_on=day(case, "superior_consented_on"),
        decided_on=day(case, "decided_on"),
        penalty_decided_on=penalty_decided_on(case, penalty),
        audited_on=today(),
        listed_on=listing.period_basis_on if listing is not None else None,
        shown_until=listing.public_until if listing is not None else None,
        restriction_until=listing.restriction_until if listing is not None else day(case, "restriction_until"),
        duties_performed=bool(case.facts.get("duties_performed")),
        harm_removed=bool(case.facts.get("harm_removed")),
        heavier_penalty_since=bool(case.facts.get("heavier_penalty_since"))
        or (listing is not None and punished_since(listing, case.basis)),
        commitment_made=bool(case.facts.get("commitment_made")),
        penalty_annulled=_is_past(case, "penalty_annulled_on"),
        found_wrong=_is_past(case, "found_wrong_on"),
        serious_fraud_found=_is_past(case, "fraud_found_on") and bool(case.facts.get("serious_fraud")),
        reorganisation_approved=_is_past(case, "reorganisation_approved_on"),
        reorganisation_failed=_is_past(case, "reorganisation_failed_on"),
    )


def hearing_until(case: Proceeding, rules: RuleSet) -> date | None:
    """The last day on which a hearing can be asked for; None before the notice is served, or without a calendar."""
    served = day(case, "notice_served_on")
    return None if served is None else term(rules, "request_hearing", served)


def term(rules: RuleSet, name: str, since: date) -> date | None:
    """The last day of a deadline; None in a year whose calendar is not loaded, where nothing is guessed."""
    try:
        return due_on(rules.deadlines[name], since, working_calendar())
    except CalendarYearMissing:
        return None


def _hearing(case: Proceeding) -> TakingPart:
    if _is_past(case, "hearing_held_on"):
        return TakingPart.HEARD
    if _is_past(case, "hearing_waived_on"):
        return TakingPart.WAIVED
    return TakingPart.ASKED if case.stage == Stage.HEARING else TakingPart.SILENT


def _is_past(case: Proceeding, name: str) -> bool:
    """What is dated later than today has not happened."""
    stated = day(case, name)
    return stated is not None and stated <= today()


def _present(listing: ViolationListing | None) -> date:
    """Today; for a stay that the day has ended already, not before that end."""
    ended = listing.ended_on if listing is not None and listing.end_reason is EndReason.EXPIRED else None
    return today() if ended is None else max(today(), ended)


def punished_since(listing: ViolationListing, basis: str | None) -> bool:
    """Whether the register holds a heavier penalty on the operator, other than its `basis`, decided after the listing."""
    since = select(Penalty.kinds).where(
        Penalty.operator_id == listing.operator_id,
        Penalty.decided_on > listing.decided_on,
        Penalty.record_id.is_distinct_from(basis),
        Penalty.state != RecordState.WITHDRAWN,
    )
    return any(is_heavier(kinds) for kinds in db.session.execute(since).scalars())
