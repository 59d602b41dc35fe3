"""Batches: the locked list, two persons, documents under one number, killed and run again, and the invariants of SM-A."""

import json
import threading
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest
import time_machine
from sqlalchemy import func, select

from models import (
    AbnormalListing,
    BatchKind,
    BatchState,
    Channel,
    HouseholdMark,
    IssuedDocument,
    ListingBatch,
    ListingBatchItem,
    Notice,
    Operator,
    PublicFinding,
    db,
)
from registry.queries import notices as queries
from registry.rules.abnormal_cases import CorrectionGround, RemovalReason
from registry.rules.documents import DocumentKind
from registry.rules.listing import AbnormalReason, EndReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import ReasonMissing, SamePerson
from registry.rules.record import RecordState
from registry.rules.roles import scope_of
from registry.services import listing_batch_run, listing_batches, listings, rebuild
from registry.services.listing_batch_preview import every_row, preview
from registry.services.listing_batches import BatchEmpty, BatchNotReady, PeriodNotOver, counts_of
from registry.services.notices import note_contact, sending
from registry.services.personal_values import erase
from registry.transaction import transaction
from tests.factories import make_abnormal_listing, make_authority, make_operator
from tests.integration.ledger.conftest import ignore
from tests.integration.services.day.test_reminding import make_case
from tests.matters import DESK, FIRST, SECOND, THIRD

DAY = "2026-07-03T02:00:00Z"


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
    listing_batch_run.run(number, DESK)
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
    listing_batch_run.run(batch.id, DESK)
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


def left_out_by_preview(batch):
    return {row.operator_id: row.left_out for row in every_row(batch)}


@pytest.mark.usefixtures("database")
def test_the_preview_says_of_everybody_what_the_run_then_does():
    them = operators()
    with transaction():
        moved = make_operator(established_on=date(2019, 3, 1))
        asked = make_operator(established_on=date(2019, 3, 1))
        make_case(operator=asked, reason=AbnormalReason.R1)
        them |= {"moved": Known(moved.id, moved.uscc), "asked": Known(asked.id, asked.uscc)}
    batch = drawn_up(them.values())
    with transaction():
        db.session.get_one(Operator, moved.id).region = "130123"
    told, counted = left_out_by_preview(batch), preview(batch)
    batch = carried_out(batch)
    assert told == reasons_of(batch)
    assert {told[them[name].id] for name in ("moved", "asked")} == {"registered_elsewhere", "case_open"}
    assert (counted.with_document, counted.households) == (3, 1)
    assert sum(counted.left_out.values()) == again(batch.id).left_out == 6


@pytest.mark.usefixtures("database")
def test_a_removal_leaves_out_with_a_reason_what_changed_after_its_list_was_locked():
    names = ("stays", "removed", "deregistered", "moved", "foreign", "asked", "household")
    with transaction():
        authority = make_authority()
        made = {
            name: make_operator(
                name=f"长安区{name}店",
                established_on=date(2019, 3, 1),
                kind=OperatorKind.HOUSEHOLD if name == "household" else OperatorKind.ENTERPRISE,
            )
            for name in names
        }
        them = {name: Known(each.id, each.uscc) for name, each in made.items()}
    carried_out(drawn_up(them.values(), authority=authority))
    batch = drawn_up(them.values(), kind=BatchKind.REMOVE, authority=authority)
    stays = {
        each.operator_id: each
        for model in (AbnormalListing, HouseholdMark)
        for each in db.session.execute(select(model)).scalars()
    }
    with transaction():
        listings.remove(
            stays[them["removed"].id],
            reason=RemovalReason.REPORTED,
            on=date(2026, 7, 3),
            decision_no="石市监异出〔2026〕第7号",
            actor=SECOND,
        )
        db.session.get_one(Operator, them["deregistered"].id).registration_status = RegistrationStatus.CANCELLED
        db.session.get_one(Operator, them["moved"].id).region = "130123"
        stays[them["foreign"].id].record_id = "130000.abnormal_listing.0198c0de-0000-7000-8000-000000000001"
        asked = db.session.get_one(Operator, them["asked"].id)
        make_case(operator=asked, reason=AbnormalReason.R1)
    told = left_out_by_preview(batch)
    batch = carried_out(batch)
    assert told == reasons_of(batch)
    assert {name: told[each.id] for name, each in them.items()} == {
        "stays": None,
        "household": None,
        "removed": "not_listed",
        "deregistered": "not_on_register",
        "moved": "registered_elsewhere",
        "foreign": "other_node",
        "asked": "case_open",
    }
    assert (batch.state, batch.done, batch.left_out) == (BatchState.FINISHED, 2, 5)
    stay = db.session.execute(
        select(AbnormalListing).where(AbnormalListing.operator_id == them["stays"].id)
    ).scalar_one()
    assert (stay.state, stay.end_reason, stay.removed_on) == (
        RecordState.ENDED,
        EndReason.REPAIRED,
        date(2026, 7, 3),
    )
    document = db.session.execute(
        select(IssuedDocument).where(
            IssuedDocument.record_id == stay.record_id, IssuedDocument.kind == DocumentKind.REMOVAL_DECISION
        )
    ).scalar_one()
    assert stay.removal_decision_no == document.printed_no
    assert document.number == batch.document.number
    mark = db.session.execute(select(HouseholdMark)).scalar_one()
    assert (mark.state, mark.removal_decision_no) == (RecordState.ENDED, None)
    shown = set(db.session.execute(select(PublicFinding.record_id)).scalars())
    assert not shown & {stay.record_id, mark.record_id}


@pytest.mark.usefixtures("database")
def test_everybody_whose_contact_is_known_is_told_and_by_the_worker_later(app, tmp_path):
    with transaction():
        authority = make_authority()
        authority_id, region = authority.id, authority.region
        known, household, unknown, erased = (
            make_operator(
                name=f"长安区{name}店",
                established_on=date(2019, 3, 1),
                kind=OperatorKind.HOUSEHOLD if name == "戊" else OperatorKind.ENTERPRISE,
            )
            for name in "甲戊丙丁"
        )
        for operator, contact in ((known, "a@example.com"), (household, "13800005678"), (erased, "13800001234")):
            note_contact(operator, contact, actor=FIRST, desk=DESK)
        erase(erased.record_id)
        names = [Known(each.id, each.uscc) for each in (known, household, unknown, erased)]
    for kind in (BatchKind.LIST, BatchKind.REMOVE):
        carried_out(drawn_up(names, kind=kind, authority=authority))
    waiting = db.session.execute(select(Notice).order_by(Notice.id)).scalars().all()
    assert [(each.operator_id, each.channel, each.document_id is None) for each in waiting] == [
        (names[0].id, Channel.EMAIL, False),
        (names[1].id, Channel.SMS, True),
    ] * 2
    assert sending.send_due(settings=replace(app.extensions["registry_settings"], data_dir=tmp_path), desk=DESK) == 4
    texts = [json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "outbox").iterdir()]
    assert sorted(each["to"] for each in texts) == ["13800005678"] * 2 + ["a@example.com"] * 2
    documents = {
        db.session.get_one(IssuedDocument, each.document_id).printed_no for each in waiting if each.document_id
    }
    assert all(any(number in each["text"] for each in texts) for number in documents)
    told = queries.of_area([authority_id], scope_of(authority_id, region))
    assert {each.notice.id for each in told} == {each.id for each in waiting}
    assert queries.of_area([0], scope_of(0, "130123")) == []


def test_a_killed_worker_loses_nothing_and_a_second_run_does_nothing(own_app):
    with own_app.app_context():
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
            listing_batch_run.run(number, DESK, die, most=2)
        db.session.rollback()
        halfway = again(number)
        assert (halfway.state, halfway.position) == (BatchState.RUNNING, 4)
        for _ in range(2):
            listing_batch_run.run(number, DESK)
        whole = again(number)
        assert (whole.state, whole.done + whole.left_out) == (BatchState.FINISHED, whole.initial)
        listed = select(func.count()).select_from(AbnormalListing).where(AbnormalListing.listed_on == date(2026, 7, 3))
        assert db.session.execute(listed).scalar_one() == 3
        db.session.remove()
        assert rebuild.check(ignore).differences == []


def test_of_two_officers_that_decide_at_once_one_is_told_that_it_was_decided(own_app):
    with own_app.app_context():
        number = drawn_up(operators().values()).id
        db.session.remove()
    both = threading.Barrier(2)
    outcomes = []

    def decide(officer):
        with own_app.app_context():
            try:
                with transaction():
                    batch = again(number)
                    both.wait()
                    listing_batches.approve(batch, statement="同意", actor=officer)
            except BatchNotReady as refusal:
                outcomes.append(refusal.code)
            else:
                outcomes.append("decided")

    officers = [threading.Thread(target=decide, args=(officer,)) for officer in (SECOND, THIRD)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()
    assert sorted(outcomes) == ["batch_not_ready", "decided"]
    with own_app.app_context():
        issued = select(IssuedDocument.number).where(IssuedDocument.kind == DocumentKind.LISTING_DECISION)
        assert db.session.execute(issued).scalars().all() == [1]


def test_two_workers_at_one_batch_do_each_part_once(own_app):
    with own_app.app_context():
        them = operators()
        number = drawn_up(them.values()).id
        with transaction():
            listing_batches.approve(again(number), statement="同意", actor=SECOND)
        db.session.remove()
    both = threading.Barrier(2)

    def work():
        with own_app.app_context():
            both.wait()
            listing_batch_run.run(number, DESK, most=1)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with own_app.app_context():
        batch = again(number)
        assert (batch.state, batch.done, batch.left_out) == (BatchState.FINISHED, 4, 4)
        db.session.remove()
        assert rebuild.check(ignore).differences == []
