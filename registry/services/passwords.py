"""Passwords of officers: their rules, their hashes, and the same work for a name that nobody has."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from models import Officer, OfficerPassword, db
from registry.clock import now
from registry.errors import RuleViolation
from registry.rules.account_policy import POLICY, PasswordFault, password_faults

_hasher = PasswordHasher()
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_"  # nothing that is misread on paper


class PasswordRefused(RuleViolation):
    """The new password breaks one or more rules; `faults` names all of them."""

    code = "password_refused"

    def __init__(self, faults: list[PasswordFault]) -> None:
        super().__init__("The new password is refused: " + ", ".join(fault.value for fault in faults))
        self.faults = faults


def draw(name: str) -> str:
    """A random password of sixteen characters that keeps the rules."""
    while True:
        password = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        if not password_faults(password, name):
            return password


def hash_of(password: str) -> str:
    """Argon2id with a salt of its own."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is that of the hash; takes as long where there is no hash, so that names cannot be tried."""
    try:
        return _hasher.verify(password_hash or _nobodys(), password) and password_hash is not None
    except VerifyMismatchError:
        return False


def change(officer: Officer, password: str) -> None:
    """Give an officer a new password of their own choice. PasswordRefused names every fault. The caller commits."""
    faults = password_faults(password, officer.name)
    if any(matches(used, password) for used in _remembered(officer)):
        faults.append(PasswordFault.USED_BEFORE)
    if faults:
        raise PasswordRefused(faults)
    keep(officer, hash_of(password))
    officer.must_change = False


def keep(officer: Officer, password_hash: str) -> None:
    """Store a hash and remember the one before it."""
    moment = now()
    if officer.id is not None:
        db.session.add(
            OfficerPassword(officer_id=officer.id, password_hash=officer.password_hash, set_at=officer.password_set_at)
        )
    officer.password_hash = password_hash
    officer.password_set_at = moment


def _remembered(officer: Officer) -> list[str]:
    before = db.session.execute(
        select(OfficerPassword.password_hash)
        .where(OfficerPassword.officer_id == officer.id)
        .order_by(OfficerPassword.id.desc())
        .limit(POLICY.remembered - 1)
    ).scalars()
    return [officer.password_hash, *before]


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex())
