"""Making messages of our own records from the ledger, by cursor: the current message of each, made once a revision.

A message stands beside those of other origins in `exchange_message`; its position is the number of the ledger entry that
made its revision. Up to `messages_to` every change has been looked at, so nobody may be told more than that.
"""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from sqlalchemy import text

from models import MessageState, db
from registry.clock import now
from registry.config import Settings
from registry.queries.exchange_node import this_node
from registry.services.imports.tables import cursor
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import own_rows
from sync.current import concerns_of
from sync.decisions import decision_key
from sync.message import Message
from sync.own_members import members_of
from sync.own_parties import OwnNode

BATCH = 2000  # ledger entries a transaction
LOCK = 0x4F77_6E4D  # one maker at a time; nothing else takes it

_CHANGED = text(
    "SELECT DISTINCT record_type, record_id FROM ledger_entry WHERE seq > :after AND seq <= :upto"
    " AND record_type = ANY(:types) AND starts_with(record_id, :own) AND NOT starts_with(actor, 'peer:')"
)
_KEEP = """
    INSERT INTO exchange_message AS m (record_id, origin, resource, revision, message_id, digest, operation, reason,
        region, concerns, decision_key, position, content, state, received_at)
    SELECT record_id, %(origin)s, resource, revision, message_id, digest, operation, reason, region,
        string_to_array(concerns, ','), decision_key, position, content, %(state)s, %(moment)s
    FROM unnest(%(record_id)s::text[], %(resource)s::text[], %(revision)s::int8[], %(message_id)s::text[],
        %(digest)s::text[], %(operation)s::text[], %(reason)s::text[], %(region)s::text[], %(concerns)s::text[],
        %(decision_key)s::text[], %(position)s::int8[], %(content)s::bytea[])
        AS made(record_id, resource, revision, message_id, digest, operation, reason, region, concerns, decision_key,
            position, content)
    ON CONFLICT (record_id) DO UPDATE SET revision = excluded.revision, message_id = excluded.message_id,
        digest = excluded.digest, operation = excluded.operation, reason = excluded.reason, region = excluded.region,
        concerns = ARRAY(SELECT DISTINCT unnest(m.concerns || excluded.concerns) ORDER BY 1),
        decision_key = excluded.decision_key, position = excluded.position, content = excluded.content,
        received_at = excluded.received_at
    WHERE m.revision < excluded.revision
"""


def catch_up(settings: Settings, *, at_most: int | None = None) -> int:
    """Make what is missing; answer the ledger seq up to which nothing is. Commits by batch, of `at_most` where given.

    Several processes may call it at once: they take turns, and who comes second finds the work done.
    """
    vault = Vault.of(settings)
    batches = 0
    while True:
        with transaction():
            reached, head = _make_batch(settings, vault)
        batches += 1
        if reached == head or batches == at_most:
            return reached


def made_to() -> int:
    """Ledger seq up to which messages are made."""
    return this_node().messages_to


def _make_batch(settings: Settings, vault: Vault) -> tuple[int, int]:
    node = this_node()
    head = _head()
    if node.messages_to >= head:
        return head, head
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    db.session.refresh(node)
    head = _head()
    upto = min(head, node.messages_to + BATCH)
    own = OwnNode(node.node, node.epoch, settings.node_region, settings.issuer_name, vault)
    changed: dict[str, list[str]] = {}
    found = db.session.execute(
        _CHANGED,
        {"after": node.messages_to, "upto": upto, "types": list(own_rows.RESOURCES), "own": f"{node.node}."},
    )
    for record_type, record_id in found:
        changed.setdefault(record_type, []).append(record_id)
    for resource, record_ids in changed.items():
        _keep(_made(resource, record_ids, own), own)
    node.messages_to = upto
    return upto, head


def _made(resource: str, record_ids: Collection[str], own: OwnNode) -> list[tuple[int, Message]]:
    """Positions and messages of these records. An operator whose last word is a peer's is none of ours to tell of."""
    made = []
    for row in own_rows.read(resource, record_ids):
        members = None if row["actor"].startswith("peer:") else members_of(resource, row, own)
        if members is not None:
            made.append((row["seq"], Message(orjson.dumps(members), members)))
    return made


def _keep(made: Sequence[tuple[int, Message]], own: OwnNode) -> None:
    if not made:
        return
    columns: dict[str, list[Any]] = {
        name: [message.members[name] for _, message in made]
        for name in ("record_id", "resource", "revision", "message_id", "digest", "operation", "reason")
    }
    columns |= {
        "region": [message.members["subject"]["region"] for _, message in made],
        "concerns": [",".join(concerns_of(message)) for _, message in made],
        "decision_key": [decision_key(message.members) for _, message in made],
        "position": [seq for seq, _ in made],
        "content": [message.raw for _, message in made],
    }
    cursor().execute(_KEEP, {**columns, "origin": own.node, "state": MessageState.OWN.value, "moment": now()})


def _head() -> int:
    head: int = db.session.execute(text("SELECT coalesce(max(seq), 0) FROM ledger_entry")).scalar_one()
    return head
