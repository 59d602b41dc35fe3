"""Bytes of messages at rest: sealed with the node's key where they may hold data of persons, opened where they are used.

A message that is not public names a person by its document (exchange.md 2); so do the batches and refused messages that
held one. What a first byte MARK does not begin stands as it was sent: what is public, and what was kept before.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app

from models import ExchangeMessage, ExchangeProblem, SentBatch
from registry.services.personal_values import Vault

MARK = b"\x01"
"""Begins no JSON text, no gzip and no zip."""
_MARKED = MARK[0]


def message_kept(members: Mapping[str, Any], raw: bytes) -> bytes:
    """What `exchange_message.content` holds of a message: sealed, unless everybody may read it."""
    return raw if members["operation"] == "publish" else _sealed(_message(members["record_id"]), raw)


def message_sent(record_id: str, content: bytes) -> bytes:
    """The current message of a record as it was sent."""
    return content if content[0] != _MARKED else _opened(_message(record_id), content)


def sent_as(message: ExchangeMessage) -> bytes:
    """A current message as it was sent."""
    return message_sent(message.record_id, message.content)


def lines_kept(batch_no: str, names: Iterable[str], lines: bytes) -> bytes:
    """What `sent_batch.lines` holds: before the seal, each in quotes, the names of its messages, for whoever looks for one."""
    told = "".join(f'"{name}"' for name in names)
    return b"%b%b\n%b" % (MARK, told.encode(), _vault().encrypt(_lines(batch_no, told), lines))


def lines_sent(batch_no: str, kept: bytes) -> bytes:
    """The message lines of a frozen batch."""
    if kept[0] != _MARKED:
        return kept
    end = kept.index(b"\n")
    return _vault().decrypt(_lines(batch_no, kept[1:end].decode()), kept[end + 1 :])


def lines_of(batch: SentBatch) -> bytes | None:
    """The message lines of a batch of ours; None where their time is over."""
    return None if batch.lines is None else lines_sent(batch.batch_no, batch.lines)


def body_kept(batch_no: str, body: bytes) -> bytes:
    """What `received_batch.body` holds of a batch of a peer."""
    return _sealed(f"received_batch {batch_no}", body)


def body_sent(batch_no: str, kept: bytes) -> bytes:
    """A batch of a peer as it was sent."""
    return kept if kept[:1] != MARK else _opened(f"received_batch {batch_no}", kept)


def problem_kept(direction: str, record_id: str, revision: int, content: bytes) -> bytes:
    """What `exchange_problem.content` holds of a refused message."""
    return _sealed(f"exchange_problem {direction} {record_id} {revision}", content)


def refused_as(problem: ExchangeProblem) -> bytes:
    """The refused message, whole, as it was sent."""
    if problem.content[:1] != MARK:
        return problem.content
    place = f"exchange_problem {problem.direction.value} {problem.record_id} {problem.revision}"
    return _opened(place, problem.content)


def _message(record_id: str) -> str:
    return f"exchange_message {record_id}"


def _lines(batch_no: str, told: str) -> str:
    return f"sent_batch {batch_no} {told}"


def _sealed(place: str, content: bytes) -> bytes:
    return MARK + _vault().encrypt(place, content)


def _opened(place: str, kept: bytes) -> bytes:
    return _vault().decrypt(place, kept[1:])


def _vault() -> Vault:
    return Vault.of(current_app.extensions["registry_settings"])
