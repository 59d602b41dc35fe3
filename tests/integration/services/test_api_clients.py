"""Platforms' keys."""

import hashlib

import pytest
from flask import Flask
from sqlalchemy import select

from models import ApiClient, db
from registry.services import api_clients
from registry.services.api_clients import Scope

pytestmark = pytest.mark.usefixtures("database")


def test_only_the_hash_of_a_key_is_kept() -> None:
    client, key = api_clients.create("平台", [Scope.SEARCH, Scope.CHECK, Scope.CHECK])
    assert client.key_hash == hashlib.sha256(key.encode()).digest()
    assert client.scopes == ["check", "search"]
    assert key.startswith("ocr_")
    assert len(key) > 40


def test_two_clients_never_share_a_name() -> None:
    api_clients.create("平台", [Scope.CHECK])
    with pytest.raises(api_clients.ClientExists):
        api_clients.create(" 平台 ", [Scope.CHECK])


@pytest.mark.parametrize(("name", "scopes", "limit"), [("", [Scope.CHECK], 1), ("x", [], 1), ("x", [Scope.CHECK], 0)])
def test_a_client_that_could_never_ask_is_refused(name: str, scopes: list[Scope], limit: int) -> None:
    with pytest.raises(api_clients.UselessClient):
        api_clients.create(name, scopes, limit)


def test_disabling_twice_keeps_the_first_moment() -> None:
    api_clients.create("平台", [Scope.CHECK])
    first = api_clients.disable("平台").disabled_at
    assert api_clients.disable("平台").disabled_at == first is not None
    with pytest.raises(api_clients.ClientNotFound):
        api_clients.disable("nobody")


def test_the_command_prints_the_key_last_and_once(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    made = run(args=["api-client", "create", "平台", "--scope", "check", "--scope", "monitor", "--per-minute", "30"])
    assert made.exit_code == 0, made.output
    key = made.output.split()[-1]
    client = db.session.execute(select(ApiClient).where(ApiClient.name == "平台")).scalar_one()
    assert client.key_hash == api_clients.hash_of(key)
    assert run(args=["api-client", "create", "平台", "--scope", "check"]).exit_code == 1
    assert run(args=["api-client", "create", "其他", "--scope", "everything"]).exit_code == 2
    assert run(args=["api-client", "disable", "平台"]).exit_code == 0
    listed = run(args=["api-client", "list"]).output
    assert listed == "平台\tcheck, monitor\t已停用\n"
    assert key not in listed
