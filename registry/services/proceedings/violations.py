"""SM-C tied to the register: the violation list, case by case (registry/rules/violation_procedure.py)."""

from datetime import date

from models import Proceeding, ViolationListing
from registry.clock import today
from registry.rules.local_settings import LocalSettings
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.regions import in_other_province
from registry.rules.violation_cases import ViolationCase, consent_needed, level_of
from registry.rules.violation_procedure import MACHINE, Action, Stage
from registry.services.matters import Desk
from registry.services.proceedings import violation_effects as effects
from registry.services.proceedings import violation_facts as stated
from registry.services.proceedings.binding import Binding, Clock

_PROPOSED = (Stage.ASSESSED, Stage.NOTIFIED, Stage.HEARING, Stage.WITH_SUPERIOR)
_SHOWN = (Stage.LISTED, Stage.RESTORED)


def clock(case: Proceeding, desk: Desk) -> Clock | None:  # noqa: ARG001 - nothing here is personal
    """The nearest deadline that runs at the stage of a case; none in a year whose calendar is not loaded."""
    running = _terms(case)
    return min(running, key=lambda each: each.due_on) if running else None


def asks(case: Proceeding) -> Actor | None:
    """Who has to act next. What an event asks for is prepared by the handler first, then decided by the second officer."""
    stage = Stage(case.stage)
    prepared = bool(case.hands) and case.decided_by is None
    match stage:
        case Stage.ASSESSED | Stage.NOTIFIED | Stage.HEARING:
            return Actor.HANDLER
        case Stage.WITH_SUPERIOR:
            return Actor.SUPERIOR if _waits_for_consent(case) else Actor.REVIEWER
        case Stage.REMOVAL_REVIEW:
            return Actor.REVIEWER
        case _ if _is_called(case, stage):
            return Actor.REVIEWER if prepared else Actor.HANDLER
        case Stage.LISTED | Stage.RESTORED if _passing_on(case, stated.listing_of(case)):
            return Actor.HANDLER
        case _:
            return None


def _is_called(case: Proceeding, stage: Stage) -> bool:
    """Whether something has happened that the list must answer to."""
    if stage is Stage.SHIELDED:
        return bool(_is_to_be_revoked(case) or case.facts.get("reorganisation_failed_on"))
    if stage in _SHOWN:
        return bool(_is_to_be_revoked(case) or case.facts.get("reorganisation_approved_on"))
    return False


def _is_to_be_revoked(case: Proceeding) -> bool:
    return bool(case.facts.get("penalty_annulled_on") or case.facts.get("found_wrong_on"))


def _waits_for_consent(case: Proceeding) -> bool:
    rules = stated.rules_of(case, None)
    local = LocalSettings.of(case.authority.settings)
    needed = consent_needed(rules, level_of(case.authority.region), local)
    return needed and stated.day(case, "superior_consented_on") is None


def _passing_on(case: Proceeding, listing: ViolationListing | None) -> list[tuple[str, date | None]]:
    """What is left until the place of registration in another province shows a stay: pushed to it, published there.

    Two clocks, one after the other (严重违法失信名单管理办法 art. 14): the second runs from the receipt there. A stay that
    was restored is passed on anew.
    """
    if listing is None or not _is_away(case) or stated.day(case, "published_there_on") is not None:
        return []
    pushed_on = stated.day(case, "pushed_on")
    if pushed_on is None:
        return [("push_to_other_province", listing.period_basis_on or listing.decided_on)]
    return [("publish_from_other_province", stated.day(case, "received_there_on") or pushed_on)]


def _is_away(case: Proceeding) -> bool:
    return case.operator is not None and in_other_province(case.authority.region, case.operator.region)


def _terms(case: Proceeding) -> list[Clock]:
    stage, listing = Stage(case.stage), stated.listing_of(case)
    rules = stated.rules_of(case, listing)
    since = _passing_on(case, listing) if stage in _SHOWN else []
    if stage in _PROPOSED:
        name = "push_to_other_province" if _is_away(case) else "publish_violation"
        since.append((name, stated.penalty_decided_on(case, stated.penalty_of(case))))
    if stage is Stage.NOTIFIED:
        until = stated.hearing_until(case, rules)
        if until is not None and today() <= until:
            since.append(("request_hearing", stated.day(case, "notice_served_on")))
    if stage in (*_SHOWN, Stage.REMOVAL_REVIEW, Stage.SHIELDED):
        grounds = (stated.day(case, name) for name in ("penalty_annulled_on", "found_wrong_on"))
        since.append(("revoke_violation", next((day for day in grounds if day is not None), None)))
    if stage is Stage.REMOVAL_REVIEW:
        since.append(("decide_repair", stated.day(case, "received_on")))
    revoke_by = stated.day(case, "revoke_by")
    if revoke_by is not None and any(name == "revoke_violation" for name, _ in since):
        return [Clock("revoke_violation", revoke_by)]
    terms = [(name, stated.term(rules, name, began)) for name, began in since if began is not None]
    return [Clock(name, ends) for name, ends in terms if ends is not None]


_EVENTS = (stated.ANNULLED_ON, stated.FOUND_WRONG_ON, *stated.REORGANISATION)

BINDING: Binding[Stage, ViolationCase] = Binding(
    procedure=Procedure.VIOLATION_LISTING,
    machine=MACHINE,
    actions=Action,
    facts=stated.facts,
    clock=clock,
    asks=asks,
    effects={
        Action.NOTIFY: effects.notify,
        Action.LIST: effects.list_party,
        Action.REFUSE_REMOVAL: effects.refuse_removal,
        Action.REMOVE: effects.remove,
        Action.EXPIRE: effects.expire,
        Action.REVOKE: effects.revoke,
        Action.RESTORE: effects.restore,
        Action.SHIELD: effects.shield,
        Action.LIFT_SHIELD: effects.lift_shield,
    },
    stated={
        Action.ASSESS: stated.CONDUCT,
        Action.NOTIFY: stated.NOTICE,
        Action.ASK_FOR_HEARING: stated.HEARING_ASKED,
        Action.LIST: stated.DECISION,
        Action.APPLY: stated.APPLICATION,
    },
    noted={
        (Stage.ASSESSED, Actor.HANDLER): stated.ASSESSMENT,
        (Stage.NOTIFIED, Actor.HANDLER): stated.SERVED,
        (Stage.HEARING, Actor.HANDLER): stated.HEARING,
        (Stage.WITH_SUPERIOR, Actor.SUPERIOR): stated.CONSENT,
        (Stage.LISTED, Actor.HANDLER): (*_EVENTS, *stated.PUSHED),
        (Stage.LISTED, Actor.SYSTEM): stated.ANNULLED,
        (Stage.RESTORED, Actor.HANDLER): (*_EVENTS, *stated.PUSHED),
        (Stage.RESTORED, Actor.SYSTEM): stated.ANNULLED,
        (Stage.REMOVAL_REVIEW, Actor.HANDLER): _EVENTS,
        (Stage.REMOVAL_REVIEW, Actor.SYSTEM): stated.ANNULLED,
        (Stage.SHIELDED, Actor.HANDLER): (stated.ANNULLED_ON, stated.FOUND_WRONG_ON, *stated.REORGANISATION_FAILED),
        (Stage.SHIELDED, Actor.SYSTEM): stated.ANNULLED,
        (Stage.REMOVED_EARLY, Actor.HANDLER): stated.FRAUD,
    },
    told_after=frozenset(each.name for each in stated.PUSHED),
)
