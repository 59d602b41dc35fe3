"""Accounts: passwords, lock-out, the second factor, sessions; the same answer for every failure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from models import AccessLog, Officer, OfficerSession, db
from registry.config import derived_matching_key
from registry.rules.account_policy import PasswordFault
from registry.rules.roles import Role, RolesNotSeparate
from registry.services import officers, passwords, second_factor, sessions, sign_in
from registry.services.officers import OfficerExists, OfficerNameRefused, OfficerNotFound, OwnAccount, SameAuthority
from registry.services.passwords import PasswordRefused
from registry.services.personal_values import Vault
from registry.transaction import transaction
from tests.factories import make_authority

pytestmark = pytest.mark.usefixtures("database")
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
VAULT = Vault(bytes(range(32)), derived_matching_key(bytes(range(32))))
BY = "system:test"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def make_officer(name: str = "zhao", *roles: Role) -> tuple[Officer, str]:
    return officers.create(name, roles=roles or (Role.ENTRY,), authority=make_authority(), by=BY, reason="test")


def enrolled(name: str = "zhao", *roles: Role) -> tuple[Officer, str, pyotp.TOTP]:
    officer, password = make_officer(name, *roles)
    totp = pyotp.TOTP(second_factor.begin(officer, VAULT).secret)
    return officer, password, totp


def code_at(totp: pyotp.TOTP, clock: time_machine.Traveller, seconds: int = 0) -> str:
    clock.shift(timedelta(seconds=seconds))
    return str(totp.at(datetime.now(UTC)))


def session_of(token: str | None) -> OfficerSession:
    assert token is not None
    found = sessions.find(token)
    assert found is not None
    return found


def events() -> list[str]:
    return list(db.session.scalars(select(AccessLog.event).order_by(AccessLog.id)))


def test_a_new_account_has_a_password_to_be_changed_at_the_first_sign_in() -> None:
    officer, password = make_officer()
    assert passwords.matches(officer.password_hash, password)
    assert password not in officer.password_hash
    assert sign_in.must_change_password(officer)
    passwords.change(officer, "Wende-Mima.2026")
    assert not sign_in.must_change_password(officer)


def test_names_are_unique_and_have_a_form() -> None:
    make_officer("li.ming")
    with pytest.raises(OfficerExists), db.session.begin_nested():
        make_officer("li.ming")
    with pytest.raises(OfficerNameRefused), db.session.begin_nested():
        make_officer("李明")
    with pytest.raises(OfficerNotFound):
        officers.get("nobody")


@pytest.mark.parametrize("roles", [(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN), (Role.AUDIT_ADMIN, Role.ENTRY), ()])
def test_administrators_are_kept_apart(roles: tuple[Role, ...]) -> None:
    with pytest.raises(RolesNotSeparate):
        officers.create("chen", roles=roles, authority=make_authority(), by=BY, reason="test")


def test_every_fault_of_a_password_is_told_at_once() -> None:
    officer, _ = make_officer("zhao")
    with pytest.raises(PasswordRefused) as refused:
        passwords.change(officer, "zhao")
    assert set(refused.value.faults) == {PasswordFault.SHORT, PasswordFault.SIMPLE, PasswordFault.CONTAINS_NAME}


def test_the_last_five_passwords_may_not_come_again() -> None:
    officer, _ = make_officer()
    used = [f"Wende-Mima.{number}" for number in range(6)]
    for password in used:
        passwords.change(officer, password)
        db.session.flush()
    for password in used[1:]:
        with pytest.raises(PasswordRefused):
            passwords.change(officer, password)
    passwords.change(officer, used[0])


def test_a_password_is_due_after_ninety_days(clock: time_machine.Traveller) -> None:
    officer, _ = make_officer()
    passwords.change(officer, "Wende-Mima.2026")
    clock.shift(timedelta(days=90, seconds=-1))
    assert not sign_in.must_change_password(officer)
    clock.shift(timedelta(seconds=1))
    assert sign_in.must_change_password(officer)


def test_five_failures_lock_for_half_an_hour(clock: time_machine.Traveller) -> None:
    _, password = make_officer()
    for _ in range(5):
        assert sign_in.with_password("zhao", "wrong", None) is None
    assert sign_in.with_password("zhao", password, None) is None
    clock.shift(timedelta(minutes=30, seconds=-1))
    assert sign_in.with_password("zhao", password, None) is None
    clock.shift(timedelta(seconds=1))
    assert sign_in.with_password("zhao", password, None) is not None
    assert "sign_in.locked" in events()


def test_failures_far_apart_do_not_lock(clock: time_machine.Traveller) -> None:
    _, password = make_officer()
    for _ in range(8):
        assert sign_in.with_password("zhao", "wrong", None) is None
        clock.shift(timedelta(minutes=15))
    assert sign_in.with_password("zhao", password, None) is not None


def test_an_administrator_lets_somebody_in_again_but_never_themselves() -> None:
    _, password = make_officer()
    for _ in range(5):
        sign_in.with_password("zhao", "wrong", None)
    with pytest.raises(OwnAccount):
        officers.unlock("zhao", by="officer:zhao", reason="me")
    officers.unlock("zhao", by="officer:qian", reason="called back")
    assert sign_in.with_password("zhao", password, None) is not None


def test_an_account_unused_for_ninety_days_is_closed(clock: time_machine.Traveller) -> None:
    _, password = make_officer()
    clock.shift(timedelta(days=90))
    assert sign_in.with_password("zhao", password, None) is None
    officers.enable("zhao", by=BY, reason="back from leave")
    assert sign_in.with_password("zhao", password, None) is not None


def test_an_unknown_name_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hasher = passwords._hasher
    monkeypatch.setattr(
        passwords,
        "_hasher",
        type(
            "Counting",
            (),
            {"verify": lambda _, *both: asked.append(both[0]) or hasher.verify(*both), "hash": hasher.hash},
        )(),
    )
    make_officer()
    assert sign_in.with_password("nobody", "wrong", None) is None
    assert sign_in.with_password("zhao", "wrong", None) is None
    assert len(asked) == 2


def test_the_second_factor_is_asked_for_and_a_code_works_once(clock: time_machine.Traveller) -> None:
    officer, password, totp = enrolled()
    session = session_of(sign_in.with_password("zhao", password, None))
    assert session.second_factor_at is None
    code = code_at(totp, clock)
    assert sign_in.with_code(session, VAULT, code)
    assert officer.totp_confirmed_at is not None
    again = session_of(sign_in.with_password("zhao", password, None))
    assert not sign_in.with_code(again, VAULT, code)
    assert sign_in.with_code(again, VAULT, code_at(totp, clock, 30))


def test_wrong_codes_lock_the_account_and_end_the_session(clock: time_machine.Traveller) -> None:
    _, password, _totp = enrolled()
    token = sign_in.with_password("zhao", password, None)
    for _ in range(5):
        assert not sign_in.with_code(session_of(token), VAULT, "000000")
    assert token is not None
    assert sessions.find(token) is None
    assert sign_in.with_password("zhao", password, None) is None


def test_a_step_up_lasts_five_minutes(clock: time_machine.Traveller) -> None:
    _, password, totp = enrolled()
    session = session_of(sign_in.with_password("zhao", password, None))
    assert not sign_in.step_up(session, VAULT, code_at(totp, clock)), "not before the sign-in is complete"
    assert sign_in.with_code(session, VAULT, code_at(totp, clock))
    clock.shift(timedelta(minutes=5, seconds=-1))
    assert sessions.is_stepped_up(session)
    clock.shift(timedelta(seconds=1))
    assert not sessions.is_stepped_up(session)
    assert sign_in.step_up(session, VAULT, code_at(totp, clock, 30))
    assert sessions.is_stepped_up(session)


def test_the_secret_of_the_phone_is_sealed() -> None:
    officer, _, totp = enrolled()
    assert officer.totp_secret is not None
    assert totp.secret.encode() not in officer.totp_secret


def test_a_session_ends_idle_old_or_by_hand(clock: time_machine.Traveller) -> None:
    officer, password = make_officer()
    token = sign_in.with_password("zhao", password, "Firefox")
    session = session_of(token)
    assert token is not None
    clock.shift(timedelta(minutes=19))
    sessions.touch(session)
    db.session.refresh(session)
    clock.shift(timedelta(minutes=20))
    assert sessions.find(token) is None
    token = sign_in.with_password("zhao", password, None)
    session = session_of(token)
    assert token is not None
    for _ in range(12 * 60 // 15):
        assert sessions.find(token)
        clock.shift(timedelta(minutes=15))
        session.last_at = datetime.now(UTC)
        db.session.flush()
    assert sessions.find(token) is None
    token = sign_in.with_password("zhao", password, None)
    assert token is not None
    officers.disable("zhao", by=BY, reason="left")
    db.session.expire_all()
    assert sessions.find(token) is None
    assert sessions.open_sessions(officer) == []


def test_the_oldest_of_too_many_sessions_ends() -> None:
    _, password = make_officer()
    tokens = [sign_in.with_password("zhao", password, None) for _ in range(4)]
    usable = [token for token in tokens if token and sessions.find(token)]
    assert usable == tokens[1:]


def test_other_roles_and_a_reset_end_sessions() -> None:
    officer, password = make_officer()
    token = sign_in.with_password("zhao", password, None)
    assert token is not None
    officers.set_roles("zhao", roles=[Role.REVIEW], by=BY, reason="new post")
    db.session.expire_all()
    assert sessions.find(token) is None
    renewed = officers.reset("zhao", by=BY, reason="lost phone")
    assert officer.totp_secret is None
    assert sign_in.with_password("zhao", password, None) is None
    assert sign_in.with_password("zhao", renewed, None) is not None


def test_moving_to_another_authority_ends_sessions_and_is_never_ones_own() -> None:
    officer, _ = make_officer()
    token = sessions.start(officer, None)
    elsewhere = make_authority(name="石家庄市桥西区市场监督管理局")
    with pytest.raises(SameAuthority):
        officers.move("zhao", authority=officer.authority, by=BY, reason="test")
    with pytest.raises(OwnAccount):
        officers.move("zhao", authority=elsewhere, by="officer:zhao", reason="test")
    assert sessions.find(token) is not None
    officers.move("zhao", authority=elsewhere, by=BY, reason="test")
    assert officer.authority is elsewhere
    assert sessions.find(token) is None
    assert events()[-1] == "officer.moved"


def test_lock_out_is_exact_when_tries_come_at_once(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        _, password = make_officer()

    def attempt(_: int) -> bool:
        with own_app.app_context(), transaction():
            return sign_in.with_password("zhao", "wrong", None) is None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(attempt, range(8)))
    with own_app.app_context():
        officer = officers.get("zhao")
        assert officer.locked_until is not None
        assert sign_in.with_password("zhao", password, None) is None
        refused = db.session.scalars(select(AccessLog.event).where(AccessLog.event == "sign_in.locked")).all()
        assert len(refused) == 1
