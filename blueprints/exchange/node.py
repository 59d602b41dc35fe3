"""GET /node, and how far the caller has applied our feed."""

from importlib.metadata import PackageNotFoundError, version

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.dialects.postgresql import insert

from blueprints.errors import problem
from blueprints.exchange import bodies
from blueprints.exchange.signed import body, caller, peers_only, settings
from models import PeerCursor, db
from registry import clock
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import keys, own_head
from sync.manifest import SCHEMA_VERSION
from sync.message import LARGEST

blueprint = Blueprint("exchange_node", __name__)

PROGRAM = "operator-credit-registry"


@blueprint.get("/node")
@peers_only
def show_node() -> ResponseReturnValue:
    """Who this node is. The keys are told for comparison; nobody trusts them from here."""
    own = this_node()
    return {
        "node": own.node,
        "role": settings().node_role,
        "epoch": own.epoch,
        "program": _program(),
        "schema_version": SCHEMA_VERSION,
        "time": clock.now().isoformat(timespec="seconds"),
        "keys": keys.own_keys(settings()).public_jwks(),
        "ledger_head": own_head.newest(settings()),
    }


@blueprint.put("/position")
@peers_only
def note_position() -> ResponseReturnValue:
    """How far the caller has applied our feed; for the display of its lag only."""
    if request.mimetype != "application/json":
        return problem(415, "unsupported_media_type", "A position is application/json.")
    try:
        given = orjson.loads(bodies.decoded(body()))
    except bodies.UnknownEncoding as error:
        return problem(415, "unsupported_media_type", str(error))
    except bodies.TooLong as error:
        return problem(413, "too_large", str(error))
    except bodies.Undecodable as error:
        return problem(400, "malformed", str(error))
    except orjson.JSONDecodeError:
        return problem(400, "malformed", "The body is no JSON.")
    position = given.get("position") if isinstance(given, dict) else None
    if type(position) is not int or not 0 <= position <= LARGEST:
        fault = {"field": "position", "code": "invalid", "message": "a whole number"}
        return problem(422, "parameter_invalid", "position is a whole number from 0 on.", errors=[fault])
    told = {"theirs": position, "theirs_at": clock.now()}
    with transaction():
        db.session.execute(
            insert(PeerCursor)
            .values(peer_id=caller().id, position=0, **told)
            .on_conflict_do_update(index_elements=[PeerCursor.peer_id], set_=told)
        )
    return Response(status=204)


def _program() -> str:
    try:
        return f"{PROGRAM}/{version(PROGRAM)}"
    except PackageNotFoundError:  # run from its folder, not installed
        return PROGRAM
