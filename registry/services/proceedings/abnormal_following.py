"""What repairs and objections decide of the abnormal list and the marks: the case of the record goes along, if it has one."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from models import AbnormalListing, HouseholdMark, Proceeding, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.ledger.content import TYPE_OF
from registry.rules import abnormal_procedure as listing
from registry.rules import household_procedure as marking
from registry.rules.abnormal_cases import CURES, CorrectionGround, RemovalReason
from registry.rules.listing import AbnormalReason
from registry.rules.procedure import Actor, GuardsNotMet
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason
from registry.services import listings, publicity
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Step

AbnormalRecord = AbnormalListing | HouseholdMark

_STANDS = ("A5", "A5R", "B2")
_REMOVAL_ASKED = ("A6", "B3")
_PROOF = "信用修复申请材料"


def repair_granted(step: Step, record: AbnormalRecord, *, decision_no: str) -> None:
    """Take the operator off the list. GuardsNotMet where the stated reason does not answer that of the listing (art. 11-14)."""
    facts, day = step.proceeding.facts, today()
    reason = _removal_reason(record, facts.get("removal_reason"))
    case = _case_about(record, (*_STANDS, *_REMOVAL_ASKED))
    if case is None:
        listings.remove(record, reason=reason, on=day, decision_no=decision_no, actor=step.actor)
        return
    values = {
        "applied_on": facts.get("received_on") or step.proceeding.opened_on.isoformat(),
        "removal_reason": reason.value,
        "proof": _PROOF,
        "cured_on": facts.get("verified_on"),
        "removal_verified_on": facts.get("verified_on"),
    }
    household = isinstance(record, HouseholdMark)
    if case.stage in _STANDS:
        apply: StrEnum = marking.Action.APPLY if household else listing.Action.APPLY
        kind, _, name = step.proceeding.hands[-1].partition(":")
        _take(case, apply, Actor.PARTY, replace(step, actor=LedgerActor(kind, name)), values)
        values = {}
    _decide(case, marking.Action.RECOVER if household else listing.Action.REMOVE, step, values)


def repair_revoked(step: Step, record: AbnormalRecord) -> None:
    """Put the operator on the list again: its repair was obtained by serious fraud."""
    case = _case_about(record, ("A7",))
    if case is None:
        publicity.restore(record.record_id, on=today(), actor=step.actor)
        return
    fraud = {"fraud_found_on": today().isoformat(), "serious_fraud": True}
    _decide(case, listing.Action.RESTORE, step, fraud)


def objection_upheld(step: Step, record: AbnormalRecord, *, told: str) -> None:
    """Take a wrong listing or mark back, as if it had never been (art. 16). `told` is what the public reads of it."""
    case = _case_about(record, (*_STANDS, *_REMOVAL_ASKED))
    day = today()
    if case is None:
        publicity.withdraw(record.record_id, statement=told, reason=EndReason.CORRECTED, on=day, actor=step.actor)
        return
    found = {
        "correction_ground": CorrectionGround.OBJECTION.value,
        "found_wrong_on": step.proceeding.facts.get("verified_on") or day.isoformat(),
    }
    correct: StrEnum = marking.Action.CORRECT if isinstance(record, HouseholdMark) else listing.Action.CORRECT
    _decide(case, correct, step, found)


def _removal_reason(record: AbnormalRecord, stated: str | None) -> RemovalReason:
    """What officers stated; where the listing has one cure only, that one."""
    cures = CURES[AbnormalReason(record.reason)]
    reason = RemovalReason(stated) if stated else next(iter(cures)) if len(cures) == 1 else RemovalReason.REACHED
    if reason not in cures:
        raise GuardsNotMet((listing.MATCHES.name,))
    return reason


def _case_about(record: AbnormalRecord, stages: Collection[str]) -> Proceeding | None:
    return db.session.execute(
        select(Proceeding)
        .where(
            Proceeding.procedure == Procedure(TYPE_OF[type(record)]),
            Proceeding.about == record.record_id,
            Proceeding.stage.in_(stages),
        )
        .order_by(Proceeding.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def _decide(case: Proceeding, action: StrEnum, step: Step, values: dict[str, Any]) -> None:
    """The second officer's step; who prepared the repair or the objection prepared this."""
    case.hands, case.decided_by = list(step.proceeding.hands), None
    _take(case, action, Actor.REVIEWER, step, values)


def _take(case: Proceeding, action: StrEnum, part: Actor, step: Step, values: dict[str, Any]) -> None:
    engine.take_step(
        case,
        action,
        part=part,
        revision=case.revision,
        statement=step.statement,
        values=values,
        actor=step.actor,
        desk=step.desk,
    )
