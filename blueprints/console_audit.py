"""The access log, for the audit administrator: read and handed out, never changed; every reading is itself a line."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from sqlalchemy import func, select

from blueprints.guards import form_fields, officers, stepped_up
from blueprints.pages.form_faults import Faults, faults_at
from blueprints.pages.words_accounts import EVENTS
from blueprints.signed_in import current_actor, needs_code
from models import LedgerEntry, db
from registry.clock import BEIJING, today
from registry.ledger import heads
from registry.queries import access_log as log
from registry.rules.roles import Role
from registry.services import access_log
from registry.transaction import transaction

blueprint = Blueprint("console_audit", __name__, url_prefix="/console/audit")

LONGEST_EXPORT = 100_000
LABELS = {"event": _("What happened"), "actor": _("Who"), "since": _("From"), "until": _("To")}
COLUMNS = ("at", "event", "actor", "client", "subject", "status", "request_id")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AuditFilter(Schema):
    """What part of the log: a beginning of the event, an actor, days (both inclusive), the key of the last line seen."""

    class Meta:
        unknown = EXCLUDE

    event = fields.String(validate=validate.Length(max=64))
    actor = fields.String(validate=validate.Length(max=80))
    since = fields.Date()
    until = fields.Date()
    at = fields.AwareDateTime()
    id = fields.Integer(validate=validate.Range(min=1, max=2**63 - 1))

    @post_load
    def as_asked(self, data: dict[str, Any], **_context: Any) -> dict[str, Any]:
        """The keywords of the query."""
        asked: dict[str, Any] = {name: data[name] for name in ("event", "actor") if name in data}
        if "since" in data:
            asked["since"] = datetime.combine(data["since"], datetime.min.time(), BEIJING)
        if "until" in data:
            asked["before"] = datetime.combine(data["until"], datetime.min.time(), BEIJING) + timedelta(days=1)
        if "at" in data and "id" in data:
            asked["after_key"] = (data["at"], data["id"])
        return asked


@blueprint.get("")
@officers(Role.AUDIT_ADMIN)
def show_audit() -> ResponseReturnValue:
    """One page of the log, newest first, and how far the ledger is signed."""
    typed = {name: value for name, value in request.args.items() if value}
    try:
        asked = AuditFilter().load(typed)
    except ValidationError as refusal:
        return _page(typed, [], faults_at(refusal)), 422
    lines = log.lines(**asked, limit=log.PAGE + 1)
    with transaction():
        access_log.note("audit.read", actor=str(current_actor()), purpose=_words(typed))
    return _page(typed, lines, {})


def _page(typed: dict[str, str], lines: Sequence[Any], faults: Faults) -> str:
    return render_template(
        "console/audit.html",
        lines=lines[: log.PAGE],
        last=lines[log.PAGE - 1][0] if len(lines) > log.PAGE else None,
        kept={name: typed[name] for name in ("event", "actor", "since", "until") if name in typed},
        faults=faults,
        labels=LABELS,
        events=EVENTS,
        head=heads.newest_head(db.session.connection()),
        entries=db.session.execute(select(func.max(LedgerEntry.seq))).scalar_one() or 0,
        needs_code=needs_code(),
    )


@blueprint.post("/export")
@officers(Role.AUDIT_ADMIN)
@stepped_up
def export() -> ResponseReturnValue:
    """The filtered log as csv, at most LONGEST_EXPORT lines."""
    typed = {name: value for name, value in form_fields().items() if value}
    asked = AuditFilter(exclude=("at", "id")).load(typed)
    with transaction():
        access_log.note("audit.exported", actor=str(current_actor()), purpose=_words(typed))
    text = io.StringIO()
    text.write("\ufeff")  # spreadsheets take the file for UTF-8 only so
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line, client in log.lines(**asked, limit=LONGEST_EXPORT):
        cells = (line.at.isoformat(), line.event, line.actor, client, line.purpose, line.status, line.request_id)
        writer.writerow([_harmless(cell) for cell in cells])
    answer = Response(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="access-log-{today()}.csv"'
    return answer


def _words(typed: dict[str, str]) -> str | None:
    return ", ".join(f"{name}={typed[name]}" for name in sorted(typed))[:200] or None


def _harmless(cell: Any) -> str:
    """A cell that no spreadsheet computes: others wrote what stands in it."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(_FORMULA) else text
