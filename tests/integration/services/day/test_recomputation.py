"""The day a rule set comes into force, rehearsed: open records keep the earlier end, and the ledger says by which sets."""

from datetime import date
from decimal import Decimal

import orjson
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from models import LedgerEntry, Operator, Penalty, Proceeding, ViolationListing, db
from registry.queries.public_findings import findings_of
from registry.rules.record import EndReason, RecordState
from registry.rules.rule_sets import Regime, Severity
from registry.rules.violation_procedure import Stage
from registry.services import day as days
from registry.services.proceedings.taking_up import case_for
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty, make_violation_listing
from tests.matters import DESK, FIRST
from tests.rule_sets import TOMORROWS_DAY, tomorrows_set

EVE = date(2026, 11, 30)
RUN = ["day", "run", "--json", "--on"]


def run_on(app: Flask, day: date) -> dict[str, object]:
    result = app.test_cli_runner().invoke(args=[*RUN, day.isoformat()], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    done: dict[str, object] = orjson.loads(result.output.splitlines()[-1])
    return done


def ends(model: type[Penalty] | type[ViolationListing]) -> list[tuple[RecordState, date | None, date | None]]:
    rows = db.session.execute(select(model).order_by(model.id)).scalars().all()
    return [(each.state, each.public_until, each.ended_on) for each in rows]


def public_on(day: date) -> int:
    return len(findings_of(db.session.execute(select(Operator.id)).scalar_one(), day))


def entries(verb: str) -> list[dict[str, object]]:
    found = select(LedgerEntry.payload).where(LedgerEntry.action.endswith(f".{verb}")).order_by(LedgerEntry.seq)
    return [orjson.loads(payload) for payload in db.session.execute(found).scalars()]


@pytest.fixture
def register(own_app: Flask) -> Flask:
    """Three fines of one class with their ends before, on and after the day, one of another regime, two listings."""
    with own_app.app_context(), transaction():
        operator, bureau = make_operator(), make_authority()
        for decided_on, until in (
            (date(2026, 3, 2), date(2027, 3, 2)),  # six months ended on 2 September
            (date(2026, 9, 10), date(2027, 9, 10)),  # six months end on 10 March
            (date(2025, 12, 26), date(2026, 12, 1)),  # declared: over on the day anyway
        ):
            make_penalty(operator, bureau, decided_on=decided_on, public_until=until, fine=Decimal(20000))
        other = make_authority(name="石家庄市农业农村局", regime=Regime.NDRC)
        make_penalty(
            operator, other, decided_on=date(2026, 5, 4), rule_set="ndrc-2026-04-01", public_until=date(2027, 5, 4)
        )
        make_violation_listing(operator, bureau, listed_on=date(2025, 3, 2), public_until=date(2028, 3, 2))
        make_violation_listing(operator, bureau, listed_on=date(2024, 3, 2), public_until=date(2027, 3, 2))
    return own_app


def test_on_the_eve_nothing_changes(register: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrows_set(monkeypatch)
    assert run_on(register, EVE)["recomputed"] == {"administrative_penalty": 0, "violation_listing": 0}
    with register.app_context():
        assert public_on(EVE) == 6


def test_on_its_day_the_earlier_end_counts_and_is_over_where_it_has_passed(
    register: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrows_set(monkeypatch)
    done = run_on(register, TOMORROWS_DAY)
    assert done["recomputed"] == {"administrative_penalty": 2, "violation_listing": 2}
    day, running = TOMORROWS_DAY, RecordState.IN_FORCE
    with register.app_context():
        assert ends(Penalty) == [
            (RecordState.ENDED, day, day),
            (running, date(2027, 3, 10), None),
            (RecordState.ENDED, day, day),
            (running, date(2027, 5, 4), None),
        ]
        assert ends(ViolationListing) == [(running, date(2027, 3, 2), None), (RecordState.ENDED, day, day)]
        told = [entry["recomputed"] for entry in entries("publicity_recomputed")]
        assert told[0] == {
            "old_set": "samr-2025-12-25",
            "new_set": "samr-2026-12-01",
            "old_until": "2027-03-02",
            "new_until": "2026-12-01",
        }
        assert len(told) == 4
        assert {entry["end_reason"] for entry in entries("expired")} == {EndReason.EXPIRED}
        assert public_on(TOMORROWS_DAY) == 3
    assert register.test_cli_runner().invoke(args=["ledger", "rebuild", "--check"]).exit_code == 0


@pytest.mark.parametrize("late", [date(2026, 12, 8), date(2027, 6, 1)])
def test_a_run_that_comes_late_makes_up_for_it_once(
    register: Flask, monkeypatch: pytest.MonkeyPatch, late: date
) -> None:
    tomorrows_set(monkeypatch)
    run_on(register, late)
    again = run_on(register, late)
    assert again["recomputed"] == {"administrative_penalty": 0, "violation_listing": 0}
    with register.app_context():
        assert ends(Penalty)[0] == (RecordState.ENDED, TOMORROWS_DAY, TOMORROWS_DAY)
        assert len(entries("publicity_recomputed")) == 4


def test_a_class_that_the_new_set_hides_ends_on_its_day(own_app: Flask) -> None:
    """Criticism alone was shown for three months by the rules of 2021, and is not shown by those of 2025."""
    with own_app.app_context(), transaction():
        make_penalty(
            make_operator(),
            make_authority(),
            decided_on=date(2025, 11, 3),
            kinds=["circulated_criticism"],
            fine=None,
            severity=Severity.MINOR,
            rule_set="samr-2021-09-01",
            period_basis="publication_date",
            public_until=date(2026, 2, 3),
        )
    run_on(own_app, date(2026, 1, 5))
    with own_app.app_context():
        assert ends(Penalty) == [(RecordState.ENDED, date(2025, 12, 25), date(2025, 12, 25))]


def test_a_low_fine_keeps_its_three_months(own_app: Flask) -> None:
    """Minor by the rules of 2021, general by those of 2025: the class is found anew, and the earlier end stays."""
    with own_app.app_context(), transaction():
        make_penalty(
            make_operator(),
            make_authority(),
            decided_on=date(2025, 11, 3),
            severity=Severity.MINOR,
            rule_set="samr-2021-09-01",
            period_basis="publication_date",
            public_until=date(2026, 2, 3),
        )
    assert run_on(own_app, date(2026, 1, 5))["recomputed"] == {"administrative_penalty": 0, "violation_listing": 0}


def test_a_period_begun_again_after_fraud_runs_from_that_day(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrows_set(monkeypatch)
    with own_app.app_context(), transaction():
        make_penalty(
            make_operator(),
            make_authority(),
            decided_on=date(2026, 3, 2),
            period_basis_on=date(2026, 10, 5),
            public_until=date(2027, 10, 5),
        )
    run_on(own_app, TOMORROWS_DAY)
    with own_app.app_context():
        assert ends(Penalty) == [(RecordState.IN_FORCE, date(2027, 4, 5), None)]


def test_what_was_published_after_the_day_follows_its_own_set(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrows_set(monkeypatch)
    with own_app.app_context(), transaction():
        make_penalty(
            make_operator(),
            make_authority(),
            decided_on=date(2026, 11, 20),
            public_from=date(2026, 12, 4),
            published_on=date(2026, 12, 4),
            public_until=date(2027, 11, 20),
        )
    assert run_on(own_app, date(2026, 12, 7))["recomputed"] == {"administrative_penalty": 0, "violation_listing": 0}


def test_the_worker_runs_all_of_it(own_app: Flask) -> None:
    with own_app.app_context():
        done = days.run(date(2026, 11, 25), DESK, progress=lambda _: None)
        assert (done.raised.reminders, done.raised.alarms, done.raised.years_missing) == (0, 0, set())


def test_the_case_of_a_listing_that_new_rules_end_ends_with_it(
    register: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with register.app_context(), transaction():
        for listing in db.session.execute(select(ViolationListing)).scalars():
            case_for(listing, actor=FIRST, desk=DESK)
    tomorrows_set(monkeypatch)
    with time_machine.travel(f"{TOMORROWS_DAY}T12:00:00+08:00"):
        followed = run_on(register, TOMORROWS_DAY)["followed"]
    assert isinstance(followed, dict)
    assert followed["listings_expired"] == 1
    with register.app_context():
        stages = db.session.execute(select(Proceeding.stage).order_by(Proceeding.id)).scalars().all()
    assert stages == [Stage.LISTED, Stage.EXPIRED]
