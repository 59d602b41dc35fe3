"""Steps that nobody takes: orders obeyed in time, operators struck off, marks and recoveries of households for R1.

What is batched commits by itself, can be killed and run again at any time, and finds nothing to do the second time.
Registration data only change the status of an operator, whole files at once; what follows for its stays is done here,
set by set, by the day that comes after (domain.md 5, A9: in the next batch).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased, joinedload

from models import AbnormalListing, Authority, HouseholdMark, Operator, Proceeding, db
from registry.clock import today
from registry.ledger import Actor as LedgerActor
from registry.rules import abnormal_procedure, household_procedure
from registry.rules import abnormal_wording as words
from registry.rules.abnormal_cases import RemovalReason
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.rules.rule_sets import Regime, rule_set_for
from registry.services import listings
from registry.services.matters import Desk
from registry.services.proceedings import engine
from registry.services.proceedings.abnormal import facts
from registry.services.proceedings.abnormal_facts import ENDED
from registry.services.proceedings.abnormal_records import case_about
from registry.services.proceedings.household import became_company
from registry.transaction import transaction

BATCH = 500
"""Cases or records of one transaction: every other change of the register waits while one is being committed."""
ACTOR = LedgerActor("system", "day")

Progress = Callable[[int], object]
"""Told after each transaction how many have been dealt with in all."""


def _unheard(done: int) -> None:
    """Nobody asked how far it is."""
    del done


def close_struck_off(desk: Desk, progress: Progress = _unheard) -> int:
    """End every stay and mark of operators that are struck off, and marks of households that are companies now.

    How many. Records with a case end by its step, the others have none and get none; those of other nodes end there.
    """
    done = 0
    for model, procedure, close in (
        (AbnormalListing, Procedure.ABNORMAL_LISTING, abnormal_procedure.Action.CLOSE),
        (HouseholdMark, Procedure.HOUSEHOLD_MARK, household_procedure.Action.CLOSE),
    ):
        while closed := _close_some(model, procedure, close, desk):
            done += closed
            progress(done)
    return done


def close_orders(desk: Desk, progress: Progress = _unheard) -> int:
    """Close the cases of operators that published within the ordered time (企业经营异常名录管理办法 art. 7). How many."""
    done, after = 0, 0
    while cases := _ordered_after(after):
        after = cases[-1]
        with transaction():
            for case in _locked(cases):
                if case.stage == abnormal_procedure.Stage.ORDERED and _in_time(case, desk):
                    _step(case, abnormal_procedure.Action.CLOSE_ORDER, desk)
                    done += 1
        db.session.expunge_all()
        progress(done)
    return done


def mark_unreported(household: Operator, report_year: int, *, authority: Authority, desk: Desk) -> Proceeding:
    """Mark a household whose annual report is missing: proposed and marked by itself. The caller commits.

    GuardsNotMet where the rules do not let it be marked.
    """
    law = rule_set_for(Regime.SAMR, today())
    case = engine.open_case(
        Procedure.HOUSEHOLD_MARK,
        household_procedure.Action.PROPOSE,
        part=Actor.SYSTEM,
        authority=authority,
        operator=household,
        statement="",
        actor=ACTOR,
        desk=desk,
        reason=AbnormalReason.R1,
        report_year=report_year,
        values={"facts": words.unreported_facts(OperatorKind.HOUSEHOLD, report_year, law)},
    )
    return _step(case, household_procedure.Action.MARK_UNREPORTED, desk)


def recover_reported(mark: HouseholdMark, *, reported_on: date, desk: Desk) -> Proceeding:
    """Take the mark off a household that has made up for its missing report (art. 18). The caller commits. GuardsNotMet."""
    values = {"removal_reason": RemovalReason.REPORTED, "cured_on": reported_on.isoformat()}
    case = case_about(mark, actor=ACTOR, desk=desk)
    return _step(case, household_procedure.Action.RECOVER_REPORTED, desk, values)


def _step(case: Proceeding, action: Any, desk: Desk, values: dict[str, Any] | None = None) -> Proceeding:
    return engine.take_step(
        case, action, part=Actor.SYSTEM, revision=case.revision, statement="", actor=ACTOR, desk=desk, values=values
    )


def _close_some(model: Any, procedure: Procedure, close: Any, desk: Desk) -> int:
    with transaction():
        ended = (
            select(model.record_id)
            .join(Operator, Operator.id == model.operator_id)
            .where(model.record_id.startswith(f"{desk.node}."))
        )
        names = db.session.execute(
            ended.where(model.state == RecordState.IN_FORCE, _is_over(model)).order_by(model.id).limit(BATCH)
        ).scalars()
        record_ids = list(names)
        cases = _locked_about(procedure, record_ids)
        records = db.session.execute(
            select(model)
            .where(model.record_id.in_(record_ids), model.state == RecordState.IN_FORCE)
            .options(joinedload(model.operator), joinedload(model.authority))
            .order_by(model.id)
            .with_for_update(of=model)
            .execution_options(populate_existing=True)
        ).scalars()
        for record in records:
            case = cases.get(record.record_id)
            if case is None:
                listings.close(record, on=today(), actor=ACTOR, became_company=_left_register_as_company(record))
            else:
                _step(case, close, desk)
    db.session.expunge_all()
    return len(record_ids)


def _is_over(model: Any) -> ColumnElement[bool]:
    if model is AbnormalListing:
        return Operator.registration_status.in_(ENDED)
    successor = aliased(Operator)
    company = (
        select(successor.id)
        .where(successor.id == Operator.successor_id, successor.kind != OperatorKind.HOUSEHOLD)
        .exists()
    )
    return or_(Operator.registration_status.in_(ENDED), company)


def _left_register_as_company(record: AbnormalListing | HouseholdMark) -> bool:
    return isinstance(record, HouseholdMark) and became_company(record.operator)


def _locked_about(procedure: Procedure, record_ids: Sequence[str]) -> dict[str, Proceeding]:
    """Open cases by their record, locked before the records, as officers' steps lock them."""
    cases = db.session.execute(
        select(Proceeding)
        .where(Proceeding.procedure == procedure, Proceeding.about.in_(record_ids), Proceeding.closed_on.is_(None))
        .order_by(Proceeding.id)
        .with_for_update(of=Proceeding)
        .execution_options(populate_existing=True)
    ).scalars()
    return {case.about: case for case in cases if case.about is not None}


def _ordered_after(after: int) -> list[int]:
    return list(
        db.session.execute(
            select(Proceeding.id)
            .where(
                Proceeding.procedure == Procedure.ABNORMAL_LISTING,
                Proceeding.stage == abnormal_procedure.Stage.ORDERED,
                Proceeding.id > after,
            )
            .order_by(Proceeding.id)
            .limit(BATCH)
        ).scalars()
    )


def _locked(case_ids: Sequence[int]) -> list[Proceeding]:
    return list(
        db.session.execute(
            select(Proceeding)
            .where(Proceeding.id.in_(case_ids))
            .order_by(Proceeding.id)
            .with_for_update(of=Proceeding)
            .execution_options(populate_existing=True)
        ).scalars()
    )


def _in_time(case: Proceeding, desk: Desk) -> bool:
    return abnormal_procedure.IN_TIME.holds(facts(case, desk))
