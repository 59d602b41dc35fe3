"""public_finding: what the public sees of each kind of record, in each state, renewed with the change itself."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from models import Authority, Operator, PublicFinding, db
from registry import projections
from registry.queries.public_findings import counts_by_type, finding_of_record, findings_of, lists_of, public_on
from registry.rules.listing import AbnormalReason
from registry.rules.merchant_status import FindingType, Level
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Severity
from registry.services import operators, publicity
from registry.services.publicity import NotInForce
from registry.transaction import transaction
from tests.factories import (
    ACTOR,
    make_abnormal_listing,
    make_authority,
    make_household_mark,
    make_licence,
    make_operator,
    make_penalty,
    make_violation_listing,
)

DAY = date(2026, 11, 24)
ONE = timedelta(days=1)

MAKERS: dict[FindingType, Callable[..., Any]] = {
    FindingType.PENALTY: make_penalty,
    FindingType.LICENCE: make_licence,
    FindingType.ABNORMAL_LISTING: make_abnormal_listing,
    FindingType.HOUSEHOLD_MARK: make_household_mark,
    FindingType.VIOLATION_LISTING: make_violation_listing,
}
LEVELS = {
    FindingType.PENALTY: Level.LOW,
    FindingType.LICENCE: Level.CLEAR,
    FindingType.ABNORMAL_LISTING: Level.MEDIUM,
    FindingType.HOUSEHOLD_MARK: Level.MEDIUM,
    FindingType.VIOLATION_LISTING: Level.HIGH,
}
CLOSED = {
    RecordState.ENDED: {"end_reason": EndReason.REPAIRED, "ended_on": DAY},
    RecordState.SHIELDED: {"end_reason": EndReason.SHIELDED, "ended_on": DAY},
    RecordState.WITHDRAWN: {
        "end_reason": EndReason.DECISION_REVOKED, "ended_on": DAY, "end_statement": "处罚决定被依法撤销",
    },
}  # fmt: skip


def make(kind: FindingType, **columns: Any) -> Any:
    """A record of one kind on an operator of its own."""
    household = kind is FindingType.HOUSEHOLD_MARK
    operator = make_operator(kind=OperatorKind.HOUSEHOLD if household else OperatorKind.ENTERPRISE)
    return MAKERS[kind](operator, make_authority(), **columns)


def findings(record_id: str) -> list[PublicFinding]:
    found = select(PublicFinding).where(PublicFinding.record_id == record_id).order_by(PublicFinding.public_from)
    return list(db.session.execute(found, execution_options={"populate_existing": True}).scalars())


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", MAKERS)
def test_a_record_in_force_has_one_finding_with_its_weight_and_interval(kind):
    with transaction():
        record = make(kind)
    (finding,) = findings(record.record_id)
    assert (finding.type, finding.level, finding.operator_id) == (kind, LEVELS[kind], record.operator_id)
    assert (finding.public_from, finding.public_until) == (record.public_from, record.public_until)
    assert finding.data["authority"]["uscc"] == record.authority.uscc
    assert finding.data["rule_set"] == "samr-2025-12-25"
    assert finding.data["under_objection"] is False
    assert date.fromisoformat(finding.data["decided_on"])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("state", [state for state in RecordState if state is not RecordState.IN_FORCE])
def test_a_record_in_any_other_state_has_none(kind, state):
    with transaction():
        record = make(kind, state=state, **CLOSED.get(state, {}))
    assert findings(record.record_id) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("kind", MAKERS)
def test_ending_withdrawing_and_shielding_take_the_finding_away_at_once(kind):
    for change in (
        lambda record_id: publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR),
        lambda record_id: publicity.shield(record_id, on=DAY, actor=ACTOR),
        lambda record_id: publicity.withdraw(
            record_id, statement="处罚决定被依法撤销", reason=EndReason.DECISION_REVOKED, on=DAY, actor=ACTOR
        ),
    ):
        with transaction():
            record_id = make(kind).record_id
        assert len(findings(record_id)) == 1
        with transaction():
            change(record_id)
        assert findings(record_id) == []


@pytest.mark.usefixtures("database")
def test_a_record_that_is_shown_again_has_its_finding_back():
    with transaction():
        record_id = make(FindingType.PENALTY).record_id
    (before,) = findings(record_id)
    kept = (before.public_from, before.public_until, before.level)
    with transaction():
        publicity.shield(record_id, on=DAY, actor=ACTOR)
    with transaction():
        publicity.lift_shield(record_id, actor=ACTOR)
    (after,) = findings(record_id)
    assert (after.public_from, after.public_until, after.level) == kept


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("status", RegistrationStatus)
def test_an_operator_that_is_not_simply_active_is_a_finding_itself(status):
    with transaction():
        operator = make_operator()
    with transaction():
        operators.change_status(operator, status=status, on=DAY, actor=ACTOR)
    found = findings(operator.record_id)
    if status is RegistrationStatus.ACTIVE:
        assert found == []
    else:
        (finding,) = found
        assert (finding.type, finding.public_from, finding.public_until) == ("registration_status", DAY, None)
        assert finding.data["code"] == status


@pytest.mark.usefixtures("database")
def test_a_restriction_that_runs_out_has_a_stretch_before_and_one_after():
    with transaction():
        record = make(
            FindingType.PENALTY, kinds=["suspension_of_business"], severity=Severity.SERIOUS,
            restriction_until=date(2026, 9, 2), public_until=date(2029, 3, 2),
        )  # fmt: skip
    assert [(each.public_from, each.public_until, each.level) for each in findings(record.record_id)] == [
        (date(2026, 3, 2), date(2026, 9, 2), Level.BARRED),
        (date(2026, 9, 2), date(2029, 3, 2), Level.HIGH),
    ]
    for day, level in ((date(2026, 9, 1), Level.BARRED), (date(2026, 9, 2), Level.HIGH)):
        finding = finding_of_record(record.record_id, day)
        assert finding is not None
        assert finding.level == level


@pytest.mark.usefixtures("database")
def test_a_rolled_back_change_leaves_the_finding():
    with transaction():
        record_id = make(FindingType.PENALTY).record_id

    def end_twice() -> None:
        with transaction():
            publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)
            publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)

    with pytest.raises(NotInForce):
        end_twice()
    assert len(findings(record_id)) == 1


@pytest.mark.usefixtures("database")
def test_renewing_again_gives_the_same_and_touches_nobody_else():
    with transaction():
        one, other = make(FindingType.PENALTY), make(FindingType.ABNORMAL_LISTING)
    before = [(each.record_id, each.level, each.data) for each in findings(one.record_id) + findings(other.record_id)]
    projections.renew([one.operator_id])
    after = [(each.record_id, each.level, each.data) for each in findings(one.record_id) + findings(other.record_id)]
    assert before == after
    projections.renew([])
    assert projections.derive([]) == []


@pytest.mark.usefixtures("database")
def test_lists_and_counts_ask_the_same_interval():
    before = counts_by_type(DAY)
    with transaction():
        listed = make(FindingType.ABNORMAL_LISTING, reason=AbnormalReason.R4, report_year=None)
        make_violation_listing(listed.operator, listed.authority)
        make_penalty(listed.operator, listed.authority, public_until=DAY)
    assert lists_of([listed.operator_id], DAY) == {
        listed.operator_id: [FindingType.VIOLATION_LISTING, FindingType.ABNORMAL_LISTING]
    }
    assert lists_of([], DAY) == {}
    after = counts_by_type(DAY)
    assert after[FindingType.PENALTY] == before[FindingType.PENALTY]
    assert after[FindingType.ABNORMAL_LISTING] == before[FindingType.ABNORMAL_LISTING] + 1
    order = [finding.type for finding in findings_of(listed.operator_id, DAY)]
    assert order == [FindingType.VIOLATION_LISTING, FindingType.ABNORMAL_LISTING]


INTERVALS = [
    (DAY, None),
    (DAY, DAY + ONE),
    (DAY - ONE, DAY),
    (DAY - ONE, DAY + ONE),
    (DAY + ONE, None),
    (DAY - ONE, None),
    (DAY - 2 * ONE, DAY - ONE),
]


@pytest.mark.parametrize(("public_from", "public_until"), INTERVALS)
@pytest.mark.parametrize("day", [DAY - ONE, DAY, DAY + ONE])
def test_the_interval_in_sql_is_the_interval_of_the_rule(database, public_from, public_until, day):
    shown = public_from <= day and (public_until is None or day < public_until)
    with transaction():
        record = make(FindingType.PENALTY, decided_on=public_from, public_until=public_until)
    found = select(PublicFinding.record_id).where(PublicFinding.record_id == record.record_id, public_on(day))
    assert (db.session.execute(found).first() is not None) is shown
    assert (finding_of_record(record.record_id, day) is not None) is shown
    assert bool(findings_of(record.operator_id, day)) is shown


def test_two_writers_on_one_operator_leave_the_findings_of_both(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        operator_id, authority_id = make_operator().id, make_authority().id
    together = threading.Barrier(2)

    def write(maker: Callable[..., Any]) -> str:
        with own_app.app_context(), transaction():
            record = maker(db.session.get_one(Operator, operator_id), db.session.get_one(Authority, authority_id))
            together.wait()  # both have flushed, neither sees the other's record
            return str(record.record_id)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            written = set(pool.map(write, [make_penalty, make_licence]))
            with own_app.app_context():
                found = set(db.session.scalars(select(PublicFinding.record_id)))
            assert written <= found
    with own_app.app_context():
        assert len(set(db.session.scalars(select(PublicFinding.record_id)))) == 10
