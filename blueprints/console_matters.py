"""Matters in the console: the inbox, and one matter with its procedure and what can be done about it now."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.area import READERS, area, desk, matter_of, seen
from blueprints.console_proceedings import days_left
from blueprints.guards import officers, stepped_up
from blueprints.pages import words_matters as terms
from blueprints.pages.proceeding_words import all_words
from blueprints.signed_in import current_actor, current_officer, needs_code, vault
from models import Matter
from registry.clock import today
from registry.errors import RuleViolation
from registry.queries.calendar import working_calendar
from registry.queries.inbox import Place, page_of
from registry.queries.matters import elsewhere
from registry.rules.penalty_procedure import (
    OPEN,
    TRANSITIONS,
    Action,
    MatterKind,
    MatterState,
    Part,
    Stage,
    allowed,
)
from registry.rules.roles import Role
from registry.services.imports.faults import text_of
from registry.services.matters import deadlines, deciding, drafting, forms, records
from registry.services.matters.faults import FormRefused, MatterMoved, NotPublishable, ReasonMissing
from registry.services.matters.steps import stage
from registry.transaction import transaction

blueprint = Blueprint("console_matters", __name__, url_prefix="/console")

PAGE = 50
"""Matters and cases of one page of the inbox."""

SECOND = "<any(publish, refuse_publicity, send_back, correct, withdraw, shield, lift_shield, refuse):action>"


def inbox(size: int, after: Place | None = None) -> dict[str, Any]:
    """A page of what waits in the officer's area, the nearest deadline first; for templates that show an inbox."""
    calendar, day = working_calendar(), today()
    page = page_of(area(), superior_of=current_officer().authority_id, today=day, after=after, size=size)
    away = elsewhere([each for each in page.items if isinstance(each, Matter)])
    waiting = [
        {"matter": each, "clocks": deadlines.clocks(each, calendar, day, elsewhere=each.id in away)}
        if isinstance(each, Matter)
        else {"proceeding": each, "left": days_left(each)}
        for each in page.items
    ]
    words = {"terms": terms, "case_words": all_words, "me": str(current_actor())}
    return {"waiting": waiting, "page": page, **words}


@blueprint.get("/inbox")
@officers(*READERS)
def show_inbox() -> ResponseReturnValue:
    """My matters and my area's. `after` is the place that the page before ended at; anything else is the first page."""
    after = Place.read(request.args.get("after", ""))
    return render_template("console/inbox.html", further=after is not None, **inbox(PAGE, after))


@blueprint.get("/matters/<int:matter_id>")
@officers(*READERS)
def show_matter(matter_id: int) -> ResponseReturnValue:
    """Facts and difference on the left, the procedure on the right, below what may be done now."""
    return _matter(matter_of(matter_id))


@blueprint.post("/matters/<int:matter_id>/discard")
@officers(Role.ENTRY)
def discard(matter_id: int) -> ResponseReturnValue:
    """Give a proposal up."""
    matter = matter_of(matter_id)
    with transaction():
        drafting.discard(matter, revision=seen(), actor=current_actor())
    return redirect(url_for(".show_matter", matter_id=matter_id), 303)


@blueprint.post(f"/matters/<int:matter_id>/{SECOND}")
@officers(Role.REVIEW)
@stepped_up
def decide(matter_id: int, action: str) -> ResponseReturnValue:
    """The second officer's step."""
    matter = matter_of(matter_id)
    reason = request.form.get("reason", "")
    try:
        with transaction():
            deciding.decide(matter, Action(action), revision=seen(), reason=reason, desk=desk(), actor=current_actor())
    except (FormRefused, NotPublishable, ReasonMissing) as refusal:
        return _matter(matter_of(matter_id), Action(action), refusal), 422
    return redirect(url_for(".show_matter", matter_id=matter_id), 303)


@blueprint.app_errorhandler(MatterMoved)
def moved(error: MatterMoved) -> ResponseReturnValue:
    """Somebody was faster: what they did, and the way back to the matter as it is now."""
    matter = matter_of(error.matter_id)
    since = [step for step in matter.steps if step.matter_revision > error.seen]
    return render_template("console/moved.html", matter=matter, steps=since, terms=terms), 409


def _matter(matter: Matter, refused_step: Action | None = None, refusal: RuleViolation | None = None) -> str:
    cells = forms.unseal(vault(), matter.name, matter.form)
    day, me = today(), str(current_actor())
    reading = forms.read(matter.subject, cells, authority=matter.authority, vault=vault(), today=day) if cells else None
    record = drafting.about(matter) if matter.record_id else None
    officer = current_officer()
    parts = {Part.FIRST: officer.has(Role.ENTRY), Part.SECOND: officer.has(Role.REVIEW) and not _had_a_hand(matter, me)}
    steps = [each for each in allowed(matter.kind, matter.state, stage(matter)) if parts.get(each.part)]
    standing = records.stage_of_record(record) if record else None
    return render_template(
        "console/matter.html",
        matter=matter,
        record=record,
        stage=standing,
        is_public=standing is Stage.PUBLISHED,
        articles={row.action: row.article for row in TRANSITIONS if matter.kind in row.kinds},
        to_come=_to_come(matter),
        cells=forms.shown(cells),
        groups=forms.groups(matter.subject, forms.category_of(cells)),
        changes=_changes(matter, reading, record),
        noticed=[(fault.field, text_of(fault.code, fault.params)) for fault in reading.flagged] if reading else [],
        forecast=_forecast(matter, reading, day),
        clocks=deadlines.clocks(matter, working_calendar(), day, elsewhere=matter.id in elsewhere([matter]))
        if matter.state in OPEN
        else [],
        steps=steps,
        own_hand=officer.has(Role.REVIEW) and _had_a_hand(matter, me) and matter.state is MatterState.SUBMITTED,
        needs_code=needs_code(),
        faults={f"reason-{refused_step}": [gettext("This step needs a reason.")]}
        if isinstance(refusal, ReasonMissing)
        else {},
        step_labels=terms.ACTIONS,
        refused=refusal,
        typed_reasons={refused_step: request.form.get("reason", "")},
        terms=terms,
    )


_AIMS = {
    MatterKind.ENTRY: Action.PUBLISH,
    MatterKind.CORRECTION: Action.CORRECT,
    MatterKind.WITHDRAWAL: Action.WITHDRAW,
    MatterKind.SHIELD: Action.SHIELD,
    MatterKind.LIFT_SHIELD: Action.LIFT_SHIELD,
}


def _to_come(matter: Matter) -> list[Action]:
    """The steps still missing on the straight way to what is proposed."""
    if matter.state not in OPEN:
        return []
    aim = _AIMS[matter.kind]
    return [aim] if matter.state is MatterState.SUBMITTED else [Action.SUBMIT, aim]


def _had_a_hand(matter: Matter, me: str) -> bool:
    wrote = {step.actor for step in matter.steps if step.action in (None, Action.SUBMIT)}
    return me in wrote | {matter.opened_by}


def _changes(matter: Matter, reading: forms.Reading | None, record: records.Record | None) -> list[records.Change]:
    proposed = matter.kind is MatterKind.CORRECTION and matter.state in OPEN
    if not proposed or reading is None or reading.row is None or record is None:
        return []
    return records.changes(record, reading.row)


def _forecast(matter: Matter, reading: forms.Reading | None, day: date) -> dict[str, Any] | None:
    if matter.kind is not MatterKind.ENTRY or matter.state not in OPEN or reading is None or reading.row is None:
        return None
    try:
        return records.forecast(matter.subject, reading.row, matter.authority, day)
    except FormRefused:
        return None
