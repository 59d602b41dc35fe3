"""From messages to records of the register: each accepted message is placed, by resource, all of a table at once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import psycopg
from sqlalchemy.exc import DBAPIError

from models import MessageState, db
from registry import ledger
from registry.ledger.entry import Actor
from registry.queries.exchange_node import this_node
from sync.message import Message
from sync.operator_placing import OperatorPlacing
from sync.placing import Placed, beside
from sync.record_placing import TABLES, RecordPlacing

Place = Callable[[Sequence[Message]], list[Placed]]

_REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.DataError)


def place(messages: Sequence[Message], *, actor: Actor, moment: datetime) -> list[Placed]:
    """Each message once, of different records, with its ledger entry, which the caller appends in this order.

    Entries that come beside, of stubs and the like, are appended here. Operators first: records are about them.
    """
    node = this_node().node
    by_resource: dict[str, list[Message]] = {"operator": []}
    for message in messages:
        by_resource.setdefault(message.members["resource"], []).append(message)
    placed: list[Placed] = []
    for resource, some in by_resource.items():
        if resource == "operator":
            placed += bisected(partial(_place_operators, node, actor, moment), some, actor)
        elif resource in TABLES:
            placed += bisected(partial(_place_records, resource, node, actor, moment), some, actor)
        else:
            placed += [beside(message, actor, MessageState.KEPT, note="no_table") for message in some]
    return placed


def _place_operators(node: str, actor: Actor, moment: datetime, messages: Sequence[Message]) -> list[Placed]:
    return OperatorPlacing(node=node, actor=actor, moment=moment).place(messages)


def _place_records(
    resource: str, node: str, actor: Actor, moment: datetime, messages: Sequence[Message]
) -> list[Placed]:
    return RecordPlacing(resource, node=node, actor=actor, moment=moment).place(messages)


def bisected(place_part: Place, messages: Sequence[Message], actor: Actor) -> list[Placed]:
    """Place in a savepoint; where the database refuses, in halves, until the one message is found that it means.

    Another writer may have been faster, or a text may be none that a column can hold: a person looks at that one.
    """
    if not messages:
        return []
    mark = ledger.collected_count()
    try:
        with db.session.begin_nested():
            return place_part(messages)
    except (DBAPIError, *_REFUSALS) as error:
        ledger.forget_after(mark)
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, _REFUSALS):
            raise
        if len(messages) == 1:
            note = cause.diag.constraint_name or "value_refused"
            return [beside(messages[0], actor, MessageState.UNCLEAR, note=note)]
    middle = len(messages) // 2
    return [
        *bisected(place_part, messages[:middle], actor),
        *bisected(place_part, messages[middle:], actor),
    ]
