"""Who is signed in: Flask-Login on the sessions that the register keeps, and addresses that may be gone back to."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user

from models import Officer, OfficerSession
from registry.config import Settings
from registry.extensions import login_manager
from registry.ledger import Actor
from registry.services import sessions
from registry.services.personal_values import Vault


class SignedIn(UserMixin):
    """One signed-in browser, as Flask-Login carries it; its id is the token of the session."""

    def __init__(self, token: str, own_session: OfficerSession) -> None:
        self.id = token
        self.session = own_session


@login_manager.user_loader
def load(token: str) -> SignedIn | None:
    """The session of the cookie's token while it may be used."""
    found = sessions.find(token)
    if found is None:
        return None
    sessions.touch(found)
    return SignedIn(token, found)


def begin(token: str) -> None:
    """Put a new session into the cookie; nothing of an older one stays."""
    session.clear()
    found = sessions.find(token)
    assert found is not None
    login_user(SignedIn(token, found))


def forget() -> None:
    """Take the session out of the cookie."""
    logout_user()
    session.clear()


def current_session() -> OfficerSession | None:
    """The session of this request, however far its sign-in has come; None where nobody is signed in."""
    user: Any = current_user
    return user.session if user.is_authenticated else None


def current_officer() -> Officer:
    """The officer who is signed in. Only behind a guard that says somebody is."""
    own_session = current_session()
    assert own_session is not None
    return own_session.officer


def is_signed_in() -> bool:
    """Whether an officer has passed both factors, as pages open to all may ask."""
    own_session = current_session()
    return own_session is not None and own_session.second_factor_at is not None


def needs_code() -> bool:
    """Whether a grave step of this browser would ask for a code: its form then has a field for one."""
    own_session = current_session()
    return own_session is None or not sessions.is_stepped_up(own_session)


def current_actor() -> Actor:
    """Who the ledger names for what this request does."""
    return Actor("officer", current_officer().name)


def vault() -> Vault:
    """The sealed values of this node."""
    settings: Settings = current_app.extensions["registry_settings"]
    return Vault.of(settings)


def safe_address(asked: str | None, otherwise: str = "console_home.show_home") -> str:
    """Where to go on: a path of this site as it was asked for, else the console. Never another host."""
    if asked and asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable():
        parts = urlsplit(asked)
        if not parts.scheme and not parts.netloc and "\\" not in asked:
            return asked
    return url_for(otherwise)


def here() -> str:
    """The page that this request is about: its own address, or for a form the page it stands on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc == request.host and referrer.path:
        return referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return url_for("console_home.show_home")
