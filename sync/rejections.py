"""Judging messages one by one, in the order of exchange.md 4: form, digest, origin, revision, then all that applies."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sync.content import content_faults
from sync.decisions import key_of
from sync.faults import Fault, ordered
from sync.form import form_faults
from sync.message import Message


class Status(StrEnum):
    """What becomes of a message."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the current message of a record says that matters for the next one."""

    revision: int
    digest: str
    decision_key: str | None = None


@dataclass(slots=True)
class Outcome:
    """What became of one message, and why not where it was rejected."""

    message: Message
    status: Status
    faults: list[Fault] = field(default_factory=list)


def first_look(message: Message, *, origins: Collection[str] | None, own: str) -> list[Fault]:
    """Faults that need no register: form, digest, origin. `origins` may write here, None where relays are taken.

    Nobody ever brings this node its own records as changes.
    """
    faults = form_faults(message)
    if faults:
        return faults
    members = message.members
    if members["digest"] != message.digest:
        return [Fault("digest", "digest", "It is not the digest of the message.")]
    if members["origin"] == own or (origins is not None and members["origin"] not in origins):
        return [Fault("origin_mismatch", "origin", "Only the node of its origin changes a record.")]
    return []


class Judge:
    """Judges the messages of one batch or page in their order; each sees what the ones before it changed.

    `standing` holds the current message of every record that is spoken of, `decisions` which records say each decision,
    by origin and decision key. Both are changed as messages are accepted.
    """

    def __init__(
        self,
        *,
        today: date,
        standing: Mapping[str, Standing],
        decisions: Mapping[tuple[str, str], Collection[str]],
    ) -> None:
        self.today = today
        self.standing = dict(standing)
        self.decisions = {key: set(records) for key, records in decisions.items()}

    def judge(self, message: Message, faults: list[Fault]) -> Outcome:
        """What becomes of a message whose first look found `faults`."""
        if faults:
            return Outcome(message, Status.REJECTED, faults)
        members = message.members
        record_id, revision = members["record_id"], members["revision"]
        current = self.standing.get(record_id)
        if current is not None and revision <= current.revision:
            if revision < current.revision:
                return Outcome(message, Status.SUPERSEDED)
            if members["digest"] == current.digest:
                return Outcome(message, Status.DUPLICATE)
            conflict = Fault("revision_conflict", "revision", "This revision says something else already.")
            return Outcome(message, Status.REJECTED, [conflict])
        key = key_of(message)
        if not message.is_end:
            found = content_faults(message, self.today)
            if key is not None and self.decisions.get((members["origin"], key), set()) - {record_id}:
                field_name = "CF_WSH" if members["resource"] == "administrative_penalty" else "XK_WSH"
                found.append(Fault("duplicate_decision", field_name, "Another record says this decision already."))
            if found:
                return Outcome(message, Status.REJECTED, ordered(found))
        self._accept(members["origin"], record_id, current, Standing(revision, members["digest"], key))
        return Outcome(message, Status.ACCEPTED)

    def _accept(self, origin: str, record_id: str, before: Standing | None, after: Standing) -> None:
        if before is not None and before.decision_key is not None:
            self.decisions.get((origin, before.decision_key), set()).discard(record_id)
        if after.decision_key is not None:
            self.decisions.setdefault((origin, after.decision_key), set()).add(record_id)
        self.standing[record_id] = after
