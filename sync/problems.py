"""The problem queue: messages that were refused, until they are corrected or two persons have set them aside.

A correction needs nothing of anybody here: the record's next revision is sent by itself, and closes what was open.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from models import Direction, ExchangeProblem, ProblemState, db
from registry.clock import now
from registry.errors import Conflict, NotAllowed, NotFound
from registry.rules import masking
from sync.message import LARGEST
from sync.sealed import problem_kept


class ProblemNotFound(NotFound):
    """No message stands in the queue under this number."""

    code = "problem_not_found"


class ProblemSettled(Conflict):
    """The message was corrected or set aside already."""

    code = "problem_settled"


class NothingProposed(Conflict):
    """Nobody has proposed to set the message aside."""

    code = "nothing_proposed"


class SecondPersonNeeded(NotAllowed):
    """Who proposed to set a message aside cannot approve of it."""

    code = "second_person_needed"


def note(
    direction: Direction,
    peer_id: int,
    *,
    record_id: str,
    revision: int,
    content: bytes,
    faults: Sequence[dict[str, Any]],
    batch_no: str | None = None,
) -> None:
    """Put a refused message into the queue; refused again, it keeps its place with the newest faults. The caller commits.

    A peer may claim any revision: one that the database has no place for is told by the content only.
    """
    revision = revision if abs(revision) <= LARGEST else 0
    told = {"faults": [kept_fault(fault) for fault in faults], "batch_no": batch_no, "at": now()}
    db.session.execute(
        insert(ExchangeProblem)
        .values(
            direction=direction,
            peer_id=peer_id,
            record_id=record_id,
            revision=revision,
            content=problem_kept(direction.value, record_id, revision, content),
            state=ProblemState.OPEN,
            **told,
        )
        .on_conflict_do_update(constraint="uq_exchange_problem_message", set_=told)
    )


def kept_fault(fault: Mapping[str, Any]) -> dict[str, Any]:
    """A fault as it is kept and shown: a partner's words about a number may repeat the number.

    The database's text has no place for the character 0, which JSON may tell.
    """
    return {
        name: masking.mask_text(value).replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
        for name, value in fault.items()
    }


def close_corrected(direction: Direction, peer_id: int, revisions: Sequence[tuple[str, int]]) -> None:
    """Close what is open of earlier revisions of these records: newer ones have gone over. The caller commits."""
    open_ = select(ExchangeProblem.id).where(
        ExchangeProblem.peer_id == peer_id,
        ExchangeProblem.direction == direction,
        ExchangeProblem.state == ProblemState.OPEN,
    )
    if db.session.execute(open_.limit(1)).first() is None:  # nearly always: thousands of names need not be looked for
        return
    db.session.execute(
        text(
            "UPDATE exchange_problem AS p SET state = 'resent', closed_at = :moment"
            " FROM unnest(CAST(:records AS text[]), CAST(:revisions AS int8[])) AS gone(record_id, revision)"
            " WHERE p.record_id = gone.record_id AND p.revision < gone.revision AND p.peer_id = :peer"
            " AND p.direction = :direction AND p.state = 'open'"
        ),
        {
            "records": [record_id for record_id, _ in revisions],
            "revisions": [revision for _, revision in revisions],
            "peer": peer_id,
            "direction": direction.value,
            "moment": now(),
        },
    )


def close_agreed(peer_id: int, differing: Sequence[str]) -> None:
    """Close what we refused of a peer's records where it holds what we hold: its digests have shown so. Caller commits.

    A restored node makes messages again under other names, and takes the former ones back; what came meanwhile is refused.
    """
    db.session.execute(
        text(
            "UPDATE exchange_problem AS p SET state = 'resent', closed_at = :moment FROM exchange_message AS m"
            " WHERE m.record_id = p.record_id AND m.peer_id = p.peer_id AND m.revision >= p.revision"
            " AND p.peer_id = :peer AND p.direction = 'in' AND p.state = 'open' AND p.record_id <> ALL(:differing)"
        ),
        {"peer": peer_id, "differing": list(differing), "moment": now()},
    )


def propose_to_set_aside(problem_id: int, *, reason: str, by: str) -> ExchangeProblem:
    """Propose that a refused message stays as it is, with the reason; a second person decides. The caller commits.

    ProblemNotFound, ProblemSettled.
    """
    problem = _open(problem_id)
    problem.reason, problem.set_aside_by = reason, by
    db.session.flush()
    return problem


def set_aside(problem_id: int, *, by: str) -> ExchangeProblem:
    """Approve of what another one has proposed. The caller commits.

    ProblemNotFound, ProblemSettled, NothingProposed, SecondPersonNeeded.
    """
    problem = _open(problem_id)
    if problem.set_aside_by is None:
        raise NothingProposed("Somebody has to propose it first, with a reason.")
    if problem.set_aside_by == by:
        raise SecondPersonNeeded("A second person has to approve of it.")
    problem.approved_by, problem.state, problem.closed_at = by, ProblemState.SET_ASIDE, now()
    db.session.flush()
    return problem


def explained(direction: Direction, peer_id: int) -> dict[str, int]:
    """Records whose difference is explained by the queue: open or set aside, with the newest such revision."""
    rows = db.session.execute(
        select(ExchangeProblem.record_id, ExchangeProblem.revision).where(
            ExchangeProblem.direction == direction,
            ExchangeProblem.peer_id == peer_id,
            ExchangeProblem.state != ProblemState.RESENT,
        )
    )
    found: dict[str, int] = {}
    for record_id, revision in rows:
        found[record_id] = max(revision, found.get(record_id, 0))
    return found


def _open(problem_id: int) -> ExchangeProblem:
    problem = db.session.execute(
        select(ExchangeProblem).where(ExchangeProblem.id == problem_id).with_for_update()
    ).scalar_one_or_none()
    if problem is None:
        raise ProblemNotFound("No message stands in the queue under this number.")
    if problem.state is not ProblemState.OPEN:
        raise ProblemSettled("The message was corrected or set aside already.")
    return problem
