"""Announcements in the console: drafts, a second person who publishes, withdrawal with a reason."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.area import area, seen
from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages.words_announcements import KINDS, STATES
from blueprints.schemas.account import ReasonIn
from blueprints.schemas.announcement import WordingIn
from blueprints.signed_in import current_actor, current_officer, current_session
from registry.errors import RegistryError
from registry.queries import announcements as queries
from registry.rules.announcements import AnnouncementState
from registry.rules.roles import Role
from registry.services import announcements, sessions
from registry.services.announcements import NamesSomebody, OwnAnnouncement, RecordNotPublic
from registry.transaction import transaction

blueprint = Blueprint("console_announcements", __name__, url_prefix="/console/announcements")

SHOWN = 200
"""Announcements of the area on the page, drafts first."""


@blueprint.get("")
@officers(Role.PUBLISH, Role.REVIEW)
def show_announcements() -> ResponseReturnValue:
    """The announcements of the area, and a form for a new draft."""
    return _list()


@blueprint.post("")
@officers(Role.PUBLISH)
def draft() -> ResponseReturnValue:
    """A new draft of the officer's authority; a refused one is shown again with what was typed."""
    wording = WordingIn().load(form_fields())
    try:
        with transaction():
            one = announcements.draft(wording, authority=current_officer().authority, actor=current_actor())
    except (NamesSomebody, RecordNotPublic) as refused:
        return _list(refused), 422
    return redirect(url_for("console_announcements.show_one", announcement_id=one.id), 303)


@blueprint.get("/<int:announcement_id>")
@officers(Role.PUBLISH, Role.REVIEW)
def show_one(announcement_id: int) -> ResponseReturnValue:
    """One announcement and what can be done with it."""
    return _one(announcement_id)


@blueprint.post("/<int:announcement_id>/change")
@officers(Role.PUBLISH)
def change(announcement_id: int) -> ResponseReturnValue:
    """Reword a draft."""
    wording = WordingIn().load(form_fields())
    try:
        with transaction():
            announcements.change_draft(announcement_id, wording, area=area(), seen=seen(), actor=current_actor())
    except (NamesSomebody, RecordNotPublic) as refused:
        return _one(announcement_id, refused), 422
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


@blueprint.post("/<int:announcement_id>/publish")
@officers(Role.PUBLISH, Role.REVIEW)
@stepped_up
def publish(announcement_id: int) -> ResponseReturnValue:
    """Make somebody else's draft public."""
    try:
        with transaction():
            announcements.publish(announcement_id, area=area(), seen=seen(), actor=current_actor())
    except (NamesSomebody, RecordNotPublic, OwnAnnouncement) as refused:
        return _one(announcement_id, refused), 422
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


@blueprint.post("/<int:announcement_id>/withdraw")
@officers(Role.PUBLISH, Role.REVIEW)
@stepped_up
def withdraw(announcement_id: int) -> ResponseReturnValue:
    """Take a published announcement back."""
    submitted = ReasonIn().load({"reason": request.form.get("reason", "").strip()})
    with transaction():
        announcements.withdraw(announcement_id, **submitted, area=area(), seen=seen(), actor=current_actor())
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


def _list(refused: RegistryError | None = None) -> str:
    return render_template(
        "console/announcements.html",
        entries=queries.of_area(area(), SHOWN),
        most=SHOWN,
        kinds=KINDS,
        states=STATES,
        refused=refused,
        typed=request.form,
    )


def _one(announcement_id: int, refused: RegistryError | None = None) -> str:
    """The page of one; after a refusal the form holds what was typed."""
    one = queries.get(announcement_id, area())
    own_session = current_session()
    wording = {"kind": one.kind.value, "title": one.title, "body": one.body, "records": "\n".join(one.record_ids)}
    return render_template(
        "console/announcement.html",
        one=one,
        kinds=KINDS,
        states=STATES,
        refused=refused,
        typed=request.form if "title" in request.form else wording,
        is_draft=one.state is AnnouncementState.DRAFT,
        is_published=one.state is AnnouncementState.PUBLISHED,
        is_own=one.drafted_by == str(current_actor()),
        needs_code=own_session is None or not sessions.is_stepped_up(own_session),
    )
