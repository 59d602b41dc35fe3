"""Batches: the locked list, two persons, documents under one number, killed and run again, and the invariants of SM-A."""

from datetime import date
from typing import NamedTuple

import pytest
import time_machine
from sqlalchemy import func, select

from models import (
    AbnormalListing,
    BatchKind,
    BatchState,
    HouseholdMark,
    IssuedDocument,
    ListingBatch,
    ListingBatchItem,
    PublicFinding,
    db,
)
from registry.rules.abnormal_cases import CorrectionGround
from registry.rules.listing import AbnormalReason, EndReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import ReasonMissing, SamePerson
from registry.rules.record import RecordState
from registry.services import listing_batch_run, listing_batches, listings, rebuild
from registry.services.listing_batches import BatchEmpty, BatchNotReady, PeriodNotOver, counts_of
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator
from tests.integration.ledger.conftest import ignore
from tests.matters import FIRST, SECOND

DAY = "2026-07-03T02:00:00Z"
NODE = "130100"


@pytest.fixture
def on_the_day():
    with time_machine.travel(DAY):
        yield


pytestmark = pytest.mark.usefixtures("on_the_day")


class Known(NamedTuple):
    """An operator as a test names it; the worker lets go of what the session held."""

    id: int
    uscc: str


def drawn_up(operators, *, kind=BatchKind.LIST, authority=None, reported=False, year=2025):
    content = "\n".join(["统一社会信用代码", *(each.uscc for each in operators)]).encode()
    with transaction():
        return listing_batches.draw_up(
            kind,
            authority=authority or make_authority(),
            report_year=year,
            content=content,
            file_name="名单.csv",
            reported=reported,
            actor=FIRST,
        )


def carried_out(batch):
    with transaction():
        listing_batches.approve(batch, statement="未年报批量列入", actor=SECOND)
    number = batch.id
    listing_batch_run.run(number, NODE)
    return again(number)


def again(number):
    return db.session.get_one(ListingBatch, number, populate_existing=True)


def operators():
    founded = {"established_on": date(2019, 3, 1)}
    with transaction():
        made = {
            "enterprise": make_operator(**founded),
            "resting": make_operator(registration_status=RegistrationStatus.SUSPENDED, **founded),
            "cooperative": make_operator(name="长安区绿野农民专业合作社", kind=OperatorKind.COOPERATIVE, **founded),
            "household": make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD, **founded),
            "new": make_operator(established_on=date(2026, 2, 1)),
            "unknown": make_operator(),
            "gone": make_operator(registration_status=RegistrationStatus.CANCELLED, **founded),
            "listed": make_abnormal_listing(make_operator(**founded), make_authority()).operator,
        }
        return {name: Known(each.id, each.uscc) for name, each in made.items()}


def reasons_of(batch):
    rows = select(ListingBatchItem.operator_id, ListingBatchItem.reason).where(ListingBatchItem.batch_id == batch.id)
    return dict(db.session.execute(rows).all())


@pytest.mark.usefixtures("database")
def test_1_enterprises_are_listed_under_one_number_and_households_marked_without():
    them = operators()
    batch = carried_out(drawn_up(them.values()))
    assert (batch.state, batch.initial, batch.done, batch.left_out) == (BatchState.FINISHED, 8, 4, 4)
    reasons = {name: reasons_of(batch)[each.id] for name, each in them.items()}
    assert reasons == {
        "enterprise": None,
        "resting": None,
        "cooperative": None,
        "household": None,
        "new": "newly_founded",
        "unknown": "founding_unknown",
        "gone": "not_on_register",
        "listed": "listed_for_that_year",
    }
    mother = batch.document
    records = {
        each.operator_id: each
        for each in db.session.execute(
            select(AbnormalListing).where(AbnormalListing.listed_on == date(2026, 7, 3))
        ).scalars()
    }
    assert records.keys() == {them[name].id for name in ("enterprise", "resting", "cooperative")}
    for item in db.session.execute(select(ListingBatchItem).where(ListingBatchItem.batch_id == batch.id)).scalars():
        if item.operator_id in records:
            record = records[item.operator_id]
            assert record.decision_no == mother.printed_no.replace("号", f"-{item.position}号")
            document = db.session.execute(
                select(IssuedDocument).where(IssuedDocument.record_id == record.record_id)
            ).scalar_one()
            assert (document.number, document.sub_number) == (mother.number, item.position)
            assert (document.prepared_by, document.decided_by) == (str(FIRST), str(SECOND))
    mark = db.session.execute(select(HouseholdMark)).scalar_one()
    assert (mark.operator_id, mark.public_from) == (them["household"].id, date(2026, 7, 3))
    assert {each.record_id for each in db.session.execute(select(PublicFinding)).scalars()} >= {mark.record_id}


@pytest.mark.usefixtures("database")
def test_who_drew_a_batch_up_does_not_decide_it_and_nobody_decides_it_twice():
    batch = drawn_up(operators().values())
    with pytest.raises(SamePerson):
        listing_batches.approve(batch, statement="同意", actor=FIRST)
    with pytest.raises(ReasonMissing):
        listing_batches.approve(batch, statement=" ", actor=SECOND)
    with transaction():
        listing_batches.refuse(batch, statement="名单有误", actor=SECOND)
    with pytest.raises(BatchNotReady):
        listing_batches.approve(batch, statement="同意", actor=SECOND)
    listing_batch_run.run(batch.id, NODE)
    assert db.session.execute(select(func.count()).select_from(HouseholdMark)).scalar_one() == 0


@pytest.mark.usefixtures("database")
def test_those_that_reported_are_not_on_the_list_and_all_others_of_the_area_are():
    them = operators()
    with transaction():
        elsewhere = make_operator(region="130123", established_on=date(2019, 3, 1)).id
    batch = drawn_up([them["enterprise"]], reported=True)
    assert reasons_of(batch).keys() == {each.id for name, each in them.items() if name not in ("enterprise", "gone")}
    assert elsewhere not in reasons_of(batch)


@pytest.mark.usefixtures("database")
def test_a_batch_needs_a_period_that_is_over_and_somebody_on_its_list():
    with pytest.raises(PeriodNotOver):
        drawn_up(operators().values(), year=2026)
    with pytest.raises(BatchEmpty):
        drawn_up([])


@pytest.mark.usefixtures("database")
def test_a_batch_of_removals_ends_stays_under_one_number_and_the_sums_hold():
    them = operators()
    listed = carried_out(drawn_up(them.values())).id
    records = db.session.execute(select(AbnormalListing).where(AbnormalListing.listed_on == date(2026, 7, 3))).scalars()
    wrong = next(each for each in records if each.operator_id == them["resting"].id)
    with transaction():
        listings.correct(
            wrong, ground=CorrectionGround.OWN_FINDING, on=date(2026, 7, 3), decision_no="更", actor=SECOND
        )
    removed = carried_out(drawn_up([them["enterprise"], them["household"], them["new"]], kind=BatchKind.REMOVE))
    assert (removed.done, removed.left_out) == (2, 1)
    counts = counts_of(again(listed))
    assert (counts.effective, counts.corrected, counts.waiting) == (3, 1, 0)
    assert counts.initial == counts.effective + counts.corrected + sum(counts.left_out.values()) + counts.waiting
    all_of_them = [
        each
        for model in (AbnormalListing, HouseholdMark)
        for each in db.session.execute(
            select(model).where(model.listed_on == date(2026, 7, 3), model.reason == AbnormalReason.R1)
        ).scalars()
    ]
    still = [each for each in all_of_them if each.state is RecordState.IN_FORCE]
    normally = [each for each in all_of_them if each.end_reason is EndReason.REPAIRED]
    corrected = [each for each in all_of_them if each.state is RecordState.WITHDRAWN]
    assert len(all_of_them) == len(still) + len(normally) + len(corrected) == 4
    assert {each.removal_decision_no is None for each in normally} == {True, False}


def test_a_killed_worker_loses_nothing_and_a_second_run_does_nothing(own_app, monkeypatch):
    with own_app.app_context():
        monkeypatch.setattr(listing_batch_run, "BATCH", 2)
        them = operators()
        number = drawn_up(them.values()).id
        with transaction():
            listing_batches.approve(again(number), statement="未年报批量列入", actor=SECOND)

        class Killed(BaseException):
            pass

        def die(done):
            if done >= 4:
                raise Killed

        with pytest.raises(Killed):
            listing_batch_run.run(number, NODE, die)
        db.session.rollback()
        halfway = again(number)
        assert (halfway.state, halfway.position) == (BatchState.RUNNING, 4)
        for _ in range(2):
            listing_batch_run.run(number, NODE)
        whole = again(number)
        assert (whole.state, whole.done + whole.left_out) == (BatchState.FINISHED, whole.initial)
        listed = select(func.count()).select_from(AbnormalListing).where(AbnormalListing.listed_on == date(2026, 7, 3))
        assert db.session.execute(listed).scalar_one() == 3
        db.session.remove()
        assert rebuild.check(ignore).differences == []
