"""Who may sign in or ask on a demo node: keys drawn once, kept in a file for their owner's eyes only."""

import os
from collections.abc import Iterator
from pathlib import Path

from registry.clock import now
from registry.config import Settings
from registry.demo.register import CITY
from registry.rules.roles import Role
from registry.services import api_clients, authorities, officers, second_factor
from registry.services.api_clients import Scope
from registry.services.demo import DemoRefused, enter_authorities
from registry.services.personal_values import Vault
from registry.transaction import transaction

FILE = "demo_credentials.txt"
CLIENT = "演示平台"


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


def _officers(settings: Settings) -> Iterator[str]:
    """One officer of each role at the city's authority, ready to sign in; an account that was there is reset."""
    vault, city, by = Vault(settings.personal_data_key), authorities.get(CITY.uscc), "system:demo"
    known = {officer.name for officer in officers.everybody()}
    yield f"  Console       {settings.site_url}/auth/login"
    for role in Role:
        if role.value in known:
            password = officers.reset(role.value, by=by, reason="demo")
            officer = officers.get(role.value)
        else:
            officer, password = officers.create(role.value, roles=[role], authority=city, by=by, reason="demo")
        secret = second_factor.begin(officer, vault).secret
        officer.must_change, officer.totp_confirmed_at = False, now()
        yield f"  {role.value:<14}password {password}   TOTP key {secret}"


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
