"""Telling the node that a record comes from what is wrong with it: a `feedback` message, province to origin (exchange.md 2).

It changes nothing here. At the origin it opens a problem, and the corrected record comes back by itself.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import insert, text

from models import ExchangeMessage, MessageState, NodeRole, db
from registry import ledger
from registry.clock import BEIJING, now
from registry.config import Settings
from registry.errors import NotFound, RuleViolation
from registry.ledger.entry import Actor, Entry, make_entry
from registry.queries.exchange_node import this_node
from registry.rules import masking
from sync import current
from sync.message import Message, digest_of, parse
from sync.placing import RECORD_TYPE
from sync.sealed import message_kept, message_sent, sent_as

LONGEST = 500

_GIVEN = text(
    "SELECT received_at, record_id, content FROM exchange_message WHERE origin = :own AND resource = 'feedback'"
    " AND concerns @> ARRAY[left(:record_id, 6)] ORDER BY position"
)


class NothingToTell(RuleViolation):
    """Only a province tells an origin, and only about what another node has sent."""

    code = "nothing_to_tell"


class MessageMissing(NotFound):
    """No message speaks of this record."""

    code = "message_unknown"


def may_tell(settings: Settings, message: ExchangeMessage) -> bool:
    """Whether this node may say something about a record to its origin."""
    return (
        settings.node_role == NodeRole.PROVINCE
        and message.state is not MessageState.OWN
        and message.resource != "feedback"
        and message.origin != settings.node_id
    )


def tell(
    record_id: str, *, code: str, field: str | None, words: str, actor: Actor, settings: Settings
) -> dict[str, Any]:
    """Say what is wrong with the current message of a record. The members of the feedback; the caller commits.

    `code` is one of exchange.md 4 or `other`; `field` the bare member of `data` or a dotted path elsewhere.
    MessageMissing, NothingToTell.
    """
    about = db.session.get(ExchangeMessage, record_id)
    if about is None:
        raise MessageMissing(f"No message speaks of {record_id}.")
    if not may_tell(settings, about):
        raise NothingToTell("Only a province tells the origin of a record what is wrong with it.")
    members = _members(parse(sent_as(about)).members, code=code, field=field, words=masking.mask_text(words[:LONGEST]))
    place = ledger.collected_count()
    ledger.append_many([_entry(members, actor)])
    ledger.follow(lambda first: _keep(members, first + place))
    return members


def told_about(record_id: str) -> Sequence[dict[str, Any]]:
    """What was told about a record, oldest first: `moment`, `revision`, `code`, `field`, `message`."""
    rows = db.session.execute(_GIVEN, {"own": this_node().node, "record_id": record_id})
    told = []
    for moment, feedback_id, content in rows:
        data = orjson.loads(message_sent(feedback_id, content))["data"]
        if data["about"]["record_id"] != record_id:
            continue
        said = {name: data[name] for name in ("code", "field", "message")}
        told.append({"moment": moment, "revision": data["about"]["revision"], **said})
    return told


def _members(about: dict[str, Any], *, code: str, field: str | None, words: str) -> dict[str, Any]:
    own = this_node().node
    return {
        "origin": own,
        "resource": "feedback",
        "record_id": f"{own}.feedback.{uuid4()}",
        "revision": 1,
        "operation": "hold",
        "reason": None,
        "subject": about["subject"],
        "publicity": None,
        "data": {
            "about": {
                "record_id": about["record_id"],
                "revision": str(about["revision"]),
                "message_id": about["message_id"],
            },
            "code": code,
            "field": field,
            "message": words,
        },
        "source": about["source"],
        "recorded_at": now().astimezone(BEIJING).isoformat(timespec="seconds"),
    }


def _entry(members: dict[str, Any], actor: Actor) -> Entry:
    """Who told what; the message cannot be named yet, since its name holds the number of this entry."""
    return make_entry(
        f"{RECORD_TYPE}.told",
        record_type=RECORD_TYPE,
        record_id=f"message:{members['record_id']}",
        revision=members["revision"],
        operator_id=None,
        uscc=None,
        content=members["data"],
        actor=actor,
    )


def _keep(members: dict[str, Any], seq: int) -> None:
    """The message, named by its entry, where the feed of the addressee finds it."""
    node = this_node()
    named = {"message_id": f"{node.node}.{node.epoch[:8]}.{seq}", **members}
    named["digest"] = digest_of(named)
    message = Message(orjson.dumps(named), named)
    names = ("record_id", "origin", "resource", "revision", "message_id", "digest", "operation", "reason")
    db.session.execute(
        insert(ExchangeMessage).values(
            **{name: named[name] for name in names},
            region=current.region_of(message),
            concerns=current.concerns_of(message),
            position=seq,
            content=message_kept(named, message.raw),
            state=MessageState.OWN,
            received_at=now(),
        )
    )
