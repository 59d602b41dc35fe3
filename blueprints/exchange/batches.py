"""POST /batches, and what is held of them."""

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from blueprints.errors import problem
from blueprints.exchange import bodies
from blueprints.exchange.signed import body, caller, peers_only, sent_headers, settings
from models import Chain
from registry.queries.exchange_node import this_node
from registry.transaction import transaction
from sync import batches, collector, incidents, own_head
from sync.batches import BatchRefused, Sent
from sync.manifest import batch_node

blueprint = Blueprint("exchange_batches", __name__)

NDJSON = "application/x-ndjson"
RETRY_AFTER = 30  # seconds until a node that is recovering may be done
_KEPT_HEADERS = ("signature", "signature-input", "content-digest", "content-encoding", "exchange-to")

log = structlog.get_logger(__name__)


@blueprint.post("/batches")
@peers_only
def take_batch() -> ResponseReturnValue:
    """Take a batch in; the receipt, the same one for a batch that came before."""
    peer = caller()
    node = peer.node
    if this_node().recovering_since is not None:
        answer = problem(503, "recovering", "This node was restored and is taking its own records back first.")
        answer.headers["Retry-After"] = str(RETRY_AFTER)
        return answer
    if request.mimetype != NDJSON:
        return problem(415, "unsupported_media_type", f"A batch is {NDJSON}.")
    try:
        plain = bodies.decoded(body())
    except bodies.UnknownEncoding as error:
        return problem(415, "unsupported_media_type", str(error))
    except bodies.TooLong as error:
        return problem(413, "too_large", str(error))
    except bodies.Undecodable as error:
        return problem(400, "malformed", str(error))
    given = sent_headers()
    sent = Sent(body().kept or b"", plain, {name: given[name] for name in _KEPT_HEADERS if name in given})
    try:
        with collector.at_rest():
            receipt = batches.receive(sent, peer_node=node, own_head=own_head.newest(settings()))
    except BatchRefused as refusal:
        return _refused(refusal)
    answer = Response(receipt.body, content_type="application/json")
    if receipt.replayed:
        answer.headers["Idempotent-Replay"] = "true"
    return answer


@blueprint.get("/batches")
@peers_only
def show_last() -> ResponseReturnValue:
    """What is held last of the caller's chain, in the caller's present epoch."""
    chain = request.args.get("chain")
    if chain not in {each.value for each in Chain}:
        return problem(422, "parameter_invalid", "chain is urgent or bulk.", errors=[_chain_fault()])
    peer = caller()
    return {"last": batches.last_of(peer.id, peer.epoch, Chain(chain))}


@blueprint.get("/batches/<batch_no>")
@peers_only
def show_receipt(batch_no: str) -> ResponseReturnValue:
    """The receipt of one batch again."""
    peer = caller()
    named = batch_node(batch_no)
    if named is not None and named != peer.node:
        return problem(403, "node_mismatch", "The batch is another node's.")
    receipt = batches.receipt_of(peer, batch_no)
    if receipt is None:
        return problem(404, "not_found", "No such batch was received from you.")
    return Response(receipt, content_type="application/json")


def _refused(refusal: BatchRefused) -> Response:
    peer = caller()
    log.warning("exchange.batch_refused", code=refusal.code, peer=peer.node)
    with transaction():
        incidents.note(refusal.code, peer, why=str(refusal))
    return problem(refusal.status, refusal.code, str(refusal), **refusal.members)


def _chain_fault() -> dict[str, str]:
    return {"field": "chain", "code": "invalid", "message": "urgent or bulk"}
