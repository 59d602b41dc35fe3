"""What the forms of the public share: files, the token that makes sending twice harmless, faults at their fields."""

from collections.abc import Iterable

from flask import current_app, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer

from blueprints.pages.words_applications import FAULTS
from registry.clock import now
from registry.config import Settings
from registry.services import query_codes
from registry.services.evidence import LARGEST, HandedIn
from registry.services.imports.faults import Fault

TOKEN_LIFETIME = 3600
"""Seconds for which a form can be sent; as long as its token against forgery holds."""
FOLLOWED_LIFETIME = 1800
"""Seconds for which a browser that typed a query code need not type it again."""
_FOLLOWED = "followed"

Faults = dict[str, list[str]]


def new_form_token() -> str:
    """A token for a new form, signed with its moment."""
    return _signer().dumps(query_codes.new_token())


def code_of_form() -> str | None:
    """The query code that belongs to the form that was sent; None for one that is too old, or none of ours."""
    try:
        token = str(_signer().loads(request.form.get("token", ""), max_age=TOKEN_LIFETIME))
    except BadSignature:  # too old is one of these
        return None
    return query_codes.code_of(token, _settings().secret_key)


def posted_files(name: str) -> list[HandedIn]:
    """The files chosen in a field; of one that is too large only as much as shows that it is."""
    return [
        HandedIn(each.filename, each.stream.read(LARGEST + 1)) for each in request.files.getlist(name) if each.filename
    ]


def told(faults: Iterable[Fault]) -> Faults:
    """Faults in the reader's language, by field."""
    found: Faults = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(str(FAULTS[fault.code]) % fault.params)
    return found


def begin_following(code: str) -> None:
    """Let this browser follow a case for a while; its cookie holds the hash of the code only."""
    session[_FOLLOWED] = {"digest": query_codes.digest_of(code), "since": int(now().timestamp())}


def followed() -> str | None:
    """The hash of the code that this browser typed lately; None where it is too long ago or none."""
    kept = session.get(_FOLLOWED)
    if not isinstance(kept, dict) or now().timestamp() - kept.get("since", 0) > FOLLOWED_LIFETIME:
        return None
    digest = kept.get("digest")
    return digest if isinstance(digest, str) else None


def stop_following() -> None:
    """Forget the code: the next one at this browser sees nothing."""
    session.pop(_FOLLOWED, None)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_settings().secret_key, salt="public form")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings
