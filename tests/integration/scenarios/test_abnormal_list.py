"""Scenarios 1 to 6, 18 and 19 of domain.md 12: the abnormal list and the household mark, as everybody sees them."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import AbnormalListing, BatchKind, HouseholdMark, IssuedDocument, ListingBatch, Operator, Proceeding, db
from registry.queries.proceedings import documents_of
from registry.rules import abnormal_procedure as abnormal
from registry.rules import objection_procedure as objecting
from registry.rules.listing import AbnormalReason
from registry.rules.operator import OperatorKind, RegistrationStatus
from registry.rules.procedure import GuardsNotMet, SamePerson
from registry.rules.proceedings import Procedure
from registry.rules.record import RecordState
from registry.services import listing_batch_run, listing_batches, operators
from registry.services.listing_batches import PeriodNotOver
from registry.services.proceedings import abnormal_records, engine
from registry.services.proceedings.objection_effects import Outcome
from registry.transaction import transaction
from tests.applications import decide, note, object_to
from tests.applications import step as officer_step
from tests.factories import ACTOR, make_authority, make_household_mark, make_operator
from tests.matters import DESK, FIRST, SECOND, THIRD
from tests.scenario_register import HANDLER, LISTED, NOWHERE, PARTY, REVIEWER, Register, clock_of, code_of
from tests.violation_desk import step

FOUNDED = {"established_on": date(2019, 3, 1)}
A = abnormal.Action


def opened(reason: str = "R1", year: int = 2025, operator: Operator | None = None, **values: Any) -> Proceeding:
    with transaction():
        return engine.open_case(
            Procedure.ABNORMAL_LISTING,
            A.RECORD,
            part=HANDLER,
            authority=make_authority(),
            operator=operator or make_operator(**FOUNDED),
            reason=reason,
            report_year=year if reason == "R1" else None,
            values={"facts": "检查发现。", **values},
            statement="检查发现",
            actor=FIRST,
            desk=DESK,
        )


def listed(**terms: Any) -> Proceeding:
    case = opened(**terms)
    step(case, A.PROPOSE, HANDLER)
    return step(case, A.LIST, REVIEWER)


def name_of(case: Proceeding) -> str:
    assert case.about is not None
    return case.about


def operator_of(case: Proceeding) -> Operator:
    assert case.operator is not None
    return case.operator


def test_scenario_01_the_batch_of_the_annual_report(seat: Register) -> None:
    with seat.on("2026-06-30"):
        with transaction():
            them = {
                "enterprise": make_operator(**FOUNDED),
                "resting": make_operator(registration_status=RegistrationStatus.SUSPENDED, **FOUNDED),
                "household": make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD, **FOUNDED),
                "new": make_operator(established_on=date(2026, 2, 1)),
            }
        content = "\n".join(["统一社会信用代码", *(str(each.uscc) for each in them.values())]).encode()
        terms = {
            "authority": make_authority(), "report_year": 2025, "content": content, "file_name": "未年报.csv",
            "reported": False, "actor": FIRST,
        }  # fmt: skip
        with pytest.raises(PeriodNotOver):
            listing_batches.draw_up(BatchKind.LIST, **terms)
    with seat.on("2026-07-14"):  # the tenth working day
        with transaction():
            batch = listing_batches.draw_up(BatchKind.LIST, **terms)
        with pytest.raises(SamePerson), transaction():
            listing_batches.approve(batch, statement="批量列入", actor=FIRST)
        with transaction():
            listing_batches.approve(batch, statement="批量列入", actor=SECOND)
        number, keys = batch.id, {word: each.id for word, each in them.items()}
        codes = {word: code_of(each) for word, each in them.items()}
        listing_batch_run.run(number, DESK)
        mother = db.session.get_one(ListingBatch, number).document
        stays = {each.operator_id: each for each in db.session.execute(select(AbnormalListing)).scalars()}
        (mark,) = db.session.execute(select(HouseholdMark)).scalars()
        assert stays.keys() == {keys["enterprise"], keys["resting"]}
        for stay in stays.values():
            assert stay.decision_no is not None
            assert stay.decision_no.startswith(mother.printed_no.removesuffix("号") + "-")
            assert (stay.listed_on, stay.public_from) == (date(2026, 7, 14), date(2026, 7, 14))
            assert seat.seen(stay.record_id, code_of(stay.operator)) == LISTED
        assert mark.operator_id == keys["household"]
        assert seat.seen(mark.record_id, code_of(mark.operator)) == LISTED
        of_mark = select(IssuedDocument).where(IssuedDocument.record_id == mark.record_id)
        assert db.session.execute(of_mark).first() is None
        assert seat.status(codes["new"]).json["level"] == "clear"


def test_scenario_02_one_year_once_and_two_years_two_records(seat: Register) -> None:
    with seat.on("2026-07-03"):
        first = listed()
        operator = operator_of(first)
        code = code_of(operator)
        again = opened(operator=operator)
        step(again, A.PROPOSE, HANDLER)
        with pytest.raises(GuardsNotMet) as refusal:
            step(again, A.LIST, REVIEWER)
        assert refusal.value.guards == ("no_second_listing",)
        second = listed(operator=operator, year=2024)
        step(
            first,
            A.APPLY,
            PARTY,
            applied_on="2026-07-03",
            removal_reason="reported",
            proof="回执",
            cured_on="2026-07-03",
        )
        assert clock_of(db.session.get_one(Proceeding, first.id)) == ("remove_abnormal", date(2026, 7, 10))
        with pytest.raises(SamePerson):
            step(first, A.REMOVE, REVIEWER, actor=FIRST)
        step(first, A.REMOVE, REVIEWER)
        assert seat.seen(name_of(first), code) == NOWHERE
        assert seat.seen(name_of(second), code) == LISTED
        assert seat.status(code).json["level"] == "medium"


@pytest.mark.parametrize(("disclosed", "closes"), [("2026-09-28", True), ("2026-09-29", False)])
def test_scenario_03_an_order_is_obeyed_on_its_last_day_and_not_after(
    seat: Register, disclosed: str, closes: bool
) -> None:
    """Served on 15 September the tenth day is one of the holidays: the order ends on 28 September."""
    with seat.on("2026-09-15"):
        case = opened(reason="R2")
        step(case, A.ORDER, REVIEWER)
        case = note(case, order_served_on="2026-09-15")
        assert clock_of(case) == ("order_to_publish", date(2026, 9, 28))
        assert [each.title for each in documents_of(case.id)] == ["责令公示通知书"]
    with seat.on("2026-09-29"):
        case = note(db.session.get_one(Proceeding, case.id), cured_on=disclosed)
    key, code = case.id, code_of(case.operator)
    seat.day_comes("2026-09-29")
    case = db.session.get_one(Proceeding, key)
    if closes:
        assert (case.stage, case.closed_on) == (abnormal.Stage.NOT_LISTED, date(2026, 9, 29))
        return
    with seat.on("2026-10-16"):
        case = step(case, A.PROPOSE, HANDLER)
        assert clock_of(case) == ("list_r2", date(2026, 10, 16))
        case = step(case, A.LIST, REVIEWER)
        assert seat.seen(name_of(case), code) == LISTED


@pytest.mark.parametrize(
    ("letters", "valid"),
    [
        (["2026-03-02", "2026-03-16"], False),
        (["2026-03-02", "2026-03-17"], True),
        (["2026-03-02", "2026-04-01"], True),
        (["2026-03-02", "2026-04-02"], False),
        (["2026-03-02", "2026-04-02", "2026-04-17"], True),  # begun anew with the late one
    ],
)
def test_scenario_04_the_two_letters_to_an_operator_that_cannot_be_reached(
    seat: Register, letters: list[str], valid: bool
) -> None:
    with seat.on("2026-04-20"):
        case = opened(reason="R4")
        step(case, A.CONTACT, HANDLER, letters_sent_on=letters)
        case = note(db.session.get_one(Proceeding, case.id), verified_on="2026-04-20")
        assert clock_of(case) == ("list_r4", date(2026, 5, 7))
        if not valid:
            with pytest.raises(GuardsNotMet) as refusal:
                step(case, A.PROPOSE, HANDLER)
            assert refusal.value.guards == ("ground_holds",)
            return
        step(case, A.PROPOSE, HANDLER)
        case = step(case, A.LIST, REVIEWER)
        assert seat.seen(name_of(case), code_of(case.operator)) == LISTED


def test_scenario_05_a_reason_for_removal_that_answers_another_listing_is_refused(seat: Register) -> None:
    with seat.on("2026-07-03"):
        case = listed()
        with pytest.raises(GuardsNotMet) as refusal:
            step(case, A.APPLY, PARTY, applied_on="2026-07-03", removal_reason="reached", proof="说明")
        assert refusal.value.guards == ("removal_answers_listing",)
        assert seat.seen(name_of(case), code_of(case.operator)) == LISTED


@pytest.mark.parametrize(
    ("listed_on", "last", "after"),
    [("2026-08-31", "2026-09-30", "2026-10-01"), ("2026-09-02", "2026-10-08", "2026-10-09")],
)
def test_scenario_06_an_objection_within_thirty_days(seat: Register, listed_on: str, last: str, after: str) -> None:
    with seat.on(listed_on):
        case = listed()
    code, record = code_of(case.operator), abnormal_records.record_of(case)
    with seat.on(after):
        late = object_to(record, standing="operator")
        with pytest.raises(GuardsNotMet) as refusal:
            officer_step(late, objecting.Action.ACCEPT)
        assert refusal.value.guards == ("raised_in_time",)
        officer_step(late, objecting.Action.NOT_ACCEPT, reason="已超过三十日")
        (answer,) = documents_of(late.id)
        assert "60日内申请行政复议" in repr(answer.body)
    with seat.on(last):
        in_time = object_to(record, standing="operator")
        assert officer_step(in_time, objecting.Action.ACCEPT).stage == objecting.Stage.ACCEPTED
        assert seat.seen(record.record_id, code) == LISTED
        assert seat.status(code).json["findings"][0]["under_objection"] is True


def test_scenario_06_an_upheld_objection_takes_the_record_and_older_reports_back(seat: Register) -> None:
    with seat.on("2026-09-02"):
        case = listed()
        code, record = code_of(case.operator), abnormal_records.record_of(case)
        report = seat.get(f"/operators/{code}/report.pdf")
        found = re.search(r"credit-report-(\w+)\.pdf", report.headers["Content-Disposition"])
        assert found
        number = found[1]
    with seat.on("2026-10-08"):
        objection = object_to(record, standing="operator")
        officer_step(objection, objecting.Action.ACCEPT)
        note(objection, verified_on="2026-10-08", found_wrong=True, findings="已按期年报")
        decide(objection, objecting.Action.UPHOLD, by=THIRD, outcome=Outcome.WITHDRAW.value)
        assert (record.state, case.stage) == (RecordState.WITHDRAWN, abnormal.Stage.CORRECTED)
        assert seat.seen(record.record_id, code) == {"record"}  # which says only that it was taken back, and why
        assert seat.status(code).json["level"] == "clear"
        assert listed(operator=operator_of(case), year=2024).stage == abnormal.Stage.LISTED
    assert "起已被更新" in seat.get(f"/verify/{number}").text  # today: the ledger goes by the clock of the database


def test_scenario_18_deregistration_ends_a_stay_and_bars_the_merchant(seat: Register) -> None:
    with seat.on("2026-07-10"):
        case = listed()
        key, name, operator = case.id, name_of(case), operator_of(case)
        code = code_of(operator)
        with transaction():
            operators.change_status(operator, status=RegistrationStatus.CANCELLED, on=date(2026, 7, 10), actor=ACTOR)
    seat.day_comes("2026-07-10")
    with seat.on("2026-07-10"):
        assert db.session.get_one(Proceeding, key).stage == abnormal.Stage.AUTO_CLOSED
        assert seat.seen(name, code) == NOWHERE
        told = seat.status(code).json
        assert (told["level"], [each["type"] for each in told["findings"]]) == ("barred", ["registration_status"])


def test_scenario_19_a_mark_does_not_follow_a_household_that_became_a_company(seat: Register) -> None:
    with seat.on("2026-07-10"):
        with transaction():
            household = make_operator(name="长安区小米饭店", kind=OperatorKind.HOUSEHOLD)
            mark = make_household_mark(household, make_authority(), reason=AbnormalReason.R1)
            company = make_operator(name="石家庄小米餐饮有限公司")
        name, old, new = mark.record_id, code_of(household), code_of(company)
        assert seat.seen(name, old) == LISTED
        with transaction():
            operators.lead_to(household, successor=company, actor=ACTOR)
    seat.day_comes("2026-07-10")
    with seat.on("2026-07-10"):
        assert seat.seen(name, new) == NOWHERE
        assert seat.status(new).json["level"] == "clear"
        assert name not in seat.status(old).text
