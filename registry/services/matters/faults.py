"""What stands in the way of a step: faults of a form, somebody who was faster, one person in both parts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm.exc import StaleDataError

from models import db
from registry.errors import Conflict, NotAllowed, NotFound, RuleViolation
from registry.services.imports.faults import Fault


class MatterNotFound(NotFound):
    """There is no such matter, or none in the area of who asks."""

    code = "matter_not_found"


class FormRefused(RuleViolation):
    """The form cannot be submitted; `faults` are all of them, their `field` is the key of the field."""

    code = "form_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("The form cannot be submitted as it is.")


class MatterMoved(Conflict):
    """Somebody else was faster: the matter, or the record it is about, is not what the officer saw."""

    code = "matter_moved"

    def __init__(self, matter_id: int, seen: int) -> None:
        self.matter_id, self.seen = matter_id, seen
        super().__init__("Another officer has worked on this matter in the meantime.")


class MatterOpen(Conflict):
    """The record has an open matter already; `matter_id` is its number."""

    code = "matter_open"

    def __init__(self, matter_id: int | None) -> None:
        self.matter_id = matter_id
        super().__init__("There is an open matter about this record already.")


class StepNotAllowed(RuleViolation):
    """The procedure knows no such step from here."""

    code = "step_not_allowed"


class SamePerson(NotAllowed):
    """Who drafted or submitted a matter never decides it."""

    code = "same_person"


class ReasonMissing(RuleViolation):
    """The step needs a reason."""

    code = "reason_missing"


class NotPublishable(RuleViolation):
    """The rules do not let this record be published; `reason` says why, for programs."""

    code = "not_publishable"

    def __init__(self, reason: str | None) -> None:
        self.reason = reason
        super().__init__("The rules do not let this decision be published.")


@contextmanager
def told_when_late(matter_id: int, seen: int) -> Iterator[None]:
    """Flush at the end; the loser of a race for one row is told what it is: late."""
    try:
        yield
        db.session.flush()
    except StaleDataError as error:
        raise MatterMoved(matter_id, seen) from error
