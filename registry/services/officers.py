"""Accounts of officers: made, given roles, locked out, let in again. Each change is a line of the access log."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import Authority, Officer, db, violated_constraint
from registry.clock import now
from registry.errors import Conflict, NotFound, RuleViolation
from registry.rules.roles import Role, check_separation
from registry.services import access_log, passwords, sessions


class OfficerExists(Conflict):
    """Names of officers are unique for ever: ledger and access log tell people apart by them."""

    code = "officer_exists"


class OfficerNotFound(NotFound):
    """No officer has this name."""

    code = "officer_not_found"


class OfficerNameRefused(RuleViolation):
    """A name has 2 to 32 small letters, digits, dots, dashes and underscores, and begins with a letter."""

    code = "officer_name_refused"


class SameAuthority(RuleViolation):
    """The officer works at this authority already."""

    code = "same_authority"


class OwnAccount(RuleViolation):
    """Nobody changes their own roles or lets themselves in again."""

    code = "own_account"


def get(name: str, *, lock: bool = False) -> Officer:
    """The officer of that name. OfficerNotFound. With `lock`, nobody else changes the account until the commit."""
    asked = select(Officer).where(Officer.name == name)
    if lock:
        asked = asked.with_for_update(of=Officer)
    officer = db.session.execute(asked.execution_options(populate_existing=lock)).scalar_one_or_none()
    if officer is None:
        raise OfficerNotFound("No officer has this name.")
    return officer


def everybody() -> Sequence[Officer]:
    """All accounts by name, disabled ones too."""
    return db.session.execute(select(Officer).order_by(Officer.name)).scalars().all()


def is_taken(name: str) -> bool:
    """Whether an officer of this name exists, disabled ones too."""
    return db.session.execute(select(Officer.id).where(Officer.name == name)).scalar_one_or_none() is not None


def create(name: str, *, roles: Collection[Role], authority: Authority, by: str, reason: str) -> tuple[Officer, str]:
    """A new account and its one-time password, to be changed at the first sign-in. The caller commits."""
    check_separation(roles)
    password = passwords.draw(name)
    moment = now()
    officer = Officer(
        name=name,
        roles=sorted(role.value for role in roles),
        authority=authority,
        password_hash=passwords.hash_of(password),
        password_set_at=moment,
        must_change=True,
        failures=0,
        created_at=moment,
    )
    db.session.add(officer)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_officer_name":
            raise OfficerExists("An officer of this name exists already.") from error
        if violated_constraint(error) == "ck_officer_name_form":
            raise OfficerNameRefused(
                "A name has 2 to 32 small letters, digits, dots, dashes and underscores, and begins with a letter."
            ) from error
        raise
    _note("officer.created", officer, by, reason)
    return officer, password


def reset(name: str, *, by: str, reason: str) -> str:
    """A new one-time password for somebody who lost password or phone; all sessions end. The caller commits."""
    officer = _other(name, by)
    password = passwords.draw(name)
    passwords.keep(officer, passwords.hash_of(password))
    officer.must_change = True
    officer.totp_secret = officer.totp_confirmed_at = None
    _let_in(officer)
    sessions.end_all(officer)
    _note("officer.reset", officer, by, reason)
    return password


def unlock(name: str, *, by: str, reason: str) -> None:
    """Let somebody try again before the lock-out is over. The caller commits."""
    officer = _other(name, by)
    _let_in(officer)
    _note("officer.unlocked", officer, by, reason)


def disable(name: str, *, by: str, reason: str) -> None:
    """Close an account: its sessions end at once, its history stays. The caller commits."""
    officer = _other(name, by)
    officer.disabled_at = now()
    sessions.end_all(officer)
    _note("officer.disabled", officer, by, reason)


def enable(name: str, *, by: str, reason: str) -> None:
    """Open a closed or long unused account again. The caller commits."""
    officer = _other(name, by)
    officer.disabled_at = None
    officer.last_used_at = now()
    _note("officer.enabled", officer, by, reason)


def set_roles(name: str, *, roles: Collection[Role], by: str, reason: str) -> None:
    """Give an officer other roles; sessions end, so that none goes on with the old ones. The caller commits."""
    check_separation(roles)
    officer = _other(name, by)
    officer.roles = sorted(role.value for role in roles)
    db.session.flush()
    sessions.end_all(officer)
    _note("officer.roles_set", officer, by, f"{'+'.join(officer.roles)}: {reason}")


def move(name: str, *, authority: Authority, by: str, reason: str) -> None:
    """Let an officer work at another authority; sessions end, so that none goes on in the old area. The caller commits.

    What the officer did stays with the authority for which it was done. SameAuthority where nothing would change.
    """
    officer = _other(name, by)
    was = officer.authority
    if was.id == authority.id:
        raise SameAuthority("The officer works at this authority already.")
    officer.authority = authority
    db.session.flush()
    sessions.end_all(officer)
    _note("officer.moved", officer, by, f"{was.name} -> {authority.name}: {reason}")


def _other(name: str, by: str) -> Officer:
    if by == f"officer:{name}":
        raise OwnAccount("Ask another administrator to change your own account.")
    return get(name, lock=True)


def _let_in(officer: Officer) -> None:
    officer.failures = 0
    officer.first_failure_at = officer.locked_until = None


def _note(event: str, officer: Officer, by: str, reason: str) -> None:
    access_log.note(event, actor=by, purpose=f"{officer.name}: {reason}")
