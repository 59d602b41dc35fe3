"""GET /changes and GET /snapshot: what concerns the caller, in order, and all of it at once (exchange.md 5).

A request that waits keeps one of the few serving threads, so at most MOST_WAITING of a process may wait at a time; the
others are answered at once, without lines, and ask again. While it waits a request looks every LOOK_SECONDS and holds
no connection in between.
"""

import base64
import binascii
from math import ceil
from threading import BoundedSemaphore
from time import monotonic, sleep

import orjson
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from blueprints.errors import problem
from blueprints.exchange.asked import KNOWN_RESOURCE, SIX_DIGITS, Asked, ParameterInvalid, parameters, reader
from blueprints.exchange.signed import peers_only, settings
from models import db
from registry.queries.exchange_node import this_node
from sync import feed, own_messages

blueprint = Blueprint("exchange_changes", __name__)

NDJSON = "application/x-ndjson"
MOST_WAITING = 2
LOOK_SECONDS = 0.5
LONGEST_WAIT = 30
MOST_LINES = 5_000
SNAPSHOT_LINES = 1_000
_waiting = BoundedSemaphore(MOST_WAITING)


class ChangesAsked(Asked):
    """From where, how many, how long to wait, of which resources."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0))  # however far: beyond the head is 410
    epoch = fields.String(load_default=None)
    limit = fields.Integer(load_default=1_000, validate=validate.Range(1, MOST_LINES))
    wait = fields.Integer(load_default=0, validate=validate.Range(min=0))
    resource = fields.List(fields.String(validate=KNOWN_RESOURCE), load_default=list)


class SnapshotAsked(Asked):
    """Of which resources and origin, and the page that the answer before has named."""

    resource = fields.List(fields.String(validate=KNOWN_RESOURCE), load_default=list)
    origin = fields.String(load_default=None, validate=SIX_DIGITS)
    page = fields.String(load_default=None)


@blueprint.get("/changes")
@peers_only
def show_changes() -> ResponseReturnValue:
    """The next changes; with `wait` the answer is held until something comes or the time is over."""
    asked, who = parameters(ChangesAsked), reader()
    batches = ceil(asked["limit"] / own_messages.BATCH)  # no more than it reads: others wait while many are made
    if asked["epoch"] not in {None, this_node().epoch}:
        return _gone("The epoch is not that of this node.")
    until = monotonic() + min(asked["wait"], LONGEST_WAIT)
    waits = asked["wait"] > 0 and _waiting.acquire(blocking=False)
    try:
        while True:
            made, head = own_messages.make(settings(), batches)
            if asked["after"] > made:
                return _gone("The position lies beyond the head.")
            page = feed.changes(who, after=asked["after"], head=made, limit=asked["limit"], resources=asked["resource"])
            if page.changes or not waits or monotonic() >= until:
                break
            if made < head:
                continue
            db.session.remove()
            sleep(min(LOOK_SECONDS, max(0.0, until - monotonic())))
    finally:
        if waits:
            _waiting.release()
    lines = b"".join(b'{"position": %d, "message": %b}\n' % change for change in page.changes)
    answer = Response(lines, content_type=NDJSON)
    answer.headers["Exchange-Next"], answer.headers["Exchange-Head"] = str(page.next), str(head)
    return answer


@blueprint.get("/snapshot")
@peers_only
def show_snapshot() -> ResponseReturnValue:
    """One page of the current messages. `Exchange-Position` is that of the first page on all of them."""
    asked, who = parameters(SnapshotAsked), reader()
    if asked["origin"] is not None and not feed.is_whole(who, asked["origin"]):
        return problem(403, "node_mismatch", "A snapshot holds your own records, or what concerns you of all others.")
    position, after = 0, ""
    if asked["page"] is None:
        position = own_messages.catch_up(settings())
    else:
        epoch, position, after = _place(asked["page"])
        if epoch != this_node().epoch:
            return _gone("The snapshot was begun in another epoch.")
    found = feed.snapshot(
        who, resources=asked["resource"], origin=asked["origin"], after=after, limit=SNAPSHOT_LINES + 1
    )
    shown = found[:SNAPSHOT_LINES]
    answer = Response(b"".join(b"%b\n" % content for _, content in shown), content_type=NDJSON)
    answer.headers["Exchange-Position"] = str(position)
    if len(found) > len(shown):
        answer.headers["Exchange-Next-Page"] = _page(this_node().epoch, position, shown[-1][0])
    return answer


@blueprint.app_errorhandler(ParameterInvalid)
def tell_parameters(error: ParameterInvalid) -> ResponseReturnValue:
    """All faults of the query at once."""
    return problem(422, "parameter_invalid", str(error), errors=error.faults)


def _gone(why: str) -> Response:
    return problem(410, "position_gone", f"{why} Take a snapshot and continue from its position.")


def _page(epoch: str, position: int, record_id: str) -> str:
    place = orjson.dumps([epoch, position, record_id])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _place(page: str) -> tuple[str, int, str]:
    try:
        found = orjson.loads(base64.urlsafe_b64decode(page + "=" * (-len(page) % 4)))
    except (ValueError, binascii.Error):
        found = None
    match found:
        case [str(epoch), int(position), str(record_id)]:
            return epoch, position, record_id
    raise ParameterInvalid([{"field": "page", "code": "invalid", "message": "It is none that was given here."}])
