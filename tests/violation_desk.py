"""Cases of the violation list for tests: officers, the steps of a case in order, days as a clock on the wall."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import time_machine

from models import Authority, Operator, Proceeding, db
from registry.ledger import Actor as LedgerActor
from registry.queries.proceedings import get_proceeding
from registry.rules.listing import ViolationReason
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.violation_cases import Factor
from registry.rules.violation_procedure import Action
from registry.services.proceedings import engine
from registry.transaction import transaction
from tests.factories import make_authority, make_operator
from tests.matters import DESK

HANDLER = LedgerActor("officer", "zhang")
REVIEWER = LedgerActor("officer", "li")
ABOVE = LedgerActor("officer", "wang")
PERSONS = {
    Actor.HANDLER: HANDLER,
    Actor.PARTY: HANDLER,
    Actor.PROVIDER: HANDLER,
    Actor.REVIEWER: REVIEWER,
    Actor.SUPERIOR: ABOVE,
}

DECIDED = date(2026, 3, 10)
CONDUCT = {"facts": "当事人使用工业盐加工食品。", "heavier_penalty": True}
ANSWERED = {"grave": True, **{f"factor_{factor}": "已查明" for factor in Factor}}
APPLICATION = {"duties_performed": True, "harm_removed": True, "commitment_made": True}


@contextmanager
def on(day: date | str) -> Iterator[None]:
    """Noon of a day in Beijing."""
    with time_machine.travel(datetime.fromisoformat(f"{day}T12:00:00+08:00"), tick=False):
        yield


def authority_below(*, settings: dict[str, Any] | None = None) -> Authority:
    """A district authority under one of the city."""
    with transaction():
        above = make_authority(name="石家庄市市场监督管理局")
        below = make_authority()
        below.parent_id, below.settings = above.id, settings or {}
    return below


def opened(
    authority: Authority,
    operator: Operator | None = None,
    *,
    reason: ViolationReason = ViolationReason.FOOD,
    basis: str | None = None,
    **values: Any,
) -> Proceeding:
    """An assessment that a handler has opened."""
    with transaction():
        return engine.open_case(
            Procedure.VIOLATION_LISTING,
            Action.ASSESS,
            part=Actor.HANDLER,
            authority=authority,
            operator=operator or make_operator(),
            reason=reason,
            basis=basis,
            values={**CONDUCT, **values},
            statement="较重行政处罚，启动评估",
            actor=HANDLER,
            desk=DESK,
        )


def step(
    case: Proceeding, action: Action, part: Actor, *, actor: LedgerActor | None = None, **values: Any
) -> Proceeding:
    """Take a step of a case as it stands now."""
    with transaction():
        return engine.take_step(
            _fresh(case),
            action,
            part=part,
            revision=_fresh(case).revision,
            statement="" if part is Actor.SYSTEM else "依法办理",
            values=values,
            actor=actor or PERSONS[part],
            desk=DESK,
        )


def note(
    case: Proceeding, part: Actor = Actor.HANDLER, *, actor: LedgerActor | None = None, **values: Any
) -> Proceeding:
    """Note facts of a case as it stands now."""
    with transaction():
        return engine.note(
            _fresh(case),
            values,
            part=part,
            revision=_fresh(case).revision,
            statement="如实记录",
            actor=actor or PERSONS[part],
            desk=DESK,
        )


def notified(case: Proceeding, *, served_on: str = "2026-03-02") -> Proceeding:
    """Factors answered, notice served."""
    note(case, **ANSWERED)
    step(case, Action.NOTIFY, Actor.HANDLER)
    return note(case, notice_served_on=served_on, notice_tells_facts_basis_and_rights=True)


def listed(
    authority: Authority, operator: Operator | None = None, *, basis: str | None = None, **decision: Any
) -> Proceeding:
    """A case that has led onto the list on DECIDED, by every step of the procedure."""
    with on("2026-03-02"):
        case = opened(authority, operator, basis=basis)
        notified(case)
    with on(DECIDED):
        step(case, Action.KEEP_PROPOSAL, Actor.REVIEWER)
        note(case, Actor.SUPERIOR, superior_consented_on=DECIDED.isoformat())
        values = {"decided_on": DECIDED.isoformat(), "penalty_decided_on": DECIDED.isoformat(), **decision}
        return step(case, Action.LIST, Actor.REVIEWER, **values)


def _fresh(case: Proceeding) -> Proceeding:
    found = get_proceeding(case.id)
    assert found is not None
    db.session.refresh(found)
    return found
