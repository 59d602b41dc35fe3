"""SM-G tied to the register: results of inspections (registry/rules/inspection_procedure.py)."""

from datetime import date

from sqlalchemy import select

from models import InspectionResult, Penalty, Proceeding, ViolationListing, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.queries.calendar import working_calendar
from registry.queries.inspection_results import linked_has_ended
from registry.queries.records import RecordNotFound, get_record
from registry.rules.deadlines import due_on
from registry.rules.documents import DocumentKind
from registry.rules.inspection_procedure import MACHINE, Action, Result, Stage
from registry.rules.inspections import InspectionKind, ResultCode, is_negative
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import rule_set_for
from registry.services import inspection_results, publicity
from registry.services.documents.issuing import issue
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.binding import Binding, Clock, Step
from registry.services.proceedings.particulars import Form, Particular
from registry.services.record_ids import new_record_id

ACTOR = LedgerActor("system", "procedure")

RECORDED = (
    Particular("inspection_kind", Form.CHOICE, required=True, choices=tuple(InspectionKind)),
    Particular("task", Form.TEXT, required=True),
    Particular("inspected_on", Form.DAY, required=True),
    Particular("completed_on", Form.DAY, required=True),
    Particular("result_code", Form.CHOICE, required=True, choices=tuple(ResultCode)),
    Particular("result", Form.LONG_TEXT, required=True),
    Particular("linked_record", Form.TEXT),
)
FOUND_WRONG = Particular("found_wrong_on", Form.DAY)
REPAIRED = Particular("repair_granted_on", Form.DAY)


class LinkUnknown(RecordNotFound):
    """What a result led to is no penalty and no violation listing of this operator."""

    code = "linked_record_unknown"


def end_with_linked(desk: Desk, record_id: str | None = None) -> int:
    """End every public negative result whose penalty or listing has ended; only those linked to one record, if named.

    How many. Safe to repeat; the caller commits. Source: 市场监督管理信用修复管理办法 (2025), domain.md 3.7.
    """
    found = (
        select(Proceeding, InspectionResult)
        .join(InspectionResult, InspectionResult.record_id == Proceeding.about)
        .where(
            Proceeding.procedure == Procedure.INSPECTION_RESULT,
            Proceeding.stage == Stage.PUBLISHED,
            InspectionResult.linked_record_id.is_not(None),
        )
        .order_by(Proceeding.id)
    )
    if record_id is not None:
        found = found.where(InspectionResult.linked_record_id == record_id)
    done = 0
    for case, record in db.session.execute(found).all():
        if is_negative(record.result_code) and linked_has_ended(record, today()):
            engine.take_step(
                case,
                Action.END_WITH_RECORD,
                part=Actor.SYSTEM,
                revision=case.revision,
                statement="",
                actor=ACTOR,
                desk=desk,
            )
            done += 1
    return done


def repair_granted(step: Step) -> None:
    """Bring the case of a repaired result along, and end the results that led to a repaired record."""
    case = _case_about(step.proceeding.about, Stage.PUBLISHED)
    if case is not None:
        case.hands, case.decided_by = list(step.proceeding.hands), None  # who prepared the repair prepared this
        engine.take_step(
            case,
            Action.END_AFTER_REPAIR,
            part=Actor.REVIEWER,
            revision=case.revision,
            statement=step.statement,
            actor=step.actor,
            desk=step.desk,
        )
    end_with_linked(step.desk, step.proceeding.about)


def repair_revoked(step: Step) -> None:
    """A result whose repair was revoked for fraud is public again: it gets a case anew, the old one is closed."""
    old = _case_about(step.proceeding.about, Stage.ENDED)
    if old is not None and old.operator is not None and old.about is not None:
        engine.adopt(
            Procedure.INSPECTION_RESULT,
            Stage.PUBLISHED,
            authority=old.authority,
            operator=old.operator,
            about=old.about,
            reason=None,
            report_year=None,
            actor=step.actor,
            desk=step.desk,
        )


def facts(case: Proceeding, desk: Desk) -> Result:  # noqa: ARG001 - nothing here is personal
    """What is known of a result now."""
    record = result_of(case)
    completed_on = record.completed_on if record is not None else _day(case, "completed_on")
    repaired = record is not None and record.end_reason is EndReason.REPAIRED
    return Result(
        completed=completed_on is not None and completed_on <= today(),
        negative=record is not None and is_negative(record.result_code),
        linked_record_ended=record is not None and linked_has_ended(record, today()),
        repair_granted=repaired or _is_past(case, "repair_granted_on"),
        found_wrong=_is_past(case, "found_wrong_on"),
    )


def result_of(case: Proceeding) -> InspectionResult | None:
    """The result that a case has entered."""
    if case.about is None:
        return None
    return db.session.execute(
        select(InspectionResult).where(InspectionResult.record_id == case.about)
    ).scalar_one_or_none()


def _clock(case: Proceeding, desk: Desk) -> Clock | None:  # noqa: ARG001 - nothing here is personal
    """Twenty working days to publish (企业信息公示暂行条例 art. 6). CalendarYearMissing."""
    completed_on = _day(case, "completed_on")
    if case.stage != Stage.RECORDED or completed_on is None:
        return None
    name = "publish_information"
    deadline = rule_set_for(case.authority.regime, completed_on).deadlines[name]
    return Clock(name, due_on(deadline, completed_on, working_calendar()))


def _asks(case: Proceeding) -> Actor | None:
    called = _is_past(case, "found_wrong_on") or _is_past(case, "repair_granted_on")
    return Actor.REVIEWER if case.stage == Stage.RECORDED or called else None


def _record(step: Step) -> None:
    case, stated = step.proceeding, step.values
    assert case.operator is not None
    record = inspection_results.enter(
        case.operator,
        record_id=new_record_id(step.desk.node, "inspection_result"),
        authority=case.authority,
        kind=InspectionKind(stated["inspection_kind"]),
        task=stated["task"],
        inspected_on=date.fromisoformat(stated["inspected_on"]),
        completed_on=date.fromisoformat(stated["completed_on"]),
        result_code=ResultCode(stated["result_code"]),
        result=stated["result"],
        linked_record_id=_linked(case, stated.get("linked_record")),
        actor=step.actor,
    )
    case.about = record.record_id


def _publish(step: Step) -> None:
    """Shown from today; a negative one at most as long as what it led to is known to last."""
    record = _standing(step)
    until = None
    if record.linked_record_id is not None and is_negative(record.result_code):
        linked = get_record(record.linked_record_id)
        until = linked.public_until if linked.state is RecordState.IN_FORCE else None
    inspection_results.publish(record, on=today(), until=until, actor=step.actor)


def _end_with_record(step: Step) -> None:
    inspection_results.end(_standing(step), reason=EndReason.OTHER, on=today(), actor=step.actor)


def _end_after_repair(step: Step) -> None:
    """The decision is that of the repair where there was one; else it is issued here."""
    record, case = _standing(step), step.proceeding
    if record.state is not RecordState.IN_FORCE:
        return
    issue(
        DocumentKind.REPAIR_DECISION,
        authority=case.authority,
        rule_set=rule_set_for(case.authority.regime, today()).name,
        on=today(),
        particulars={
            "title": "准予信用修复决定书",
            "party": record.operator.name,
            "party_no": record.operator.uscc or record.operator.registration_no,
            "facts": f"你单位已就“{record.task}”的检查结果完成整改。",
            "statement": step.statement,
        },
        proceeding=case,
        record_id=record.record_id,
        prepared_by=case.hands[-1],
        decided_by=str(step.actor),
    )
    inspection_results.end(record, reason=EndReason.REPAIRED, on=today(), actor=step.actor)


def _withdraw(step: Step) -> None:
    """Taken back as wrong; of one that was public its page tells the reason."""
    record = _standing(step)
    if record.state is RecordState.PENDING:
        inspection_results.keep_back(record, statement=step.statement, actor=step.actor)
    else:
        publicity.withdraw(
            record.record_id, statement=step.statement, reason=EndReason.CORRECTED, on=today(), actor=step.actor
        )


def _case_about(record_id: str | None, stage: Stage) -> Proceeding | None:
    return db.session.execute(
        select(Proceeding)
        .where(
            Proceeding.procedure == Procedure.INSPECTION_RESULT,
            Proceeding.about == record_id,
            Proceeding.stage == stage,
        )
        .order_by(Proceeding.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def _standing(step: Step) -> InspectionResult:
    record = result_of(step.proceeding)
    assert record is not None
    return record


def _linked(case: Proceeding, stated: str | None) -> str | None:
    """The record that a result led to, as stated; LinkUnknown where it is none of the operator's."""
    if not stated:
        return None
    linked = get_record(stated)
    if not isinstance(linked, Penalty | ViolationListing) or linked.operator is not case.operator:
        raise LinkUnknown("The linked record is no penalty and no violation listing of this operator.")
    return linked.record_id


def _day(case: Proceeding, name: str) -> date | None:
    value = case.facts.get(name)
    return date.fromisoformat(value) if value else None


def _is_past(case: Proceeding, name: str) -> bool:
    stated = _day(case, name)
    return stated is not None and stated <= today()


BINDING: Binding[Stage, Result] = Binding(
    procedure=Procedure.INSPECTION_RESULT,
    machine=MACHINE,
    actions=Action,
    facts=facts,
    clock=_clock,
    asks=_asks,
    effects={
        Action.RECORD: _record,
        Action.PUBLISH: _publish,
        Action.END_WITH_RECORD: _end_with_record,
        Action.END_AFTER_REPAIR: _end_after_repair,
        Action.WITHDRAW: _withdraw,
    },
    stated={Action.RECORD: RECORDED},
    noted={
        (Stage.RECORDED, Actor.HANDLER): (FOUND_WRONG,),
        (Stage.PUBLISHED, Actor.HANDLER): (FOUND_WRONG, REPAIRED),
    },
)
