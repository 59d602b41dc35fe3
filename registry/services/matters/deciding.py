"""The second officer's part: publishing, refusing, sending back, carrying out a correction or a withdrawal."""

from collections.abc import Callable

from sqlalchemy import select

from models import Matter, MatterStep, Penalty, db
from registry.clock import now, today
from registry.ledger import Actor
from registry.rules.penalty_procedure import Action, MatterKind
from registry.rules.record import EndReason
from registry.services import publicity
from registry.services.matters import Desk, records
from registry.services.matters.drafting import about, checked
from registry.services.matters.faults import MatterMoved, SamePerson, StepNotAllowed, told_when_late
from registry.services.matters.steps import note, stage, step
from registry.services.proceedings import violation_following


def decide(matter: Matter, action: Action, *, revision: int, reason: str, desk: Desk, actor: Actor) -> None:
    """Take one of the second officer's steps. The caller commits.

    SamePerson for whoever had a hand in the proposal; MatterMoved where matter or record moved since it was looked at;
    NotPublishable, FormRefused where the rules have changed their answer.
    """
    transition = step(matter, action, revision=revision, stage=stage(matter), reason=reason)
    if str(actor) in _hands(matter):
        raise SamePerson("Who drafted or submitted a matter never decides it.")
    with told_when_late(matter.id, revision):  # the matter first: of two officers only one goes on
        matter.state = transition.matter_to or matter.state
        matter.changed_at = now()
        if action is not Action.SEND_BACK:
            matter.decided_by = str(actor)
    if action in _CARRY_OUT:
        record = about(matter)
        if record.revision != matter.record_revision:
            raise MatterMoved(matter.id, revision)
        _CARRY_OUT[action](matter, reason, desk, actor)
    elif action not in (Action.SEND_BACK, Action.REFUSE):
        raise StepNotAllowed("This step belongs to another procedure.")
    note(matter, action, actor, reason)


def _hands(matter: Matter) -> set[str]:
    """Everybody who opened, saved or submitted the matter since it was last decided about, and before."""
    wrote = select(MatterStep.actor).where(
        MatterStep.matter_id == matter.id,
        MatterStep.action.is_(None) | MatterStep.action.in_([Action.SUBMIT, Action.DISCARD]),
    )
    return {matter.opened_by, *db.session.execute(wrote).scalars()}


def _publish(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del reason
    record = about(matter)
    records.publish(record, checked(matter, desk), actor=actor)
    violation_following.assess_published([record.record_id], desk=desk)


def _refuse_publicity(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del desk
    records.refuse_publicity(about(matter), reason=reason.strip(), actor=actor)


def _correct(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del reason
    records.correct(about(matter), checked(matter, desk), desk=desk, actor=actor)


def _withdraw(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del reason
    assert matter.kind is MatterKind.WITHDRAWAL
    assert matter.record_id is not None
    why = matter.end_reason or EndReason.OTHER
    record = publicity.withdraw(matter.record_id, statement=matter.statement or "", reason=why, on=today(), actor=actor)
    if isinstance(record, Penalty) and why is EndReason.DECISION_REVOKED:
        violation_following.penalty_annulled(record, on=today(), revoke_by=matter.due_on, desk=desk)


def _shield(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del reason, desk
    assert matter.record_id is not None
    publicity.shield(matter.record_id, on=today(), actor=actor)


def _lift_shield(matter: Matter, reason: str, desk: Desk, actor: Actor) -> None:
    del reason, desk
    assert matter.record_id is not None
    publicity.lift_shield(matter.record_id, actor=actor)


_CARRY_OUT: dict[Action, Callable[[Matter, str, Desk, Actor], None]] = {
    Action.PUBLISH: _publish,
    Action.REFUSE_PUBLICITY: _refuse_publicity,
    Action.CORRECT: _correct,
    Action.WITHDRAW: _withdraw,
    Action.SHIELD: _shield,
    Action.LIFT_SHIELD: _lift_shield,
}
