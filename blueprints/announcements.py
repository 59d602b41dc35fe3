"""Announcements of the authorities: pages by key, one announcement, a feed."""

import re
from datetime import date, datetime, time

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.guards import open_to_all
from blueprints.pages.words_announcements import KINDS
from registry.clock import BEIJING, now, today
from registry.queries import announcements as queries
from registry.queries.announcements import AnnouncementNotFound, Key
from registry.rules.announcements import AnnouncementKind

blueprint = Blueprint("announcements", __name__)

_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,9})")
_LARGEST_ID = 2**31 - 1


@blueprint.get("/announcements")
@open_to_all
def show_announcements() -> ResponseReturnValue:
    """What is announced, newest first, of one kind or of all."""
    kind = _kind()
    return render_template(
        "public/announcements.html",
        page=queries.page_of(today(), kind, _after()),
        further="after" in request.args,
        kind=kind,
        kinds=KINDS,
        asked={"kind": kind.value} if kind else {},
    )


@blueprint.get("/announcements/<int:announcement_id>")
@open_to_all
def show_announcement(announcement_id: int) -> ResponseReturnValue:
    """One announcement while it is public; there is none once it was withdrawn or one of its records ended."""
    if announcement_id > _LARGEST_ID:  # more than the column holds
        raise AnnouncementNotFound("There is no announcement with this number that is public today.")
    one = queries.public_one(announcement_id, today())
    return render_template("public/announcement.html", one=one, kinds=KINDS)


@blueprint.get("/announcements.atom")
@open_to_all
def feed_announcements() -> ResponseReturnValue:
    """The newest announcements for feed readers."""
    kind = _kind()
    entries = [
        (one, datetime.combine(one.published_on, time(), BEIJING))
        for one in queries.page_of(today(), kind).entries
        if one.published_on is not None
    ]
    asked = {"kind": kind.value} if kind else {}
    body = render_template(
        "public/announcement_feed.xml",
        title=_("Announcements"),
        entries=entries,
        updated=entries[0][1] if entries else now(),
        address=url_for("announcements.feed_announcements", _external=True, **asked),
        page_address=url_for("announcements.show_announcements", _external=True, **asked),
        kinds=KINDS,
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _kind() -> AnnouncementKind | None:
    """The kind that the address asks for; all kinds where it names none."""
    code = request.args.get("kind", "")
    return AnnouncementKind(code) if code in set(AnnouncementKind) else None


def _after() -> Key | None:
    """The key behind which the page begins; the first page where it is none of ours."""
    key = _KEY.fullmatch(request.args.get("after", ""))
    if key is None:
        return None
    try:
        return date.fromisoformat(key[1]), int(key[2])
    except ValueError:
        return None
