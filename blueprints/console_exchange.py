"""The exchange in the console: a board of the peers, one peer with its batches and runs, batches with their receipts."""

from typing import Any

import orjson
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints.guards import officers, stepped_up
from blueprints.pages import words_exchange as terms
from blueprints.signed_in import current_actor, needs_code
from models import Direction, Peer, ReceivedBatch, SentBatch, db
from registry.clock import today
from registry.config import Settings
from registry.errors import NotFound
from registry.queries.exchange_node import this_node
from registry.rules.roles import Role
from registry.services import access_log
from registry.transaction import transaction
from sync import board, handling, keys, peers, recovery
from sync.carriers import partner_side
from sync.outbound import goes_upwards

blueprint = Blueprint("console_exchange", __name__, url_prefix="/console/exchange")


class BatchNotFound(NotFound):
    """No batch with this peer has this number."""

    code = "batch_not_found"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings


def _on_board(peer: Peer) -> board.PeerOnBoard:
    return board.on_board(peer, upwards=goes_upwards(_settings(), peer))


@blueprint.get("")
@officers(Role.EXCHANGE)
def show_board() -> ResponseReturnValue:
    """Every peer: how far behind, the oldest record against its deadline, problems, the last reconciliation."""
    return render_template(
        "console/exchange.html",
        peers=[_on_board(peer) for peer in peers.every()],
        node=this_node(),
        waiting_for=recovery.waiting_for(),
        tried=recovery.tried(),
        day=today(),
        own_keys=keys.own_keys(_settings()).public_jwks()["keys"],
        terms=terms,
    )


@blueprint.get("/<node>")
@officers(Role.EXCHANGE)
def show_peer(node: str) -> ResponseReturnValue:
    """One peer: chains, batches both ways, runs, incidents, keys."""
    peer = peers.get(node)
    return render_template(
        "console/exchange_peer.html",
        one=_on_board(peer),
        sent=board.sent_batches(peer.id, request.args.get("sent_before", type=int)),
        received=board.received_batches(peer.id, request.args.get("received_before", type=int)),
        runs=board.runs_of(peer.id),
        incidents=board.incidents_of(peer.id),
        side=partner_side.of(peer),
        needs_code=needs_code(),
        terms=terms,
    )


@blueprint.post("/<node>/<any(pause, resume):act>")
@officers(Role.EXCHANGE)
@stepped_up
def hold(node: str, act: str) -> ResponseReturnValue:
    """Pause the exchange with a peer, or let it go on."""
    with transaction():
        peer = peers.get(node)
        (handling.pause if act == "pause" else handling.resume)(peer)
        access_log.note(f"exchange.{act}d", actor=str(current_actor()), purpose=node)
    return redirect(url_for(".show_peer", node=node), 303)


@blueprint.post("/<node>/incidents/<int:incident_id>/seen")
@officers(Role.EXCHANGE)
def see_incident(node: str, incident_id: int) -> ResponseReturnValue:
    """Note that an incident was looked at."""
    with transaction():
        handling.see(peers.get(node), incident_id, by=str(current_actor()))
    return redirect(url_for(".show_peer", node=node), 303)


@blueprint.get("/<node>/<any(sent, received):way>/<batch_no>")
@officers(Role.EXCHANGE)
def show_batch(node: str, way: str, batch_no: str) -> ResponseReturnValue:
    """One batch and its receipt."""
    peer = peers.get(node)
    model: Any = SentBatch if way == "sent" else ReceivedBatch
    batch = db.session.execute(
        select(model).where(model.peer_id == peer.id, model.batch_no == batch_no)
    ).scalar_one_or_none()
    if batch is None:
        raise BatchNotFound("No batch with this peer has this number.")
    receipt = orjson.loads(batch.receipt) if batch.receipt else None
    return render_template(
        "console/exchange_batch.html", peer=peer, batch=batch, way=Direction.OUT if way == "sent" else Direction.IN,
        receipt=receipt, terms=terms,
    )  # fmt: skip


@blueprint.get("/keys.json")
@officers(Role.EXCHANGE)
def show_keys() -> Response:
    """This node's public keys, for the administrators of its peers."""
    shown = orjson.dumps(keys.own_keys(_settings()).public_jwks(), option=orjson.OPT_INDENT_2)
    answer = Response(shown, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_settings().node_id}.jwks.json"'
    return answer
