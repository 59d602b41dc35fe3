"""The steps of the tables in domain.md 5, and what was added to them so that no case stays open for ever."""

import pytest

from registry.rules import abnormal_procedure, household_procedure, repair_procedure, violation_procedure

PRINTED = {
    "SM-A": "-A0 A0A1 A1A4 A1A3 A0A2 A2A3 A0A3 A3A4 A3A5 A5A6 A6A5 A6A7 A5A8 A5A9 A7A5R",
    "SM-B": "B0B1 B1B2 B2B3 B3B0 B2B4 B2B5",
    "SM-C": "-C0 C0C4 C0C1 C1C2 C1C3 C2C3 C3C5 C3C4 C5C6 C6C7 C6C5 C5C8 C5C9 C7C5R C5CS CSC5",
    "SM-E": "-E0 E0E1 E1E2 E2E1 E1E3 E1E4 E3E5 E5E6 E5E7 E6E8 E6E9",
}
ADDED = {
    # clues that come to nothing; what happens while a removal waits; a restored listing ends like any other
    "SM-A": "A0A4 A2A4 A6A8 A6A9 A5RA6 A5RA8 A5RA9",
    # a proposal or an application that is refused; a mark that ends while its recovery waits; R1 by the system
    "SM-B": "B1B0 B3B2 B3B4 B3B5 B2B0",
    # a proposal dropped after notice or hearing; the month, an annulment or a court while a removal waits or it is hidden
    "SM-C": "C1C4 C2C4 C6C8 C6C9 C6CS C5RC6 C5RC8 C5RC9 C5RCS CSC8 CSC9",
    # nothing was supplemented; fraud found after everybody was told
    "SM-E": "E2E4 E8E9",
}


@pytest.mark.parametrize(
    "machine",
    [abnormal_procedure.MACHINE, household_procedure.MACHINE, violation_procedure.MACHINE, repair_procedure.MACHINE],
    ids=lambda machine: machine.code,
)
def test_the_steps_are_those_of_the_specification_and_the_added_ones(machine):
    declared = {f"{before or '-'}{row.after}" for row in machine.transitions for before in row.before}
    printed, added = set(PRINTED[machine.code].split()), set(ADDED[machine.code].split())
    assert not printed & added
    assert declared == printed | added
