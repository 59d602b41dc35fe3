"""Forms of the console with bad input: everything wrong told at once and at its field, what was typed kept, nothing done."""

import re
from html.parser import HTMLParser
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from blueprints.signed_in import vault
from models import AccessLog, Authority, ImportFile, Matter, Officer, OfficerSession, db
from registry.clock import now, today
from registry.ledger import Actor
from registry.rules.announcements import AnnouncementKind
from registry.rules.roles import Role
from registry.services import announcements, officers, second_factor
from registry.services.announcements import Wording
from registry.transaction import transaction
from tests.factories import make_authority, make_operator, make_penalty
from tests.integration.blueprints.conftest import Browser
from tests.integration.blueprints.signed_in import REASON, csrf_of, sign_in

OTHERS = Actor("officer", "zhang")


class _Page(HTMLParser):
    """The parts of a page that a reader of faults goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.invalid: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attributes}
        self.ids.add(held.get("id", ""))
        if tag == "a" and held.get("href", "").startswith("#"):
            self.links.add(held["href"][1:])
        if held.get("aria-invalid") == "true":
            self.invalid[held["id"]] = held.get("aria-describedby", "")


def told(answer: TestResponse, *fields: str) -> None:
    """The answer is the form again: each field marked, described by its fault, and linked from the summary on top."""
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422, text
    page = _Page(text)
    assert set(page.invalid) == set(fields)
    for field in fields:
        assert field in page.links, field
        assert f"fault-{field}" in page.invalid[field].split(), field
        assert f"fault-{field}" in page.ids, field


def form_of(client: FlaskClient, **typed: Any) -> dict[str, Any]:
    return {"csrf_token": csrf_of(client), **typed}


def test_a_new_account_with_everything_wrong(client: FlaskClient) -> None:
    authority = make_authority()
    sign_in(client, "zhao", Role.SECURITY_ADMIN, authority=authority)
    form = form_of(client, name="zhao", roles=["entry", "audit_admin"], authority="1", reason="x")
    answer = client.post("/console/accounts?lang=en", data=form)
    told(answer, "new-name", "new-roles", "new-authority", "new-reason")
    assert 'value="zhao"' in answer.text
    assert re.search(r'value="audit_admin"[^>]*checked', answer.text)
    told(client.post("/console/accounts", data=form_of(client, name="Li Ming")), *(
        "new-name", "new-roles", "new-authority", "new-reason",
    ))  # fmt: skip
    unknown = form_of(client, name="li", roles="entry", authority="91130102MA07XKJ42X", **REASON)
    told(client.post("/console/accounts", data=unknown), "new-authority")
    assert list(db.session.scalars(select(Officer.name))) == ["zhao"]


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("roles", ["roles-roles", "roles-reason"]),
        ("authority", ["authority-authority", "authority-reason"]),
        ("reset", ["reset-reason"]),
        ("disable", ["disable-reason"]),
    ],
)
def test_a_change_of_an_account_without_anything(client: FlaskClient, form: str, fields: list[str]) -> None:
    authority = make_authority()
    sign_in(client, "zhao", Role.SECURITY_ADMIN, authority=authority)
    with transaction():
        officers.create("li", roles=[Role.ENTRY], authority=authority, by="system:test", reason="test")
    told(client.post(f"/console/accounts/li/{form}", data=form_of(client)), *fields)


def test_an_officer_moves_to_another_authority_and_every_session_ends(app: Flask, client: FlaskClient) -> None:
    here, there = make_authority(), make_authority(name="石家庄市桥西区市场监督管理局")
    moved = Browser(app, app.response_class, use_cookies=True)
    sign_in(client, "zhao", Role.SECURITY_ADMIN, authority=here)
    sign_in(moved, "li", Role.ENTRY, authority=here)
    assert moved.get("/console/").status_code == 200
    same = form_of(client, authority=here.uscc, **REASON)
    told(client.post("/console/accounts/li/authority", data=same), "authority-authority")
    form = {**same, "authority": there.uscc}
    assert client.post("/console/accounts/zhao/authority", data=form).status_code == 422, "nobody moves themselves"
    assert client.post("/console/accounts/li/authority", data=form).status_code == 303
    assert officers.get("li", lock=True).authority.id == there.id
    assert moved.get("/console/").location.startswith("/auth/login")
    line = db.session.scalars(select(AccessLog).where(AccessLog.event == "officer.moved")).one()
    assert (line.actor, line.purpose) == ("officer:zhao", f"li: {here.name} -> {there.name}: {REASON['reason']}")


def test_a_changed_account_needs_a_fresh_code_and_what_was_typed_is_kept(app: Flask, client: FlaskClient) -> None:
    authority = make_authority()
    there = make_authority(name="石家庄市桥西区市场监督管理局")
    zhao = sign_in(client, "zhao", Role.SECURITY_ADMIN, authority=authority, stepped_up=False)
    with transaction():
        officers.create("li", roles=[Role.ENTRY], authority=authority, by="system:test", reason="test")
        secret = second_factor.begin(zhao, vault_of(app)).secret
        zhao.totp_confirmed_at = now()
    form = form_of(client, authority=there.uscc, reason='"调动" & 任命')
    asked = client.post("/console/accounts/li/authority", data={**form, "otp": "000000"})
    assert asked.status_code == 403
    assert 'action="/console/accounts/li/authority"' in asked.text
    assert 'name="reason" value="&#34;调动&#34; &amp; 任命"' in asked.text
    assert f'name="authority" value="{there.uscc}"' in asked.text
    assert "000000" not in asked.text
    assert officers.get("li").authority.id == authority.id
    code = pyotp.TOTP(secret).now()
    assert client.post("/console/accounts/li/authority", data={**form, "otp": code}).status_code == 303
    assert officers.get("li", lock=True).authority.id == there.id


def vault_of(app: Flask) -> Any:
    with app.app_context():
        return vault()


def test_wrong_codes_end_the_session_and_never_carry_the_step_out(client: FlaskClient) -> None:
    sign_in(client, "zhao", Role.AUDIT_ADMIN, stepped_up=False)
    form = form_of(client, otp="000000")
    answers = [client.post("/console/audit/export", data=form).status_code for _ in range(6)]
    assert set(answers) <= {400, 403}, "400: the token ends with the session"
    assert db.session.scalars(select(OfficerSession)).one().ended_at is not None
    assert client.get("/console/").location.startswith("/auth/login")


def test_an_announcement_with_everything_wrong(client: FlaskClient) -> None:
    sign_in(client, "li", Role.PUBLISH)
    form = form_of(client, kind="77", title="x" * 101, body=" ", records="1 /;")
    answer = client.post("/console/announcements", data=form)
    told(answer, "draft-kind", "draft-title", "draft-body", "draft-records")
    assert "x" * 101 in answer.text


def test_a_reworded_announcement_with_faults_or_moved_keeps_what_was_typed(client: FlaskClient) -> None:
    authority = make_authority()
    sign_in(client, "li", Role.PUBLISH, authority=authority)
    with transaction():
        one = announcements.draft(
            Wording(AnnouncementKind.OTHER, "停机通知", "周六维护。"), authority=authority, actor=OTHERS
        )
    address = f"/console/announcements/{one.id}"
    form = form_of(client, kind="99", title="停", body="改为周日。", records="", revision=1)
    answer = client.post(f"{address}/change", data=form)
    told(answer, "change-title")
    assert "改为周日。" in answer.text
    moved = client.post(f"{address}/change", data={**form, "title": "停机通知二", "revision": 0})
    assert moved.status_code == 409
    assert "停机通知二" in moved.text
    assert "change-form" in _Page(moved.text).links & _Page(moved.text).ids
    assert client.post(f"{address}/publish", data={**form, "revision": 1}).status_code == 303
    told(client.post(f"{address}/withdraw", data=form_of(client, revision=2)), "withdraw-reason")


def test_an_upload_of_nothing(client: FlaskClient) -> None:
    sign_in(client, "li", Role.ENTRY)
    told(client.post("/console/imports", data=form_of(client, kind="wishes")), "kind", "file")
    assert db.session.scalars(select(ImportFile)).all() == []


def test_a_withdrawal_and_an_export_with_everything_wrong(client: FlaskClient) -> None:
    authority = make_authority()
    sign_in(client, "li", Role.ENTRY, authority=authority)
    with transaction():
        record = make_penalty(make_operator(), authority)
    address = f"/console/records/{record.record_id}/withdrawal"
    fields = ("withdrawal-end_reason", "withdrawal-since", "withdrawal-statement")
    form = form_of(client, end_reason="no", since="2026-02-30", statement="因")
    answer = client.post(address, data=form)
    told(answer, *fields)
    assert 'value="2026-02-30"' in answer.text
    assert ">因</textarea>" in answer.text
    tomorrow = today().replace(year=today().year + 1)
    told(client.post(address, data={**form, "since": str(tomorrow)}), *fields)
    assert db.session.scalars(select(Matter)).all() == []
    told(
        client.post("/console/penalties/export", data=form_of(client, layout="all", reason=" ")),
        "export-layout",
        "export-reason",
    )
    assert "export.penalties" not in set(db.session.scalars(select(AccessLog.event)))


def test_a_filter_that_is_no_day_is_told_at_its_field(client: FlaskClient) -> None:
    sign_in(client, "li", Role.ENTRY)
    page = client.get("/console/penalties?from=gestern&to=2026-13-01").get_data(as_text=True)
    assert set(_Page(page).invalid) == {"from", "to"}
    sign_in(client, "shen", Role.AUDIT_ADMIN)
    told(client.get("/console/audit?since=gestern&until=2026-13-01"), "since", "until")


def test_the_other_language_of_a_refused_form_is_the_page_it_stood_on(client: FlaskClient) -> None:
    authority: Authority = make_authority()
    sign_in(client, "li", Role.ENTRY, authority=authority)
    with transaction():
        make_penalty(make_operator(), authority)
    answer = client.post(
        "/console/penalties/export",
        data=form_of(client),
        headers={"Referer": "http://localhost/console/penalties?q=%E5%BA%B7"},
    )
    assert 'href="/console/penalties?q=%E5%BA%B7&amp;lang=en"' in answer.text
    elsewhere = client.post("/console/penalties/export", data=form_of(client), headers={"Referer": "http://evil/x"})
    assert "evil" not in elsewhere.text
