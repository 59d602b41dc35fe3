"""Announcements in the console: drafts, a second person who publishes, withdrawal with a reason."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from blueprints.area import area, seen
from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages.form_faults import Faults, faults_of
from blueprints.pages.words_announcements import FIELDS, KINDS, REFUSALS, STATES
from blueprints.schemas.account import ReasonIn
from blueprints.schemas.announcement import WordingIn
from blueprints.signed_in import current_actor, current_officer, needs_code
from registry.errors import RegistryError
from registry.queries import announcements as queries
from registry.rules.announcements import AnnouncementState
from registry.rules.roles import Role
from registry.services import announcements
from registry.services.announcements import AnnouncementMoved, NamesSomebody, OwnAnnouncement, RecordNotPublic
from registry.transaction import transaction

blueprint = Blueprint("console_announcements", __name__, url_prefix="/console/announcements")

SHOWN = 200
"""Announcements of the area on the page, drafts first."""

DRAFT, CHANGE, PUBLISH, WITHDRAW = "draft", "change", "publish", "withdraw"
"""Names of the forms; the fields' ids begin with them."""

REFUSED = (ValidationError, NamesSomebody, RecordNotPublic, OwnAnnouncement)


@blueprint.get("")
@officers(Role.PUBLISH, Role.REVIEW)
def show_announcements() -> ResponseReturnValue:
    """The announcements of the area, and a form for a new draft."""
    return _list()


@blueprint.post("")
@officers(Role.PUBLISH)
def draft() -> ResponseReturnValue:
    """A new draft of the officer's authority; a refused one is shown again with what was typed."""
    try:
        wording = WordingIn().load(form_fields())
        with transaction():
            one = announcements.draft(wording, authority=current_officer().authority, actor=current_actor())
    except REFUSED as refusal:
        return _list(refusal), 422
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
    try:
        wording = WordingIn().load(_without_revision())
        with transaction():
            announcements.change_draft(announcement_id, wording, area=area(), seen=seen(), actor=current_actor())
    except (*REFUSED, AnnouncementMoved) as refusal:
        return _refused(announcement_id, CHANGE, refusal)
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


@blueprint.post("/<int:announcement_id>/publish")
@officers(Role.PUBLISH, Role.REVIEW)
@stepped_up
def publish(announcement_id: int) -> ResponseReturnValue:
    """Make somebody else's draft public."""
    try:
        with transaction():
            announcements.publish(announcement_id, area=area(), seen=seen(), actor=current_actor())
    except (*REFUSED, AnnouncementMoved) as refusal:
        return _refused(announcement_id, PUBLISH, refusal)
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


@blueprint.post("/<int:announcement_id>/withdraw")
@officers(Role.PUBLISH, Role.REVIEW)
@stepped_up
def withdraw(announcement_id: int) -> ResponseReturnValue:
    """Take a published announcement back."""
    try:
        submitted = ReasonIn().load(_without_revision())
        with transaction():
            announcements.withdraw(announcement_id, **submitted, area=area(), seen=seen(), actor=current_actor())
    except (*REFUSED, AnnouncementMoved) as refusal:
        return _refused(announcement_id, WITHDRAW, refusal)
    return redirect(url_for("console_announcements.show_one", announcement_id=announcement_id), 303)


def _without_revision() -> dict[str, Any]:
    return {name: value for name, value in form_fields().items() if name != "revision"}


def _told(refusal: ValidationError | RegistryError, form: str) -> Faults:
    if isinstance(refusal, ValidationError):
        return faults_of(refusal, form)
    field, words = REFUSALS[refusal.code]
    on_page = f"{form}-{field}" if form in (DRAFT, CHANGE) else f"{form}-form"  # the other forms have no such field
    return {on_page: [str(words)]}


def _list(refusal: ValidationError | RegistryError | None = None) -> str:
    return render_template(
        "console/announcements.html",
        entries=queries.of_area(area(), SHOWN),
        most=SHOWN,
        kinds=KINDS,
        states=STATES,
        faults=_told(refusal, DRAFT) if refusal is not None else {},
        typed=request.form,
        labels=FIELDS,
    )


def _refused(announcement_id: int, form: str, refusal: ValidationError | RegistryError) -> ResponseReturnValue:
    """The page as it stands now, what was typed in the refused form, and what is wrong with it."""
    return _one(announcement_id, form, refusal), 409 if isinstance(refusal, AnnouncementMoved) else 422


def _one(announcement_id: int, form: str = "", refusal: ValidationError | RegistryError | None = None) -> str:
    one = queries.get(announcement_id, area())
    wording = {"kind": one.kind.value, "title": one.title, "body": one.body, "records": "\n".join(one.record_ids)}
    return render_template(
        "console/announcement.html",
        one=one,
        kinds=KINDS,
        states=STATES,
        faults=_told(refusal, form) if refusal is not None else {},
        wording=request.form if form == CHANGE else wording,
        typed_reason=request.form.get("reason", "") if form == WITHDRAW else "",
        labels=FIELDS,
        is_draft=one.state is AnnouncementState.DRAFT,
        is_published=one.state is AnnouncementState.PUBLISHED,
        is_own=one.drafted_by == str(current_actor()),
        needs_code=needs_code(),
    )
