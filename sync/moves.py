"""Records whose subject has moved: what they say stays, but they begin to concern another node (exchange.md 5).

Each gets an entry of its own, whose number is the new position of its current message: whom it concerns now reads it.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from registry import ledger
from registry.ledger.entry import Actor, Entry, make_entry
from registry.queries.records import MODELS
from registry.services.imports.tables import cursor, table_of
from sync.placing import RECORD_TYPE

_RECORDS = " UNION ALL ".join(
    f"SELECT record_id FROM {table_of(model).name} WHERE operator_id = o.id"  # noqa: S608 - names of tables only
    for model in MODELS.values()
)
_BEGINNING = (
    "SELECT m.record_id, m.revision, m.message_id, m.digest, left(o.region, 4) FROM operator o"  # noqa: S608
    f" CROSS JOIN LATERAL ({_RECORDS}) AS r JOIN exchange_message m ON m.record_id = r.record_id"
    " WHERE o.record_id = ANY(%s) AND o.region ~ '^[0-9]{4}' AND NOT m.concerns && ARRAY[left(o.region, 4), '*']"
    " ORDER BY m.record_id"
)
_MOVE = (
    "UPDATE exchange_message m SET position = w.position + %s,"
    " concerns = ARRAY(SELECT DISTINCT unnest(m.concerns || w.code) ORDER BY 1)"
    " FROM unnest(%s::text[], %s::text[], %s::int8[]) AS w(record_id, code, position) WHERE m.record_id = w.record_id"
)


def follow(operators: Collection[str], actor: Actor) -> None:
    """Let the records of operators that were told of again concern the node of their region. Inside `transaction()`.

    `operators` are record ids; their rows and the current messages of their records stand already.
    """
    if not operators:
        return
    work = cursor()
    work.execute(_BEGINNING, (list(operators),))
    found = work.fetchall()
    if not found:
        return
    before = ledger.collected_count()
    ledger.append_many(_entry(*row, actor=actor) for row in found)
    ledger.follow(partial(_move, [row[0] for row in found], [row[4] for row in found], before))


def _entry(record_id: str, revision: int, message_id: str, digest: str, code: str, *, actor: Actor) -> Entry:
    """A record begins to concern a node once, so its name and the code name the entry."""
    return make_entry(
        f"{RECORD_TYPE}.moved",
        record_type=RECORD_TYPE,
        record_id=f"moved:{record_id}:{code}",
        revision=revision,
        operator_id=None,
        uscc=None,
        content={"message_id": message_id, "digest": digest, "concerns": code},
        actor=actor,
    )


def _move(record_ids: Sequence[str], codes: Sequence[str], before: int, first: int) -> None:
    work: Any = cursor()
    work.execute(_MOVE, (first, list(record_ids), list(codes), list(range(before, before + len(record_ids)))))
