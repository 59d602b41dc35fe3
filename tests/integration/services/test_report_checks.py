"""Whether a printed report still says what the register says."""

from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from models import CreditReport, LedgerEntry, Operator, db
from models.credit_report import ReportKind
from registry import ledger
from registry.clock import BEIJING, now
from registry.rules import objection_procedure, repair_procedure
from registry.rules.listing import EndReason
from registry.rules.record import RecordState
from registry.services.report_checks import Verdict, check_file, check_number
from registry.transaction import transaction
from tests import applications
from tests.factories import ACTOR, make_authority, make_operator, make_penalty

pytestmark = pytest.mark.usefixtures("database")

FILE = b"%PDF-1.7 a report"
NO = "2026112410000012AB34CD"


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING)


def issue(operator: Operator, issued_at: datetime) -> None:
    newest = db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one() or 0
    db.session.add(
        CreditReport(
            report_no=NO,
            kind=ReportKind.FULL,
            operator_id=operator.id,
            subject_name=operator.name,
            subject_code=operator.uscc,
            scope={},
            issued_at=issued_at,
            ledger_seq=newest,
            content_digest=bytes(32),
            sha256=sha256(FILE).digest(),
        )
    )
    db.session.flush()


def test_a_report_is_valid_while_nothing_changes() -> None:
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), public_until=date(2099, 1, 1))
    issue(operator, now())
    assert check_number(NO, now()).verdict is Verdict.VALID
    assert check_file(sha256(FILE).digest(), now()).verdict is Verdict.VALID


def test_an_unknown_number_and_an_altered_file_are_unknown() -> None:
    with transaction():
        issue(make_operator(), now())
    assert check_number("2026", now()).verdict is Verdict.UNKNOWN
    assert check_file(sha256(FILE + b" ").digest(), now()).verdict is Verdict.UNKNOWN


def test_a_record_published_later_supersedes_it() -> None:
    with transaction():
        operator = make_operator()
    issue(operator, now())
    with transaction():
        make_penalty(operator, make_authority(), public_until=date(2099, 1, 1))
    entered_at = db.session.execute(select(func.max(LedgerEntry.recorded_at))).scalar_one()
    check = check_number(NO, now())
    assert (check.verdict, check.since) == (Verdict.SUPERSEDED, entered_at)


def test_a_record_that_is_still_pending_does_not_show_through() -> None:
    with transaction():
        operator = make_operator()
    issue(operator, now())
    with transaction():
        make_penalty(operator, make_authority(), state=RecordState.PENDING)
    assert check_number(NO, now()).verdict is Verdict.VALID


def test_a_record_that_expires_supersedes_it_at_midnight() -> None:
    with transaction():
        operator = make_operator()
        make_penalty(operator, make_authority(), public_until=date(2099, 1, 1))
    issue(operator, now())
    assert check_number(NO, at(date(2098, 12, 31), 23)).verdict is Verdict.VALID
    check = check_number(NO, at(date(2099, 1, 1), 0))
    assert (check.verdict, check.since) == (Verdict.SUPERSEDED, at(date(2099, 1, 1), 0))


def test_a_repair_supersedes_it() -> None:
    with transaction():
        operator = make_operator()
        penalty = make_penalty(operator, make_authority(), public_until=date(2099, 1, 1))
    issue(operator, now())
    with transaction():
        penalty.state, penalty.end_reason, penalty.ended_on = RecordState.ENDED, EndReason.REPAIRED, date(2026, 11, 24)
        db.session.flush()
        ledger.append("administrative_penalty.ended", record=penalty, actor=ACTOR)
    assert check_number(NO, now()).verdict is Verdict.SUPERSEDED


def test_another_operator_changes_nothing() -> None:
    with transaction():
        operator, other = make_operator(), make_operator()
    issue(operator, now())
    with transaction():
        make_penalty(other, make_authority(), public_until=date(2099, 1, 1))
    assert check_number(NO, now()).verdict is Verdict.VALID


@pytest.mark.parametrize("by", ["repair", "objection"])
def test_6_and_14_an_older_report_is_superseded_once_a_repair_or_an_objection_took_the_record_down(by: str) -> None:
    day = now().date()
    decided = day - timedelta(days=200)
    with transaction():
        operator = make_operator()
        penalty = make_penalty(operator, make_authority(), decided_on=decided, public_until=day + timedelta(days=100))
    if by == "repair":
        case = applications.apply_for(penalty)
        applications.step(case, repair_procedure.Action.ACCEPT, materials_complete=True)
        applications.step(case, repair_procedure.Action.VERIFY, verified_on=str(day), duties_performed=True)
    else:
        case = applications.object_to(penalty)
        applications.step(case, objection_procedure.Action.ACCEPT)
        applications.note(case, verified_on=str(day), found_wrong=True, findings="处罚决定不存在")
    issue(operator, now())
    assert check_number(NO, now()).verdict is Verdict.VALID
    if by == "repair":
        applications.decide(case, repair_procedure.Action.GRANT)
    else:
        applications.decide(case, objection_procedure.Action.UPHOLD, outcome="withdraw")
    assert check_number(NO, now()).verdict is Verdict.SUPERSEDED
    kept = db.session.execute(
        select(LedgerEntry.action).where(LedgerEntry.record_id == penalty.record_id).order_by(LedgerEntry.seq)
    ).scalars()
    assert next(kept) == "administrative_penalty.published"
