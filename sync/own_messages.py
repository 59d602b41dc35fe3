"""Making messages of our own records from the ledger, by cursor: the current message of each, made once a revision.

A message stands beside those of other origins in `exchange_message`; its position is the number of the ledger entry that
made its revision. Up to `messages_to` every change has been looked at, so nobody may be told more than that.
"""

from collections.abc import Collection

import orjson
from sqlalchemy import text

from models import db
from registry.clock import now
from registry.config import Settings
from registry.ledger.entry import RECOVERY, Actor
from registry.queries.exchange_node import this_node
from registry.services.personal_values import Vault
from registry.transaction import transaction
from sync import collector, moves, own_rows
from sync.current import keep_own
from sync.message import Message
from sync.own_members import members_of
from sync.own_parties import OwnNode

BATCH = 2000  # ledger entries a transaction
_ACTOR = Actor("system", "exchange")
LOCK = 0x4F77_6E4D  # one maker at a time; nothing else takes it

_CHANGED = text(
    "SELECT DISTINCT record_type, record_id FROM ledger_entry WHERE seq > :after AND seq <= :upto"
    " AND record_type = ANY(:types) AND starts_with(record_id, :own) AND NOT starts_with(actor, 'peer:')"
)


def catch_up(settings: Settings) -> int:
    """Make what is missing; answer the ledger seq up to which nothing is. Commits by batch.

    Several processes may call it at once: they take turns, and who comes second finds the work done.
    """
    return make(settings, None)[0]


def make(settings: Settings, batches: int | None) -> tuple[int, int]:
    """`catch_up` by so many batches at most; with the ledger seq up to which it was asked for."""
    vault = Vault.of(settings)
    done = 0
    while True:
        with collector.at_rest(), transaction():
            reached, newest = _make_batch(settings, vault)
        done += 1
        if reached == newest or done == batches:
            return reached, newest


def made_to() -> int:
    """Ledger seq up to which messages are made."""
    return this_node().messages_to


def _make_batch(settings: Settings, vault: Vault) -> tuple[int, int]:
    node = this_node()
    newest = _head()
    if node.messages_to >= newest:
        return newest, newest
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    db.session.refresh(node)
    newest = _head()
    upto = min(newest, node.messages_to + BATCH)
    own = OwnNode(node.node, node.epoch, settings.node_region, settings.issuer_name, vault)
    changed: dict[str, list[str]] = {}
    again: list[str] = []
    found = db.session.execute(
        _CHANGED,
        {"after": node.messages_to, "upto": upto, "types": list(own_rows.RESOURCES), "own": f"{node.node}."},
    )
    for record_type, record_id in found:
        changed.setdefault(record_type, []).append(record_id)
    for resource, record_ids in changed.items():
        made = _made(resource, record_ids, own)
        keep_own(made, now())
        if resource == "operator":
            again = [message.members["record_id"] for _, message in made if message.members["revision"] > 1]
    moves.follow(again, RECOVERY if node.recovering_since is not None else _ACTOR)
    node.messages_to = upto
    return upto, newest


def _made(resource: str, record_ids: Collection[str], own: OwnNode) -> list[tuple[int, Message]]:
    """Positions and messages of these records. An operator whose last word is a peer's is none of ours to tell of."""
    made = []
    for row in own_rows.read(resource, record_ids):
        members = None if row["actor"].startswith("peer:") else members_of(resource, row, own)
        if members is not None:
            made.append((row["seq"], Message(orjson.dumps(members), members)))
    return made


def _head() -> int:
    newest: int = db.session.execute(text("SELECT coalesce(max(seq), 0) FROM ledger_entry")).scalar_one()
    return newest
