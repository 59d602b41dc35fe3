"""Ending, withdrawing, shielding, showing again: what changes, what the ledger says, what is refused."""

from datetime import date

import pytest
from sqlalchemy import select

from models import LedgerEntry, db
from registry.queries.records import get_record
from registry.rules.record import EndReason, RecordState
from registry.services import publicity
from registry.services.publicity import NotInForce, NotShielded
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

pytestmark = pytest.mark.usefixtures("database")

DAY = date(2026, 11, 24)
MAKERS = (make_penalty, make_licence, make_abnormal_listing, make_household_mark, make_violation_listing)
STATEMENT = "处罚决定被依法撤销"


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def record(request):
    with transaction():
        return request.param(make_operator(), make_authority())


def last_entry(record_id):
    entries = select(LedgerEntry).where(LedgerEntry.record_id == record_id).order_by(LedgerEntry.revision.desc())
    return db.session.execute(entries.limit(1)).scalar_one()


def withdraw(record_id):
    return publicity.withdraw(record_id, statement=STATEMENT, reason=EndReason.DECISION_REVOKED, on=DAY, actor=ACTOR)


def end(record_id):
    return publicity.end_publicity(record_id, reason=EndReason.REPAIRED, on=DAY, actor=ACTOR)


def test_a_repaired_record_is_ended_and_kept(record):
    with transaction():
        end(record.record_id)
    assert (record.state, record.end_reason, record.ended_on) == (RecordState.ENDED, EndReason.REPAIRED, DAY)
    assert record.public_from is not None
    entry = last_entry(record.record_id)
    assert entry.action.endswith(".ended")
    assert (entry.revision, record.revision, entry.actor) == (2, 2, str(ACTOR))


def test_a_withdrawn_record_tells_why(record):
    with transaction():
        withdraw(record.record_id)
    assert (record.state, record.end_statement) == (RecordState.WITHDRAWN, STATEMENT)
    assert last_entry(record.record_id).action.endswith(".withdrawn")


def test_a_shield_is_lifted_and_leaves_no_trace_on_the_record(record):
    with transaction():
        publicity.shield(record.record_id, on=DAY, actor=ACTOR)
    assert (record.state, record.end_reason) == (RecordState.SHIELDED, EndReason.SHIELDED)
    with transaction():
        publicity.lift_shield(record.record_id, actor=ACTOR)
    assert (record.state, record.end_reason, record.ended_on) == (RecordState.IN_FORCE, None, None)
    assert last_entry(record.record_id).action.endswith(".shown_again")


@pytest.mark.parametrize("first", [end, withdraw], ids=["ended", "withdrawn"])
@pytest.mark.parametrize("second", [end, withdraw], ids=["ended", "withdrawn"])
def test_what_is_no_longer_in_force_cannot_be_ended_again(record, first, second):
    with transaction():
        first(record.record_id)
    with pytest.raises(NotInForce), transaction():
        second(record.record_id)
    assert last_entry(record.record_id).revision == 2


def test_only_a_shielded_record_can_be_shown_again(record):
    with pytest.raises(NotShielded), transaction():
        publicity.lift_shield(record.record_id, actor=ACTOR)
    with transaction():
        end(record.record_id)
    with pytest.raises(NotShielded), transaction():
        publicity.lift_shield(record.record_id, actor=ACTOR)


def test_the_interval_is_kept_so_that_a_past_day_can_be_asked_about(record):
    interval = (record.public_from, record.public_until, record.rule_set)
    with transaction():
        end(record.record_id)
    kept = get_record(record.record_id)
    assert (kept.public_from, kept.public_until, kept.rule_set) == interval
