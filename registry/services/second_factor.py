"""The second factor of an officer: codes of a TOTP app (RFC 6238), each of which works once."""

from dataclasses import dataclass

import pyotp

from models import Officer, db
from registry.clock import now
from registry.services.personal_values import Vault

STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way
ISSUER = "Operator Credit Registry"
_FIELD = "totp"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a new phone needs: the secret to type, the address to scan."""

    secret: str
    address: str


def begin(officer: Officer, vault: Vault) -> Enrolment:
    """The secret of an officer who has not confirmed one yet: drawn once, shown until it is confirmed."""
    if officer.totp_secret is None:
        officer.totp_secret = vault.seal(_place(officer), _FIELD, pyotp.random_base32()).ciphertext
        db.session.flush()
    secret = _secret(officer, vault)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=officer.name, issuer_name=ISSUER))


def confirm(officer: Officer, vault: Vault, code: str) -> bool:
    """Whether the code shows that the phone has the secret; from then on it is asked for at each sign-in."""
    if not accept(officer, vault, code):
        return False
    officer.totp_confirmed_at = now()
    return True


def accept(officer: Officer, vault: Vault, code: str) -> bool:
    """Whether the code is right now and was never used; it is used up by this. The caller holds the officer's row."""
    if officer.totp_secret is None:
        return False
    totp = pyotp.TOTP(_secret(officer, vault))
    current = int(now().timestamp()) // STEP_SECONDS
    digits = "".join(code.split())
    for step in range(current - DRIFT, current + DRIFT + 1):
        used = officer.totp_step is not None and step <= officer.totp_step
        if pyotp.utils.strings_equal(digits, totp.generate_otp(step)) and not used:
            officer.totp_step = step
            return True
    return False


def current_code(officer: Officer, vault: Vault) -> str | None:
    """What the officer's phone shows now, for a demo without phones; None where none is set up. Uses nothing up."""
    if officer.totp_secret is None:
        return None
    return pyotp.TOTP(_secret(officer, vault)).generate_otp(int(now().timestamp()) // STEP_SECONDS)


def _place(officer: Officer) -> str:
    return f"officer.{officer.name}"


def _secret(officer: Officer, vault: Vault) -> str:
    assert officer.totp_secret is not None
    return vault.open(_place(officer), _FIELD, officer.totp_secret)
