"""Asking the machine for a step, and writing down that it was taken."""

from models import Matter, MatterStep, db
from registry.clock import now
from registry.ledger import Actor
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action, Stage, Transition, allowed
from registry.services.matters.faults import MatterMoved, ReasonMissing, StepNotAllowed
from registry.services.matters.records import Record, stage_of_record


def stage(matter: Matter) -> Stage | None:
    """Where the matter's record stands; None where there is none yet."""
    if matter.record_id is None:
        return None
    record = get_record(matter.record_id)
    assert isinstance(record, Record)
    return stage_of_record(record)


def step(
    matter: Matter, action: Action, *, revision: int, stage: Stage | None, reason: str | None = None
) -> Transition:
    """The row of the machine for this step. MatterMoved, StepNotAllowed, ReasonMissing.

    `reason` None leaves the question of the reason to a later step.
    """
    if matter.revision != revision:
        raise MatterMoved(matter.id, revision)
    for transition in allowed(matter.kind, matter.state, stage):
        if transition.action is action:
            if transition.reason_needed and reason is not None and not reason.strip():
                raise ReasonMissing("This step needs a reason.")
            return transition
    raise StepNotAllowed("The procedure does not know this step from here.")


def note(matter: Matter, action: Action | None, actor: Actor, reason: str | None) -> None:
    """Write the step down, for good."""
    db.session.add(
        MatterStep(
            matter_id=matter.id,
            matter_revision=matter.revision,
            at=now(),
            actor=str(actor),
            action=action,
            reason=(reason or "").strip() or None,
        )
    )
    db.session.flush()
    db.session.expire(matter, ["steps"])
