"""Signing in by browser: a first sign-in from the one-time password on, refusals that tell nothing, what logs keep."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from models import AccessLog, OfficerPassword, db
from registry.rules.account_policy import POLICY
from registry.rules.roles import Role
from registry.services import officers
from registry.transaction import transaction
from tests.factories import make_authority
from tests.integration.blueprints.signed_in import address_of, csrf_of, guarded_rules, methods_of, sign_in

pytestmark = pytest.mark.usefixtures("database")
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
OWN = "Wende-Mima.2026"
CODE = timedelta(seconds=30)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def make_account(name: str = "zhao", role: Role = Role.ENTRY) -> str:
    """A new account; its one-time password."""
    with transaction():
        authority = make_authority()
        return officers.create(name, roles=[role], authority=authority, by="system:test", reason="test")[1]


def submit(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Fill in the form of a page."""
    return client.post(address, data={"csrf_token": csrf_of(client, address), **fields})


def text_of(answer: TestResponse) -> str:
    """A page without what differs from one to the next anyway."""
    return re.sub(r'(name="(?:csrf_token|name)"\s+value=)"[^"]*"', r"\1", answer.get_data(as_text=True))


def enrol(client: FlaskClient, **fields: str) -> tuple[TestResponse, pyotp.TOTP]:
    """Read the key off the page and confirm it with its first code."""
    page = client.get("/auth/code").get_data(as_text=True)
    key = re.search(r"[A-Z2-7]{32}", re.sub(r"<[^>]+>|\s", "", page[page.index("</svg>", page.index("qr")) :]))
    assert key, page
    totp = pyotp.TOTP(key[0])
    return submit(client, "/auth/code", otp=totp.at(datetime.now(UTC)), **fields), totp


def test_a_first_sign_in_goes_from_the_one_time_password_to_the_console(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    password = make_account()
    assert submit(client, "/auth/login", name=" ZHAO ", password=password).location == "/auth/code"
    assert client.get("/console/").location.startswith("/auth/code"), "the password alone opens nothing"
    assert client.get("/auth/password").location == "/auth/code"
    answer, totp = enrol(client)
    assert answer.location == "/auth/password"
    assert client.get("/console/").location.startswith("/auth/password"), "the one-time password opens nothing"
    faulty = submit(client, "/auth/password", old="wrong", new="zhao", again="other")
    assert faulty.status_code == 422
    assert {"fault-old", "fault-new", "fault-again"} <= set(
        re.findall(r'id="(fault-\w+)"', faulty.get_data(as_text=True))
    )
    assert submit(client, "/auth/password", old="wrong", new=OWN, again=OWN).status_code == 422
    assert db.session.scalars(select(OfficerPassword)).all() == [], "a refused change changes nothing"
    assert submit(client, "/auth/password", old=password, new=OWN, again=OWN).location == "/console/"
    assert client.get("/console/").status_code == 200
    assert client.post("/auth/logout", data={"csrf_token": csrf_of(client)}).location == "/auth/login"
    assert client.get("/console/").location.startswith("/auth/login")

    clock.shift(CODE)
    assert submit(client, "/auth/login", name="zhao", password=password).status_code == 403, "it worked once"
    assert submit(client, "/auth/login", name="zhao", password=OWN).location == "/auth/code"
    assert totp.secret not in client.get("/auth/code").get_data(as_text=True), "a confirmed key is never shown again"
    assert submit(client, "/auth/code", otp="000000").status_code == 403
    assert submit(client, "/auth/code", otp=totp.at(datetime.now(UTC))).location == "/console/"


def test_signing_in_goes_on_where_it_was_asked_to_but_nowhere_else(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    password = make_account(role=Role.AUDIT_ADMIN)
    asked = client.get("/console/audit?actor=x").location
    assert asked == "/auth/login?next=/console/audit?actor%3Dx"
    page = client.get(asked).get_data(as_text=True)
    assert re.search(r'name="next" value="/console/audit\?actor=x"', page)
    submit(client, "/auth/login", name="zhao", password=password)
    answer, totp = enrol(client, next="https://evil.example/")
    assert answer.location.startswith("/auth/password")
    outside = submit(client, "/auth/password", old=password, new=OWN, again=OWN, next="https://evil.example/")
    assert outside.location == "/console/"
    client.post("/auth/logout", data={"csrf_token": csrf_of(client)})
    clock.shift(CODE)
    submit(client, "/auth/login", name="zhao", password=OWN)
    inside = submit(client, "/auth/code", otp=totp.at(datetime.now(UTC)), next="/console/audit?actor=x")
    assert inside.location == "/console/audit?actor=x"


def test_every_refusal_looks_the_same(client: FlaskClient) -> None:
    locked, closed = make_account("locked"), make_account("closed")
    make_account("known")
    for _ in range(POLICY.tries):
        submit(client, "/auth/login", name="locked", password="wrong")
    with transaction():
        officers.disable("closed", by="system:test", reason="left")
    tries = {"unknown": "wrong", "known": "wrong", "locked": locked, "closed": closed, "": ""}
    answers = [submit(client, "/auth/login", name=name, password=password) for name, password in tries.items()]
    assert {answer.status_code for answer in answers} == {403}
    assert len({text_of(answer) for answer in answers}) == 1
    assert {frozenset(answer.headers.keys()) for answer in answers} == {frozenset(answers[0].headers.keys())}


def test_a_session_that_somebody_planted_is_not_the_one_that_signs_in(app: Flask, client: FlaskClient) -> None:
    password = make_account()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["planted"] = "planted", "yes"
    planted = client.get_cookie("session")
    assert planted is not None
    submit(client, "/auth/login", name="zhao", password=password)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "planted" not in cookie
    other = app.test_client()
    other.set_cookie("session", planted.value)
    assert other.get("/auth/code").location.startswith("/auth/login")


def test_a_cookie_kept_from_before_signing_out_opens_nothing(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.ENTRY)
    kept = client.get_cookie("session")
    assert kept is not None
    client.post("/auth/logout", data={"csrf_token": csrf_of(client)})
    other = app.test_client()
    other.set_cookie("session", kept.value)
    assert other.get("/console/").location.startswith("/auth/login")


def test_one_address_may_not_try_for_ever(client: FlaskClient) -> None:
    token = csrf_of(client, "/auth/login")
    answers = [
        client.post("/auth/login", data={"csrf_token": token, "name": "", "password": ""}) for _ in range(2 * 30 + 1)
    ]
    assert answers[-1].status_code == 429, "whatever second a minute began in"
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_what_is_marked_grave_needs_a_fresh_code(app: Flask, client: FlaskClient) -> None:
    grave = [rule for rule in guarded_rules(app, "officers") if hasattr(app.view_functions[rule.endpoint], "steps_up")]
    assert {rule.endpoint for rule in grave} >= {
        "console_account.renew_phone", "console_audit.export", "console_records.export",
    }  # fmt: skip
    for number, rule in enumerate(grave):
        view: Any = app.view_functions[rule.endpoint]
        sign_in(client, f"officer{number}", min(view.roles), stepped_up=False)
        token = csrf_of(client)
        for method in methods_of(rule):
            answer = client.open(address_of(app, rule), method=method, data={"csrf_token": token, "otp": "000000"})
            assert answer.status_code == 403, rule
            assert 'name="otp"' in answer.get_data(as_text=True), rule


def test_neither_logs_nor_access_log_keep_what_was_typed(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    password = make_account()
    submit(client, "/auth/login", name="Mima-typed.1nto-Name", password="another.Wrong-0ne")
    submit(client, "/auth/login", name="zhao", password="another.Wrong-0ne")
    submit(client, "/auth/login", name="zhao", password=password)
    submit(client, "/auth/code", otp="471108")
    _, totp = enrol(client)
    submit(client, "/auth/password", old=password, new=OWN, again=OWN)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert client.get("/console/").status_code == 200
    lines = db.session.scalars(select(AccessLog)).all()
    written = "\n".join(
        [caplog.text, *capfd.readouterr(), *(f"{line.event} {line.actor} {line.purpose}" for line in lines)]
    )
    assert "sign_in.refused" in written
    for typed in ("1nto-name", "Wrong-0ne", password, OWN, "471108", totp.secret, token, "argon2"):
        assert typed.casefold() not in written.casefold()


@pytest.mark.parametrize("address", ["/verify", "/auth/login"])
def test_too_large_an_upload_gets_a_page(app: Flask, client: FlaskClient, address: str) -> None:
    told = {"CONTENT_LENGTH": str(app.config["MAX_CONTENT_LENGTH"] + 1)}
    answer = client.post(address, content_type="multipart/form-data; boundary=x", data=b"--x", environ_overrides=told)
    assert answer.status_code == 413
    assert answer.mimetype == "text/html"
