"""SM-J tied to the register: notices to providers of network services (registry/rules/service_stop_procedure.py).

Never public. A notice stands on a violation listing in force and is lifted by itself when that ends or is shielded.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select

from models import Proceeding, ViolationListing, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.rules.documents import DocumentKind
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.rule_sets import rule_set_for
from registry.rules.service_stop_procedure import MACHINE, Action, Notice, Stage
from registry.services.documents.issuing import issue
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Binding, Clock, Step
from registry.services.proceedings.particulars import Form, Particular

ACTOR = LedgerActor("system", "procedure")

PROVIDER = (
    Particular("provider", Form.TEXT, required=True),
    Particular("provider_contact", Form.TEXT),
    Particular("service", Form.TEXT, required=True),
    Particular("facts", Form.LONG_TEXT),
)
CONFIRMATION = (Particular("stopped_on", Form.DAY, required=True),)
REFUSAL = (Particular("refusal_reason", Form.LONG_TEXT, required=True),)


def lift_service_stops(desk: Desk) -> int:
    """Lift every notice whose listing is in force no longer. How many. Safe to repeat; the caller commits."""
    cases = db.session.execute(
        select(Proceeding)
        .join(ViolationListing, ViolationListing.record_id == Proceeding.about)
        .where(
            Proceeding.procedure == Procedure.SERVICE_STOP,
            Proceeding.closed_on.is_(None),
            or_(ViolationListing.state != RecordState.IN_FORCE, ViolationListing.public_until <= today()),
        )
        .order_by(Proceeding.id)
    ).scalars()
    found = list(cases)
    for case in found:
        engine.take_step(
            case, Action.LIFT, part=Actor.SYSTEM, revision=case.revision, statement="", actor=ACTOR, desk=desk
        )
    return len(found)


def facts(case: Proceeding, desk: Desk) -> Notice:  # noqa: ARG001 - nothing here is personal
    """What is known of a notice now."""
    return Notice(_listing(case) is not None, str(case.facts.get("refusal_reason") or ""))


def _clock(case: Proceeding, desk: Desk) -> Clock | None:  # noqa: ARG001 - no term is set by law
    return None


def _listing(case: Proceeding) -> ViolationListing | None:
    """The listing in force that a notice stands on; the newest of the operator where none was named."""
    found = select(ViolationListing).where(
        ViolationListing.state == RecordState.IN_FORCE,
        or_(ViolationListing.public_until.is_(None), ViolationListing.public_until > today()),
    )
    if case.about is not None:
        found = found.where(ViolationListing.record_id == case.about)
    operator_id = case.operator.id if case.operator is not None else case.operator_id
    found = found.where(ViolationListing.operator_id == operator_id).order_by(ViolationListing.id.desc())
    return db.session.execute(found.limit(1)).scalar_one_or_none()


def _propose(step: Step) -> None:
    listing = _listing(step.proceeding)
    step.proceeding.about = listing.record_id if listing is not None else None


def _approve(step: Step) -> StrEnum:
    """The notice is issued, and is with the provider from now on."""
    _issue(step, prepared_by=step.proceeding.hands[-1], decided_by=str(step.actor))
    return Action.SEND


def _send(step: Step) -> None:
    step.proceeding.facts = {**step.proceeding.facts, "sent_on": today().isoformat()}


def _lift(step: Step) -> None:
    """Whoever was told to stop is told that it is over."""
    if step.proceeding.facts.get("sent_on"):
        _issue(
            step,
            title="停止网络服务解除通知书",
            facts="所依据的严重违法失信名单列入信息已终止公示。",
            decision="解除停止网络服务通知，可以依法恢复提供网络服务。",
        )


def _issue(step: Step, *, prepared_by: str | None = None, decided_by: str | None = None, **known: Any) -> None:
    """A document to the provider; it names the party, the service and the listing."""
    case = step.proceeding
    assert case.operator is not None
    listing = db.session.execute(select(ViolationListing).where(ViolationListing.record_id == case.about)).scalar_one()
    party = f"{case.operator.name}（{case.operator.uscc or case.operator.registration_no}）"
    issue(
        DocumentKind.SERVICE_STOP,
        authority=case.authority,
        rule_set=rule_set_for(case.authority.regime, today()).name,
        on=today(),
        particulars={
            "party": case.facts["provider"],
            "facts": case.facts.get("facts") or f"{party}已被列入严重违法失信名单（{listing.decision_no}）。",
            "paragraphs": [f"主体：{party}；网络服务：{case.facts['service']}。"],
            "subject": party,
            "service": case.facts["service"],
            "listing_no": listing.decision_no,
            "statement": step.statement,
            **known,
        },
        proceeding=case,
        record_id=case.about,
        prepared_by=prepared_by,
        decided_by=decided_by,
    )


BINDING: Binding[Stage, Notice] = Binding(
    procedure=Procedure.SERVICE_STOP,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=_clock,
    asked={Stage.PROPOSED: Actor.REVIEWER, Stage.APPROVED: Actor.SYSTEM, Stage.SENT: Actor.PROVIDER},
    effects={Action.PROPOSE: _propose, Action.APPROVE: _approve, Action.SEND: _send, Action.LIFT: _lift},
    stated={Action.PROPOSE: PROVIDER, Action.CONFIRM: CONFIRMATION, Action.REFUSE: REFUSAL},
)
