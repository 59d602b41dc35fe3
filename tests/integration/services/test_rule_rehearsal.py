"""The dry run: every effect by the rules themselves, and nothing written."""

from datetime import date
from pathlib import Path

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select

from models import LedgerEntry, Proceeding, db
from registry.clock import now
from registry.rules.procedure import Actor
from registry.rules.proceedings import Procedure
from registry.rules.roles import Role
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty, make_violation_listing
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import sign_in

DRAFT = {"penalties": {"general": [6, 3], "serious": [48, 12]}, "listings": {"violation_months": 12}}
ON = "2026-11-25"


@pytest.fixture
def register(own_app: Flask) -> Flask:
    """Fines of March and October, a closure, a warning, a listing, a missing report and an order that is over."""
    with own_app.app_context(), transaction():
        operator, bureau = (
            make_operator(name="石家庄试算商贸有限公司", established_on=date(2019, 1, 2)),
            make_authority(),
        )
        make_penalty(operator, bureau, decided_on=date(2026, 3, 2))
        make_penalty(operator, bureau, decided_on=date(2026, 10, 8), public_until=date(2027, 10, 8))
        closed = {"kinds": ["closure"], "severity": "serious", "public_until": date(2029, 3, 2)}
        make_penalty(operator, bureau, decided_on=date(2026, 3, 2), **closed)
        make_penalty(operator, bureau, decided_on=date(2026, 3, 2), kinds=["warning"], severity="minor", fine=None)
        make_violation_listing(operator, bureau, listed_on=date(2025, 3, 2), public_until=date(2028, 3, 2))
        for number, columns in enumerate(
            (
                {"stage": "A0", "reason": "R1", "report_year": 2025},
                {"stage": "A1", "reason": "R2", "facts": {"order_served_on": "2026-11-09"}},
                {"stage": "A1", "reason": "R2", "facts": {"order_served_on": "2026-11-20"}},
            )
        ):
            case = {"facts": {}, **columns}
            db.session.add(
                Proceeding(
                    record_id=f"130100.proceeding.00000000-0000-4000-8000-00000000000{number}",
                    recorded_at=now(),
                    procedure=Procedure.ABNORMAL_LISTING,
                    authority=bureau,
                    operator=make_operator(established_on=date(2019, 1, 2)),
                    personal={},
                    hands=[],
                    asked_of=Actor.HANDLER,
                    opened_on=date(2026, 11, 9),
                    **case,
                )
            )
    return own_app


def run(app: Flask, tmp_path: Path, draft: object = None) -> dict[str, object]:
    words = ["rules", "dry-run", "--set", "samr-2025-12-25", "--on", ON, "--json"]
    if draft is not None:
        (tmp_path / "draft.json").write_bytes(orjson.dumps(draft))
        words += ["--draft", str(tmp_path / "draft.json")]
    result = app.test_cli_runner().invoke(args=words)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = orjson.loads(result.output)
    return found


def test_each_effect_follows_from_the_draft_and_nothing_is_written(register: Flask, tmp_path: Path) -> None:
    with register.app_context():
        before = db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one()
    found = run(register, tmp_path, DRAFT)
    assert found["counts"] == {"listed": 2, "delisted": 1, "expired": 1, "hidden": 1, "shorter": 1, "longer": 1}
    first = found["first"]
    assert isinstance(first, dict)
    assert first["expired"][0]["would_be_until"] == "2026-09-02"
    assert first["longer"][0]["would_be_until"] == "2030-03-02"
    assert first["delisted"][0]["operator"] == "石家庄试算商贸有限公司"
    with register.app_context():
        assert db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one() == before


def test_the_set_in_force_changes_nothing_that_it_decided(register: Flask, tmp_path: Path) -> None:
    counts = run(register, tmp_path)["counts"]
    assert counts == {"listed": 2, "delisted": 0, "expired": 0, "hidden": 1, "shorter": 0, "longer": 0}


def test_a_shorter_order_is_over_sooner(register: Flask, tmp_path: Path) -> None:
    counts = run(register, tmp_path, {"deadlines": {"order_to_publish": 3}})["counts"]
    assert isinstance(counts, dict)
    assert counts["listed"] == 3


def test_a_bad_draft_is_refused_with_every_fault(register: Flask, tmp_path: Path) -> None:
    (tmp_path / "draft.json").write_bytes(orjson.dumps({"penalties": {"general": 1}, "deadlines": {"x": 1}}))
    words = ["rules", "dry-run", "--set", "samr-2025-12-25", "--on", ON, "--draft", str(tmp_path / "draft.json")]
    result = register.test_cli_runner().invoke(args=words)
    assert result.exit_code == 1
    assert "penalties.general" in result.output
    assert "deadlines.x" in result.output


def test_the_room_shows_the_area_and_tells_faults_at_their_field(register: Flask) -> None:
    browser = Browser(register, register.response_class, use_cookies=True)
    with register.app_context():
        sign_in(browser, "li", Role.LEGAL)
    page = browser.get(
        "/console/rules", query_string={"set": "samr-2025-12-25", "on": ON, "draft": orjson.dumps(DRAFT)}
    )
    assert page.status_code == 200
    assert "石家庄试算商贸有限公司" in page.get_data(as_text=True)
    refused = browser.get("/console/rules", query_string={"set": "samr-2025-12-25", "on": "soon", "draft": "{"})
    assert refused.status_code == 422
    assert all(f'id="fault-{name}"' in refused.get_data(as_text=True) for name in ("on", "draft"))
