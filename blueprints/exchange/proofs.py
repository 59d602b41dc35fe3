"""GET /digests, one bucket of them, GET /records: how two nodes prove that they hold the same (exchange.md 6)."""

import re

import orjson
from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from marshmallow import fields

from blueprints.errors import problem
from blueprints.exchange.asked import KNOWN_RESOURCE, SIX_DIGITS, Asked, ParameterInvalid, parameters, reader
from blueprints.exchange.signed import peers_only, settings
from sync import feed, own_messages

blueprint = Blueprint("exchange_proofs", __name__)

_BUCKET = re.compile(r"[0-9a-f]{2}")


class DigestsAsked(Asked):
    """Of which resource and origin."""

    resource = fields.String(required=True, validate=KNOWN_RESOURCE)
    origin = fields.String(required=True, validate=SIX_DIGITS)


@blueprint.get("/digests")
@peers_only
def show_digests() -> ResponseReturnValue:
    """256 buckets of what the caller may read, all of one moment."""
    asked = parameters(DigestsAsked)
    own_messages.catch_up(settings())
    position, buckets = feed.digests(reader(), **asked)
    return _json({"position": position, **asked, "buckets": buckets})


@blueprint.get("/digests/<bucket>")
@peers_only
def show_bucket(bucket: str) -> ResponseReturnValue:
    """The records of one bucket."""
    asked = parameters(DigestsAsked)
    if _BUCKET.fullmatch(bucket) is None:
        raise ParameterInvalid([{"field": "bucket", "code": "invalid", "message": "two hex digits"}])
    own_messages.catch_up(settings())
    return _json(feed.bucket(reader(), name=bucket, **asked))


@blueprint.get("/records/<record_id>")
@peers_only
def show_record(record_id: str) -> ResponseReturnValue:
    """The current message, as it was sent; 404 for one that is not there or none of the caller's business."""
    own_messages.catch_up(settings())
    found = feed.record(reader(), record_id)
    if found is None:
        return problem(404, "not_found", "There is no such record for you.")
    return Response(found, content_type="application/json")


def _json(value: object) -> Response:
    return Response(orjson.dumps(value), content_type="application/json")
