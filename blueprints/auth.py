"""Signing in and out: password, code, a new password when one is due."""

from typing import Any

import segno
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints import signed_in
from blueprints.guards import may_administer_from_here, open_to_all, signing_in
from blueprints.pages.words_accounts import FIELDS, PASSWORD_FAULTS
from models import OfficerSession
from registry import clock
from registry.rules.account_policy import POLICY
from registry.services import access_log, admission, passwords, second_factor, sign_in
from registry.services.passwords import PasswordRefused
from registry.transaction import transaction

blueprint = Blueprint("auth", __name__, url_prefix="/auth")

TRIES_PER_MINUTE = 30
"""Sign-ins that one network address may try in a minute, whoever they are for."""


@blueprint.get("/login")
@open_to_all
def login() -> ResponseReturnValue:
    """Name and password."""
    return render_template("auth/login.html", next=request.args.get("next", ""))


@blueprint.post("/login")
@open_to_all
def check_password() -> ResponseReturnValue:
    """One message for every failure."""
    moment, secret = clock.now(), current_app.extensions["registry_settings"].secret_key
    address = admission.address_subject(request.remote_addr or "", secret, moment)
    tried = admission.admit_address(f"sign-in {address}", TRIES_PER_MINUTE, moment)
    if tried.over:
        page = render_template("auth/login.html", next=request.form.get("next", ""), too_many=True)
        return page, 429, {"Retry-After": str(tried.reset)}
    browser = request.headers.get("User-Agent")
    name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
    with transaction():
        token = sign_in.with_password(
            name[:32], password[: POLICY.longest_password], browser, may_administer=may_administer_from_here()
        )
    if token is None:
        page = render_template("auth/login.html", next=request.form.get("next", ""), name=name, refused=True)
        return page, 403
    signed_in.begin(token)
    return _on("auth.code")


@blueprint.get("/code")
@signing_in
def code() -> ResponseReturnValue:
    """The code of the phone; at the first sign-in the phone is made ready before."""
    return _code_page(_session())


@blueprint.post("/code")
@signing_in
def check_code() -> ResponseReturnValue:
    """The second factor. After too many failures the session is over."""
    own_session = _session()
    with transaction():
        right = sign_in.with_code(own_session, signed_in.vault(), request.form.get("otp", ""))
    if not right and own_session.ended_at is not None:
        signed_in.forget()
        return render_template("auth/login.html", next=_next(), refused=True), 403
    if not right:
        return _code_page(own_session, refused=True), 403
    if sign_in.must_change_password(own_session.officer):
        return _on("auth.password")
    return redirect(signed_in.safe_address(_next()), 303)


@blueprint.get("/password")
@signing_in
def password() -> ResponseReturnValue:
    """A new password: due, or wished for."""
    if _session().second_factor_at is None:
        return _on("auth.code")
    return _password_page(_session())


@blueprint.post("/password")
@signing_in
def change_password() -> ResponseReturnValue:
    """All faults of the new password at once."""
    own_session = _session()
    if own_session.second_factor_at is None:
        return _on("auth.code")
    officer = own_session.officer
    faults: dict[str, list[Any]] = {}
    new = request.form.get("new", "")
    if not passwords.matches(officer.password_hash, request.form.get("old", "")[: POLICY.longest_password]):
        faults["old"] = [_("This is not your present password.")]
    if new != request.form.get("again", ""):
        faults["again"] = [_("The two entries differ.")]
    try:
        with transaction():
            passwords.change(officer, new)
            access_log.note("officer.password_changed", actor=str(signed_in.current_actor()))
            if faults:
                raise PasswordRefused([])
    except PasswordRefused as error:
        if error.faults:
            faults["new"] = [PASSWORD_FAULTS[fault] for fault in error.faults]
        return _password_page(_session(), faults), 422
    return redirect(signed_in.safe_address(_next()), 303)


@blueprint.post("/logout")
@signing_in
def logout() -> ResponseReturnValue:
    """End the session here and in the register."""
    with transaction():
        sign_in.sign_out(_session())
    signed_in.forget()
    return redirect(url_for("auth.login"), 303)


def _session() -> OfficerSession:
    own_session = signed_in.current_session()
    assert own_session is not None
    return own_session


def _next() -> str:
    return request.values.get("next", "")


def _on(endpoint: str) -> ResponseReturnValue:
    return redirect(url_for(endpoint, next=_next() or None), 303)


def _code_page(own_session: OfficerSession, *, refused: bool = False) -> str:
    enrolment = picture = None
    if own_session.officer.totp_confirmed_at is None:
        with transaction():
            enrolment = second_factor.begin(own_session.officer, signed_in.vault())
        picture = Markup(segno.make(enrolment.address, error="m").svg_inline(scale=5, border=2))  # noqa: S704 - our own drawing
    return render_template("auth/code.html", next=_next(), enrolment=enrolment, picture=picture, refused=refused)


def _password_page(own_session: OfficerSession, faults: dict[str, list[Any]] | None = None) -> str:
    return render_template(
        "auth/password.html",
        next=_next(),
        faults=faults or {},
        labels=FIELDS,
        due=sign_in.must_change_password(own_session.officer),
        policy=POLICY,
        issuer=current_app.extensions["registry_settings"].issuer_name,
    )
