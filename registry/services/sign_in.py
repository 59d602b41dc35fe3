"""Signing in: password, then a code; failures counted for the account, whatever they are, and told alike."""

from sqlalchemy import select

from models import Officer, OfficerSession, db
from registry.clock import now
from registry.rules.account_policy import POLICY
from registry.rules.roles import ADMINISTRATORS
from registry.services import access_log, passwords, second_factor, sessions
from registry.services.personal_values import Vault


def with_password(name: str, password: str, browser: str | None, *, may_administer: bool = True) -> str | None:
    """A token of a session that has passed the password; None when refused, as every administrator is who may not from here.

    The failure is counted in this transaction, so the caller commits either way. The account's row is held meanwhile:
    tries at the same time are counted one after another.
    """
    officer = _held(name)
    right = passwords.matches(officer.password_hash if officer else None, password)
    if officer is None:
        access_log.note("sign_in.refused", status=403)
        return None
    may_try = _may_try(officer) and (may_administer or not officer.has(*ADMINISTRATORS))
    if not may_try or not right:
        _failed(officer, counts=may_try)
        return None
    access_log.note("sign_in.password", actor=_actor(officer), status=200)
    return sessions.start(officer, browser)


def with_code(session: OfficerSession, vault: Vault, code: str) -> bool:
    """Whether the session has passed the second factor now; a first code also confirms the enrolment. The caller commits."""
    officer = _held(session.officer.name)
    assert officer is not None
    check = second_factor.accept if officer.totp_confirmed_at else second_factor.confirm
    may_try = _may_try(officer)
    if not may_try or not check(officer, vault, code):
        _failed(officer, counts=may_try)
        if officer.locked_until is not None:
            sessions.end(session)
        return False
    moment = now()
    officer.failures, officer.first_failure_at, officer.last_used_at = 0, None, moment
    session.second_factor_at = session.stepped_up_at = moment
    access_log.note("sign_in.code", actor=_actor(officer), status=200)
    return True


def step_up(session: OfficerSession, vault: Vault, code: str) -> bool:
    """Whether approving and exporting are open for the next minutes. The caller commits."""
    if session.second_factor_at is None:
        return False
    return with_code(session, vault, code)


def sign_out(session: OfficerSession) -> None:
    """End the session. The caller commits."""
    sessions.end(session)
    access_log.note("sign_in.ended", actor=_actor(session.officer))


def must_change_password(officer: Officer) -> bool:
    """Whether a new password is due: the first one, or one that has lasted too long."""
    return officer.must_change or now() >= officer.password_set_at + POLICY.password_lasts


def _held(name: str) -> Officer | None:
    """The account of a name, locked until the commit."""
    return db.session.execute(
        select(Officer)
        .where(Officer.name == name)
        .with_for_update(of=Officer)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _may_try(officer: Officer) -> bool:
    moment = now()
    locked = officer.locked_until is not None and moment < officer.locked_until
    unused = moment >= (officer.last_used_at or officer.created_at) + POLICY.unused_for
    return officer.disabled_at is None and not locked and not unused


def _failed(officer: Officer, *, counts: bool) -> None:
    moment = now()
    if counts:
        fresh = officer.first_failure_at is None or moment >= officer.first_failure_at + POLICY.within
        officer.failures = 1 if fresh else officer.failures + 1
        if fresh:
            officer.first_failure_at = moment
        if officer.failures >= POLICY.tries:
            officer.locked_until = moment + POLICY.locked_for
            officer.failures, officer.first_failure_at = 0, None
            access_log.note("sign_in.locked", actor=_actor(officer), status=403)
    access_log.note("sign_in.refused", actor=_actor(officer), status=403)


def _actor(officer: Officer) -> str:
    return f"officer:{officer.name}"
