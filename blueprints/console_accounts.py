"""Accounts, for the security administrator: make, give roles, lock out, let in again; each with a reason."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints.guards import form_fields, officers
from blueprints.pages.words_accounts import ROLES
from blueprints.schemas.account import NewOfficerIn, ReasonIn, RolesIn
from blueprints.signed_in import current_actor
from models import Authority, db
from registry.clock import now
from registry.queries import access_log
from registry.rules.roles import Role
from registry.services import authorities
from registry.services import officers as accounts
from registry.transaction import transaction

blueprint = Blueprint("console_accounts", __name__, url_prefix="/console/accounts")

RECENT = 20
ENDINGS = {"disable": accounts.disable, "enable": accounts.enable, "unlock": accounts.unlock}


@blueprint.get("")
@officers(Role.SECURITY_ADMIN)
def show_accounts() -> ResponseReturnValue:
    """Every account, and a form for a new one."""
    known = db.session.execute(select(Authority).order_by(Authority.region, Authority.name)).scalars().all()
    return render_template(
        "console/accounts.html", everybody=accounts.everybody(), roles=ROLES, authorities=known, now=now()
    )


@blueprint.post("")
@officers(Role.SECURITY_ADMIN)
def create() -> ResponseReturnValue:
    """A new account; its one-time password is shown on this answer only."""
    submitted = NewOfficerIn().load(_fields_with_roles())
    with transaction():
        officer, password = accounts.create(
            submitted["name"],
            roles=submitted["roles"],
            authority=authorities.get(submitted["authority"]),
            by=str(current_actor()),
            reason=submitted["reason"],
        )
    return render_template("console/one_time_password.html", name=officer.name, password=password)


@blueprint.get("/<name>")
@officers(Role.SECURITY_ADMIN)
def show_one(name: str) -> ResponseReturnValue:
    """One account, its last sign-ins, and what can be done with it."""
    return render_template(
        "console/account_of.html",
        one=accounts.get(name),
        roles=ROLES,
        now=now(),
        sign_ins=access_log.sign_ins_of(f"officer:{name}", RECENT),
    )


@blueprint.post("/<name>/roles")
@officers(Role.SECURITY_ADMIN)
def set_roles(name: str) -> ResponseReturnValue:
    """Other roles."""
    submitted = RolesIn().load(_fields_with_roles())
    with transaction():
        accounts.set_roles(name, **submitted, by=str(current_actor()))
    return redirect(url_for("console_accounts.show_one", name=name), 303)


@blueprint.post("/<name>/reset")
@officers(Role.SECURITY_ADMIN)
def reset(name: str) -> ResponseReturnValue:
    """A new one-time password, shown on this answer only; the phone is forgotten."""
    submitted = ReasonIn().load(form_fields())
    with transaction():
        password = accounts.reset(name, **submitted, by=str(current_actor()))
    return render_template("console/one_time_password.html", name=name, password=password)


@blueprint.post("/<name>/<any(disable, enable, unlock):change>")
@officers(Role.SECURITY_ADMIN)
def change(name: str, change: str) -> ResponseReturnValue:
    """Close, open again, end a lock-out."""
    submitted = ReasonIn().load(form_fields())
    with transaction():
        ENDINGS[change](name, **submitted, by=str(current_actor()))
    return redirect(url_for("console_accounts.show_one", name=name), 303)


def _fields_with_roles() -> dict[str, Any]:
    return {**form_fields(), "roles": request.form.getlist("roles")}
