"""The demo register: loaded whole, loaded again, never in production."""

import re
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from models import AccessLog, Announcement, ApiClient, ImportRun, LedgerEntry, Operator, Penalty, db
from registry.clock import now
from registry.config import Settings
from registry.demo.register import DemoRegister
from registry.rules.record import RecordState
from registry.rules.roles import Role
from registry.services import api_clients, demo, demo_access, demo_announcements, officers, sessions, sign_in
from registry.services.personal_values import Vault
from registry.services.rebuild import check
from registry.transaction import transaction

DAY = date(2026, 11, 25)
SIZE = 1_200


@pytest.fixture
def settings(own_app: Flask, tmp_path: Path) -> Settings:
    return replace(own_app.extensions["registry_settings"], data_dir=tmp_path, environment="demo")


def load(settings: Settings, day: date = DAY) -> demo.Loaded:
    return demo.load(settings, day, operators=SIZE, say=lambda kind: None, progress=lambda: lambda rows, share: None)


def count(model: type) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_the_register_is_loaded_with_records_in_every_state(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        loaded = load(settings)
        assert count(Operator) == SIZE
        assert all(each.applied == each.read and not each.rejected for each in loaded.files.values())
        assert loaded.states.keys() >= {
            "in_force", "not_publishable", "expired", "repaired", "withdrawn", "shielded", "under_objection",
        }  # fmt: skip
        withdrawn = db.session.execute(select(Penalty).where(Penalty.state == RecordState.WITHDRAWN)).scalars().all()
        assert withdrawn
        assert {penalty.end_statement for penalty in withdrawn} == {demo.WITHDRAWN_BECAUSE}
        assert db.session.execute(select(Penalty).where(Penalty.under_objection)).scalars().first() is not None
        db.session.rollback()
        assert not check(lambda number: None).differences


def test_a_second_load_changes_nothing_even_on_a_later_day(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        first = load(settings)
        entries = count(LedgerEntry)
        db.session.rollback()
        again = load(settings, date(2027, 1, 4))
        assert again.day == DAY
        assert again.applied == 0
        assert [each.unchanged for each in again.files.values()] == [each.read for each in first.files.values()]
        assert again.states == first.states
        assert count(LedgerEntry) == entries
        assert count(Announcement) == len(demo_announcements.WORDINGS)


def test_a_load_that_was_cut_off_is_completed(
    own_app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_app.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(demo, "_bring_into_states", lambda record_ids, day: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                load(settings)
        db.session.rollback()
        loaded = load(settings)
        assert loaded.states["repaired"] > 0
        assert count(Operator) == SIZE


def test_production_is_refused_by_name_before_anything_is_written(
    own_app: Flask, settings: Settings, tmp_path: Path
) -> None:
    real = replace(settings, environment="production")
    with own_app.app_context():
        with pytest.raises(demo.DemoRefused, match="REGISTRY_ENV"):
            load(real)
        with pytest.raises(demo.DemoRefused, match="REGISTRY_ENV"):
            demo_access.grant(real)
        assert list(tmp_path.iterdir()) == []
        assert (count(Operator), count(ImportRun), count(ApiClient), count(AccessLog)) == (0, 0, 0, 0)


def test_the_key_in_the_file_is_the_client_s_and_nobody_else_may_read_it(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        path = demo_access.grant(settings)
        written = path.read_text(encoding="utf-8")
        key = next(word for word in written.split() if word.startswith(api_clients.KEY_PREFIX))
        client = db.session.execute(select(ApiClient)).scalar_one()
        assert client.key_hash == api_clients.hash_of(key)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        db.session.rollback()
        assert demo_access.grant(settings).read_text(encoding="utf-8") == written


def test_a_lost_file_of_credentials_is_made_again(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        first = demo_access.grant(settings)
        first.unlink()
        demo_access.grant(settings)
        names = db.session.execute(select(ApiClient.name).order_by(ApiClient.id)).scalars().all()
        assert names == [demo_access.CLIENT, f"{demo_access.CLIENT}2"]


def test_every_officer_in_the_file_can_sign_in_at_once(own_app: Flask, settings: Settings) -> None:
    vault = Vault.of(settings)
    with own_app.app_context():
        table = demo_access.grant(settings).read_text(encoding="utf-8").split("TOTP key\n", 1)[1].split("  API key")[0]
        rows = [line.split() for line in table.splitlines()[::2]]
        assert {role for _, role, *_ in rows} == {role.value for role in Role}
        for name, _role, password, secret in rows:
            with transaction():
                token = sign_in.with_password(name, password, None)
                assert token is not None, name
                session = sessions.find(token)
                assert session is not None
                code = demo_access.current_code(settings, name)
                assert code == pyotp.TOTP(secret).at(now())
                assert sign_in.with_code(session, vault, code), name
                assert not sign_in.must_change_password(session.officer)


def test_districts_have_a_first_and_a_second_officer_each(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        demo_access.grant(settings)
        of_organ = {(officers.get(name).authority.uscc, role) for name, role, _ in demo_access.OF_DISTRICTS}
    organs = {organ for organ, _ in of_organ}
    assert len(organs) == 2
    assert of_organ == {(organ, role) for organ in organs for role in (Role.ENTRY, Role.REVIEW)}


def test_a_code_is_told_on_a_demo_node_only(own_app: Flask, settings: Settings) -> None:
    with own_app.app_context():
        demo_access.grant(settings)
        db.session.rollback()
        with pytest.raises(demo.DemoRefused, match="REGISTRY_ENV"):
            demo_access.current_code(replace(settings, environment="production"), "entry")
        with transaction():
            officers.reset("entry", by="system:test", reason="lost phone")
        with pytest.raises(demo_access.NoPhone):
            demo_access.current_code(settings, "entry")
        db.session.rollback()
    runner = own_app.test_cli_runner()
    assert re.fullmatch(r"\d{6}\n", runner.invoke(args=["officer", "code", "review"]).output)
    assert runner.invoke(args=["officer", "code", "nobody"]).exit_code == 1


def test_the_same_day_gives_the_same_register() -> None:
    one, two = DemoRegister(DAY, size=300, penalty_count=40), DemoRegister(DAY, size=300, penalty_count=40)
    assert list(one.operators()) == list(two.operators())
    assert list(one.penalties()) == list(two.penalties())


def test_names_and_codes_are_nobody_s_twice() -> None:
    register = DemoRegister(DAY, size=3_000)
    names = [row["企业名称"] for row in register.operators()]
    former = [row["曾用名"] for row in register.operators() if row["曾用名"]]
    codes = [identity.uscc for identity in register.identities if identity.uscc]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)
    assert not set(names) & set(former)
