"""What became of a row."""

from dataclasses import dataclass, field
from enum import StrEnum

from registry.ledger import Actor
from registry.rules.roles import Scope
from registry.services.imports.faults import Fault
from registry.services.imports.spoken import Spoken
from registry.services.personal_values import Vault


class Verdict(StrEnum):
    """A row changed the register, said nothing new, or was refused."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Outcome:
    """The verdict on one row with its faults: what forbade it, or what somebody should look at."""

    line: int
    verdict: Verdict
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunContext:
    """What applying a batch must know of its run."""

    run_id: int
    actor: Actor
    node: str
    vault: Vault
    authority: tuple[str, str] | None  # code and name of who handed the file in
    continued: bool = False  # an interrupted run: what its earlier rows were about is asked of the ledger
    scope: Scope | None = None  # the area of the officer who uploaded the file; the command line has none
    spoken: Spoken = field(default_factory=Spoken)
