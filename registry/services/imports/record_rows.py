"""What a checked row of a penalty, licence or listing says, before the register is asked about anything."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.rules.operator import OperatorKind
from registry.services.imports.faults import Fault


@dataclass(slots=True)
class Party:
    """Whom a row is about: by code, registration number or person; and what a new operator would be entered with."""

    kind: OperatorKind | None
    name: str
    uscc: str | None = None
    uscc_doubt: str | None = None
    registration_no: str | None = None
    person_key: str | None = None
    responsible_person: str | None = None

    @property
    def key(self) -> str:
        """Who the decision is about, as part of its natural key (standards.md 6, "Suggested identity order")."""
        if self.uscc is not None:
            return self.uscc
        if self.registration_no is not None:
            return f"reg:{self.registration_no}"
        return f"person:{self.person_key}"


@dataclass(slots=True)
class RecordRow:
    """A sound row. `columns` holds what the file speaks of, `personal` clear values on their way into `personal_value`.

    `authority` is code and name; the code is None where a list names its authority by name only.
    """

    line: int
    party: Party
    authority: tuple[str | None, str]
    columns: dict[str, Any]
    headers: dict[str, str]
    declared_until: date | None = None  # of a listing, which has no column for it
    personal: dict[str, str] = field(default_factory=dict)
    party_under_age: bool = False
    flagged: list[Fault] = field(default_factory=list)

    def fault(self, key: str, code: str, **params: Any) -> Fault:
        """A fault that only shows when the row meets the register."""
        return Fault(self.headers.get(key, ""), code, params)
