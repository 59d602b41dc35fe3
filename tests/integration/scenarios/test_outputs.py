"""Scenarios 20 to 25 of domain.md 12: search, the API, masks, separate persons, the calendar, the words of notices."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models import FormerName, ImportRun, Proceeding, db
from models.import_run import ImportKind, ImportState
from registry import signing_keys
from registry.config import Settings
from registry.ledger.verify import verify
from registry.queries.proceedings import documents_of
from registry.rules import abnormal_procedure, names, uscc
from registry.rules.calendar import CalendarYearMissing
from registry.rules.penalty_procedure import Action as MatterAction
from registry.rules.procedure import SamePerson
from registry.rules.proceedings import Procedure
from registry.rules.record import EndReason
from registry.rules.roles import Role, RolesNotSeparate
from registry.services import officers, publicity
from registry.services.api_clients import Scope
from registry.services.authorities import set_local
from registry.services.matters.faults import NotPublishable
from registry.services.matters.faults import SamePerson as SameOfficer
from registry.services.proceedings import engine
from registry.transaction import transaction
from tests.applications import apply_for
from tests.database import connect_as_owner
from tests.factories import ACTOR, make_abnormal_listing, make_authority, make_operator, make_penalty, make_uscc
from tests.import_rows import identity_number
from tests.integration.blueprints.api_v1.conftest import enrol
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.integration.ledger.conftest import ignore
from tests.matters import DESK, FIRST, penalty_form, person_form
from tests.scenario_register import HANDLER, REVIEWER, Register, code_of, decided, published, submitted, submitted_form
from tests.violation_desk import step

NAME = "石家庄（瑞祥）商贸有限公司"


def taken_in(moment: datetime) -> ImportRun:
    """A file that was taken in whole at a moment."""
    counts = dict.fromkeys(("position", "read", "applied", "unchanged", "rejected"), 0)
    return ImportRun(
        kind=ImportKind.PENALTIES,
        state=ImportState.FINISHED,
        file_name="penalties.csv",
        file_sha256=bytes(32),
        layout="2018",
        started_at=moment,
        finished_at=moment,
        **counts,
    )


def wrong(code: str) -> str:
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def test_scenario_20_however_a_name_is_typed_it_is_found(client: FlaskClient) -> None:
    operator = make_operator(name=NAME)
    former = "石家庄旧日百货商店"
    operator.former_names.append(FormerName(name=former, folded_name=names.fold(former), used_until=None))
    operator.search_terms = names.search_terms(operator.name, [former])
    db.session.flush()
    code = code_of(operator)
    address = f"/operators/{code}"
    for typed in (
        NAME,
        "石家庄(瑞祥)商贸有限公司",
        " 石家庄 （瑞祥） 商贸 ",
        "瑞祥",
        former,
        "旧日百货",
        code,
        code.lower(),
    ):
        answer = client.get("/search", query_string={"q": typed}, follow_redirects=True)
        assert address in answer.text or answer.request.path == address, typed
    bad = client.get("/search", query_string={"q": wrong(code)})
    assert address not in bad.text
    assert "校验" in bad.text
    assert uscc.fault(wrong(code)) is uscc.UsccFault.CHECK_CHARACTER
    one = client.get("/search", query_string={"q": "瑞"})
    assert address not in one.text


def test_scenario_20_of_fifty_one_hits_fifty_are_shown_and_a_closer_question_is_asked_for(client: FlaskClient) -> None:
    for number in range(51):
        make_operator(name=f"石家庄万千{number:02d}号百货商店")
    page = client.get("/search", query_string={"q": "万千"}).text
    assert len(set(re.findall(r'href="/operators/(\w{18})"', page))) == 50
    assert "更精确" in page


def test_scenario_21_what_a_platform_is_told(seat: Register) -> None:
    with transaction():
        operator, authority = make_operator(name=NAME), make_authority()
        penalty = make_penalty(operator, authority)
    code, name = code_of(operator), penalty.record_id
    with seat.on("2026-09-01"):
        items = {"name": NAME}, {"uscc": code, "name": "石家庄别家有限公司"}, {"uscc": make_uscc(serial=999_001)}
        told = seat.checks(*items, request_no="1").json["items"]
        assert [each["match"] for each in told] == ["candidate", "mismatch", "none"]
        assert told[0]["status"] is None
        assert seat.status(make_uscc(serial=999_002)).status == 404
        assert seat.status(wrong(code)).json["code"] == "uscc_invalid"
        assert name in seat.status(code).text
        with transaction():
            publicity.end_publicity(name, reason=EndReason.REPAIRED, on=date(2026, 9, 1), actor=ACTOR)
        assert (seat.status(code).json["level"], seat.status(code).json["findings"]) == ("clear", [])


def test_scenario_21_limits_repeats_and_signatures(seat: Register) -> None:
    with transaction():
        code = code_of(make_operator(name=NAME))
    with seat.on("2026-09-01"):
        one = enrol(seat.app, "one a minute", Scope.CHECK, per_minute=1)
        assert seat.status(code, key=one.key).status == 200
        refused = seat.status(code, key=one.key)
        assert (refused.status, refused.json["code"]) == (429, "too_many_requests")
        again = enrol(seat.app, "repeats", Scope.CHECK, per_minute=1)
        first, second = (seat.checks({"uscc": code}, request_no="7", key=again.key) for _ in range(2))
        assert (first.status, second.status, first.data) == (200, 200, second.data)  # a repeat is counted once
        assert seat.checks({"uscc": code}, request_no="8", key=again.key).status == 429
        receipt = seat.status(code, receipt="1").json["receipt"]
        head, body, signature = receipt.split(".")
        forged = f"{head}.{body}.{signature[::-1]}"
        assert seat.status(code, key="ocr_forged").status == 401
    browser = seat.app.test_client()
    good, bad = (browser.post("/verify/receipt?lang=en", data={"receipt": each}) for each in (receipt, forged))
    assert (good.status_code, bad.status_code) == (200, 200)
    assert good.text != bad.text


@pytest.mark.parametrize(("hours", "old"), [(23, False), (24, False), (25, True)])
def test_scenario_21_data_older_than_a_day_are_flagged(seat: Register, hours: int, old: bool) -> None:
    with transaction():
        code = code_of(make_operator(name=NAME))
    assert seat.status(code).json["data_is_old"] is False  # nothing was ever taken in
    moment = datetime.fromisoformat("2026-09-01T12:00:00+08:00")
    with transaction():
        db.session.add(taken_in(moment - timedelta(hours=hours)))
    with seat.on("2026-09-01"):
        told = seat.status(code).json
        assert datetime.fromisoformat(told["data_as_of"]) == moment - timedelta(hours=hours)
        assert told["data_is_old"] is old


def test_scenario_22_what_is_personal_is_never_public(seat: Register) -> None:
    number = identity_number()
    facts = f"当事人欧阳建国（身份证号{number}，家庭住址：长安区某街1号）用账号6222020200112233445收款，联系人电话13812345678。"
    operator, authority = make_operator(), make_authority()
    with seat.on("2026-11-24"):
        grown = submitted_form(authority, person_form(number, facts=facts))
        name = decided(grown, MatterAction.PUBLISH).record_id
        assert name is not None
        texts = [seat.get(f"/records/{name}").text]
        of_firm = published(authority, operator, document_no="石长市监罚〔2026〕31号", facts=facts)
        read = seat.read_everything(code_of(operator), operator.name, of_firm.record_id)
        for endpoint, shown in [*read.items(), *enumerate(texts)]:
            for secret in (number, "6222020200112233445", "13812345678", "长安区某街1号"):
                assert secret not in shown, endpoint
        assert "欧阳建国" not in texts[0].replace(facts, "")
        child = submitted_form(
            authority, person_form(identity_number("20100307"), document_no="石长市监罚〔2026〕32号")
        )
        with pytest.raises(NotPublishable) as refusal:
            decided(child, MatterAction.PUBLISH)
        assert refusal.value.reason == "party_under_age"


def test_scenario_23_nobody_decides_what_they_prepared(seat: Register) -> None:
    with seat.on("2026-11-24"):
        operator, authority = make_operator(), make_authority()
        matter = submitted(authority, operator)
        with pytest.raises(SameOfficer):
            decided(matter, MatterAction.PUBLISH, by=FIRST)
        penalty = decided(matter, MatterAction.PUBLISH)
        assert penalty.decided_by != penalty.submitted_by
    with pytest.raises(RolesNotSeparate), transaction():
        officers.create(
            "all", roles=[Role.AUDIT_ADMIN, Role.ENTRY], authority=authority, by="system:test", reason="test"
        )


@pytest.mark.parametrize("role", [Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_scenario_23_administrators_neither_edit_nor_read_cases(client: FlaskClient, role: Role) -> None:
    with transaction():
        operator, authority = make_operator(), make_authority()
        penalty = make_penalty(operator, authority)
    sign_in(client, "gao", role, authority=authority)
    token = csrf_of(client)
    form = {**penalty_form(operator), "csrf_token": token}
    for address in (f"/console/records/{penalty.record_id}/correction", f"/console/operators/{operator.id}/status"):
        assert client.post(address, data=form).status_code == 403, address
    for address in ("/console/inbox", "/console/proceedings/1", f"/console/records/{penalty.record_id}"):
        assert client.get(address).status_code == 403, address


def test_scenario_23_the_chain_shows_a_row_that_was_changed(own_app: Flask, own_settings: Settings) -> None:
    with own_app.app_context():
        with transaction():
            make_penalty(make_operator(), make_authority())
        keys = signing_keys.load_or_create(own_settings.key_dir)
        assert verify(db.engine, keys, ignore).faults == []
    with connect_as_owner(own_settings) as owner:
        owner.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        owner.execute("UPDATE ledger_entry SET actor = 'officer:somebody' WHERE seq = 2")
    with own_app.app_context():
        (fault,) = verify(db.engine, keys, ignore).faults
        assert fault.seq == 2


def test_scenario_24_without_the_calendar_of_next_year_no_deadline_is_guessed(seat: Register) -> None:
    operator, authority = make_operator(), make_authority()
    with seat.on("2026-12-30"):
        with transaction():
            penalty = make_penalty(operator, authority)
        with pytest.raises(CalendarYearMissing) as refusal:
            apply_for(penalty)  # two working days lead into 2027
        assert refusal.value.year == 2027
        assert db.session.execute(db.select(Proceeding)).first() is None
        submitted(authority, operator, decided_on="2026-12-30")
        with transaction():
            listing = make_abnormal_listing(operator, authority, listed_on=date(2026, 12, 10))
        page = seat.get(f"/objections/{listing.record_id}", lang="en")  # thirty days end in 2027
        assert page.status == 422
        assert "calendar of working days is not loaded" in page.text
        assert seat.get(f"/records/{listing.record_id}").status == 200
    assert seat.day_comes("2026-12-30", exit_code=1)["calendar_missing"] == [2027]


def test_scenario_25_notices_name_the_government_the_court_sixty_days_and_six_months(seat: Register) -> None:
    authority = make_authority()
    set_local(authority.uscc, {"review_government": "石家庄市长安区人民政府", "court": "石家庄市长安区人民法院"})
    operator = make_operator(established_on=date(2019, 3, 1))
    with seat.on("2026-07-03"):
        with transaction():
            case = engine.open_case(
                Procedure.ABNORMAL_LISTING, abnormal_procedure.Action.RECORD, part=HANDLER, authority=authority,
                operator=operator, reason="R1", report_year=2025, values={}, statement="未年报", actor=FIRST, desk=DESK,
            )  # fmt: skip
        step(case, abnormal_procedure.Action.PROPOSE, HANDLER)
        with pytest.raises(SamePerson):
            step(case, abnormal_procedure.Action.LIST, REVIEWER, actor=FIRST)
        case = step(case, abnormal_procedure.Action.LIST, REVIEWER)
        (decision,) = documents_of(case.id)
        words = "".join(decision.body["paragraphs"])
        for expected in (
            code_of(operator),
            "2025年度的年度报告",
            "《企业经营异常名录管理办法》第四条第一项",
            "60日内向石家庄市长安区人民政府申请行政复议",
            "6个月内依法向石家庄市长安区人民法院提起行政诉讼",
        ):
            assert expected in words + str(decision.body["to_no"]), expected
        assert decision.body["on"] == "2026-07-03"
        assert (decision.prepared_by, decision.decided_by) == ("officer:zhang", "officer:li")
