"""Readers who are not signed in: so many searches and exports a minute, then a small question, then a pause.

An address is counted under a keyed hash that changes every day, an IPv6 address by its /64; it is never stored plain.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from blueprints.guards import open_to_all
from blueprints.signed_in import current_session
from registry.clock import now
from registry.config import Settings
from registry.extensions import csrf
from registry.services import admission, challenges

blueprint = Blueprint("anonymous", __name__)

View = TypeVar("View", bound=Callable[..., Any])

CEILING = 5
"""Times the limit after which no answer to a question helps: the reader has to wait for the next minute."""
COOKIE = "answered"


def limited(view: View) -> View:
    """Below `open_to_all`: count readers who are not signed in, and ask them a question past the limit."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return _refusal() or cast(ResponseReturnValue, view(*args, **kwargs))

    counted.limited = True  # type: ignore[attr-defined]  # told apart by tests
    return cast(View, counted)


@blueprint.get("/challenge/<token>.png")
@open_to_all
def show_picture(token: str) -> ResponseReturnValue:
    """The picture of a challenge."""
    opened = _open(token, "challenge")
    if opened is None:
        abort(404)
    answer = Response(challenges.picture(_settings().secret_key, opened[0]["nonce"]), mimetype="image/png")
    answer.cache_control.no_store = True
    return answer


@blueprint.post("/challenge")
@csrf.exempt  # the signed challenge can be used once and leads only where its reader was going
@open_to_all
def answer_challenge() -> ResponseReturnValue:
    """Right: on to the page that was asked for. Wrong, used or too old: another question."""
    opened = _open(request.form.get("token", ""), "challenge")
    if opened is None:
        return _ask(url_for("public.home"), wrong=True)
    members, issued_at = opened
    secret = _settings().secret_key
    if not challenges.is_answered(secret, members["nonce"], issued_at, request.form.get("answer", "")[:20]):
        return _ask(members["next"], wrong=True)
    response = redirect(members["next"], 303)
    response.set_cookie(
        COOKIE,
        _signer("answered").dumps({"nonce": members["nonce"], "reader": _reader()}),
        max_age=challenges.LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _refusal() -> ResponseReturnValue | None:
    quota = _settings().anonymous_per_minute
    if current_session() is not None:
        return None
    counted = admission.admit_address(_reader(), quota, now())
    if not counted.over:
        return None
    if counted.requests > quota * CEILING:
        return _too_many(render_template("errors/error.html", status=429), counted.reset)
    if _has_answered(quota):
        return None
    if "HX-Request" in request.headers:  # a part of a page: nothing is shown instead
        return _too_many("", counted.reset)
    return _ask(request.full_path.rstrip("?"), retry_after=counted.reset)


def _has_answered(quota: int) -> bool:
    """Whether this reader answered a question lately, and has not used up what that gives: the limit once more."""
    opened = _open(request.cookies.get(COOKIE, ""), "answered")
    if opened is None or opened[0]["reader"] != _reader():
        return False
    members, issued_at = opened
    return not admission.admit_address(f"answered {members['nonce']}", quota, issued_at).over


def _ask(leads_to: str, *, wrong: bool = False, retry_after: int = 60) -> ResponseReturnValue:
    nonce = challenges.new_nonce()
    numbers = challenges.sum_of(_settings().secret_key, nonce)
    page = render_template(
        "public/challenge.html",
        token=_signer("challenge").dumps({"nonce": nonce, "next": leads_to}),
        numbers=numbers,
        in_words=[challenges.in_words(number) for number in numbers],
        wrong=wrong,
        minutes=challenges.LIFETIME // 60,
    )
    return _too_many(page, retry_after)


def _too_many(page: str, retry_after: int) -> ResponseReturnValue:
    return page, 429, {"Retry-After": str(retry_after), "Cache-Control": "no-store"}


def _open(token: str, purpose: str) -> tuple[dict[str, Any], datetime] | None:
    """The members of a token of ours and its moment; None where it is none or too old."""
    try:
        members, issued_at = _signer(purpose).loads(token, max_age=challenges.LIFETIME, return_timestamp=True)
    except BadSignature:  # too old is one of these
        return None
    return members, issued_at


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_settings().secret_key, salt=f"reader {purpose}")


def _reader() -> str:
    return admission.address_subject(request.remote_addr or "", _settings().secret_key, now())


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings
