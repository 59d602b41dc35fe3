"""Messages of other nodes in the console: the manual queue, one message, settling it, telling its origin what is wrong."""

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.guards import officers
from blueprints.pages import words_exchange as terms
from blueprints.signed_in import current_actor
from models import ExchangeMessage, MessageState, Peer, db
from registry.config import Settings
from registry.errors import NotFound
from registry.queries.records import RecordNotFound
from registry.rules.roles import Role
from registry.transaction import transaction
from sync import received, settling, telling
from sync.faults import CODES

blueprint = Blueprint("console_exchange_messages", __name__, url_prefix="/console/exchange/messages")


class MessageNotFound(NotFound):
    """No message of another node speaks of this record."""

    code = "message_unknown"


@dataclass(frozen=True, slots=True)
class Faults:
    """What was wrong with a form, by field."""

    by_field: dict[str, list[str]]
    entered: dict[str, str]


@blueprint.get("")
@officers(Role.EXCHANGE)
def show_messages() -> ResponseReturnValue:
    """Messages by how they met the register, those for a person first asked for."""
    asked = request.args.get("state", "")
    state = asked if asked in terms.MESSAGES else MessageState.UNCLEAR.value
    record_id = request.args.get("record", "").strip()[:200]
    rows = received.page(state, record_id=record_id, before=request.args.get("before", type=int))
    return render_template(
        "console/exchange_messages.html", rows=rows, state=state, states=terms.MESSAGES, record_id=record_id, size=received.PAGE,
        terms=terms, name_of=received.name_of,
    )  # fmt: skip


@blueprint.get("/<record_id>")
@officers(Role.EXCHANGE)
def show_message(record_id: str) -> ResponseReturnValue:
    """One message: what it says, how it met the register, what was told its origin."""
    return _page(_message(record_id))


@blueprint.post("/<record_id>/place-again")
@officers(Role.EXCHANGE)
def place_again(record_id: str) -> ResponseReturnValue:
    """Try once more, after what stood in the way was corrected."""
    with transaction():
        settling.place_again(record_id, actor=current_actor())
    return redirect(url_for(".show_message", record_id=record_id), 303)


@blueprint.post("/<record_id>/link")
@officers(Role.EXCHANGE)
def link(record_id: str) -> ResponseReturnValue:
    """Say that a record of this register is the same one."""
    same_as = request.form.get("same_as", "").strip()
    message = _message(record_id)
    try:
        with transaction():
            settling.link(record_id, same_as=same_as, actor=current_actor())
    except RecordNotFound:
        told = gettext("No record of this register has this name. It stands in the address of the record's page.")
        return _page(message, Faults({"same_as": [told]}, {"same_as": same_as})), 422
    return redirect(url_for(".show_message", record_id=record_id), 303)


@blueprint.post("/<record_id>/feedback")
@officers(Role.EXCHANGE)
def tell(record_id: str) -> ResponseReturnValue:
    """Tell the origin what is wrong with the record."""
    message = _message(record_id)
    entered = {name: request.form.get(name, "").strip() for name in ("code", "field", "message")}
    faults = {}
    if entered["code"] not in {*CODES, "other"}:
        faults["code"] = [gettext("Please choose what is wrong.")]
    if not entered["message"]:
        faults["message"] = [gettext("Please say in words what is wrong.")]
    if faults:
        return _page(message, Faults(faults, entered)), 422
    with transaction():
        telling.tell(
            record_id,
            code=entered["code"],
            field=entered["field"][:100] or None,
            words=entered["message"],
            actor=current_actor(),
            settings=_settings(),
        )
    return redirect(url_for(".show_message", record_id=record_id) + "#told", 303)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["registry_settings"]
    return settings


def _message(record_id: str) -> ExchangeMessage:
    found = db.session.get(ExchangeMessage, record_id)
    if found is None or found.state is MessageState.OWN:
        raise MessageNotFound("No message of another node speaks of this record.")
    return found


def _page(message: ExchangeMessage, faults: Faults | None = None) -> str:
    return render_template(
        "console/exchange_message.html",
        message=message,
        said=received.shown(message),
        peer=db.session.get_one(Peer, message.peer_id),
        told=telling.told_about(message.record_id),
        may_tell=telling.may_tell(_settings(), message),
        codes=[*CODES, "other"],
        faults=faults.by_field if faults else {},
        entered=faults.entered if faults else {},
        states=terms.MESSAGES,
        terms=terms,
    )
