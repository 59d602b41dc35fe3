"""Believing requests and signing answers (exchange.md 3)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

import structlog
from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from blueprints.errors import problem
from blueprints.exchange.bodies import Body, read_body
from models import Peer
from registry import clock
from registry.config import Settings
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import incidents, keys, peers, signing
from sync.signing import Request, Signed, Unverified

PREFIX = "/exchange/v1"
View = TypeVar("View", bound=Callable[..., Any])
_WITH_VALID_SIGNATURE = frozenset({"wrong_receiver", "created_out_of_window", "nonce_replayed"})
"""Refusals of what a peer has really signed: a person should look."""

log = structlog.get_logger(__name__)


def settings() -> Settings:
    """Settings of this node."""
    found: Settings = current_app.extensions["registry_settings"]
    return found


def peers_only(view: View) -> View:
    """Only nodes that a person has entered as peers, each request signed, for this node, in time, and once."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        try:
            body = read_body()
            caller = _verified(body)
        except RequestEntityTooLarge:
            return problem(413, "too_large", "The body is too long.")
        except Unverified as error:
            return _refused(error)
        g.peer, g.body = caller, body
        return cast(ResponseReturnValue, view(*args, **kwargs))

    guarded.access = "peers"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return cast(View, guarded)


def caller() -> Peer:
    """The peer that asks."""
    found: Peer = g.peer
    return found


def body() -> Body:
    """The body of a request that was believed."""
    found: Body = g.body
    return found


def sent_headers() -> dict[str, str]:
    """Headers by lower-case name; of one that stands several times the values joined, as signatures see them."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        found[key] = f"{found[key]}, {value.strip()}" if key in found else value.strip()
    return found


def sign(response: Response) -> Response:
    """Sign an answer under PREFIX, whatever it is: also that there is no such address."""
    if f"{request.path}/".partition(f"{PREFIX}/")[0]:
        return response
    response.direct_passthrough = False
    made = signing.sign_answer(
        keys.own_keys(settings()),
        status=response.status_code,
        body=response.get_data(),
        headers=dict(response.headers.items()),
        nonce=signing.nonce_of(sent_headers()),
        epoch=this_node().epoch,
        created=clock.now(),
    )
    response.headers.update(made)
    response.headers["Cache-Control"] = "no-store"
    return response


def _verified(received: Body) -> Peer:
    path, query = _target()
    seen = Request(request.method, path, query, sent_headers(), received.sha256, request.scheme)
    moment = clock.now()
    signed: Signed = signing.verify_request(seen, receiver=settings().node_id, jwk_of=peers.trusted_jwk, moment=moment)
    with transaction():
        if not peers.use_nonce(signed, moment):
            raise Unverified("nonce_replayed", "This request came before.")
    return peers.get(signed.node)


def _refused(error: Unverified) -> Response:
    keyid = _claimed_keyid()
    log.warning("exchange.refused", code=error.code, keyid=keyid)
    known = peers.trusted_jwk(keyid) is not None
    if known and error.code in _WITH_VALID_SIGNATURE:
        with transaction():
            incidents.note(error.code, peers.get(keyid.partition("#")[0]), path=request.path)
    answer = problem(401, error.code, str(error))
    answer.headers["WWW-Authenticate"] = "Signature"
    return answer


def _claimed_keyid() -> str:
    return signing.keyid_of(sent_headers())


def _target() -> tuple[str, str]:
    """Path and query as they were sent, not as they were decoded."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    query = request.query_string.decode("latin-1")
    if not isinstance(raw, str) or not raw:
        return quote(request.script_root + request.path, safe="/:@!$&'()*+,;=~"), query
    path = raw.partition("?")[0]
    if "://" in path:  # a proxy's form of a target
        path = "/" + path.partition("://")[2].partition("/")[2]
    return path, query
