"""Finding the operators that messages are about, and entering a stub for a subject that is not registered here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import ledger
from registry.ledger.entry import Actor
from registry.services.imports.operator_batch import make_new
from registry.services.imports.operator_entry import KnownOperator, enter, find_parties, known_operators
from registry.services.imports.operator_rows import OperatorRow
from registry.services.imports.record_rows import Party
from registry.services.record_ids import new_record_ids


@dataclass(frozen=True, slots=True)
class Subject:
    """A party, and where its message says that it is registered."""

    party: Party
    region: str | None


def match_subjects(
    subjects: Sequence[Subject], *, node: str, actor: Actor, moment: datetime
) -> dict[str, list[KnownOperator]]:
    """Operators by party key, strangers entered as stubs of this node. Several only where a number is borne by several.

    A stub says what its message says of the subject: it is nobody's registration.
    """
    found = find_parties(subject.party for subject in subjects)
    strangers = {subject.party.key: subject for subject in subjects if subject.party.key not in found}
    if not strangers:
        return found
    record_ids = new_record_ids(node, "operator", len(strangers))
    fresh = [
        make_new(OperatorRow(0, _columns(subject)), record_id, actor, [], "operator.entered")
        for subject, record_id in zip(strangers.values(), record_ids, strict=True)
    ]
    ids, entries = enter(fresh, moment)
    ledger.append_many(entries)
    known = known_operators(ids)
    return found | {key: [known[number]] for key, number in zip(strangers, ids, strict=True)}


def _columns(subject: Subject) -> dict[str, Any]:
    party = subject.party
    columns = {
        "kind": party.kind,
        "name": party.name,
        "uscc": party.uscc,
        "uscc_doubt": party.uscc_doubt,
        "registration_no": party.registration_no,
        "person_key": party.person_key,
        "responsible_person": party.responsible_person,
        "region": subject.region,
    }
    return {name: value for name, value in columns.items() if value is not None}
