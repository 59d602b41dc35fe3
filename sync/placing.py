"""What an accepted message became in the register, with the ledger entry that came with it."""

from dataclasses import dataclass

from models import MessageState
from registry.ledger.entry import Actor, Entry, make_entry
from sync.message import Message

RECORD_TYPE = "exchange_message"
"""Type of ledger entries for messages that change no table; their record is `message:<record_id>`."""


@dataclass(slots=True)
class Placed:
    """One accepted message: its own ledger entry, and how it stands to the register."""

    message: Message
    entry: Entry
    state: MessageState
    same_as: str | None = None
    note: str | None = None


def beside(
    message: Message, actor: Actor, state: MessageState, *, same_as: str | None = None, note: str | None = None
) -> Placed:
    """A message that changes no table: kept, linked or unclear. Its entry says which message came, not what it says."""
    members = message.members
    content = {
        "message_id": members["message_id"],
        "digest": members["digest"],
        "resource": members["resource"],
        "operation": members["operation"],
        "state": state.value,
        "same_as": same_as,
        "note": note,
    }
    entry = make_entry(
        f"{RECORD_TYPE}.{state.value}",
        record_type=RECORD_TYPE,
        record_id=f"message:{members['record_id']}",
        revision=members["revision"],
        operator_id=None,
        uscc=None,
        content=content,
        actor=actor,
    )
    return Placed(message, entry, state, same_as, note)
