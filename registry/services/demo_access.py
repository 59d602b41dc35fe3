"""Who may sign in or ask on a demo node: keys drawn once, kept in a file for their owner's eyes only."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from registry.clock import now
from registry.config import Settings
from registry.demo.register import CITY, ORGANS, Organ
from registry.errors import RuleViolation
from registry.rules.roles import Role
from registry.services import api_clients, authorities, officers, second_factor
from registry.services.api_clients import Scope
from registry.services.demo import DemoRefused, enter_authorities
from registry.services.personal_values import Vault
from registry.services.second_factor import Enrolment
from registry.transaction import transaction

FILE = "demo_credentials.txt"
CLIENT = "演示平台"
BY = "system:demo"
OF_DISTRICTS = (
    ("changan.entry", Role.ENTRY, ORGANS["130102"]),
    ("changan.review", Role.REVIEW, ORGANS["130102"]),
    ("zhengding.entry", Role.ENTRY, ORGANS["130123"]),
    ("zhengding.review", Role.REVIEW, ORGANS["130123"]),
)
"""Two officers of one district for a case between them, and two of another one, who see nothing of it."""


class NoPhone(RuleViolation):
    """The officer has no second factor yet."""

    code = "no_phone"


def grant(settings: Settings) -> Path:
    """Make the demo's access and write the file; what was granted before stays. The answer: where the file is.

    The file is written before the commit: a crash between leaves a key that opens nothing, never one that nobody knows.
    """
    if settings.is_production:
        raise DemoRefused
    path = settings.data_dir / FILE
    if not path.exists():
        enter_authorities()
        with transaction():
            _write_private(path, "\n".join([*_officers(settings), *_platform(settings)]) + "\n")
    return path


def _platform(settings: Settings) -> Iterator[str]:
    """A platform that may ask for everything, under a name that nobody bore before."""
    known = {client.name for client in api_clients.all_clients()}
    names = (CLIENT if number == 1 else f"{CLIENT}{number}" for number in range(1, len(known) + 2))
    _client, key = api_clients.create(next(name for name in names if name not in known), tuple(Scope))
    yield f"  API key       {key}"
    yield f"                curl -H 'Authorization: Bearer {key}' {settings.site_url}/api/v1/operators/…/status"


def current_code(settings: Settings, name: str) -> str:
    """The code that an officer's phone shows now. DemoRefused in production, OfficerNotFound, NoPhone."""
    if settings.is_production:
        raise DemoRefused
    code = second_factor.current_code(officers.get(name), Vault.of(settings))
    if code is None:
        raise NoPhone("This officer has not set up a phone yet.")
    return code


def _officers(settings: Settings) -> Iterator[str]:
    """One officer of each role at the city's authority, some of districts, ready to sign in."""
    yield f"  Console       {settings.site_url}/auth/login"
    yield "                a code now: .venv/bin/flask --app wsgi officer code NAME"
    yield f"  {'name':<18}{'role':<16}{'password':<18}TOTP key"
    vault, known = Vault.of(settings), {officer.name for officer in officers.everybody()}
    for name, role, organ in [*((role.value, role, CITY) for role in Role), *OF_DISTRICTS]:
        password, phone = _ready(name, role, organ, vault, known)
        yield f"  {name:<18}{role.value:<16}{password:<18}{phone.secret}"
        yield f"  {'':<18}{organ.name}   {phone.address}"


def _ready(name: str, role: Role, organ: Organ, vault: Vault, known: Collection[str]) -> tuple[str, Enrolment]:
    """Password and phone of an officer who may begin at once; an account that was there is reset."""
    if name in known:
        password = officers.reset(name, by=BY, reason="demo")
        officer = officers.get(name)
    else:
        authority = authorities.get(organ.uscc)
        officer, password = officers.create(name, roles=[role], authority=authority, by=BY, reason="demo")
    phone = second_factor.begin(officer, vault)
    officer.must_change, officer.totp_confirmed_at = False, now()
    return password, phone


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
