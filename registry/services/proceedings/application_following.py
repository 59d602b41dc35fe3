"""Repairs and objections that the system finishes by itself: everybody was told, what was wrong has been corrected."""

from enum import StrEnum

from sqlalchemy import select

from models import Proceeding, db
from registry.ledger import Actor as LedgerActor
from registry.rules import objection_procedure, repair_procedure
from registry.rules.procedure import Actor, step, unmet
from registry.rules.proceedings import Procedure
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.bindings import binding_of

_ITSELF = LedgerActor("system", "day")


def finish_repairs(desk: Desk) -> int:
    """Finish granted repairs of which everybody was told; how many. The caller commits."""
    return _finish(Procedure.REPAIR, repair_procedure.Stage.GRANTED, repair_procedure.Action.SYNC, desk)


def close_objections(desk: Desk) -> int:
    """Close upheld objections whose record was corrected since; how many. The caller commits."""
    return _finish(Procedure.OBJECTION, objection_procedure.Stage.UPHELD, objection_procedure.Action.CORRECT, desk)


def _finish(procedure: Procedure, stage: StrEnum, action: StrEnum, desk: Desk) -> int:
    binding = binding_of(procedure)
    row = step(binding.machine, stage, action, Actor.SYSTEM)
    waiting = db.session.execute(
        select(Proceeding)
        .where(Proceeding.procedure == procedure, Proceeding.stage == stage, Proceeding.closed_on.is_(None))
        .order_by(Proceeding.id)
    ).scalars()
    done = 0
    for each in waiting.all():
        if unmet(row, binding.facts(each, desk)):
            continue
        at = each.revision
        engine.take_step(each, action, part=Actor.SYSTEM, revision=at, statement="", actor=_ITSELF, desk=desk)
        done += 1
    return done
