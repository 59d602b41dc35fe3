"""The console's first page: who I am, what I may do, when my account was used."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from blueprints.area import READERS
from blueprints.console_matters import inbox
from blueprints.guards import officers
from blueprints.pages.words_accounts import ROLES
from blueprints.signed_in import current_officer, current_session
from registry.queries import access_log
from registry.rules.roles import Role

blueprint = Blueprint("console_home", __name__, url_prefix="/console")

RECENT = 8
NEAREST = 10
"""Matters and cases on the first page; the inbox has the others."""


@blueprint.get("/")
@officers()
def show_home() -> ResponseReturnValue:
    """Rooms of my roles, and the last sign-ins of my account: a strange one is noticed by its owner first."""
    officer = current_officer()
    return render_template(
        "console/home.html",
        me=officer,
        inbox=inbox(NEAREST) if officer.has(*READERS) else None,
        roles=[ROLES[Role(role)] for role in officer.roles],
        sign_ins=access_log.sign_ins_of(f"officer:{officer.name}", RECENT),
        own_session=current_session(),
    )
