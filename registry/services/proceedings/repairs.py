"""SM-E carried out: what is known of an application for repair, its clocks, and what officers state."""

from datetime import date

from sqlalchemy import or_, select

from models import AbnormalListing, HouseholdMark, Penalty, Proceeding, ViolationListing, db
from registry.clock import today
from registry.queries.calendar import working_calendar
from registry.queries.exchange_reach import Reach, reach_of
from registry.queries.records import PublishedRecord, get_record
from registry.rules.abnormal_cases import RemovalReason
from registry.rules.deadlines import due_on
from registry.rules.listing import AbnormalReason
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.regions import in_other_province
from registry.rules.repair_procedure import DECIDED_WITHIN, MACHINE, Action, RepairCase, RepairOf, Stage
from registry.rules.rule_sets import RuleSet, rule_set_for
from registry.services.earliest_days import earliest_on, repair_of
from registry.services.matters import Desk
from registry.services.proceedings import repair_effects
from registry.services.proceedings.binding import Binding, Clock
from registry.services.proceedings.particulars import Form, Particular
from registry.services.proceedings.record_words import fact_day
from registry.services.proceedings.violation_facts import punished_since

_AFTER_APPLICATION = frozenset({AbnormalReason.R1, AbnormalReason.R2})
"""Reasons whose removal is decided within days of the application; of the others, within days of the verification."""


def facts(proceeding: Proceeding, desk: Desk) -> RepairCase:
    """What is known of an application now."""
    del desk
    record, day, known = record_of(proceeding), today(), proceeding.facts
    return RepairCase(
        today=day,
        rule_set=rules_of(proceeding),
        repair_of=_kind(record),
        earliest_on=earliest_on(record),
        record_is_public=is_public(record, day),
        commitment_made=known.get("commitment_made") is True,
        materials_complete=known.get("materials_complete") is True,
        asked_for_more=known.get("asked_on") is not None,
        through_agent=known.get("through_agent") is True,
        agent_authorised=known.get("agent_authorised") is True,
        duties_performed=known.get("duties_performed") is True,
        on_a_list=_is_listed(record.operator_id, day),
        same_kind_penalty_since=known.get("same_kind_penalty") is True or _punished_again(record),
        same_office=record.authority_id == proceeding.authority.id,
        verified_on=fact_day(proceeding, "verified_on"),
        heavier_penalty_since=isinstance(record, ViolationListing) and punished_since(record, None),
        everybody_told=not is_public(record, day) and not _untold(proceeding, record),
        serious_fraud_found=known.get("serious_fraud_found") is True,
    )


def record_of(proceeding: Proceeding) -> PublishedRecord:
    """The record that a case is about. RecordNotFound where it names none."""
    return get_record(proceeding.about or "")


def is_public(record: PublishedRecord, day: date) -> bool:
    """Whether the public sees a record on this day."""
    shown = record.state is RecordState.IN_FORCE and record.public_from is not None and record.public_from <= day
    return shown and (record.public_until is None or day < record.public_until)


def rules_of(proceeding: Proceeding) -> RuleSet:
    """The set in force when the case was opened: procedure follows the day of the application."""
    return rule_set_for(proceeding.authority.regime, proceeding.opened_on)


def clock(proceeding: Proceeding, desk: Desk) -> Clock | None:
    """The deadline that runs: acceptance, decision, or passing the result on. None while a verification is awaited."""
    del desk
    rules, day = rules_of(proceeding), today()
    record = record_of(proceeding)
    name: str | None = None
    since: date | None = None
    match Stage(proceeding.stage):
        case Stage.SUBMITTED:
            name, since = "accept_repair", fact_day(proceeding, "received_on") or proceeding.opened_on
        case Stage.ACCEPTED | Stage.VERIFYING:
            name, since = DECIDED_WITHIN[_kind(record)], _decided_since(proceeding, record, day)
        case Stage.GRANTED if _untold(proceeding, record):
            away = (
                in_other_province(record.authority.region, record.operator.region) and "push_repair" in rules.deadlines
            )
            name, since = "push_repair" if away else "share_repair", fact_day(proceeding, "granted_on") or day
        case _:
            pass
    if name is None or since is None:
        return None
    return Clock(name, due_on(rules.deadlines[name], since, working_calendar()))


def _decided_since(proceeding: Proceeding, record: PublishedRecord, day: date) -> date | None:
    """The day from which the decision's clock runs (domain.md 3.7): application, verification or acceptance."""
    if not isinstance(record, AbnormalListing | HouseholdMark):
        return fact_day(proceeding, "accepted_on") or day
    if AbnormalReason(record.reason) in _AFTER_APPLICATION:
        return fact_day(proceeding, "received_on") or proceeding.opened_on
    return fact_day(proceeding, "verified_on")


def asks(proceeding: Proceeding) -> Actor | None:
    """Who has to act next. Of a granted repair an officer tells only whom no wire reaches."""
    stage = Stage(proceeding.stage)
    if stage is Stage.GRANTED:
        return Actor.HANDLER if Reach.NO_WIRE in _untold(proceeding, record_of(proceeding)) else None
    return _ASKED.get(stage)


def _untold(proceeding: Proceeding, record: PublishedRecord) -> set[Reach]:
    """What is missing until everybody knows: peers that the exchange is still to reach, and an officer's own telling.

    Receipts and positions of the exchange say by themselves who was told; an officer's note stands only for peers without
    such a wire, and where there is none at all.
    """
    reached = set(reach_of(record.record_id).values()) or {Reach.NO_WIRE}
    told_on = fact_day(proceeding, "told_on")
    settled = {Reach.TOLD} | ({Reach.NO_WIRE} if told_on is not None and told_on <= today() else set())
    return reached - settled


def _kind(record: PublishedRecord) -> RepairOf:
    kind = repair_of(record)
    assert kind is not None  # the page offers no repair of a licence, and `applications` refuses one
    return kind


def _is_listed(operator_id: int, day: date) -> bool:
    """Whether the operator stands on either list (市场监督管理行政处罚信息公示规定 art. 14 no. 4)."""
    models: tuple[type[AbnormalListing | ViolationListing], ...] = (AbnormalListing, ViolationListing)
    for model in models:
        listed = (model.operator_id == operator_id, model.state == RecordState.IN_FORCE, model.public_from <= day)
        runs = or_(model.public_until.is_(None), model.public_until > day)
        if db.session.execute(select(model.id).where(*listed, runs).limit(1)).scalar_one_or_none() is not None:
            return True
    return False


def _punished_again(record: PublishedRecord) -> bool:
    """Whether a later penalty for the same act stands; what is of one kind under other words an officer states."""
    if not isinstance(record, Penalty):
        return False
    return (
        db.session.execute(
            select(Penalty.id)
            .where(
                Penalty.operator_id == record.operator_id,
                Penalty.id != record.id,
                Penalty.decided_on > record.decided_on,
                Penalty.unlawful_act == record.unlawful_act,
                Penalty.state != RecordState.WITHDRAWN,
            )
            .limit(1)
        ).scalar_one_or_none()
        is not None
    )


_ASKED = {
    Stage.DRAFT: Actor.PARTY,
    Stage.SUBMITTED: Actor.HANDLER,
    Stage.SUPPLEMENT: Actor.PARTY,
    Stage.ACCEPTED: Actor.HANDLER,
    Stage.VERIFYING: Actor.REVIEWER,
}
_VERIFIED = (
    Particular("verified_on", Form.DAY, required=True),
    Particular("duties_performed", Form.YES_NO),
    Particular("same_kind_penalty", Form.YES_NO),
    Particular("removal_reason", Form.CHOICE, choices=tuple(RemovalReason)),
    Particular("findings", Form.LONG_TEXT),
)

BINDING = Binding(
    procedure=Procedure.REPAIR,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=clock,
    asks=asks,
    effects={
        Action.ASK_FOR_MORE: repair_effects.ask_for_more,
        Action.ACCEPT: repair_effects.accept,
        Action.NOT_ACCEPT: repair_effects.not_accept,
        Action.GRANT: repair_effects.grant,
        Action.REFUSE: repair_effects.refuse,
        Action.REVOKE: repair_effects.revoke,
    },
    stated={
        Action.SUBMIT: (
            Particular("commitment_made", Form.YES_NO),
            Particular("through_agent", Form.YES_NO),
            Particular("agent_authorised", Form.YES_NO),
        ),
        Action.ASK_FOR_MORE: (Particular("missing", Form.LONG_TEXT, required=True),),
        Action.ACCEPT: (Particular("materials_complete", Form.YES_NO),),
        Action.VERIFY: _VERIFIED,
        Action.REVOKE: (Particular("serious_fraud_found", Form.YES_NO),),
    },
    noted={
        (Stage.VERIFYING, Actor.HANDLER): _VERIFIED,
        (Stage.GRANTED, Actor.HANDLER): (Particular("told_on", Form.DAY, required=True),),
    },
)
