"""Scenarios 11 to 14 and 17 of domain.md 12: penalties, their periods and repairs, as everybody sees them."""

from datetime import date
from typing import Any

import pytest

from models import Authority, LedgerEntry, Penalty, db
from registry.queries.calendar import working_calendar
from registry.queries.matters import elsewhere
from registry.queries.proceedings import documents_of
from registry.queries.records import get_record
from registry.rules.penalty_procedure import Action as MatterAction
from registry.rules.penalty_procedure import MatterState
from registry.rules.procedure import GuardsNotMet
from registry.rules.record import EndReason, RecordState
from registry.rules.repair_procedure import Action, Stage
from registry.services.authorities import set_local
from registry.services.matters import deadlines
from registry.services.matters.faults import NotPublishable
from registry.transaction import transaction
from tests.applications import apply_for, decide, fresh, step
from tests.factories import make_authority, make_operator
from tests.matters import THIRD
from tests.scenario_register import (
    HANDLER,
    NOWHERE,
    PUBLISHED,
    Register,
    clock_of,
    code_of,
    decided,
    published,
    submitted,
)
from tests.violation_desk import authority_below, listed, note

SERIOUS = {"kinds": "吊销许可证件", "content": "吊销食品经营许可证", "fine": "", "licence_affected": "食品经营许可证"}


def granted(penalty: Penalty, day: str) -> Any:
    """A repair from its form to the decision of the second officer, all on one day."""
    case = step(apply_for(penalty), Action.ACCEPT, materials_complete=True)
    step(case, Action.VERIFY, verified_on=day, duties_performed=True)
    return decide(case, Action.GRANT)


@pytest.mark.parametrize(
    ("decided_on", "day", "cells", "until"),
    [
        ("2025-12-10", "2025-12-22", {"fine": "20"}, date(2028, 12, 22)),  # from publication, 36 months
        ("2025-12-10", "2025-12-22", {"fine": "0.05"}, date(2026, 3, 22)),  # a low fine, 3 months
        ("2025-12-10", "2025-12-22", {**SERIOUS}, date(2028, 12, 22)),
        ("2026-01-10", "2026-02-05", {"fine": "20"}, date(2027, 1, 10)),  # from the decision, 12 months
        ("2026-01-10", "2026-02-05", {"fine": "0.05"}, date(2027, 1, 10)),
        ("2026-01-10", "2026-02-05", {**SERIOUS}, date(2029, 1, 10)),
    ],
)
def test_scenario_11_a_penalty_is_seen_as_long_as_its_rule_set_says(
    seat: Register, decided_on: str, day: str, cells: dict[str, str], until: date
) -> None:
    operator = make_operator()
    code = code_of(operator)
    with seat.on(day):
        penalty = published(make_authority(), operator, decided_on=decided_on, **cells)
        name = penalty.record_id
        assert (penalty.public_from, penalty.public_until) == (date.fromisoformat(day), until)
        assert seat.seen(name, code) == PUBLISHED


def test_scenario_11_the_day_the_rules_change_the_earlier_end_counts(seat: Register) -> None:
    """36 months from publication under the set of 2021, 12 from the decision under that of 2025."""
    operator = make_operator()
    code = code_of(operator)
    with seat.on("2025-12-22"):
        name = published(make_authority(), operator, decided_on="2025-12-10", fine="20").record_id
    seat.day_comes("2025-12-25")
    with seat.on("2026-12-09"):
        assert get_record(name).public_until == date(2026, 12, 10)
        assert seat.seen(name, code) == PUBLISHED
    with seat.on("2026-12-10"):
        assert seat.seen(name, code) == NOWHERE


def test_scenario_11_a_warning_alone_is_never_public_and_what_a_low_fine_is_says_the_province(seat: Register) -> None:
    operator, authority = make_operator(), make_authority()
    code = code_of(operator)
    with seat.on("2025-12-22"):
        matter = submitted(authority, operator, decided_on="2025-12-10", kinds="警告", content="警告", fine="")
        with pytest.raises(NotPublishable) as refusal:
            decided(matter, MatterAction.PUBLISH)
        assert refusal.value.reason == "warning_only"
        name = decided(matter, MatterAction.REFUSE_PUBLICITY).record_id
        assert name is not None
        assert seat.seen(name, code) == NOWHERE
        ends = {}
        for low in ("50000", "30000"):
            bureau = make_authority()
            set_local(bureau.uscc, {"low_fine_organisation": low})
            ends[low] = published(bureau, operator, decided_on="2025-12-10", fine="4").public_until
        assert ends == {"50000": date(2026, 3, 22), "30000": date(2028, 12, 22)}


def test_scenario_12_from_the_decision_on_late_publication_shortens_and_after_the_end_is_refused(
    seat: Register,
) -> None:
    operator, authority = make_operator(), make_authority()
    code = code_of(operator)
    with seat.on("2026-11-24"):
        late = published(authority, operator, decided_on="2026-01-12")
        assert (late.public_from, late.public_until) == (date(2026, 11, 24), date(2027, 1, 12))
        assert seat.seen(late.record_id, code) == PUBLISHED
        matter = submitted(authority, operator, decided_on="2026-01-12", document_no="石长市监罚〔2026〕22号")
    with seat.on("2027-01-12"):
        with pytest.raises(NotPublishable) as refusal:
            decided(matter, MatterAction.PUBLISH)
        assert refusal.value.reason == "period_over"
        assert matter.record_id is not None
        assert seat.seen(matter.record_id, code) == NOWHERE
        assert seat.seen(late.record_id, code) == NOWHERE


def test_scenario_13_a_revocation_under_the_rules_of_2021_is_not_stopped_early(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    with seat.on("2025-12-22"):
        penalty = published(make_authority(), operator, decided_on="2025-12-10", **SERIOUS)
    for day in ("2026-06-22", "2026-12-22", "2028-11-01"):
        with seat.on(day), pytest.raises(GuardsNotMet) as refusal:
            apply_for(penalty)
        assert "time_has_come" in refusal.value.guards
        with seat.on(day):
            assert "该信息不能提前停止公示" in seat.get(f"/repairs/{penalty.record_id}").text
            assert seat.seen(penalty.record_id, code) == PUBLISHED


def test_scenario_14_after_a_repair_nothing_public_holds_the_record_and_the_history_is_whole(seat: Register) -> None:
    operator = make_operator()
    code, word = code_of(operator), "石长市监罚〔2026〕777号"
    with seat.on("2026-03-02"):
        penalty = published(make_authority(), operator, decided_on="2026-03-02", document_no=word)
        name = penalty.record_id
    with seat.on("2026-06-10"):
        before = seat.read_everything(code, operator.name, name, word)
        assert {
            "public.show_operator",
            "records.show_record",
            "reports.show_report",
            "merchant_status.show_status",
        } <= {endpoint for endpoint, text in before.items() if word in text or name in text}
        case = granted(penalty, "2026-06-10")
        assert [each.title for each in documents_of(case.id)][-1] == "准予信用修复决定书"
        after = seat.read_everything(code, operator.name, name, word)
        assert [endpoint for endpoint, text in after.items() if word in text or name in text] == []
        record = get_record(name)
        assert (record.state, record.end_reason, record.ended_on) == (
            RecordState.ENDED,
            EndReason.REPAIRED,
            date(2026, 6, 10),
        )
    history = db.select(LedgerEntry.action).where(LedgerEntry.record_id == name).order_by(LedgerEntry.seq)
    assert db.session.execute(history).scalars().all() == [
        "administrative_penalty.entered",
        "administrative_penalty.published",
        "administrative_penalty.ended",
    ]


def test_scenario_15_a_penalty_comes_back_after_fraud_and_its_period_starts_anew(seat: Register) -> None:
    operator = make_operator()
    code = code_of(operator)
    with seat.on("2026-03-02"):
        penalty = published(make_authority(), operator, decided_on="2026-03-02")
        name = penalty.record_id
    with seat.on("2026-06-10"):
        case = granted(penalty, "2026-06-10")
        assert seat.seen(name, code) == NOWHERE
    with seat.on("2026-08-03"):
        decide(case, Action.REVOKE, by=THIRD, reason="凭证系伪造", serious_fraud_found=True)
        assert get_record(name).public_until == date(2027, 8, 3)
        assert seat.seen(name, code) == PUBLISHED
        with pytest.raises(GuardsNotMet):
            apply_for(penalty)


def _authority() -> Authority:
    with transaction():
        return make_authority()


def test_scenario_17_two_clocks_of_ten_working_days_and_three_for_a_repair(seat: Register) -> None:
    with transaction():
        away, home = make_operator(region="110105"), make_operator()
    with seat.on("2026-09-10"):
        calendar, day = working_calendar(), date(2026, 9, 10)
        matters = [
            submitted(_authority(), each, decided_on="2026-09-10", document_no=f"石长市监罚〔2026〕{each.id}号")
            for each in (away, home)
        ]
        assert elsewhere(matters) == {matters[0].id}
        clocks = [
            [(clock.name, clock.due_on) for clock in deadlines.clocks(each, calendar, day, elsewhere=here)]
            for each, here in zip(matters, (True, False), strict=True)
        ]
        assert clocks == [
            [("report_upward", date(2026, 9, 20)), ("push_to_other_province", date(2026, 9, 23))],
            [("report_upward", date(2026, 9, 20)), ("publish_penalty", date(2026, 10, 14))],
        ]
        matter = decided(matters[0], MatterAction.PUBLISH)
        assert matter.state is MatterState.CARRIED_OUT
    case = listed(authority_below(), away)
    assert clock_of(case) == ("push_to_other_province", date(2026, 3, 24))
    with seat.on("2026-03-20"):
        case = note(case, HANDLER, pushed_on="2026-03-20", received_there_on="2026-03-20")
        assert clock_of(case) == ("publish_from_other_province", date(2026, 4, 3))
    assert matter.record_id is not None
    penalty = get_record(matter.record_id)
    assert isinstance(penalty, Penalty)
    with seat.on("2026-12-14"):  # the listing bars it until it has ended
        repair = step(apply_for(penalty), Action.ACCEPT, materials_complete=True)
        step(repair, Action.VERIFY, verified_on="2026-12-14", duties_performed=True)
        with pytest.raises(GuardsNotMet) as refusal:
            decide(repair, Action.GRANT)
        assert refusal.value.guards == ("record_is_clean",)


def test_scenario_17_a_repair_is_passed_on_within_three_working_days(seat: Register) -> None:
    with transaction():
        away = make_operator(region="110105")
    with seat.on("2026-06-10"):
        penalty = published(_authority(), away, decided_on="2026-06-10")
    with seat.on("2026-09-30"):
        case = granted(penalty, "2026-09-30")
        assert (case.stage, clock_of(fresh(case))) == (Stage.GRANTED, ("push_repair", date(2026, 10, 10)))
        assert seat.seen(penalty.record_id, code_of(away)) == NOWHERE
