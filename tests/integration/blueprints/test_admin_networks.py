"""Administrators sign in and work from the networks that the node names; everybody else from anywhere."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models import AccessLog, Officer, db
from registry.app import create_app
from registry.config import Settings
from registry.rules.roles import ADMINISTRATORS, Role
from registry.services import officers
from registry.transaction import transaction
from tests.database import close
from tests.factories import make_authority
from tests.integration.blueprints.signed_in import csrf_of, sign_in
from tests.integration.blueprints.test_auth import text_of

pytestmark = pytest.mark.usefixtures("database")
NETWORKS = (ip_network("10.20.0.0/16"),)
INSIDE, OUTSIDE = {"REMOTE_ADDR": "10.20.3.4"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def placed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["registry_settings"], admin_networks=NETWORKS)
    monkeypatch.setitem(app.extensions, "registry_settings", settings)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_session_of_an_administrator_ends_where_it_is_met_elsewhere(client: FlaskClient, role: Role) -> None:
    sign_in(client, "guanli", role)
    assert client.get("/console/", environ_overrides=INSIDE).status_code == 200
    assert client.get("/console/", environ_overrides=OUTSIDE).status_code == 403
    assert client.get("/console/", environ_overrides=INSIDE).location.startswith("/auth/login")
    [line] = db.session.scalars(select(AccessLog).where(AccessLog.event == "console.refused"))
    assert (line.actor, line.status) == ("officer:guanli", 403)


def test_a_step_of_signing_in_is_refused_there_too(client: FlaskClient) -> None:
    sign_in(client, "guanli", Role.SYSTEM_ADMIN)
    assert client.get("/auth/password", environ_overrides=OUTSIDE).status_code == 403
    assert client.get("/auth/password", environ_overrides=INSIDE).location.startswith("/auth/login")


@pytest.mark.parametrize("address", ["198.51.100.7", "", "unix"])
def test_a_right_password_from_elsewhere_looks_wrong_and_locks_nobody_out(client: FlaskClient, address: str) -> None:
    with transaction():
        _, password = officers.create(
            "guanli", roles=[Role.SECURITY_ADMIN], authority=make_authority(), by="system:test", reason="test"
        )
    fields = {"csrf_token": csrf_of(client, "/auth/login"), "name": "guanli"}
    here = {"REMOTE_ADDR": address}
    answers = [
        client.post("/auth/login", data={**fields, "password": each}, environ_overrides=here)
        for each in [password, *["wrong"] * 6]
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({text_of(answer) for answer in answers}) == 1
    account = db.session.scalars(select(Officer).where(Officer.name == "guanli")).one()
    assert (account.failures, account.locked_until) == (0, None)
    inside = client.post("/auth/login", data={**fields, "password": password}, environ_overrides=INSIDE)
    assert inside.location == "/auth/code"


def test_officers_who_work_on_cases_are_not_bound_to_a_place(client: FlaskClient) -> None:
    sign_in(client, "luru", Role.ENTRY)
    assert client.get("/console/", environ_overrides=OUTSIDE).status_code == 200


@pytest.fixture
def behind_a_proxy(own_settings: Settings) -> Iterator[FlaskClient]:
    """A program of its own commits for good, so it has a database of its own."""
    program = create_app(replace(own_settings, trusted_proxies=1, admin_networks=NETWORKS))
    with program.app_context():
        yield program.test_client()
    close(program)


def test_behind_a_proxy_the_forwarded_address_counts(behind_a_proxy: FlaskClient) -> None:
    sign_in(behind_a_proxy, "guanli", Role.AUDIT_ADMIN)
    proxy = {"REMOTE_ADDR": "127.0.0.1"}
    inside, outside = {"X-Forwarded-For": "198.51.100.7, 10.20.3.4"}, {"X-Forwarded-For": "10.20.3.4, 198.51.100.7"}
    assert behind_a_proxy.get("/console/", headers=inside, environ_overrides=proxy).status_code == 200
    assert behind_a_proxy.get("/console/", headers=outside, environ_overrides=proxy).status_code == 403
