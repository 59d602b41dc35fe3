"""Stays on the violation list: entering, publishing, ending by removal or time, revoking.

What may be done when is decided by the procedure (`registry.services.proceedings.violations`); here it is written down.
The measures of a stay hold as long as it is in force: whatever ends it lifts them in the same moment.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError

from models import Authority, Operator, ViolationListing, db, violated_constraint
from registry import ledger
from registry.clock import now
from registry.errors import Conflict, RuleViolation
from registry.ledger import Actor
from registry.rules import document_numbers
from registry.rules import violation_wording as words
from registry.rules.listing import ViolationReason
from registry.rules.publicity import violation_publicity
from registry.rules.record import EndReason, RecordState
from registry.services import publicity


class AlreadyListed(Conflict):
    """The operator stands on the list by this decision already."""

    code = "already_listed"


class NotPending(Conflict):
    """Only a stay that nobody has published yet can be published."""

    code = "not_pending"


class PublicityOver(RuleViolation):
    """The time for which the stay could be public is over."""

    code = "period_over"


def enter(
    operator: Operator,
    *,
    record_id: str,
    authority: Authority,
    reason: ViolationReason,
    facts: str | None,
    decision_no: str,
    decided_on: date,
    restriction_until: date | None,
    measures: Sequence[dict[str, Any]],
    actor: Actor,
) -> ViolationListing:
    """Enter a decided stay; it is not public before it is published. The caller commits. AlreadyListed.

    Each measure has the members `code` (item of the list of measures), `title`, `legal_basis`.
    """
    law = violation_publicity(listed_on=decided_on, restriction_until=restriction_until)
    listing = ViolationListing(
        record_id=record_id,
        recorded_at=now(),
        operator=operator,
        authority=authority,
        reason=reason,
        reason_text=words.REASON_TEXTS[reason],
        legal_basis=words.listing_basis(reason),
        facts=facts,
        decision_no=decision_no,
        decision_no_key=document_numbers.normalise(decision_no),
        decided_on=decided_on,
        listed_on=decided_on,
        restriction_until=restriction_until,
        measures=list(measures),
        state=RecordState.PENDING,
        rule_set=law.rule_set,
        period_basis=law.basis.value,
        period_basis_on=law.basis_on,
        under_objection=False,
    )
    db.session.add(listing)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_violation_listing_decision":
            raise AlreadyListed("The operator stands on the list by this decision already.") from error
        raise
    ledger.append("violation_listing.entered", record=listing, actor=actor)
    return listing


def publish(listing: ViolationListing, *, on: date, actor: Actor) -> None:
    """Show an entered stay from this day; its time has run since the decision (decree 44 art. 14, 21). The caller commits.

    NotPending; PublicityOver where nothing of its time is left.
    """
    if listing.state is not RecordState.PENDING:
        raise NotPending(f"{listing.record_id} was published before.")
    law = violation_publicity(listed_on=listing.listed_on, restriction_until=listing.restriction_until)
    assert law.public_until is not None
    if law.public_until <= on:
        raise PublicityOver(f"{listing.record_id} could be public until {law.public_until} only.")
    listing.state = RecordState.IN_FORCE
    listing.public_from, listing.public_until = on, law.public_until
    listing.recorded_at = now()
    db.session.flush()
    ledger.append("violation_listing.published", record=listing, actor=actor)


def remove_early(listing: ViolationListing, *, on: date, decision_no: str, actor: Actor) -> None:
    """Take a stay off the list early: neither it nor the removal is shown any more (decree 44 art. 16-18)."""
    listing.removed_on = on
    listing.removal_reason = EndReason.REPAIRED.value
    listing.removal_decision_no = decision_no
    publicity.end_publicity(listing.record_id, reason=EndReason.REPAIRED, on=on, actor=actor)


def expire(listing: ViolationListing, *, actor: Actor) -> None:
    """Write down that the time of a stay is full, a shielded one too; it ends on its own last day (decree 44 art. 21)."""
    if listing.state not in (RecordState.IN_FORCE, RecordState.SHIELDED):
        return
    assert listing.public_until is not None
    publicity.end_publicity(listing.record_id, reason=EndReason.EXPIRED, on=listing.public_until, actor=actor)


def revoke(listing: ViolationListing, *, on: date, decision_no: str, actor: Actor, found_wrong: bool = False) -> None:
    """Take a stay back: the penalty behind it was annulled (decree 44 art. 19), or the listing itself was found wrong."""
    reason = EndReason.CORRECTED if found_wrong else EndReason.DECISION_REVOKED
    statement = words.FOUND_WRONG if found_wrong else words.ANNULLED
    listing.removed_on = on
    listing.removal_reason = reason.value
    listing.removal_decision_no = decision_no
    publicity.withdraw(listing.record_id, statement=statement, reason=reason, on=on, actor=actor)
