"""What happens elsewhere and concerns the violation list: penalties published or annulled, repairs, days that have come.

Penalties that must be assessed open a case, never a listing. Each function is safe to repeat; the caller commits.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from models import Penalty, Proceeding, ViolationListing, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.rules import document_numbers
from registry.rules.mandatory_assessment import reason_of_online_sale
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Regime
from registry.rules.violation_procedure import Action, Stage
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Step

ACTOR = LedgerActor("system", "procedure")
_ON_LIST = (Stage.LISTED, Stage.REMOVAL_REVIEW, Stage.RESTORED, Stage.SHIELDED)
_ANNULLED = "处罚决定已被撤销、确认违法或者宣告无效"
_REPAIRED = "信用修复已准予"
_OBJECTION_UPHELD = "异议成立，原列入有误"
_REPAIR_REVOKED = "信用修复以欺骗手段取得，已被撤销"


def assess_published(record_ids: Collection[str], *, desk: Desk) -> list[Proceeding]:
    """Open an assessment for each penalty published today for fake or inferior food or drugs sold online (domain.md 3.5).

    What was decided long ago and only handed in now is history: it is not assessed any more.
    """
    penalties = db.session.execute(
        select(Penalty)
        .where(
            Penalty.record_id.in_(record_ids), Penalty.state == RecordState.IN_FORCE, Penalty.published_on == today()
        )
        .order_by(Penalty.id)
    ).scalars()
    opened = []
    for penalty in penalties:
        reason = reason_of_online_sale((penalty.unlawful_act, penalty.facts, penalty.content))
        if reason is None or penalty.authority.regime is not Regime.SAMR or _cases_resting_on(penalty):
            continue
        opened.append(
            engine.open_case(
                Procedure.VIOLATION_LISTING,
                Action.ASSESS,
                part=Actor.SYSTEM,
                authority=penalty.authority,
                operator=penalty.operator,
                basis=penalty.record_id,
                reason=reason,
                values={"facts": penalty.facts, "sold_fake_food_or_drugs_online": True},
                statement="",
                actor=ACTOR,
                desk=desk,
            )
        )
    return opened


def penalty_annulled(penalty: Penalty, *, on: date, revoke_by: date | None, desk: Desk) -> None:
    """Ask for the revocation of every listing that rests on a penalty annulled on this day (decree 44 art. 19).

    `revoke_by` is the last day on which the penalty itself had to be withdrawn: both end on the same day.
    """
    values = {"penalty_annulled_on": on.isoformat()} | ({"revoke_by": revoke_by.isoformat()} if revoke_by else {})
    for case in _cases_resting_on(penalty):
        if case.stage in _ON_LIST and "penalty_annulled_on" not in case.facts:
            _note(case, values, desk)


def catch_up_annulled(desk: Desk) -> int:
    """Ask for what `penalty_annulled` was not told of: penalties that a file or another node withdrew. How many."""
    rows = db.session.execute(
        select(Proceeding, Penalty.ended_on)
        .join(Penalty, Penalty.record_id == Proceeding.basis)
        .where(
            Proceeding.procedure == Procedure.VIOLATION_LISTING,
            Proceeding.stage.in_(_ON_LIST),
            Penalty.state == RecordState.WITHDRAWN,
            Penalty.end_reason == EndReason.DECISION_REVOKED,
            ~Proceeding.facts.has_key("penalty_annulled_on"),
        )
        .order_by(Proceeding.id)
    ).all()
    for case, ended_on in rows:
        _note(case, {"penalty_annulled_on": (ended_on or today()).isoformat()}, desk)
    return len(rows)


def expire_cases(desk: Desk) -> int:
    """Close every case whose listing has run out, a shielded one too (decree 44 art. 21). How many."""
    cases = db.session.execute(
        select(Proceeding)
        .join(ViolationListing, ViolationListing.record_id == Proceeding.about)
        .where(
            Proceeding.procedure == Procedure.VIOLATION_LISTING,
            Proceeding.stage.in_(_ON_LIST),
            (ViolationListing.public_until <= today()) & ViolationListing.record_id.startswith(f"{desk.node}.")
            | (ViolationListing.end_reason == EndReason.EXPIRED),
        )
        .order_by(Proceeding.id)
    ).scalars()
    found = list(cases)
    for case in found:
        _take(case, Action.EXPIRE, Actor.SYSTEM, ACTOR, "", desk)
    return len(found)


def repair_granted(step: Step) -> None:
    """Bring the case of a listing along when a repair has taken it off the list: applied for, and granted."""
    case = _case_about(step.proceeding.about, (Stage.LISTED, Stage.RESTORED))
    if case is None:
        return
    case.hands, case.decided_by = list(step.proceeding.hands), None  # who prepared the repair prepared this
    kind, _, name = case.hands[0].partition(":")
    claims = {"duties_performed": True, "harm_removed": True, "commitment_made": True}
    received = {"received_on": step.proceeding.opened_on.isoformat()}
    _take(case, Action.APPLY, Actor.PARTY, LedgerActor(kind, name), _REPAIRED, step.desk, claims | received)
    _take(case, Action.REMOVE, Actor.REVIEWER, step.actor, step.statement or _REPAIRED, step.desk)


def repair_revoked(step: Step) -> None:
    """Bring the case of a listing along when its repair was revoked for fraud: it is on the list again."""
    case = _case_about(step.proceeding.about, (Stage.REMOVED_EARLY,))
    if case is None:
        return
    case.hands, case.decided_by = list(step.proceeding.hands), None
    fraud = {"fraud_found_on": today().isoformat(), "serious_fraud": True}
    _take(case, Action.RESTORE, Actor.REVIEWER, step.actor, step.statement or _REPAIR_REVOKED, step.desk, fraud)


def objection_upheld(step: Step, listing: ViolationListing) -> bool:
    """Revoke a listing through its case when an objection against it is upheld; False where it has none."""
    case = _case_about(listing.record_id, _ON_LIST)
    if case is None:
        return False
    case.hands, case.decided_by = list(step.proceeding.hands), None  # who prepared the objection prepared this
    wrong = {"found_wrong_on": today().isoformat()}
    _take(case, Action.REVOKE, Actor.REVIEWER, step.actor, step.statement or _OBJECTION_UPHELD, step.desk, wrong)
    return True


def _cases_resting_on(penalty: Penalty) -> list[Proceeding]:
    """Cases that rest on a penalty, by its name or by the number that was stated."""
    cases = db.session.execute(
        select(Proceeding)
        .where(
            Proceeding.procedure == Procedure.VIOLATION_LISTING,
            (Proceeding.basis == penalty.record_id)
            | (
                Proceeding.basis.is_(None)
                & (Proceeding.operator_id == penalty.operator_id)
                & (Proceeding.authority_id == penalty.authority_id)
                & Proceeding.facts.has_key("penalty_no")
            ),
        )
        .order_by(Proceeding.id)
    ).scalars()
    key = penalty.document_no_key
    return [case for case in cases if case.basis or document_numbers.normalise(case.facts["penalty_no"]) == key]


def _case_about(record_id: str | None, stages: Collection[Stage]) -> Proceeding | None:
    return db.session.execute(
        select(Proceeding)
        .where(
            Proceeding.procedure == Procedure.VIOLATION_LISTING,
            Proceeding.about == record_id,
            Proceeding.stage.in_(stages),
        )
        .order_by(Proceeding.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def _note(case: Proceeding, values: dict[str, Any], desk: Desk) -> None:
    engine.note(case, values, part=Actor.SYSTEM, revision=case.revision, statement=_ANNULLED, actor=ACTOR, desk=desk)


def _take(
    case: Proceeding,
    action: Action,
    part: Actor,
    actor: LedgerActor,
    statement: str,
    desk: Desk,
    values: dict[str, Any] | None = None,
) -> None:
    engine.take_step(
        case, action, part=part, revision=case.revision, statement=statement, values=values, actor=actor, desk=desk
    )
