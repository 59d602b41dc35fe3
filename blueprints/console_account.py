"""My account: my sessions, my password, my phone."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.guards import officers, stepped_up
from blueprints.signed_in import current_officer, current_session
from models import OfficerSession
from registry.rules.account_policy import POLICY
from registry.services import own_account, sessions
from registry.transaction import transaction

blueprint = Blueprint("console_account", __name__, url_prefix="/console/account")


@blueprint.get("")
@officers()
def show_account() -> ResponseReturnValue:
    """Where I am signed in, until when my password lasts."""
    officer = current_officer()
    return render_template(
        "console/account.html",
        me=officer,
        own_session=_session(),
        open_sessions=sessions.open_sessions(officer),
        password_ends=officer.password_set_at + POLICY.password_lasts,
    )


@blueprint.post("/end-sessions")
@officers()
def end_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    with transaction():
        own_account.end_other_sessions(_session())
    return redirect(url_for("console_account.show_account"), 303)


@blueprint.post("/new-phone")
@officers()
@stepped_up
def renew_phone() -> ResponseReturnValue:
    """Forget the phone, under a code of it, and set up the next one at once."""
    with transaction():
        own_account.renew_phone(_session())
    return redirect(url_for("auth.code", next=url_for("console_account.show_account")), 303)


def _session() -> OfficerSession:
    own_session = current_session()
    assert own_session is not None
    return own_session
