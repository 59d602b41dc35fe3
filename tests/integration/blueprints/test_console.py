"""The console: each role against each address, forms without token, sessions, administrators' rooms, headers."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blueprints.headers import CONTENT_SECURITY_POLICY
from blueprints.pages.console_nav import ROOMS
from models import AccessLog, Officer, OfficerSession, db
from registry.rules.roles import Role
from registry.services import access_log
from registry.transaction import transaction
from tests.factories import make_authority
from tests.integration.blueprints.signed_in import (
    REASON,
    address_of,
    csrf_of,
    guarded_rules,
    methods_of,
    sign_in,
)

OTHER_SITES = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https:evil",
)
NEEDS_NO_TOKEN = {"verify.verify_file", "verify.verify_receipt", "anonymous.answer_challenge"}
"""Posts of anybody that change nothing for a session: another site could do no harm with them."""


@pytest.mark.parametrize("role", Role)
def test_a_role_reaches_its_own_rooms_only(app: Flask, client: FlaskClient, role: Role) -> None:
    sign_in(client, "zhao", role)
    token = csrf_of(client)
    refused = 0
    for rule in guarded_rules(app, "officers"):
        if role in app.view_functions[rule.endpoint].roles:  # type: ignore[attr-defined]
            continue
        for method in methods_of(rule):
            answer = client.open(address_of(app, rule), method=method, data={"csrf_token": token})
            assert answer.status_code == 403, f"{method} {rule}"
            refused += 1
    assert refused


def test_nobody_who_is_not_signed_in_reaches_the_console(app: Flask, client: FlaskClient) -> None:
    token = csrf_of(client, "/auth/login")
    for rule in [*guarded_rules(app, "officers"), *guarded_rules(app, "signing_in")]:
        for method in methods_of(rule):
            answer = client.open(address_of(app, rule), method=method, data={"csrf_token": token})
            assert answer.status_code == 303, f"{method} {rule}"
            assert answer.location.startswith("/auth/login"), f"{method} {rule}"


def test_a_form_without_its_token_is_refused_everywhere(app: Flask, client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.SECURITY_ADMIN)
    posts = [
        rule
        for access in ("officers", "signing_in", "public")
        for rule in guarded_rules(app, access)
        if "POST" in methods_of(rule) and rule.endpoint not in NEEDS_NO_TOKEN
    ]
    assert posts
    for rule in posts:
        assert client.post(address_of(app, rule)).status_code == 400, rule


@pytest.mark.parametrize("role", Role)
def test_every_room_of_a_role_opens(client: FlaskClient, app: Flask, role: Role) -> None:
    sign_in(client, "zhao", role)
    rooms = [room for room in ROOMS if role in room.roles]
    for room in rooms:
        assert app.view_functions[room.endpoint].roles == room.roles  # type: ignore[attr-defined]
        with app.test_request_context():
            address = app.url_map.bind("registry.test").build(room.endpoint)
        for language in ("zh", "en"):
            assert client.get(f"{address}?lang={language}").status_code == 200, address


@pytest.mark.parametrize("address", OTHER_SITES)
def test_signing_in_leads_to_no_other_site(app: Flask, client: FlaskClient, address: str) -> None:
    from blueprints.signed_in import safe_address

    with app.test_request_context():
        assert safe_address(address) == "/console/"
        assert safe_address("/console/audit?actor=x") == "/console/audit?actor=x"


def test_an_ended_session_is_over_at_the_next_request(client: FlaskClient) -> None:
    officer = sign_in(client, "zhao", Role.ENTRY)
    assert client.get("/console/").status_code == 200
    with transaction():
        for session in db.session.scalars(select(OfficerSession).where(OfficerSession.officer_id == officer.id)):
            session.ended_at = session.started_at
    assert client.get("/console/").status_code == 303


def test_the_security_administrator_makes_resets_and_closes_accounts(client: FlaskClient) -> None:
    authority = make_authority()
    sign_in(client, "zhao", Role.SECURITY_ADMIN, authority=authority)
    form = {**REASON, "csrf_token": csrf_of(client)}
    made = client.post(
        "/console/accounts", data={**form, "name": "li", "roles": ["entry", "publish"], "authority": authority.uscc}
    )
    assert made.status_code == 200
    li = db.session.scalars(select(Officer).where(Officer.name == "li")).one()
    assert li.roles == ["entry", "publish"]
    assert client.post("/console/accounts/li/roles", data={**form, "roles": "review"}).status_code == 303
    assert client.post("/console/accounts/li/disable", data=form).status_code == 303
    db.session.refresh(li)
    assert li.roles == ["review"]
    assert li.disabled_at is not None
    assert client.post("/console/accounts/li/enable", data=form).status_code == 303
    assert client.post("/console/accounts/li/reset", data=form).status_code == 200
    events = list(db.session.scalars(select(AccessLog.event).where(AccessLog.actor == "officer:zhao")))
    assert {"officer.created", "officer.roles_set", "officer.disabled", "officer.enabled", "officer.reset"} <= set(
        events
    )


def test_an_account_is_changed_for_a_reason_and_never_ones_own(client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.SECURITY_ADMIN)
    token = csrf_of(client)
    assert client.post("/console/accounts/zhao/reset", data={"csrf_token": token}).status_code == 422
    assert client.post("/console/accounts/zhao/reset", data={**REASON, "csrf_token": token}).status_code == 422


def test_reading_the_log_is_itself_a_line(client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.AUDIT_ADMIN)
    page = client.get("/console/audit?actor=officer:zhao&since=2020-01-01&lang=en")
    assert page.status_code == 200
    line = db.session.scalars(select(AccessLog).where(AccessLog.event == "audit.read")).one()
    assert (line.actor, line.purpose) == ("officer:zhao", "actor=officer:zhao, lang=en, since=2020-01-01")
    assert client.get("/console/audit?since=yesterday").status_code == 422


def test_the_log_is_walked_by_key_without_gap_or_repetition(client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.AUDIT_ADMIN)
    with transaction():
        for number in range(130):
            access_log.note("sign_in.refused", actor="officer:many", purpose=f"line-{number:03}")
    first = client.get("/console/audit?actor=officer:many").get_data(as_text=True)
    older = re.findall(r'href="/console/audit\?([^"]*\bid=[^"]*)"', first)[-1].replace("&amp;", "&")
    second = client.get(f"/console/audit?{older}").get_data(as_text=True)
    seen = [number for number in range(130) for page in (first, second) if f"line-{number:03}" in page]
    assert seen == list(range(130))


def test_exporting_the_log_needs_a_fresh_code_and_computes_nothing(client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.AUDIT_ADMIN, stepped_up=False)
    form = {"csrf_token": csrf_of(client)}
    assert client.post("/console/audit/export", data=form).status_code == 403
    with transaction():
        access_log.note("sign_in.refused", purpose="=HYPERLINK(1)")
        session = db.session.scalars(select(OfficerSession)).one()
        session.stepped_up_at = session.second_factor_at
    rows = list(csv.DictReader(io.StringIO(client.post("/console/audit/export", data=form).get_data(as_text=True)[1:])))
    assert "'=HYPERLINK(1)" in {row["subject"] for row in rows}
    assert "audit.exported" in {row["event"] for row in rows}


def test_a_new_phone_needs_a_code_and_is_enrolled_before_anything_else(client: FlaskClient) -> None:
    officer = sign_in(client, "zhao", Role.ENTRY, stepped_up=False)
    form = {"csrf_token": csrf_of(client)}
    assert client.post("/console/account/new-phone", data={**form, "otp": "000000"}).status_code == 403
    with transaction():
        session = db.session.scalars(select(OfficerSession).where(OfficerSession.officer_id == officer.id)).one()
        session.stepped_up_at = session.second_factor_at
    assert client.post("/console/account/new-phone", data=form).location.startswith("/auth/code")
    assert client.get("/console/").location.startswith("/auth/code")
    assert "<svg" in client.get("/auth/code").get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["/", "/auth/login", "/console/", "/nowhere", "/healthz", "/static/app.css", "/api/v1/nowhere"]
)
def test_every_kind_of_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    answer.close()
    headers = answer.headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers  # this node is not served over https
    if address.startswith(("/auth/", "/console/")):
        assert headers["Cache-Control"] == "no-store"
