"""Entering new operators, and finding those that rows of other files are about or entering them from the row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.ledger.entry import Entry
from registry.rules import names
from registry.rules.operator import OperatorKind
from registry.services.imports.operator_batch import COLUMNS, NewOperator, make_new
from registry.services.imports.operator_rows import OperatorRow
from registry.services.imports.operator_states import find_ids, insert_former_names
from registry.services.imports.outcomes import RunContext
from registry.services.imports.record_rows import Party
from registry.services.imports.tables import copy_lines, cursor, next_ids
from registry.services.record_ids import new_record_ids


@dataclass(frozen=True, slots=True)
class KnownOperator:
    """What a record must know of its operator."""

    id: int
    record_id: str
    uscc: str | None
    kind: OperatorKind
    name: str


def enter(fresh: Sequence[NewOperator], moment: datetime) -> tuple[list[int], list[Entry]]:
    """COPY new operators in; their keys and their ledger entries, in order."""
    if not fresh:
        return [], []
    ids = next_ids("operator", len(fresh))
    stamp = moment.isoformat()
    copy_lines(
        "operator",
        COLUMNS,
        [f"{number}\t{stamp}\t".encode() + row.tail for number, row in zip(ids, fresh, strict=True)],
    )
    insert_former_names(
        (number, name, None) for number, row in zip(ids, fresh, strict=True) for name in row.former_names
    )
    return ids, [row.entry(number) for number, row in zip(ids, fresh, strict=True)]


def find_parties(parties: Iterable[Party]) -> dict[str, list[KnownOperator]]:
    """Operators by party key. Several only where a registration number is borne by several."""
    wanted = {party.key: party for party in parties}
    by_code = find_ids("uscc", [p.uscc for p in wanted.values() if p.uscc])
    by_number = find_ids("registration_no", [p.registration_no for p in wanted.values() if p.registration_no])
    by_person = find_ids("person_key", [p.person_key for p in wanted.values() if p.person_key])
    found = {}
    for key, party in wanted.items():
        if party.uscc is not None:
            found[key] = by_code.get(party.uscc, [])
        elif party.registration_no is not None:
            found[key] = by_number.get(party.registration_no, [])
        else:
            found[key] = by_person.get(party.person_key or "", [])
    known = known_operators({number for numbers in found.values() for number in numbers})
    return {key: [known[number] for number in numbers] for key, numbers in found.items() if numbers}


def known_operators(ids: Iterable[int]) -> dict[int, KnownOperator]:
    """Operators by id."""
    work = cursor()
    work.execute("SELECT id, record_id, uscc, kind, name FROM operator WHERE id = ANY(%s)", (list(ids),))
    return {
        number: KnownOperator(number, record_id, code, OperatorKind(kind), name)
        for number, record_id, code, kind, name in work.fetchall()
    }


def enter_parties(
    parties: Sequence[Party], run: RunContext, moment: datetime
) -> tuple[dict[str, list[KnownOperator]], list[Entry]]:
    """Enter operators that a decision names and nobody has registered: in force, their region open."""
    record_ids = new_record_ids(run.node, "operator", len(parties))
    fresh = [
        make_new(_stub(party), record_id, run.actor, [], "operator.entered")
        for party, record_id in zip(parties, record_ids, strict=True)
    ]
    ids, entries = enter(fresh, moment)
    known = known_operators(ids)
    return {party.key: [known[number]] for party, number in zip(parties, ids, strict=True)}, entries


def same_name(one: str, other: str) -> bool:
    """Whether two names agree after folding: width, brackets and blanks are no difference."""
    return names.fold(one) == names.fold(other)


def _stub(party: Party) -> OperatorRow:
    columns = {
        "kind": party.kind or OperatorKind.ENTERPRISE,
        "name": party.name,
        "uscc": party.uscc,
        "uscc_doubt": party.uscc_doubt,
        "registration_no": party.registration_no,
        "person_key": party.person_key,
        "responsible_person": party.responsible_person,
    }
    return OperatorRow(0, {key: value for key, value in columns.items() if value is not None})
