"""What the steps of a case of the violation list do: documents, the stay itself, its shield, its return after fraud."""

from typing import Any

from models import IssuedDocument, ViolationListing
from registry.clock import today
from registry.rules import violation_wording as words
from registry.rules.documents import DocumentKind
from registry.rules.listing import ViolationReason
from registry.rules.record import EndReason, RecordState
from registry.rules.repair import earliest_for_violation
from registry.services import publicity, violation_listings
from registry.services.documents.issuing import issue
from registry.services.proceedings import violation_facts as stated
from registry.services.proceedings.binding import Step
from registry.services.record_ids import new_record_id


def notify(step: Step) -> None:
    """Tell the party before: facts, basis, rights (art. 13)."""
    _issue(step, DocumentKind.VIOLATION_NOTICE)


def list_party(step: Step) -> None:
    """Decide and publish, and serve the notice of repair with the decision (两书同达)."""
    case = step.proceeding
    assert case.operator is not None
    decided_on = stated.day(case, "decided_on")
    assert decided_on is not None
    record_id = new_record_id(step.desk.node, "violation_listing")
    decision = _issue(step, DocumentKind.VIOLATION_DECISION, record_id=record_id)
    listing = violation_listings.enter(
        case.operator,
        record_id=record_id,
        authority=case.authority,
        reason=_reason(step),
        facts=case.facts.get("facts"),
        decision_no=decision.printed_no,
        decided_on=decided_on,
        restriction_until=stated.day(case, "restriction_until"),
        measures=_measures(step),
        actor=step.actor,
    )
    violation_listings.publish(listing, on=today(), actor=step.actor)
    case.about = record_id
    penalty = stated.penalty_of(case)
    case.basis = penalty.record_id if penalty is not None else case.basis
    _issue(
        step,
        DocumentKind.REPAIR_NOTICE,
        earliest_on=earliest_for_violation(
            listing.rule_set, listed_on=listing.listed_on, restriction_until=listing.restriction_until
        ),
        decision_no=decision.printed_no,
    )


def refuse_removal(step: Step) -> None:
    """The stay goes on; what was applied for is over."""
    _issue(
        step,
        DocumentKind.VIOLATION_REMOVAL,
        title="不予提前移出严重违法失信名单决定书",
        basis=words.REMOVAL_BASIS,
        facts=f"经审查，你（单位）提出的提前移出申请不符合规定。理由：{step.statement}",
        decision="不予提前移出严重违法失信名单。",
    )
    stated.forget(step.proceeding, stated.APPLICATION)


def remove(step: Step) -> None:
    """Stop publicity and lift the measures. Where a granted repair has done so, the case only follows."""
    listing = _listing(step)
    if listing.state is RecordState.ENDED and listing.end_reason is EndReason.REPAIRED:
        return
    document = _issue(
        step, DocumentKind.VIOLATION_REMOVAL, title="准予提前移出严重违法失信名单决定书", basis=words.REMOVAL_BASIS
    )
    violation_listings.remove_early(listing, on=today(), decision_no=document.printed_no, actor=step.actor)


def expire(step: Step) -> None:
    """The time is full; where the day has ended the stay, the case only follows."""
    violation_listings.expire(_listing(step), actor=step.actor)


def revoke(step: Step) -> None:
    """The penalty behind it was annulled, or the listing was found wrong: the stay is withdrawn with that reason."""
    listing = _listing(step)
    wrong = "penalty_annulled_on" not in step.proceeding.facts
    facts = {"facts": words.FOUND_WRONG} if wrong else {}
    document = _issue(step, DocumentKind.VIOLATION_REVOCATION, basis=words.REVOCATION_BASIS, **facts)
    violation_listings.revoke(listing, on=today(), decision_no=document.printed_no, actor=step.actor, found_wrong=wrong)


def restore(step: Step) -> None:
    """The removal was obtained by fraud: on the list again, and the time starts anew (art. 20)."""
    listing = _listing(step)
    if listing.state is not RecordState.IN_FORCE:
        _issue(
            step,
            DocumentKind.RESTORATION_DECISION,
            title="撤销移出严重违法失信名单决定书",
            basis=words.RESTORATION_BASIS,
            decision="撤销提前移出严重违法失信名单的决定，恢复列入严重违法失信名单，公示期自本决定作出之日起重新计算。",
            removal_no=listing.removal_decision_no,
            removed_on=listing.removed_on,
        )
        publicity.restore(listing.record_id, on=today(), actor=step.actor)
    stated.forget(step.proceeding, (*stated.APPLICATION, *stated.FRAUD, *stated.PUSHED))


def shield(step: Step) -> None:
    """Hidden, and the measures rest, while the reorganisation is carried out."""
    _issue(step, DocumentKind.SHIELD_DECISION)
    publicity.shield(_listing(step).record_id, on=today(), actor=step.actor)


def lift_shield(step: Step) -> None:
    """The plan has failed: shown again to the end of its time."""
    _issue(
        step,
        DocumentKind.SHIELD_DECISION,
        title="终止临时信用修复决定书",
        facts="你单位的重整计划或者和解协议未能执行。",
        decision="终止临时信用修复，恢复公示有关信息，恢复实施相关管理措施。",
    )
    publicity.lift_shield(_listing(step).record_id, actor=step.actor)
    stated.forget(step.proceeding, (*stated.REORGANISATION, *stated.REORGANISATION_FAILED))


def _listing(step: Step) -> ViolationListing:
    listing = stated.listing_of(step.proceeding)
    assert listing is not None
    return listing


def _reason(step: Step) -> ViolationReason:
    assert step.proceeding.reason is not None
    return ViolationReason(step.proceeding.reason)


def _measures(step: Step) -> list[dict[str, Any]]:
    listing = stated.listing_of(step.proceeding)
    if listing is not None:
        return listing.measures
    return words.measures_of(step.proceeding.facts.get("measures") or ())


def _issue(step: Step, kind: DocumentKind, *, record_id: str | None = None, **known: Any) -> IssuedDocument:
    """A document of the case to its party, with all that its words may speak of; a decision is signed by both officers."""
    case, two = step.proceeding, step.row.second_person
    assert case.operator is not None
    listing = stated.listing_of(case)
    reason = _reason(step)
    return issue(
        kind,
        authority=case.authority,
        rule_set=stated.rules_of(case, listing).name,
        on=today(),
        particulars={
            "party": case.operator.name,
            "party_no": case.operator.uscc or case.operator.registration_no,
            "facts": case.facts.get("facts"),
            "reason": str(reason),
            "reason_text": words.REASON_TEXTS[reason],
            "basis": words.listing_basis(reason),
            "measures": _measures(step),
            "decision_no": listing.decision_no if listing is not None else None,
            "listed_on": listing.listed_on if listing is not None else stated.day(case, "decided_on"),
            "decided_on": stated.day(case, "decided_on"),
            "penalty_decided_on": stated.penalty_decided_on(case, stated.penalty_of(case)),
            "restriction_until": stated.day(case, "restriction_until"),
            "statement": step.statement,
            **known,
        },
        proceeding=case,
        record_id=record_id or case.about,
        prepared_by=case.hands[0] if two and case.hands else str(step.actor),
        decided_by=str(step.actor) if two else None,
    )
