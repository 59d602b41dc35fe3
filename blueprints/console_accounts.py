"""Accounts, for the security administrator: make, give roles, move, lock out, let in again; each with a reason."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy import select

from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages.form_faults import Faults, faults_of
from blueprints.pages.words_accounts import FIELDS, REFUSALS, ROLES
from blueprints.schemas.account import AuthorityIn, NewOfficerIn, ReasonIn, RolesIn
from blueprints.signed_in import current_actor, needs_code
from models import Authority, db
from registry.clock import now
from registry.errors import RegistryError
from registry.queries import access_log
from registry.rules.roles import Role
from registry.services import authorities
from registry.services import officers as accounts
from registry.services.authorities import AuthorityUnknown
from registry.services.officers import OfficerExists, OwnAccount, SameAuthority
from registry.transaction import transaction

blueprint = Blueprint("console_accounts", __name__, url_prefix="/console/accounts")

RECENT = 20
NEW, ROLES_FORM, AUTHORITY_FORM, RESET = "new", "roles", "authority", "reset"
"""Names of the forms; the fields' ids begin with them. Those of `ENDINGS` are forms too."""

ENDINGS = {"disable": accounts.disable, "enable": accounts.enable, "unlock": accounts.unlock}
REFUSED = (ValidationError, OfficerExists, AuthorityUnknown, SameAuthority, OwnAccount)
"""What is told at the field of the form; everything else is no matter of what was typed."""


@blueprint.get("")
@officers(Role.SECURITY_ADMIN)
def show_accounts() -> ResponseReturnValue:
    """Every account, and a form for a new one."""
    return _everybody()


@blueprint.post("")
@officers(Role.SECURITY_ADMIN)
@stepped_up
def create() -> ResponseReturnValue:
    """A new account; its one-time password is shown on this answer only."""
    try:
        submitted = NewOfficerIn().load(_fields_with_roles())
        with transaction():
            officer, password = accounts.create(
                submitted["name"],
                roles=submitted["roles"],
                authority=authorities.get(submitted["authority"]),
                by=str(current_actor()),
                reason=submitted["reason"],
            )
    except REFUSED as refusal:
        faults = _told(refusal, NEW)
        if accounts.is_taken(request.form.get("name", "").strip()):  # told together with what the schema refuses
            field, words = REFUSALS[OfficerExists.code]
            faults[f"{NEW}-{field}"] = [str(words)]
        return _everybody(faults), 422
    return render_template("console/one_time_password.html", name=officer.name, password=password)


@blueprint.get("/<name>")
@officers(Role.SECURITY_ADMIN)
def show_one(name: str) -> ResponseReturnValue:
    """One account, its last sign-ins, and what can be done with it."""
    return _one(name)


@blueprint.post("/<name>/roles")
@officers(Role.SECURITY_ADMIN)
@stepped_up
def set_roles(name: str) -> ResponseReturnValue:
    """Other roles."""
    try:
        submitted = RolesIn().load(_fields_with_roles())
        with transaction():
            accounts.set_roles(name, **submitted, by=str(current_actor()))
    except REFUSED as refusal:
        return _one(name, ROLES_FORM, refusal), 422
    return redirect(url_for("console_accounts.show_one", name=name), 303)


@blueprint.post("/<name>/authority")
@officers(Role.SECURITY_ADMIN)
@stepped_up
def move(name: str) -> ResponseReturnValue:
    """Another authority, and with it another area."""
    try:
        submitted = AuthorityIn().load(form_fields())
        with transaction():
            authority = authorities.get(submitted["authority"])
            accounts.move(name, authority=authority, by=str(current_actor()), reason=submitted["reason"])
    except REFUSED as refusal:
        return _one(name, AUTHORITY_FORM, refusal), 422
    return redirect(url_for("console_accounts.show_one", name=name), 303)


@blueprint.post("/<name>/reset")
@officers(Role.SECURITY_ADMIN)
@stepped_up
def reset(name: str) -> ResponseReturnValue:
    """A new one-time password, shown on this answer only; the phone is forgotten."""
    try:
        submitted = ReasonIn().load(form_fields())
        with transaction():
            password = accounts.reset(name, **submitted, by=str(current_actor()))
    except REFUSED as refusal:
        return _one(name, RESET, refusal), 422
    return render_template("console/one_time_password.html", name=name, password=password)


@blueprint.post("/<name>/<any(disable, enable, unlock):change>")
@officers(Role.SECURITY_ADMIN)
@stepped_up
def change(name: str, change: str) -> ResponseReturnValue:
    """Close, open again, end a lock-out."""
    try:
        submitted = ReasonIn().load(form_fields())
        with transaction():
            ENDINGS[change](name, **submitted, by=str(current_actor()))
    except REFUSED as refusal:
        return _one(name, change, refusal), 422
    return redirect(url_for("console_accounts.show_one", name=name), 303)


def _fields_with_roles() -> dict[str, Any]:
    return {**form_fields(), "roles": request.form.getlist("roles")}


def _told(refusal: ValidationError | RegistryError, form: str) -> Faults:
    if isinstance(refusal, ValidationError):
        return faults_of(refusal, form)
    field, words = REFUSALS[refusal.code]
    return {f"{form}-{field}": [str(words)]}


def _known_authorities() -> Sequence[Authority]:
    return db.session.execute(select(Authority).order_by(Authority.region, Authority.name)).scalars().all()


def _everybody(faults: Faults | None = None) -> str:
    return render_template(
        "console/accounts.html",
        everybody=accounts.everybody(),
        roles=ROLES,
        authorities=_known_authorities(),
        now=now(),
        faults=faults or {},
        typed=request.form,
        labels=FIELDS,
        needs_code=needs_code(),
    )


def _one(name: str, refused_form: str = "", refusal: ValidationError | RegistryError | None = None) -> str:
    """The page of one account; after a refusal its form holds what was typed."""
    return render_template(
        "console/account_of.html",
        one=accounts.get(name),
        roles=ROLES,
        authorities=_known_authorities(),
        now=now(),
        sign_ins=access_log.sign_ins_of(f"officer:{name}", RECENT),
        refused_form=refused_form,
        faults=_told(refusal, refused_form) if refusal is not None else {},
        typed=request.form,
        labels=FIELDS,
        needs_code=needs_code(),
    )
