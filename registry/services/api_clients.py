"""Platforms' access: drawing a key, taking it away."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models import ApiClient, db, violated_constraint
from registry.clock import now
from registry.errors import Conflict, NotFound, RuleViolation

REQUESTS_PER_MINUTE = 600
"""What a new client may ask in a minute unless it is told otherwise; a batch counts as one request."""

KEY_PREFIX = "ocr_"  # lets scanners of leaked secrets recognise a key
_KEY_BYTES = 32


class Scope(StrEnum):
    """What a client may ask for."""

    CHECK = "check"
    SEARCH = "search"
    SCREEN = "screen"
    MONITOR = "monitor"
    SANDBOX = "sandbox"


class ClientExists(Conflict):
    """Names of clients are unique, those of disabled ones included: the access log tells them apart by it."""

    code = "client_exists"


class ClientNotFound(NotFound):
    """No client has this name."""

    code = "client_not_found"


class UselessClient(RuleViolation):
    """A client without scopes, or that may ask nothing, could never get an answer."""

    code = "useless_client"


def hash_of(key: str) -> bytes:
    """What is kept of a key: its SHA-256. A key has 256 random bits, so nothing slower is needed."""
    return hashlib.sha256(key.encode()).digest()


def create(
    name: str, scopes: Collection[Scope], requests_per_minute: int = REQUESTS_PER_MINUTE
) -> tuple[ApiClient, str]:
    """A new client and its key, which nobody can be told again. The caller commits."""
    if not scopes or requests_per_minute < 1 or not name.strip():
        raise UselessClient("A client needs a name, a scope, and at least one request a minute.")
    key = KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    client = ApiClient(
        name=name.strip(),
        key_hash=hash_of(key),
        scopes=sorted(scope.value for scope in set(scopes)),
        requests_per_minute=requests_per_minute,
        created_at=now(),
        disabled_at=None,
    )
    db.session.add(client)
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_api_client_name":
            raise ClientExists(f"There is a client named {name.strip()} already.") from error
        raise
    return client, key


def disable(name: str) -> ApiClient:
    """Take a client's access away, from the next request on. Harmless to repeat. The caller commits."""
    client = db.session.execute(select(ApiClient).where(ApiClient.name == name)).scalar_one_or_none()
    if client is None:
        raise ClientNotFound(f"There is no client named {name}.")
    if client.disabled_at is None:
        client.disabled_at = now()
        db.session.flush()
    return client


def all_clients() -> Sequence[ApiClient]:
    """Every client, by name."""
    return db.session.execute(select(ApiClient).order_by(ApiClient.name)).scalars().all()
